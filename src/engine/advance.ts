// Moves one step by one decision: probe, decide, and at most one attempt.
import type { NewEntry } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { AnyKind, Instructions, Once, Probe } from '../model/kind.ts'
import type { Plan, Step } from '../model/plan.ts'
import { stepKey } from '../model/plan.ts'
import type { Look, World } from '../model/world.ts'
import { SlipwayError, type Problem } from '../model/error.ts'
import type { RunEvent } from '../model/event.ts'
import { backward, forward, type Decision, type Waited } from './decide.ts'
import { mayHaveHappened, type RunState } from './fold.ts'
import { readError } from './problem.ts'
import { stepState } from './ready.ts'
import { resolveInput } from './resolve.ts'

/** How one move of a step ended. */
export type Move =
  | { readonly is: 'settled' }
  /** `guide` is set when a person must take the effect back. */
  | { readonly is: 'wait'; readonly from: Waited; readonly for: string; readonly until?: number; readonly guide?: Instructions }
  /** The run halts, so nothing was begun. */
  | { readonly is: 'held' }
  /** An attempt whose outcome nobody knows. */
  | { readonly is: 'doubt'; readonly problem: Problem }
  | { readonly is: 'refused'; readonly problem: Problem; readonly afterDoubt: boolean }
  | { readonly is: 'broken'; readonly problem: Problem }
  | { readonly is: 'stop'; readonly why: string }

/** What moving a step needs. */
export interface Bench {
  readonly plan: Plan
  readonly state: RunState
  readonly kinds: ReadonlyMap<string, AnyKind>
  readonly world: World
  /** The read-only half that probes are given. */
  readonly look: Look
  readonly signal: AbortSignal
  now(): number
  /** True when no further attempt may begin. */
  halted(): boolean
  /** Why a step is not tried once more in this drive; undefined while it may be. */
  tired(step: string): string | undefined
  append(entry: NewEntry): Promise<void>
  tell(event: RunEvent): void
}

/** One move of a step in the direction of its run. Rejects only when the journal does. */
export async function advance(bench: Bench, step: Step): Promise<Move> {
  const kind = kindOf(bench.kinds, step)
  let looked: Looked
  try {
    const input = parseInput(kind, step, wholeInput(bench, step))
    looked = { step, kind, input, probe: await look(bench, { step, kind, input }) }
  } catch (error) {
    return { is: 'broken', problem: readError(error).problem }
  }
  await beginWaiting(bench, looked)
  return carryOut(bench, looked, decide(bench, looked))
}

/**
 * What another step has set off is this run's to take back as soon as it is waited for, though no attempt of this step may ever make it: the
 * waiting is written down as begun, or what arrives would pass for somebody else's.
 */
async function beginWaiting({ plan, state, append }: Bench, { step, kind, probe }: Looked): Promise<void> {
  const setOff = kind.apply === undefined || plan.steps.some(({ starts }) => starts?.includes(step.id) === true)
  if (!setOff || kind.reversal.is === 'none' || state.way === 'undo') return
  if (stepState(state, step.id).apply.attempts > 0 || (probe.state !== 'absent' && probe.state !== 'present')) return
  await append({ type: 'begun', step: step.id, way: 'apply', attempt: 1 })
}

interface Looked {
  readonly step: Step
  readonly kind: AnyKind
  readonly input: Json
  readonly probe: Probe<Json>
}

function wholeInput({ state }: Bench, step: Step): Json {
  try {
    return resolveInput(step.input, (id) => stepState(state, id).output)
  } catch (error) {
    throw new SlipwayError({ code: 'plan-invalid', message: `The step ${step.id} takes a value that is not there.`, detail: readError(error).problem.message })
  }
}

/** Probes a step. A look that gave no answer is unknown this time; throws SlipwayError when another look would not help. */
async function look(bench: Bench, { step, kind, input }: Omit<Looked, 'probe'>): Promise<Probe<Json>> {
  try {
    const probe: Probe<Json> = await kind.probe(bench.look, input, stepKey(bench.plan, step), stepState(bench.state, step.id).output)
    return probe.state === 'present' ? { ...probe, output: kind.output.parse(probe.output) as Json } : probe
  } catch (error) {
    const { meaning, problem } = readError(error)
    if (meaning !== 'doubt') throw error
    return { state: 'unknown', why: problem.message, blind: false }
  }
}

function decide({ state, now }: Bench, { step, kind, probe }: Looked): Decision {
  const seen = { state: stepState(state, step.id), probe, now: now(), kind: { ...settles(kind), reversal: kind.reversal, acts: kind.apply !== undefined } }
  return state.way === 'apply' ? forward(seen) : backward(seen)
}

