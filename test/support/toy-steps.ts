// Steps on cells, for plans that a test reads at a glance.
import { Refused } from '../../src/model/error.ts'
import type { Plan, ReversalClass, Step } from '../../src/model/plan.ts'
import type { Rig } from './toy-cells.ts'
import { planWith, stepOf } from './toy-plan.ts'

const REVERSALS: Readonly<Record<string, ReversalClass>> = { 'cell.leaves': 'compensable', 'cell.hand': 'by-hand', 'cell.final': 'final', 'cell.wait': 'none', 'cell.arrives': 'by-hand' }

/** A step on the cell of its own name. */
export function cell(id: string, step: Partial<Step> = {}): Step {
  const kind = step.kind ?? 'cell'
  return stepOf({ id, kind, input: { cell: id }, reversal: REVERSALS[kind] ?? 'reversible', ...step })
}

/** The same, behind the gate `publish`. */
export function gated(id: string): Step {
  return cell(id, { gate: 'publish' })
}

/** A plan of steps one after the other. */
export function inARow(...steps: readonly Step[]): Plan {
  return planWith(steps.map((step, index) => ({ ...step, needs: steps.slice(index - 1, index).map(({ id }) => id) })))
}

/** What a kind throws that is certain that nothing changed. */
export function refusal(): Refused {
  return new Refused({ code: 'request-refused', message: 'No.' })
}

/** Lets a call (`apply x`, `undo x`) be refused whenever it is made. */
export function refuse(rig: Rig, call: string): void {
  rig.hooks.set(call, () => { throw refusal() })
}
