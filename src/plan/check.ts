// The invariants of a plan's steps, whoever wrote them.
import type { Json } from '../model/json.ts'
import { SlipwayError, type Problem } from '../model/error.ts'
import type { AnyKind } from '../model/kind.ts'
import { isOutputRef, type Step } from '../model/plan.ts'

/**
 * Checks that ids are unique, kinds are known, and every need and every `$from` points to an earlier step that is needed.
 * Throws SlipwayError `plan-invalid` with every problem at once.
 */
export function checkSteps(steps: readonly Step[], kinds: ReadonlySet<string>): void {
  const problems: Problem[] = []
  const report = (message: string) => problems.push({ code: 'plan-invalid', message, hint: 'Make the plan again with `slipway plan`.' })
  const reachable = new Map<string, ReadonlySet<string>>()
  for (const step of steps) {
    if (reachable.has(step.id)) report(`The plan holds the step ${step.id} twice.`)
    if (!kinds.has(step.kind)) report(`The step ${step.id} is of the kind ${step.kind}, which this Slipway does not know.`)
    const before = new Set<string>()
    for (const need of step.needs) {
      const ofNeed = reachable.get(need)
      if (ofNeed === undefined) report(`The step ${step.id} needs ${need}, which does not stand before it.`)
      before.add(need)
      for (const id of ofNeed ?? []) before.add(id)
    }
    for (const from of references(step.input)) {
      if (!before.has(from)) report(`The step ${step.id} takes a value from ${from}, which it does not need.`)
    }
    reachable.set(step.id, before)
  }
  for (const { id, starts = [] } of steps) for (const started of starts) if (!reachable.has(started)) report(`The step ${id} sets off ${started}, which the plan does not hold.`)
  const [first, ...more] = problems
  if (first !== undefined) throw new SlipwayError(first, ...more)
}

/**
 * Checks that every step says of its way back what its kind says: what stands before and after the point of no return is read off it.
 * Throws SlipwayError `plan-invalid` with every problem at once.
 */
export function checkReversals(steps: readonly Step[], kinds: ReadonlyMap<string, Pick<AnyKind, 'reversal'>>): void {
  const [first, ...more] = steps.flatMap(({ id, kind, reversal }): readonly Problem[] => {
    const is = kinds.get(kind)?.reversal.is
    if (is === undefined || is === reversal) return []
    return [{ code: 'plan-invalid', message: `The plan says that the step ${id} is ${reversal}, but ${kind} is ${is}.`, hint: 'Make the plan again with `slipway plan`.' }]
  })
  if (first !== undefined) throw new SlipwayError(first, ...more)
}

/** The ids of all steps whose output an input refers to. */
export function references(input: Json): readonly string[] {
  if (input === null || typeof input !== 'object') return []
  if (isOutputRef(input)) return [input.$from]
  return Object.values(input as Record<string, Json>).flatMap(references)
}
