// The way back: from what runs began to a rollback plan.
import type { Json } from '../model/json.ts'
import type { Plan, Step } from '../model/plan.ts'
import { stepKey } from '../model/plan.ts'
import { references } from './check.ts'
import { seal } from './digest.ts'

/** One step that was begun, with its input made whole. */
export interface Begun {
  readonly plan: Plan
  readonly step: Step
  /** The input with every `$from` replaced by its value. */
  readonly input: Json
  /** When its last attempt began, ISO 8601, UTC; undefined when it is not known. */
  readonly at: string | undefined
  /** What it returned, for effects that nothing else finds again. */
  readonly made?: Json | undefined
}

/**
 * A rollback plan over what was begun, in the order of doing: each step is taken back after all steps that needed it. Steps that
 * nobody can take back are kept in the plan, so that what remains is approved and reported too; what such a step was made from
 * (the pull request of a merge) stays with it, as final. Undefined when nothing was begun outside.
 */
export function rollbackPlan(begun: readonly Begun[], date: string, stage: 'rollback' | 'recall' = 'rollback'): Plan | undefined {
  const staying = standsOn(begun)
  const kept = begun.filter(({ step }) => step.reversal !== 'none')
  const last = kept.at(-1)
  const [first] = begun
  if (last === undefined || first === undefined) return undefined
  const dependants = dependantsOf(begun)
  const ids = new Set(kept.map(({ step }) => step.id))
  const steps = kept.toReversed().map(({ plan, step, input, at, made }): Step => ({
    id: step.id,
    kind: step.kind,
    title: step.title,
    input,
    needs: [...(dependants.get(step.id) ?? [])].filter((id) => ids.has(id)),
    reversal: staying.has(step.id) ? 'final' : step.reversal,
    ...(step.back === undefined ? {} : { back: step.back }),
    key: stepKey(plan, step),
    ...(at === undefined ? {} : { begunAt: at }),
    ...(made === undefined ? {} : { made }),
  }))
  return seal({ stage, subject: last.plan.subject, date, releases: last.plan.releases, artifacts: last.plan.artifacts, basis: [], steps })
}

/** The steps whose outputs went into a final effect, directly or through others. */
function standsOn(begun: readonly Begun[]): ReadonlySet<string> {
  const staying = new Set<string>()
  for (const { step } of begun.toReversed()) {
    if (step.reversal === 'final' || staying.has(step.id)) for (const id of references(step.input)) staying.add(id)
  }
  return staying
}

/** For every step, all steps that directly or indirectly needed it; everything of a later plan needs everything of an earlier one. */
function dependantsOf(begun: readonly Begun[]): ReadonlyMap<string, ReadonlySet<string>> {
  const result = new Map<string, Set<string>>(begun.map(({ step }) => [step.id, new Set<string>()]))
  const plans = [...new Set(begun.map(({ plan }) => plan))]
  for (const plan of plans) {
    const reach = new Map<string, ReadonlySet<string>>()
    for (const step of plan.steps) {
      const before = new Set(step.needs.flatMap((need) => [need, ...(reach.get(need) ?? [])]))
      reach.set(step.id, before)
      for (const id of before) result.get(id)?.add(step.id)
    }
  }
  for (const { plan, step } of begun) {
    for (const other of begun) {
      if (plans.indexOf(other.plan) > plans.indexOf(plan)) result.get(step.id)?.add(other.step.id)
    }
  }
  return result
}
