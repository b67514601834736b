// Ends a run whose steps are all finished, and says what it left.
import type { NewEntry } from '../model/entry.ts'
import type { Remains, Verdict } from '../model/event.ts'
import type { AnyKind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import { leaves } from '../plan/directions.ts'
import { isOurs, type RunState } from './fold.ts'
import { stepState } from './ready.ts'

/** What closing needs. */
export interface Closing {
  readonly plan: Plan
  readonly state: RunState
  readonly kinds: ReadonlyMap<string, AnyKind>
  append(entry: NewEntry): Promise<void>
}

/** Writes `closed`, if it is not written yet, and gives the verdict. "Rolled back" means that every undone step was observed to be gone. */
export async function close({ plan, state, kinds, append }: Closing): Promise<Verdict> {
  if (state.way === 'apply') {
    if (state.closed === undefined) await append({ type: 'closed', outcome: 'done' })
    return { is: 'done' }
  }
  const undone = plan.steps.filter((step) => stepState(state, step.id).undo.settled !== undefined)
  const rolledBack = plan.stage === 'rollback' || undone.length > 0
  if (state.closed === undefined) await append({ type: 'closed', outcome: rolledBack ? 'rolled-back' : 'failed' })
  if (!rolledBack) return { is: 'failed', problems: state.problems, over: true }
  const remains = plan.steps.flatMap((step): Remains[] => {
    const what = leaves(kinds.get(step.kind))
    return what !== undefined && isOurs(stepState(state, step.id)) ? [{ step: step.id, what }] : []
  })
  return { is: 'rolled-back', why: state.why ?? 'it was asked for', problems: state.problems, remains }
}
