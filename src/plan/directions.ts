// Both directions of a plan in words: what will be done, where the point of no return lies, and what could be taken back.
import type { AnyKind, Description } from '../model/kind.ts'
import type { Plan, ReversalClass, Step } from '../model/plan.ts'

/** One step in words. */
export interface DirectionLine {
  readonly step: string
  readonly title: string
  readonly reversal: ReversalClass
  /** How it is taken back, or why it cannot be; empty for steps that change nothing outside. */
  readonly back: string
  readonly gate: string | undefined
  /** The titles of what it sets off without doing it itself. */
  readonly starts: readonly string[]
}

/** A plan in words, both ways. */
export interface Directions {
  readonly forward: readonly DirectionLine[]
  /** Index into `forward` of the first step that cannot be taken back by a program; undefined when there is none. */
  readonly pointOfNoReturn: number | undefined
  /** What rollback would do, in its order: the last effect first. */
  readonly back: readonly DirectionLine[]
  /** What stays for ever, and why. */
  readonly stays: readonly { readonly step: string; readonly why: string }[]
}

/** True for classes that no program can take back. */
export function isFinal(reversal: ReversalClass): boolean {
  return reversal === 'final' || reversal === 'by-hand'
}

/** True for a step that no program can take back, or that sets off one: when it has begun, there is no turning. */
export function leadsToFinal({ steps }: Pick<Plan, 'steps'>, { reversal, starts = [] }: Step): boolean {
  return isFinal(reversal) || starts.some((id) => steps.some((step) => step.id === id && isFinal(step.reversal)))
}

/** The place of the first step from which nothing turns by itself, counted from 0; undefined where everything can be taken back. */
export function pointOfNoReturn(plan: Pick<Plan, 'steps'>): number | undefined {
  const first = plan.steps.findIndex((step) => leadsToFinal(plan, step))
  return first < 0 ? undefined : first
}

/** Says a plan in both directions. Needs the kinds for their words. */
export function directions(plan: Plan, kinds: ReadonlyMap<string, AnyKind>): Directions {
  const forward = plan.steps.map((step) => line(plan, step, kinds.get(step.kind)))
  return {
    forward,
    pointOfNoReturn: pointOfNoReturn(plan),
    back: forward.filter((each) => each.reversal !== 'none' && each.reversal !== 'final').toReversed(),
    stays: plan.steps.flatMap((step) => {
      const why = leaves(kinds.get(step.kind), step)
      return why === undefined ? [] : [{ step: step.id, why }]
    }),
  }
}

/** What a kind's effect, or that of one step, leaves behind when it has been taken back as far as it goes; undefined when nothing. */
export function leaves(kind: AnyKind | undefined, step?: Step): string | undefined {
  const reversal = kind?.reversal
  if (step !== undefined && isHeld(step, kind)) return HELD
  switch (reversal?.is) {
    case undefined: return undefined
    case 'reversible': return undefined
    case 'compensable': case 'by-hand': return reversal.leaves
    case 'final': return reversal.because
    case 'none': return reversal.leaves
  }
}

const HELD = 'something that nobody can take back was made from it'

/** True for a step of a rollback that could be taken back but stays, since something final was made from it. */
function isHeld(step: Step, kind: AnyKind | undefined): boolean {
  return step.reversal === 'final' && kind !== undefined && kind.reversal.is !== 'final'
}

function line({ steps }: Plan, step: Step, kind: AnyKind | undefined): DirectionLine {
  const starts = (step.starts ?? []).map((id) => steps.find((each) => each.id === id)?.title ?? id)
  return { step: step.id, title: step.title, reversal: step.reversal, back: back(step, kind), gate: step.gate, starts }
}

function back(step: Step, kind: AnyKind | undefined): string {
  if (step.reversal === 'none') return ''
  if (isHeld(step, kind)) return HELD
  if (kind?.reversal.is === 'final') return kind.reversal.because
  return description(step, kind)?.undo ?? step.back ?? `take back ${step.id}`
}

/** The kind's words for a step whose input is already whole; undefined while it refers to outputs that do not exist yet. */
export function description(step: Step, kind: AnyKind | undefined): Description | undefined {
  try {
    return kind?.describe(kind.input.parse(step.input) as never)
  } catch {
    return undefined
  }
}
