// The bench of the contract of a kind: one-step plans over the ground, driven by the real engine, forward and back.
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Journal } from '../../src/model/entry.ts'
import type { RunEvent, Verdict } from '../../src/model/event.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { AnyKind, Instructions, Probe } from '../../src/model/kind.ts'
import type { Plan, Step } from '../../src/model/plan.ts'
import { stepKey } from '../../src/model/plan.ts'
import type { Clock, Look, World } from '../../src/model/world.ts'
import { drive } from '../../src/engine/drive.ts'
import { rollbackPlan } from '../../src/plan/back.ts'
import { seal } from '../../src/plan/digest.ts'
import { memoryJournal } from '../../src/storage/memory.ts'
import { lookOnly } from '../../src/world/readonly.ts'
import { caseOf, examplesOf, onceFor, prepare, type KindCase } from '../support/ground-kinds.ts'
import { fuse, type Fuse } from '../support/ground-fuse.ts'
import { snapshot } from '../support/ground-snapshot.ts'
import { openGround, type OpenGround, type Saved } from '../support/ground.ts'

/** One example of a kind as a plan of its own. */
export interface Sample {
  readonly kind: AnyKind
  readonly plan: Plan
  readonly step: Step
  readonly input: JsonObject
  readonly key: string
}

/** Where a check begins: with nothing done, or with what comes before the step. */
export type Stage = 'empty' | 'ready'

/** What happened in one run, for as long as its journal lives. */
export interface Life {
  readonly journal: Journal
  readonly events: RunEvent[]
  /** True once the person who is waited for has acted. */
  arrived: boolean
}

/** A kind's place to be tried. Checks use it one after the other. */
export interface Bench {
  readonly ground: OpenGround
  readonly case: KindCase
  /** Sets everything outside back. */
  to(stage: Stage): Promise<void>
  /** Sets everything back to where the engine has made the effect of this sample, and returns the life in which it did. */
  toMade(sample: Sample): Promise<Life>
  /** One plan for each example. */
  samples(kind: AnyKind): readonly Sample[]
  /** Everything, down to the objects of the local repository. */
  snapshot(): Promise<unknown>
  /** What others can see. */
  outside(): Promise<unknown>
  close(): Promise<void>
}

/** Opens the bench of a kind of this name. */
export async function openBench(name: string): Promise<Bench> {
  const kase = caseOf(name)
  const ground = await openGround()
  const saved = new Map<Stage, Saved>([['empty', ground.save()]])
  const made = new Map<string, { readonly saved: Saved; readonly life: Life }>()
  const to = async (stage: Stage): Promise<void> => {
    let found = saved.get(stage)
    if (found === undefined) {
      await to('empty')
      await prepare(ground, name)
      found = ground.save()
      saved.set(stage, found)
    }
    ground.restore(found)
  }
  // A faulty kind has the name of a sound one, so what was made is known by the kind itself.
  const numbers = new Map<AnyKind, number>()
  const bench: Bench = {
    ground,
    case: kase,
    to,
    async toMade(sample) {
      if (!numbers.has(sample.kind)) numbers.set(sample.kind, numbers.size)
      const id = `${numbers.get(sample.kind)} ${sample.key}`
      const known = made.get(id)
      if (known !== undefined) {
        ground.restore(known.saved)
        return known.life
      }
      await to('ready')
      const life = newLife(ground)
      assert.deepEqual(await live(bench, sample, life), { is: 'done' })
      made.set(id, { saved: ground.save(), life })
      return life
    },
    samples: (kind) => examplesOf(kind, ground).map((input, index) => sampleOf(kind, ground, { input, index })),
    snapshot: () => snapshot(ground),
    async outside() {
      const { local: _, ...others } = await snapshot(ground)
      return others
    },
    close: async () => { await ground[Symbol.asyncDispose]() },
  }
  return bench
}

function sampleOf(kind: AnyKind, { facts }: OpenGround, { input, index }: { readonly input: JsonObject; readonly index: number }): Sample {
  const step: Step = { id: `${kind.kind}:${index + 1}`, kind: kind.kind, title: kind.describe(input).apply, input, needs: [], reversal: kind.reversal.is }
  const plan = seal({
    stage: 'publish', subject: { repository: `${facts.repository.owner}/${facts.repository.name}`, ...facts.release }, date: facts.release.date,
    releases: [{ name: facts.repository.name, from: '2.0.0', to: facts.version, because: ['It is the ground.'] }], artifacts: facts.artifacts, basis: [], steps: [step],
  })
  return { kind, plan, step, input, key: stepKey(plan, step) }
}

/** What a settled step returned. */
export async function outputOf({ journal }: Life, { plan, step }: Sample): Promise<Json> {
  const settled = (await journal.read(plan.stage)).find((entry) => entry.type === 'settled' && entry.step === step.id)
  assert.ok(settled?.type === 'settled' && settled.output !== undefined, `${step.id} is settled with an output`)
  return settled.output
}

/** The plan that takes back what a life has made, with what it returned where only that finds it again. */
export async function backOfMade(bench: Bench, sample: Sample): Promise<Sample | undefined> {
  const made = bench.case.blind === true ? await outputOf(await bench.toMade(sample), sample) : undefined
  return backOf(sample, bench.ground.clock, made)
}

