// A run belongs to one plan for ever.
import { SlipwayError } from '../model/error.ts'
import type { Plan } from '../model/plan.ts'

/** SlipwayError `journal-invalid` for a run that was opened with another plan. */
export function otherPlan(run: string, recorded: Plan, given: Plan): SlipwayError {
  const difference = recorded.digest === given.digest ? 'the same digest but another content' : `the digest ${given.digest}`
  return new SlipwayError({
    code: 'journal-invalid',
    message: `The run ${run} is recorded with the plan ${recorded.digest}; the plan given for it has ${difference}.`,
    hint: 'Go on with the recorded plan, or plan anew: a new plan gets a run of its own.',
  })
}
