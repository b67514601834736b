// The contract of a kind: named checks that every kind of every target passes on the ground.
import assert from 'node:assert/strict'
import type { Json } from '../../src/model/json.ts'
import { Refused, SlipwayError } from '../../src/model/error.ts'
import type { AnyKind } from '../../src/model/kind.ts'
import type { World } from '../../src/model/world.ts'
import { onceFor } from '../support/ground-kinds.ts'
import { POWERLESS, SECRETS, WRONG, type SecretValues } from '../support/ground.ts'
import { backOf, backOfMade, isChange, live, mutations, newLife, outputOf, probe, undo, type Bench, type Life, type Sample } from './kind-bench.ts'
import { killedBack, killedForward } from './kind-crash.ts'
import { cutOff } from './kind-cut.ts'
import { leaksIn } from './kind-leaks.ts'

/** One promise of the contract. `run` rejects when the kind breaks it. */
export interface KindCheck {
  readonly name: string
  run(kind: AnyKind, bench: Bench): Promise<void>
}

/** A check of each example by itself. */
function check(name: string, body: (sample: Sample, bench: Bench) => Promise<void>): KindCheck {
  return {
    name,
    async run(kind, bench) {
      const samples = bench.samples(kind)
      assert.notEqual(samples.length, 0, `${kind.kind} has examples`)
      for (const sample of samples) await body(sample, bench)
    },
  }
}