/** Checks how a run that was disturbed has ended: as it must, or, where nobody can see what became of an attempt, at a stop with what is there made once or not at all. */
export async function endedRight(bench: Bench, { verdict, ends, worlds, where }: { readonly verdict: Verdict | 'killed'; readonly ends: 'done' | 'rolled-back'; readonly worlds: { readonly before: unknown; readonly quiet: unknown }; readonly where: string }): Promise<void> {
  const is = verdict === 'killed' ? verdict : verdict.is
  if (bench.case.blind === true && ends === 'done' && is === 'stuck') {
    const now = inspect(await bench.outside(), { depth: Infinity })
    assert.ok([worlds.before, worlds.quiet].some((world) => inspect(withoutLocal(world), { depth: Infinity }) === now), `${where}: it is made once or not at all`)
    return
  }
  same(is, ends, `${where}: ${JSON.stringify(verdict)}`)
  same(await bench.snapshot(), worlds.quiet, where)
}

function withoutLocal(world: unknown): unknown {
  const { local: _, ...others } = world as Readonly<Record<string, unknown>>
  return others
}

/** The plan that takes a sample back; undefined when nothing is ever taken back. */
export function backOf(sample: Sample, clock: Clock, made?: Json): Sample | undefined {
  const plan = rollbackPlan([{ plan: sample.plan, step: sample.step, input: sample.input, at: clock.now().toISOString(), made }], sample.plan.date)
  const step = plan?.steps[0]
  return plan === undefined || step === undefined ? undefined : { ...sample, plan, step }
}

/** A run of which nothing is known yet. */
export function newLife({ clock }: OpenGround): Life {
  return { journal: memoryJournal({ now: () => clock.now(), alive: () => false }), events: [], arrived: false }
}

/** How a life is lived. */
export interface Living {
  /** The right tokens when missing. */
  readonly world?: World
  readonly fuse?: Fuse
}

/**
 * Drives a run to where it goes no further, with the person that it waits for acting once; 'killed' when its fuse blew. A program that is
 * started again is given the same life.
 */
export async function live(bench: Bench, sample: Sample, life: Life, { world = bench.ground.world, fuse: wire = fuse() }: Living = {}): Promise<Verdict | 'killed'> {
  const run = sample.plan.stage
  await life.journal.open(run, sample.plan)
  const claim = await life.journal.claim(run, 'bench', 60 * 60_000)
  assert.ok(claim, 'a dead driver leaves its run to the next one')
  const outside = wire.world(world)
  const asked = new Map<string, Instructions>()
  const once = (): Promise<Verdict> => drive({
    run,
    plan: sample.plan,
    kinds: new Map([[sample.kind.kind, sample.kind]]),
    world: outside,
    look: lookOnly(outside),
    clock: wire.clock(bench.ground.clock),
    journal: wire.journal(life.journal),
    claim,
    policy: { onFailure: 'stop', concurrency: 1, attempts: 5, patience: { person: 0, machine: 0, world: 60 * 60_000 } },
    signal: new AbortController().signal,
    tell: (event) => {
      life.events.push(event)
      if (event.type === 'by-hand') asked.set(event.instructions.page, event.instructions)
    },
  })
  try {
    for (;;) {
      const verdict = await once()
      if (wire.blown !== undefined) return 'killed'
      if (verdict.is !== 'waiting' || life.arrived) return verdict
      life.arrived = true
      for (const { page, steps } of asked.values()) assert.ok(await bench.ground.rehearsal.followPage(page, steps), `a person finds the page ${page}`)
      if (asked.size === 0) await bench.case.arrive?.(bench.ground)
    }
  } catch (error) {
    if (wire.blown !== undefined) return 'killed'
    throw error
  }
}

/** Looks with nothing but a probe's rights. */
export async function probe(bench: Bench, { kind, input, key }: Sample, world: World = bench.ground.world, made?: Json): Promise<Probe<Json>> {
  const look: Look = lookOnly(world)
  return kind.probe(look, input, key, made)
}

/** Takes the effect back once, by the kind's own hand. */
export async function undo(bench: Bench, { kind, input, key }: Sample, output: Json | undefined): Promise<void> {
  if (kind.reversal.is !== 'reversible' && kind.reversal.is !== 'compensable') assert.fail(`${kind.kind} has no undo`)
  await kind.reversal.undo(bench.ground.world, input, output, onceFor(key))
}

/** Counts what `act` asks of the services that could change something there. */
export async function mutations(bench: Bench, act: () => Promise<unknown>): Promise<readonly string[]> {
  const { calls } = bench.ground.rehearsal.served
  const before = calls.length
  await act()
  return calls.slice(before).filter(isChange).map(({ method, url }) => `${method} ${url}`)
}

/** True for a call that may change something that others see; git fetches with a POST, too, and neither a blob that no manifest names nor a token that was given to somebody is seen by anybody. */
export function isChange({ method, url, reads }: { readonly method: string; readonly url: string; readonly reads?: true }): boolean {
  return reads !== true && method !== 'GET' && method !== 'HEAD' && !/\/git-upload-pack$|\/blobs\/uploads\/|\/_\/oidc\/mint-token$/.test(new URL(url).pathname)
}

/** Compares two values, saying where they were compared. */
export function same(actual: unknown, expected: unknown, where: string): void {
  try {
    assert.deepEqual(actual, expected)
  } catch (error) {
    throw new assert.AssertionError({ message: `${where}:\n${error instanceof Error ? error.message : inspect(error)}`, actual, expected })
  }
}
