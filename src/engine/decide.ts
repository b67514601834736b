// Pure: the decision table. From what the journal and a probe say of one step to what is done next.
import type { AnyKind, Probe } from '../model/kind.ts'
import type { Json } from '../model/json.ts'
import type { ReversalClass } from '../model/plan.ts'
import { mayHaveHappened, type StepState } from './fold.ts'

/** Who is waited for: a person, a machine at work that ends by itself, or the world to show what is there. */
export type Waited = 'person' | 'machine' | 'world'

/** What is done next with one step. */
export type Decision =
  | { readonly do: 'begin' }
  | { readonly do: 'settle'; readonly how: 'did' | 'found'; readonly output?: Json }
  /** Ask a person to take the effect back, and look again. */
  | { readonly do: 'guide' }
  /** Look again, not before `until` (milliseconds since 1970) where it is given. `from` tells who is waited for. */
  | { readonly do: 'wait'; readonly from: Waited; readonly for: string; readonly until?: number }
  | { readonly do: 'stop'; readonly why: string }

/** What the table looks at. */
export interface Seen {
  readonly state: StepState
  readonly probe: Probe<Json>
  readonly kind: Pick<AnyKind, 'settlesWithin' | 'reversal'> & { readonly acts: boolean }
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Forward: rows of DESIGN.md section 6. */
export function forward({ state, probe, kind, now }: Seen): Decision {
  const begun = mayHaveHappened(state.apply)
  switch (probe.state) {
    case 'present': return { do: 'settle', how: begun ? 'did' : 'found', output: probe.output }
    case 'withdrawn': return { do: 'stop', why: 'it was made and taken back' }
    case 'conflict': return { do: 'stop', why: probe.found }
    case 'unknown':
      if (!probe.blind) return { do: 'wait', from: 'world', for: probe.why }
      return begun ? { do: 'stop', why: `an attempt was begun and nobody can tell whether it took effect: ${probe.why}` } : { do: 'begin' }
    case 'absent': {
      if (!kind.acts) return { do: 'wait', from: probe.by ?? 'person', for: probe.missing ?? 'it is not there yet' }
      const settles = state.apply.last + (kind.settlesWithin ?? 0)
      if (begun && now < settles) return { do: 'wait', from: 'world', for: 'an attempt was begun; it may become visible yet', until: settles }
      return { do: 'begin' }
    }
  }
}

/**
 * Milliseconds for which absence proves nothing of an effect that only a person can take back: an index may lag this long, and a release
 * that is called rolled back must not come up afterwards with nobody told.
 */
const BY_HAND_LAG = 30 * 60_000

/** Back: rows of DESIGN.md section 6, for steps that are ours. */
export function backward({ state, probe, kind, now }: Seen): Decision {
  const within = kind.settlesWithin ?? 0
  switch (probe.state) {
    case 'withdrawn': return { do: 'settle', how: state.undo.attempts > 0 ? 'did' : 'found' }
    case 'conflict': return { do: 'stop', why: probe.found }
    case 'absent': {
      const settles = state.apply.last + (kind.reversal.is === 'by-hand' ? Math.max(within, kind.reversal.lag ?? BY_HAND_LAG) : within)
      if (state.undo.attempts === 0 && now < settles) return { do: 'wait', from: 'world', for: 'it was begun a moment ago and may become visible yet', until: settles }
      return { do: 'settle', how: state.undo.attempts > 0 ? 'did' : 'found' }
    }
    case 'unknown':
      if (!probe.blind) return { do: 'wait', from: 'world', for: probe.why }
      if (state.apply.settled === undefined) return { do: 'stop', why: `an attempt was begun and nobody can tell whether it took effect: ${probe.why}` }
      if (kind.reversal.is === 'by-hand') return { do: 'stop', why: `only a person can take it back, and nobody can see whether it was: ${probe.why}` }
      return mayHaveHappened(state.undo) ? { do: 'stop', why: `taking it back was begun and nobody can tell whether it took effect: ${probe.why}` } : { do: 'begin' }
    case 'present': {
      if (kind.reversal.is === 'by-hand') return { do: 'guide' }
      const settles = state.undo.last + within
      if (mayHaveHappened(state.undo) && now < settles) return { do: 'wait', from: 'world', for: 'taking it back was begun; it may become visible yet', until: settles }
      return { do: 'begin' }
    }
  }
}

/** True for effects that are never undone by a run: they change nothing outside, or nobody can. */
export function isLeft(reversal: ReversalClass): boolean {
  return reversal === 'none' || reversal === 'final'
}
