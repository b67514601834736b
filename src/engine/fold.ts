// Pure: what the journal says of every step of a run.
import type { Entry, Outcome, Way } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { Problem } from '../model/error.ts'
import { goesBack, type Plan } from '../model/plan.ts'

/** One direction of one step, as the journal tells it. */
export interface WayState {
  /** Attempts begun. */
  attempts: number
  /** Attempts that certainly changed nothing. */
  refused: number
  /** True while the journal tells no end of the last attempt. */
  flying: boolean
  /** When the last attempt may have taken effect at the latest, in milliseconds since 1970; -Infinity when there was none. */
  last: number
  settled: 'did' | 'found' | undefined
}

/** One step as the journal tells it. */
export interface StepState {
  readonly apply: WayState
  readonly undo: WayState
  output: Json | undefined
}

/** A run as its journal tells it. */
export interface RunState {
  readonly steps: ReadonlyMap<string, StepState>
  way: Way
  why: string | undefined
  closed: Outcome | undefined
  /** What made the run turn or fail, in order. */
  readonly problems: Problem[]
  /** Gates decided, by name. */
  readonly gates: Map<string, 'approved' | 'denied'>
}

/** The state of a run of which nothing is written yet. A rollback goes back from its first entry. */
export function emptyState(plan: Plan): RunState {
  const way = (): WayState => ({ attempts: 0, refused: 0, flying: false, last: -Infinity, settled: undefined })
  return {
    steps: new Map(plan.steps.map((step) => [step.id, { apply: { ...way(), ...begunBefore(plan, step.begunAt) }, undo: way(), output: step.made }])),
    way: goesBack(plan) ? 'undo' : 'apply',
    why: undefined,
    closed: undefined,
    problems: [],
    gates: new Map(),
  }
}

/** The state after all entries. */
export function fold(plan: Plan, entries: readonly Entry[]): RunState {
  const state = emptyState(plan)
  for (const entry of entries) record(state, plan, entry)
  return state
}

/** Brings a state up to date with one more entry. */
export function record(state: RunState, plan: Plan, entry: Entry): void {
  switch (entry.type) {
    case 'turned':
      state.way = 'undo'
      state.why = entry.why
      return
    case 'closed':
      state.closed = entry.outcome
      return
    case 'gate':
      if (entry.plan !== plan.digest) return
      state.gates.set(entry.gate, entry.verdict)
      if (entry.verdict === 'denied') state.problems.push(denial(entry))
      return
    case 'opened':
      // An attempt cut short by the end of its driver may have gone on outside until now.
      for (const step of state.steps.values()) for (const way of [step.apply, step.undo]) if (way.flying) land(way, entry.at)
      return
    case 'begun': case 'settled': case 'failed': {
      const step = state.steps.get(entry.step)
      if (step === undefined) return
      const way = step[entry.way]
      if (entry.type === 'failed' && entry.certain) {
        way.flying = false
        way.refused += 1
        if (entry.way === 'apply') state.problems.push(entry.problem)
        return
      }
      land(way, entry.at)
      if (entry.type === 'begun') {
        way.attempts = Math.max(way.attempts, entry.attempt)
        way.flying = true
      }
      if (entry.type === 'settled') way.settled = entry.how
      if (entry.type === 'settled' && entry.way === 'apply') step.output = entry.output
      return
    }
    case 'stuck':
  }
}

function land(way: WayState, at: string): void {
  way.flying = false
  way.last = Date.parse(at)
}

/** A denied gate as a problem, from the journal. */
function denial({ gate, by }: Extract<Entry, { type: 'gate' }>): Problem {
  return { code: 'denied', message: `The gate ${gate} was denied by ${by}.` }
}

/** True when an attempt in this direction may have changed something. */
export function mayHaveHappened(way: WayState): boolean {
  return way.attempts > way.refused
}

/** True when the effect of this step is this run's to take back: it was begun here, and not merely found. */
export function isOurs(step: StepState): boolean {
  return mayHaveHappened(step.apply) && step.apply.settled !== 'found'
}

/** True when the effect of this step may be outside, whoever made it. */
export function isOutside(step: StepState): boolean {
  return mayHaveHappened(step.apply) || step.apply.settled !== undefined
}

function begunBefore(plan: Plan, at: string | undefined): Partial<WayState> {
  if (!goesBack(plan)) return {}
  return { attempts: 1, settled: 'did', last: at === undefined ? -Infinity : Date.parse(at) }
}
