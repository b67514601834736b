// Shows that the crash matrix can fail: engines broken on purpose, each of which it must catch.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toyPlan } from '../../test/support/toy-plan.ts'
import { runThrough, type BrokenEngine, type Scene } from '../../test/support/toy-run.ts'
import { broken, matrix } from '../../test/support/toy-matrix.ts'
import { Refused } from '../model/error.ts'
import type { Entry, Journal, NewEntry } from '../model/entry.ts'
import type { AnyKind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'

const LAG = 5_000
const forward: Scene = { plan: toyPlan(), lag: LAG }
const turning: Scene = { ...forward, refusing: 'toy.upload:a.whl' }
/** The trial upload is made before the step that is refused. */
const trialFirst: Scene = { plan: planFor((ids) => ids.indexOf('toy.trial:a.whl') < ids.indexOf('toy.draft')), lag: LAG, refusing: 'toy.asset', concurrency: 2 }
const ambiguous: Scene = { ...forward, faults: { 'toy.trial:a.whl': 'lost' } }

function planFor(fits: (ids: readonly string[]) => boolean): Plan {
  for (let seed = 1; ; seed += 1) {
    const plan = toyPlan(seed)
    if (fits(plan.steps.map(({ id }) => id))) return plan
  }
}

function pretended(entry: NewEntry): Entry {
  return { ...entry, seq: 0, at: '2026-01-02T03:04:05.000Z' }
}

function appending(append: (journal: Journal, ...args: Parameters<Journal['append']>) => Promise<Entry>): BrokenEngine {
  return { journal: (journal) => ({ ...journal, append: (claim, entry) => append(journal, claim, entry) }) }
}

/** A kind whose every look is changed. */
function looking(change: (kind: AnyKind, look: AnyKind['probe']) => AnyKind['probe']): BrokenEngine {
  return { kind: (kind) => ({ ...kind, probe: change(kind, (...args) => kind.probe(...args)) }) }
}

function applying(kind: AnyKind, apply: NonNullable<AnyKind['apply']>): AnyKind {
  return kind.apply === undefined ? kind : { ...kind, apply }
}

/** Holds every entry back until the next one comes. */
function lazily(): BrokenEngine {
  return {
    journal: (journal) => {
      let held: (() => Promise<Entry>) | undefined
      return {
        ...journal,
        async append(claim, entry) {
          await held?.()
          held = () => journal.append(claim, entry)
          return entry.type === 'closed' ? held() : pretended(entry)
        },
      }
    },
  }
}

function forgetfulOfKeys(): BrokenEngine {
  let processes = 0
  return {
    kind: (kind) => {
      if (kind.kind === 'toy.tag') processes += 1
      const mine = `process ${processes} `
      const { reversal } = kind
      return {
        ...applying(kind, async (world, input, once) => kind.apply?.(world, input, { ...once, key: mine + once.key }) as Promise<unknown>),
        probe: (look, input, key) => kind.probe(look, input, mine + key),
        ...(reversal.is === 'reversible' ? { reversal: { ...reversal, undo: (world, input, output, once) => reversal.undo(world, input, output, { ...once, key: mine + once.key }) } } : {}),
      } satisfies AnyKind
    },
  }
}

const mutants: readonly { readonly name: string; readonly scene: Scene; readonly engine: () => BrokenEngine; readonly caught: RegExp }[] = [
  {
    name: 'writes no begun', scene: forward, caught: /toy\.post was made 2 times/,
    engine: () => appending((journal, claim, entry) => (entry.type === 'begun' ? Promise.resolve(pretended(entry)) : journal.append(claim, entry))),
  },
  {
    name: 'undoes only what succeeded', scene: trialFirst, caught: /the world is .*v1\.1\.0/,
    engine: () => ({
      journal: (journal) => ({
        ...journal,
        async read(run, after) {
          const entries = await journal.read(run, after)
          const settled = new Set(entries.flatMap((entry) => (entry.type === 'settled' && entry.way === 'apply' ? [entry.step] : [])))
          return entries.filter((entry) => entry.type !== 'begun' || settled.has(entry.step))
        },
      }),
    }),
  },
  {
    name: 'does not wait for lag', scene: forward, caught: /toy\.trial:a\.whl was asked for again/,
    engine: () => ({ kind: ({ settlesWithin: _, ...kind }) => kind }),
  },
  {
    name: 'acts without looking', scene: forward, caught: /was asked for again|was made 2 times/,
    engine: () => looking((kind, look) => async (...args) => {
      const probe = await look(...args)
      return probe.state === 'present' && kind.apply !== undefined ? { state: 'absent' } : probe
    }),
  },
  {
    name: 'takes every error for a refusal', scene: ambiguous, caught: /the verdict is (rolled-back|failed), not done/,
    engine: () => ({
      kind: (kind) => applying(kind, async (world, input, once) => {
        try {
          return await (kind.apply?.(world, input, once) as Promise<unknown>)
        } catch (error) {
          throw new Refused({ code: 'request-refused', message: String(error) })
        }
      }),
    }),
  },
  {
    name: 'settles before it acts', scene: forward, caught: /the world is/,
    engine: () => appending(async (journal, claim, entry) => {
      const written = await journal.append(claim, entry)
      if (entry.type === 'begun' && entry.way === 'apply') await journal.append(claim, { type: 'settled', step: entry.step, way: 'apply', how: 'did', output: { id: 41 } })
      return written
    }),
  },
  {
    name: 'settles an undo before it is seen', scene: turning, caught: /the world is/,
    engine: () => appending(async (journal, claim, entry) => {
      const written = await journal.append(claim, entry)
      if (entry.type === 'begun' && entry.way === 'undo') await journal.append(claim, { type: 'settled', step: entry.step, way: 'undo', how: 'did' })
      return written
    }),
  },
  { name: 'goes on before an entry is durable', scene: forward, engine: lazily, caught: /toy\.post was made 2 times/ },
  { name: 'uses another key in every process', scene: forward, engine: forgetfulOfKeys, caught: /toy\.draft was made 2 times|the world is/ },
  {
    name: 'makes again what it cannot see', scene: forward, caught: /toy\.post was made 2 times/,
    engine: () => looking((_, look) => async (...args) => {
      const probe = await look(...args)
      return probe.state === 'unknown' ? { state: 'absent' } : probe
    }),
  },
]

for (const { name, scene, engine, caught } of mutants) {
  test(`an engine that ${name} is caught`, async () => {
    const base = await runThrough(scene.faults === undefined ? scene : forward)
    const ground = { scene: { ...scene, broken: engine() }, base }
    const found = [...await broken(ground, await runThrough(ground.scene)), ...await matrix(ground)]
    assert.match(found.join('\n'), caught)
  })
}

test('the same scenes catch nothing in the engine as it is', async () => {
  for (const scene of new Set(mutants.map(({ scene }) => scene))) {
    const base = await runThrough(scene.faults === undefined ? scene : forward)
    assert.deepEqual(await matrix({ scene, base }), [])
  }
})
