// Pure: which steps of a run may be worked on now.
import { goesBack, type Plan, type Step } from '../model/plan.ts'
import { isOurs, type RunState, type StepState } from './fold.ts'
import { isLeft } from './decide.ts'

/** Steps whose turn it is, in the order of the plan: forward after all that they need, back after all that needed them, however far off. */
export function ready(plan: Plan, state: RunState): readonly Step[] {
  const left = remaining(plan, state)
  const open = new Set(left.map((step) => step.id))
  if (goesBack(plan) || state.way === 'apply') return left.filter((step) => !step.needs.some((id) => open.has(id)))
  const needed = new Set<string>()
  for (const step of plan.steps.toReversed()) {
    if (open.has(step.id) || needed.has(step.id)) for (const id of step.needs) needed.add(id)
  }
  return left.filter((step) => !needed.has(step.id))
}

/** Steps that are not finished in the direction the run goes. */
export function remaining(plan: Plan, state: RunState): readonly Step[] {
  return plan.steps.filter((step) => {
    const at = stepState(state, step.id)
    if (state.way === 'apply') return at.apply.settled === undefined
    return at.undo.settled === undefined && !isLeft(step.reversal) && (goesBack(plan) || isOurs(at))
  })
}

/** The state of a step of the plan. Throws when the plan has no such step, which is a bug. */
export function stepState(state: RunState, id: string): StepState {
  const step = state.steps.get(id)
  if (step === undefined) throw new Error(`no step ${id}`)
  return step
}