async function carryOut(bench: Bench, looked: Looked, decision: Decision): Promise<Move> {
  const { step, kind, input } = looked
  const { way } = bench.state
  switch (decision.do) {
    case 'stop': return stop(bench, step, decision.why)
    case 'wait': return { is: 'wait', from: decision.from, for: decision.for, ...(decision.until === undefined ? {} : { until: decision.until }) }
    case 'settle':
      await bench.append({ type: 'settled', step: step.id, way, how: decision.how, ...(decision.output === undefined ? {} : { output: decision.output }) })
      return { is: 'settled' }
    case 'guide': {
      if (kind.reversal.is !== 'by-hand') throw new Error(`${kind.kind} is not taken back by hand`)
      const instructions = kind.reversal.instructions(input)
      if (stepState(bench.state, step.id).undo.attempts === 0) await bench.append({ type: 'begun', step: step.id, way, attempt: 1 })
      return { is: 'wait', from: 'person', for: instructions.done, guide: instructions }
    }
    case 'begin': {
      if (bench.halted()) return { is: 'held' }
      const tired = bench.tired(step.id)
      return tired === undefined ? attempt(bench, looked) : stop(bench, step, tired)
    }
  }
}

async function stop(bench: Bench, step: Step, why: string): Promise<Move> {
  await bench.append({ type: 'stuck', step: step.id, way: bench.state.way, why })
  return { is: 'stop', why }
}

async function attempt(bench: Bench, looked: Looked): Promise<Move> {
  const { step } = looked
  const { way } = bench.state
  const before = stepState(bench.state, step.id)[way]
  const afterDoubt = mayHaveHappened(before)
  const number = before.attempts + 1
  await bench.append({ type: 'begun', step: step.id, way, attempt: number })
  const once: Once = {
    key: stepKey(bench.plan, step),
    signal: bench.signal,
    progress: (done, total) => { bench.tell({ type: 'progress', step: step.id, done, total }) },
    say: (line) => { bench.tell({ type: 'output', step: step.id, line }) },
  }
  let output: Json | undefined
  try {
    output = way === 'apply' ? await make(bench, looked, once) : await takeBack(bench, looked, once)
  } catch (error) {
    const { meaning, problem } = readError(error)
    await bench.append({ type: 'failed', step: step.id, way, attempt: number, certain: meaning === 'refused', problem })
    return meaning === 'refused' ? { is: 'refused', problem, afterDoubt } : { is: meaning, problem }
  }
  if (output === undefined) return lookAgain(bench, looked)
  await bench.append({ type: 'settled', step: step.id, way, how: 'did', output })
  return { is: 'settled' }
}

/** What was taken back is settled only when a look no longer sees it. */
async function lookAgain(bench: Bench, before: Looked): Promise<Move> {
  let looked: Looked
  try {
    looked = { ...before, probe: await look(bench, before) }
  } catch (error) {
    return { is: 'broken', problem: readError(error).problem }
  }
  const decision = decide(bench, looked)
  if (decision.do !== 'begin') return carryOut(bench, looked, decision)
  return { is: 'doubt', problem: { code: 'in-doubt', message: `Taking back ${before.step.id} seemed to work, but it is still there.` } }
}

async function make({ world }: Bench, { kind, input }: Looked, once: Once): Promise<Json> {
  if (kind.apply === undefined) throw new Error(`${kind.kind} only waits`)
  return kind.output.parse(await kind.apply(world, input, once)) as Json
}

async function takeBack({ world, state }: Bench, { step, kind, input, probe }: Looked, once: Once): Promise<undefined> {
  if (kind.reversal.is !== 'reversible' && kind.reversal.is !== 'compensable') throw new Error(`${kind.kind} cannot be taken back`)
  await kind.reversal.undo(world, input, probe.state === 'present' ? probe.output : stepState(state, step.id).output, once)
}

/** The kind of a step. Throws SlipwayError `plan-invalid` when it is not known. */
export function kindOf(kinds: ReadonlyMap<string, AnyKind>, step: Step): AnyKind {
  const kind = kinds.get(step.kind)
  if (kind === undefined) throw new SlipwayError({ code: 'plan-invalid', message: `The step ${step.id} is of the kind ${step.kind}, which this Slipway does not know.` })
  return kind
}

/** A step's whole input, parsed by its kind. Throws SlipwayError `plan-invalid`. */
export function parseInput(kind: AnyKind, step: Step, input: Json): Json {
  try {
    return kind.input.parse(input) as Json
  } catch (error) {
    throw new SlipwayError({ code: 'plan-invalid', message: `The input of the step ${step.id} is not one of ${kind.kind}.`, detail: error instanceof Error ? error.message : String(error) })
  }
}

function settles(kind: AnyKind): { settlesWithin?: number } {
  return kind.settlesWithin === undefined ? {} : { settlesWithin: kind.settlesWithin }
}
