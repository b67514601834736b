// From what runs began to the plan that takes it back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PLAN_BODY, planWith, stepOf } from '../../test/support/toy-plan.ts'
import { anyPlan } from '../../test/support/toy-random.ts'
import fc from 'fast-check'
import { stepKey, type Plan, type Step } from '../model/plan.ts'
import { rollbackPlan, type Begun } from './back.ts'
import { checkSteps } from './check.ts'
import { expectedDigest } from './digest.ts'

const DATE = '2026-02-03T04:05:06Z'
const AT = '2026-01-02T03:04:05.000Z'
const begunOf = (plan: Plan, ...ids: readonly string[]): Begun[] =>
  plan.steps.filter(({ id }) => ids.length === 0 || ids.includes(id)).map((step) => ({ plan, step, input: step.input, at: AT }))
const chain = (...steps: readonly (Partial<Step> & { id: string })[]): Step[] => steps.map((step, index) => stepOf({ needs: index === 0 ? [] : [steps[index - 1]!.id], ...step }))
const shape = (plan: Plan | undefined) => plan?.steps.map(({ id, needs, reversal }) => [id, needs.toSorted(), reversal])

test('where nothing was begun outside there is nothing to take back', () => {
  assert.equal(rollbackPlan([], DATE), undefined)
  assert.equal(rollbackPlan(begunOf(planWith([stepOf({ id: 'a', reversal: 'none' })])), DATE), undefined)
})

test('the last effect comes first, each after all that needed it, also through what changed nothing', () => {
  const plan = planWith(chain({ id: 'a' }, { id: 'look', reversal: 'none' }, { id: 'b', reversal: 'compensable' }, { id: 'c', reversal: 'by-hand' }))
  assert.deepEqual(shape(rollbackPlan(begunOf(plan), DATE)), [['c', [], 'by-hand'], ['b', ['c'], 'compensable'], ['a', ['b', 'c'], 'reversible']])
})

test('what was not begun is not in the way', () => {
  const plan = planWith(chain({ id: 'a' }, { id: 'b' }, { id: 'c' }))
  assert.deepEqual(shape(rollbackPlan(begunOf(plan, 'a', 'b'), DATE)), [['b', [], 'reversible'], ['a', ['b'], 'reversible']])
})

test('each step keeps its input made whole, its words, the time it was begun and the key that its markers carry', () => {
  const plan = planWith([stepOf({ id: 'a', title: 'Make a', back: 'Unmake a' }), stepOf({ id: 'b', input: { of: { $from: 'a', at: '/id' } }, needs: ['a'] })])
  const back = rollbackPlan([...begunOf(plan, 'a'), { plan, step: plan.steps[1]!, input: { of: 7 }, at: undefined }], DATE)
  assert.deepEqual(back?.steps, [
    { id: 'b', kind: 'b', title: 'b', input: { of: 7 }, needs: [], reversal: 'reversible', key: `${plan.digest}#b` },
    { id: 'a', kind: 'a', title: 'Make a', input: {}, needs: ['b'], reversal: 'reversible', back: 'Unmake a', key: `${plan.digest}#a`, begunAt: AT },
  ])
})

test('the plan is a rollback of the same subject, on its own date, and no gate stands in it', () => {
  const plan = planWith([stepOf({ id: 'a', gate: 'publish' })])
  const back = rollbackPlan(begunOf(plan), DATE)
  assert.deepEqual([back?.stage, back?.date, back?.subject, back?.releases, back?.basis], ['rollback', DATE, PLAN_BODY.subject, PLAN_BODY.releases, []])
  assert.equal(back?.steps[0]?.gate, undefined)
  assert.equal(back && expectedDigest(back), back?.digest)
})

test('everything of a later plan comes before anything of an earlier one', () => {
  const prepared = planWith([stepOf({ id: 'push' }), stepOf({ id: 'merge', reversal: 'final' })], { stage: 'prepare' })
  const published = planWith([stepOf({ id: 'tag' }), stepOf({ id: 'upload', reversal: 'by-hand' })])
  assert.deepEqual(shape(rollbackPlan([...begunOf(prepared), ...begunOf(published)], DATE)), [
    ['upload', [], 'by-hand'], ['tag', [], 'reversible'], ['merge', ['tag', 'upload'], 'final'], ['push', ['tag', 'upload'], 'reversible'],
  ])
})

test('what something final was made from stays with it, also through others, and is listed as final', () => {
  const plan = planWith(chain(
    { id: 'branch' }, { id: 'pull', input: { on: { $from: 'branch', at: '/name' } } }, { id: 'review', reversal: 'none', input: { of: { $from: 'pull', at: '/number' } } },
    { id: 'merge', reversal: 'final', input: { of: { $from: 'review', at: '/number' } } }, { id: 'other' },
  ))
  assert.deepEqual(shape(rollbackPlan(begunOf(plan), DATE))?.map(([id, , reversal]) => [id, reversal]), [['other', 'reversible'], ['merge', 'final'], ['pull', 'final'], ['branch', 'final']])
  assert.deepEqual(shape(rollbackPlan(begunOf(plan, 'branch', 'pull'), DATE))?.map(([id, , reversal]) => [id, reversal]), [['pull', 'reversible'], ['branch', 'reversible']])
})

test('whatever was begun, the plan back is sound, holds each effect once and keeps its key', () => {
  fc.assert(fc.property(anyPlan, fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }), (plan, chosen) => {
    const begun = begunOf(plan).filter((_, index) => chosen[index] === true)
    const back = rollbackPlan(begun, DATE)
    const expected = begun.filter(({ step }) => step.reversal !== 'none')
    assert.deepEqual((back?.steps ?? []).map(({ id }) => id), expected.map(({ step }) => step.id).toReversed())
    for (const step of back?.steps ?? []) assert.equal(stepKey(back!, step), `${plan.digest}#${step.id}`)
    checkSteps(back?.steps ?? [], new Set(['k']))
  }))
})
