// Ends a run whose steps are all finished, and says what it left.
import type { NewEntry, Outcome } from '../model/entry.ts'
import type { Problem } from '../model/error.ts'
import type { Remains, Verdict } from '../model/event.ts'
import type { AnyKind } from '../model/kind.ts'
import { goesBack, type Plan } from '../model/plan.ts'
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
  const outcome = state.closed ?? outcomeOf(plan, state)
  if (state.closed === undefined) await append({ type: 'closed', outcome })
  if (outcome === 'done') return { is: 'done' }
  const left = remains(plan, state, kinds)
  if (outcome === 'rolled-back') return { is: 'rolled-back', why: state.why ?? 'it was asked for', problems: state.problems, remains: left }
  const found = left.map(({ step, what }): Problem => ({ code: 'in-doubt', message: `${step} is outside still: ${what}.`, hint: '`slipway rollback` takes back what is there.' }))
  return { is: 'failed', problems: [...state.problems, ...found], over: found.length === 0 }
}

function outcomeOf(plan: Plan, state: RunState): Outcome {
  if (state.way === 'apply') return 'done'
  const undone = plan.steps.some((step) => stepState(state, step.id).undo.settled !== undefined)
  return goesBack(plan) || undone ? 'rolled-back' : 'failed'
}

/** What stays outside: what cannot be taken back wholly, and what was there before the run. */
function remains(plan: Plan, state: RunState, kinds: ReadonlyMap<string, AnyKind>): readonly Remains[] {
  return plan.steps.flatMap((step): Remains[] => {
    const at = stepState(state, step.id)
    if (at.apply.settled === 'found' && step.reversal !== 'none') return [{ step: step.id, what: 'it was there before this run, which left it as it was' }]
    const what = leaves(kinds.get(step.kind), step)
    return what !== undefined && isOurs(at) ? [{ step: step.id, what }] : []
  })
}