/** The contract. */
export const kindChecks: readonly KindCheck[] = [
  check('an empty world probes absent', async (sample, bench) => {
    await bench.to('empty')
    if (bench.case.blind === true) {
      const { state, blind } = { blind: false, ...await probe(bench, sample) }
      assert.deepEqual({ state, blind }, { state: 'unknown', blind: true }, 'who cannot see says so')
      return
    }
    const early = await probe(bench, sample).catch((error: unknown) => {
      assert.ok(error instanceof Refused, `a probe that cannot look says why: ${String(error)}`)
      return { state: 'refused' } as const
    })
    if (bench.case.early === 'absent') assert.equal(early.state, 'absent')
    else assert.notEqual(early.state, 'present')
    await bench.to('ready')
    assert.equal((await probe(bench, sample)).state, 'absent')
  }),

  check('a probe only looks', async (sample, bench) => {
    for (const begin of [() => bench.to('ready'), () => bench.toMade(sample)]) {
      await begin()
      const before = await bench.snapshot()
      assert.deepEqual(await mutations(bench, () => probe(bench, sample)), [])
      assert.deepEqual(await bench.snapshot(), before)
    }
  }),

  check('what is applied with one request is seen with the same output', async (sample, bench) => {
    const { kind, input, key } = sample
    await bench.to('ready')
    if (kind.apply === undefined) {
      await bench.case.arrive?.(bench.ground)
      assert.equal((await probe(bench, sample)).state, 'present')
      return
    }
    let output: unknown
    const sent = await mutations(bench, async () => { output = await kind.apply?.(bench.ground.world, input, onceFor(key)) })
    assert.ok(sent.length <= 1, `one attempt makes one request that changes something, not ${sent.join(', ')}`)
    if (bench.case.blind === true) {
      const seen = await probe(bench, sample, bench.ground.world, output as Json)
      if (seen.state !== 'unknown') assert.deepEqual(seen, { state: 'present', output })
      assert.equal((await probe(bench, sample)).state, 'unknown')
      return
    }
    assert.deepEqual(await probe(bench, sample), { state: 'present', output })
  }),

  check('a step that is run again, with or without its journal, does nothing more', async (sample, bench) => {
    const life = await bench.toMade(sample)
    const before = await bench.snapshot()
    for (const again of bench.case.blind === true ? [life] : [life, newLife(bench.ground)]) {
      let ran = 0
      const counting: World = { ...bench.ground.world, run: (command) => { ran += 1; return bench.ground.world.run(command) } }
      assert.deepEqual(await mutations(bench, async () => { assert.deepEqual(await live(bench, sample, again, { world: counting }), { is: 'done' }) }), [])
      assert.equal(ran, 0, 'no program is run again')
    }
    assert.deepEqual(await bench.snapshot(), before)
  }),

  check('what is taken back is seen to be gone, and taking it back again does nothing', async (sample, bench) => {
    const { kind } = sample
    const { clock } = bench.ground
    const life = await bench.toMade(sample)
    const before = await bench.snapshot()
    const made = bench.case.blind === true ? await outputOf(life, sample) : undefined
    const back = backOf(sample, clock, made)
    if (kind.reversal.is === 'none') {
      assert.equal(back, undefined, 'nothing is ever taken back')
      return
    }
    assert.ok(back !== undefined)
    if (kind.reversal.is === 'final') {
      assert.deepEqual(await mutations(bench, () => live(bench, back, newLife(bench.ground))), [])
      assert.deepEqual(await bench.snapshot(), before)
      return
    }
    if (kind.reversal.is === 'reversible' || kind.reversal.is === 'compensable') {
      await undo(bench, sample, await outputOf(life, sample))
      assert.match((await probe(bench, sample, bench.ground.world, made)).state, /^(absent|withdrawn)$/)
      const after = await bench.snapshot()
      assert.notDeepEqual(after, before)
      assert.deepEqual(await mutations(bench, () => undo(bench, sample, made)), [])
      assert.deepEqual(await bench.snapshot(), after)
      await bench.toMade(sample)
    }
    const verdict = await live(bench, back, newLife(bench.ground))
    assert.equal(verdict === 'killed' ? verdict : verdict.is, 'rolled-back', JSON.stringify(verdict))
    assert.match((await probe(bench, sample, bench.ground.world, made)).state, /^(absent|withdrawn)$/)
    const after = await bench.snapshot()
    assert.deepEqual(await mutations(bench, () => live(bench, back, newLife(bench.ground))), [])
    assert.deepEqual(await bench.snapshot(), after)
  }),

  check('what somebody else has made is a conflict, and is neither replaced nor taken back', async (sample, bench) => {
    const { foreign } = bench.case
    if ('none' in foreign) {
      assert.match(foreign.none, /\w/)
      return
    }
    await bench.to(foreign.on)
    await foreign.plant(bench.ground, sample.input)
    const before = await bench.snapshot()
    const seen = await probe(bench, sample)
    assert.equal(seen.state, 'conflict', JSON.stringify(seen))
    assert.match(seen.found, /\w/)
    const verdict = await live(bench, sample, newLife(bench.ground))
    assert.equal(verdict === 'killed' ? verdict : verdict.is, 'stuck', JSON.stringify(verdict))
    assert.deepEqual(await bench.snapshot(), before)
    if (sample.kind.reversal.is !== 'reversible' && sample.kind.reversal.is !== 'compensable') return
    assert.deepEqual(await mutations(bench, () => assert.rejects(undo(bench, sample, undefined), Refused)), [])
    const back = backOf(sample, bench.ground.clock)
    assert.ok(back !== undefined)
    const wayBack = await live(bench, back, newLife(bench.ground))
    assert.equal(wayBack === 'killed' ? wayBack : wayBack.is, 'stuck', JSON.stringify(wayBack))
    assert.deepEqual(await bench.snapshot(), before)
  }),

  check('inputs, outputs and errors survive JSON', async (sample, bench) => {
    const { kind, input, key } = sample
    assert.deepEqual(kind.input.parse(throughJson(input)), input)
    const output = await outputOf(await bench.toMade(sample), sample)
    assert.deepEqual(kind.output.parse(throughJson(output)), output)
    assert.deepEqual(kind.output.parse(output), output)
    assert.throws(() => { kind.input.parse({}) })
    if (kind.apply === undefined || !usesSecret(input)) return
    await bench.to('ready')
    const error: unknown = await kind.apply(bench.ground.worldWith(WRONG), input, onceFor(key)).catch((thrown: unknown) => thrown)
    if (error instanceof SlipwayError) assert.deepEqual(throughJson(error.problems), error.problems)
  }),

  check('it is described both ways, with what a person would type', async ({ kind, input }) => {
    const words = kind.describe(input)
    assert.match(words.apply, /\w/)
    assert.match(words.undo, /\w/)
    assert.ok(kind.apply === undefined || words.byHand.length > 0, 'a person could do it, too')
    for (const command of words.byHand) assert.match(command, /\S/)
    assert.deepEqual(kind.describe(input), words, 'the words depend on nothing but the input')
    assert.deepEqual(throughJson(words), words)
  }),

  check('a refused token is a refusal with a code, and changes nothing', async (sample, bench) => {
    const { kind, input, key } = sample
    await bench.to('ready')
    if (!usesSecret(input)) return
    const before = await bench.outside()
    for (const [secrets, codes] of [[WRONG, ['token-refused']], [POWERLESS, ['right-missing', 'token-refused']], [{}, ['secret-missing', 'token-refused']]] as const) {
      const world = bench.ground.worldWith(secrets)
      const { calls } = bench.ground.rehearsal.served
      const asked = calls.length
      const attempt = kind.apply === undefined ? (secrets === WRONG ? probe(bench, sample, world) : undefined) : kind.apply(world, input, onceFor(key))
      if (attempt === undefined) continue
      const refused = await attempt.then(() => undefined, (error: unknown) => (error instanceof Error ? error : new Error(String(error))))
      if (refused === undefined) {
        assert.deepEqual(calls.slice(asked).filter(isChange), [], 'whoever needs no token changes nothing')
        assert.equal(kind.reversal.is, 'none')
        await bench.to('ready')
        continue
      }
      assert.ok(refused instanceof Refused, `a refusal, and not ${refused.message}`)
      assert.ok((codes as readonly string[]).includes(refused.code), `${refused.code} is one of ${codes.join(', ')}`)
      assert.ok(refused.problems[0].hint, 'it says what to do')
      assert.deepEqual(await bench.outside(), before)
    }
  }),

  check('no secret gets into outputs, entries, events, errors or words', async (sample, bench) => {
    const { kind, input } = sample
    const texts: unknown[] = [input, kind.describe(input), sample.plan]
    const made = await bench.toMade(sample)
    texts.push(await told(made, sample))
    const back = await backOfMade(bench, sample)
    await bench.toMade(sample)
    if (back !== undefined) texts.push(await told(await lived(bench, back, bench.ground.world), back))
    for (const world of !usesSecret(input) ? [] : [bench.ground.worldWith(WRONG), bench.ground.worldWith(POWERLESS), echoing(bench.ground.world, 400), echoing(bench.ground.world, 500)]) {
      await bench.to('ready')
      texts.push(await told(await lived(bench, sample, world), sample))
      if (kind.apply !== undefined) texts.push(await kind.apply(world, input, onceFor(sample.key)).catch((error: unknown) => error))
      if (kind.reversal.is === 'reversible' || kind.reversal.is === 'compensable') {
        await bench.toMade(sample)
        texts.push(await kind.reversal.undo(world, input, undefined, onceFor(sample.key)).catch((error: unknown) => error))
      }
    }
    for (const secrets of [SECRETS, WRONG, POWERLESS] as readonly SecretValues[]) {
      for (const text of texts) assert.deepEqual(leaksIn(text, secrets), [], 'no secret can be read')
    }
  }),

  { name: 'a connection that breaks around a change costs nothing', run: cutOff },
  { name: 'killed at any call or entry, it ends the same', run: (kind, bench) => killedForward(kind, bench, 'once') },
  { name: 'killed twice, it ends the same', run: (kind, bench) => killedForward(kind, bench, 'twice') },
  { name: 'killed with its journal lost, it ends the same', run: (kind, bench) => killedForward(kind, bench, 'and its journal is lost') },
  { name: 'killed while it is taken back, it ends the same', run: (kind, bench) => killedBack(kind, bench, 'once') },
  { name: 'killed twice while it is taken back, it ends the same', run: (kind, bench) => killedBack(kind, bench, 'twice') },
]

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** All that a life left in writing and told. */
async function told({ journal, events }: Life, { plan }: Sample): Promise<unknown> {
  return { entries: await journal.read(plan.stage), events }
}

async function lived(bench: Bench, sample: Sample, world: World): Promise<Life> {
  const life = newLife(bench.ground)
  await live(bench, sample, life, { world })
  return life
}

/** True when the step names a secret. */
function usesSecret(input: Json): boolean {
  return JSON.stringify(input).includes('"$secret"')
}

/** A world whose services answer every change with this status and with the credentials that they were sent. */
function echoing(world: World, status: number): World {
  return {
    ...world,
    async http(request) {
      if (request.method === 'GET' || request.method === 'HEAD') return world.http(request)
      const words = `You sent ${JSON.stringify(request.headers)}`
      return { status, reason: words, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify({ message: words })) }
    },
  }
}
