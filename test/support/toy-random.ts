// Random plans and journals for property tests.
import fc from 'fast-check'
import type { Entry, NewEntry } from '../../src/model/entry.ts'
import type { Plan, Step } from '../../src/model/plan.ts'
import { planWith, stepOf } from './toy-plan.ts'

const START = Date.parse('2026-01-02T03:04:05Z')

/** Steps of every way back, each needing any of those before it. */
export const anySteps: fc.Arbitrary<readonly Step[]> = fc
  .array(fc.record({ needs: fc.array(fc.nat(9), { maxLength: 3 }), reversal: fc.constantFrom('reversible' as const, 'compensable' as const, 'by-hand' as const, 'final' as const, 'none' as const) }), { minLength: 1, maxLength: 9 })
  .map((shapes) => shapes.map(({ needs, reversal }, index) => stepOf({ id: `s${index}`, kind: 'k', reversal, needs: [...new Set(needs.filter((need) => need < index).map((need) => `s${need}`))] })))

/** A plan of such steps. */
export const anyPlan: fc.Arbitrary<Plan> = anySteps.map((steps) => planWith(steps))

/** A plan with entries of any sort about its steps, whether or not an engine would write them in this order. */
export const anyJournal: fc.Arbitrary<{ readonly plan: Plan; readonly entries: readonly Entry[] }> = anyPlan.chain((plan) => {
  const step = fc.constantFrom(...plan.steps.map(({ id }) => id), 'of another plan')
  const way = fc.constantFrom('apply' as const, 'undo' as const)
  const attempt = fc.integer({ min: 1, max: 3 })
  const type = <const T extends string>(name: T) => fc.constant(name)
  const entry: fc.Arbitrary<NewEntry> = fc.oneof(
    fc.record({ type: type('opened'), plan: fc.constant(plan.digest), driver: fc.constant('d') }),
    fc.record({ type: type('begun'), step, way, attempt }),
    fc.record({ type: type('settled'), step, way, how: fc.constantFrom('did' as const, 'found' as const), output: fc.constantFrom(1, 'two', null) }),
    fc.record({ type: type('failed'), step, way, attempt, certain: fc.boolean(), problem: fc.constant({ code: 'in-doubt' as const, message: 'm' }) }),
    fc.record({ type: type('stuck'), step, way, why: fc.constant('w') }),
    fc.record({ type: type('gate'), gate: fc.constantFrom('g', 'h'), plan: fc.constantFrom(plan.digest, `sha256:${'0'.repeat(64)}` as const), verdict: fc.constantFrom('approved' as const, 'denied' as const), by: fc.constant('b') }),
    fc.record({ type: type('turned'), why: fc.constant('w') }),
    fc.record({ type: type('closed'), outcome: fc.constantFrom('done' as const, 'failed' as const, 'rolled-back' as const) }),
  )
  return fc.array(entry, { maxLength: 40 }).map((entries) => ({ plan, entries: numbered(entries) }))
})

/** Entries with numbers and times, one second apart. */
export function numbered(entries: readonly NewEntry[]): readonly Entry[] {
  return entries.map((entry, index) => ({ ...entry, seq: index + 1, at: new Date(START + index * 1_000).toISOString() }))
}
