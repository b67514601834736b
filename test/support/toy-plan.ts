// The plan of a toy release: two ways to the gate, two final uploads behind it, and an announcement last.
import type { Plan, Step } from '../../src/model/plan.ts'
import { seal, type UnsealedPlan } from '../../src/plan/digest.ts'
import { randomOf } from './toy-line.ts'

const HASH = 'a'.repeat(40)

/** All of a plan but its steps. */
export const PLAN_BODY: Omit<UnsealedPlan, 'steps'> = {
  stage: 'publish',
  subject: { repository: 'example/toy', commit: HASH, tree: HASH },
  date: '2026-01-02T03:04:05Z',
  releases: [{ name: 'toy', from: '1.0.0', to: '1.1.0', because: ['It is time.'] }],
  artifacts: [],
  basis: [],
}

/** A sealed plan of these steps. */
export function planWith(steps: readonly Step[], more: Partial<UnsealedPlan> = {}): Plan {
  return seal({ ...PLAN_BODY, steps, ...more })
}

/** A step with what a test leaves out. Its kind is its id up to the colon. */
export function stepOf(step: Partial<Step> & { readonly id: string }): Step {
  return { kind: step.id.split(':')[0] ?? step.id, title: step.id, input: {}, needs: [], reversal: 'reversible', ...step }
}

const STEPS: readonly Step[] = [
  stepOf({ id: 'toy.tag', input: { name: 'v1.1.0', commit: HASH } }),
  stepOf({ id: 'toy.draft', needs: ['toy.tag'] }),
  stepOf({ id: 'toy.asset', input: { draft: { $from: 'toy.draft', at: '/id' }, name: 'a.whl', sha: 'aa' }, needs: ['toy.draft'] }),
  stepOf({ id: 'toy.trial:a.whl', input: { name: 'a.whl', sha: 'aa' }, needs: ['toy.tag'], reversal: 'compensable' }),
  stepOf({ id: 'toy.verify:trial', input: { files: ['toy.trial:a.whl'] }, needs: ['toy.trial:a.whl'], reversal: 'none' }),
  stepOf({ id: 'toy.upload:a.whl', input: { name: 'a.whl', sha: 'aa' }, needs: ['toy.asset', 'toy.verify:trial'], reversal: 'by-hand', gate: 'publish' }),
  stepOf({ id: 'toy.upload:b.whl', input: { name: 'b.whl', sha: 'bb' }, needs: ['toy.asset', 'toy.verify:trial'], reversal: 'by-hand', gate: 'publish' }),
  stepOf({ id: 'toy.reveal', input: { draft: { $from: 'toy.draft', at: '/id' } }, needs: ['toy.upload:a.whl', 'toy.upload:b.whl', 'toy.draft'] }),
  stepOf({ id: 'toy.verify:final', kind: 'toy.verify', input: { files: ['toy.upload:a.whl', 'toy.upload:b.whl'] }, needs: ['toy.reveal'], reversal: 'none' }),
  stepOf({ id: 'toy.post', input: { text: '1.1.0 is out' }, needs: ['toy.verify:final'], reversal: 'final' }),
]

/** The ids of the steps whose effects nobody can take back by a program. */
export const FINAL_STEPS = STEPS.filter(({ reversal }) => reversal === 'by-hand' || reversal === 'final').map(({ id }) => id)

/** The toy release; with a seed its uploads do not wait for each other, and its steps stand in another order that their needs allow. */
export function toyPlan(seed = 0): Plan {
  if (seed !== 0) return planWith(shuffled(STEPS, randomOf(seed)))
  return planWith(STEPS.map((step) => (step.id === 'toy.upload:b.whl' ? { ...step, needs: ['toy.upload:a.whl'] } : step)))
}

function shuffled(steps: readonly Step[], random: () => number): readonly Step[] {
  const left = [...steps]
  const result: Step[] = []
  while (left.length > 0) {
    const free = left.filter(({ needs }) => needs.every((id) => result.some((step) => step.id === id)))
    const [next] = free.splice(Math.floor(random() * free.length), 1)
    if (next === undefined) throw new Error('The steps need each other in a circle.')
    left.splice(left.indexOf(next), 1)
    result.push(next)
  }
  return result
}

