// Puts the steps that targets propose into order: by the part of the release they belong to, then by what they need.
import { SlipwayError } from '../model/error.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { AnyKind } from '../model/kind.ts'
import type { Plan, Step } from '../model/plan.ts'
import { draftId, PHASES, type Phase, type StepDraft } from '../model/target.ts'
import { seal, type UnsealedPlan } from './digest.ts'
import { checkSteps } from './check.ts'

/** The gate that stands before everything that users see. */
export const PUBLISH_GATE = 'publish'

const GATED: readonly Phase[] = ['name', 'publish', 'float', 'reveal', 'announce']

/** What a plan is assembled from: all but the steps, and the drafts of every target. */
export interface PlanParts extends Omit<UnsealedPlan, 'steps'> {
  readonly stage: 'prepare' | 'publish'
  readonly drafts: readonly StepDraft[]
}

/**
 * A sealed plan with every step in topological order, its reversal copied from its kind and the gate before the first part that
 * users see. Throws SlipwayError `plan-invalid` when the drafts contradict each other.
 */
export function assemble(parts: PlanParts, kinds: ReadonlyMap<string, AnyKind>): Plan {
  const { drafts: proposed, ...rest } = parts
  const all = behindTheGate(proposed)
  const phases: readonly Phase[] = PHASES[parts.stage]
  const filled = phases.map((phase) => ({ phase, drafts: inOrder(all.filter((draft) => draft.phase === phase)) })).filter(({ drafts }) => drafts.length > 0)
  const gated = filled.find(({ phase }) => GATED.includes(phase))?.phase
  const steps: Step[] = []
  let before: readonly string[] = []
  const earlier: StepDraft[] = []
  for (const { phase, drafts } of filled) {
    for (const draft of drafts) {
      const here = new Set(drafts.map(draftId))
      const asked = draft.needs ?? []
      const needs = asked.some((id) => here.has(id)) ? asked : [...new Set([...before, ...asked])]
      steps.push({
        id: draftId(draft),
        kind: draft.kind,
        title: draft.title,
        input: expand(draft.input, earlier),
        needs,
        reversal: kinds.get(draft.kind)?.reversal.is ?? 'final',
        ...(draft.back === undefined ? {} : { back: draft.back }),
        ...startsOf(draft, all),
        ...(phase === gated ? { gate: PUBLISH_GATE } : {}),
      })
    }
    const needed = new Set(drafts.flatMap((draft) => draft.needs ?? []))
    before = drafts.map(draftId).filter((id) => !needed.has(id))
    earlier.push(...drafts)
  }
  checkSteps(steps, new Set(kinds.keys()))
  return seal({ ...rest, steps })
}

/**
 * What sets off something that others see stands behind the gate itself: the tag that a workflow publishes on is pushed as the first thing
 * that users see. Throws SlipwayError `plan-invalid` when a step waits for what nothing of the plan sets off.
 */
function behindTheGate(drafts: readonly StepDraft[]): readonly StepDraft[] {
  const starting = new Map(drafts.flatMap((draft) => draft.startedBy === undefined ? [] : [[draft.startedBy, draft] as const]))
  const ids = new Set(drafts.map(draftId))
  for (const [id, waiting] of starting) {
    if (ids.has(id)) continue
    throw new SlipwayError({
      code: 'plan-invalid',
      message: `The step ${draftId(waiting)} waits for what ${id} sets off, and nothing in this plan does that.`,
      hint: `Switch on ${id.split('.')[0] ?? id} in slipway.yaml, or choose another way to start the workflow.`,
    })
  }
  const order: readonly Phase[] = PHASES.publish
  return drafts.map((draft) => starting.has(draftId(draft)) && order.indexOf(draft.phase) < order.indexOf('name') ? { ...draft, phase: 'name' } : draft)
}

function startsOf(draft: StepDraft, drafts: readonly StepDraft[]): Pick<Step, 'starts'> {
  const starts = drafts.filter(({ startedBy }) => startedBy === draftId(draft)).map(draftId)
  return starts.length === 0 ? {} : { starts }
}

/** Drafts of one phase such that each stands after those of the same phase that it needs; otherwise as given. */
function inOrder(drafts: readonly StepDraft[]): readonly StepDraft[] {
  const byId = new Map(drafts.map((draft) => [draftId(draft), draft]))
  const placed = new Set<StepDraft>()
  const place = (draft: StepDraft, path: readonly StepDraft[]): void => {
    if (placed.has(draft) || path.includes(draft)) return
    for (const id of draft.needs ?? []) {
      const needed = byId.get(id)
      if (needed !== undefined) place(needed, [...path, draft])
    }
    placed.add(draft)
  }
  for (const draft of drafts) place(draft, [])
  return [...placed]
}

/** Replaces every `{ "$all": what }` by references to each earlier step that yields such. */
function expand(input: Json, earlier: readonly StepDraft[]): Json {
  if (input === null || typeof input !== 'object') return input
  if (Array.isArray(input)) return input.map((item: Json) => expand(item, earlier))
  const object = input as JsonObject
  const what = object['$all']
  if (typeof what === 'string') {
    return earlier.filter((draft) => draft.yields?.some((yielded) => yielded === what)).map((draft) => ({ $from: draftId(draft), at: `/${what}` }))
  }
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, expand(value, earlier)]))
}
