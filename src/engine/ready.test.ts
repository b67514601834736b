// Whose turn it is, forward and back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { planWith, stepOf } from '../../test/support/toy-plan.ts'
import { anyPlan, numbered } from '../../test/support/toy-random.ts'
import { isLeft } from './decide.ts'
import { emptyState, fold, record, type RunState } from './fold.ts'
import { ready, remaining, stepState } from './ready.ts'
import { rollbackPlan } from '../plan/back.ts'
import type { NewEntry } from '../model/entry.ts'
import type { Plan, Step } from '../model/plan.ts'

const ids = (steps: readonly Step[]) => steps.map(({ id }) => id)
const did = (step: string): NewEntry[] => [{ type: 'begun', step, way: 'apply', attempt: 1 }, { type: 'settled', step, way: 'apply', how: 'did' }]

/** Every step that a step needs, directly or through others. */
function allNeeds(plan: Plan, id: string): ReadonlySet<string> {
  const step = plan.steps.find((each) => each.id === id)
  return new Set((step?.needs ?? []).flatMap((need) => [need, ...allNeeds(plan, need)]))
}

/** Settles ready steps one at a time, as `pick` chooses, and gives their order. */
function orderOf(plan: Plan, state: RunState, pick: (open: number) => number): readonly string[] {
  const order: string[] = []
  for (let open = ready(plan, state); open.length > 0; open = ready(plan, state)) {
    const step = open[pick(open.length) % open.length]!
    order.push(step.id)
    for (const entry of numbered([{ type: 'settled', step: step.id, way: state.way, how: 'did' }])) record(state, plan, entry)
  }
  return order
}

test('forward, steps come after all that they need, in the order of the plan', () => {
  const plan = planWith([stepOf({ id: 'a' }), stepOf({ id: 'b', needs: ['a'] }), stepOf({ id: 'c', needs: ['a'] }), stepOf({ id: 'd', needs: ['b', 'c'] })])
  assert.deepEqual(ids(ready(plan, emptyState(plan))), ['a'])
  assert.deepEqual(ids(ready(plan, fold(plan, numbered(did('a'))))), ['b', 'c'])
  assert.deepEqual(ids(ready(plan, fold(plan, numbered([...did('a'), ...did('b')])))), ['c'])
  assert.deepEqual(ids(ready(plan, fold(plan, numbered([...did('a'), ...did('b'), ...did('c'), ...did('d')])))), [])
})

test('back, only what was begun comes, after all that needed it, however far off and whatever lies between', () => {
  const plan = planWith([stepOf({ id: 'a' }), stepOf({ id: 'looked', needs: ['a'], reversal: 'none' }), stepOf({ id: 'found', needs: ['looked'] }), stepOf({ id: 'c', needs: ['found'] }), stepOf({ id: 'd', needs: ['c'] })])
  const entries = [...did('a'), ...did('looked'), { type: 'settled', step: 'found', way: 'apply', how: 'found' }, ...did('c'), { type: 'turned', why: 'd was refused' }] satisfies NewEntry[]
  const state = fold(plan, numbered(entries))
  assert.deepEqual(ids(remaining(plan, state)), ['a', 'c'])
  assert.deepEqual(ids(ready(plan, state)), ['c'])
  for (const entry of numbered([{ type: 'settled', step: 'c', way: 'undo', how: 'did' }])) record(state, plan, entry)
  assert.deepEqual(ids(ready(plan, state)), ['a'])
})

test('back, what was begun and never settled comes too', () => {
  const plan = planWith([stepOf({ id: 'a' })])
  assert.deepEqual(ids(ready(plan, fold(plan, numbered([{ type: 'begun', step: 'a', way: 'apply', attempt: 1 }, { type: 'turned', why: 'w' }])))), ['a'])
})

test('a step that the plan does not have is a bug', () => {
  const plan = planWith([])
  assert.throws(() => stepState(emptyState(plan), 'x'), /no step x/)
})

test('forward, no order of settling brings a step before one that it needs, and all come', () => {
  fc.assert(fc.property(anyPlan, fc.func(fc.nat(20)), (plan, pick) => {
    const order = orderOf(plan, emptyState(plan), pick)
    assert.deepEqual(order.toSorted(), ids(plan.steps).toSorted())
    for (const [index, id] of order.entries()) for (const need of allNeeds(plan, id)) assert.ok(order.indexOf(need) < index, `${id} before ${need}`)
  }))
})

test('back, no order of settling brings a step before one that needed it, and all that can be undone come', () => {
  fc.assert(fc.property(anyPlan, fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }), fc.func(fc.nat(20)), (plan, begun, pick) => {
    const entries = plan.steps.flatMap((step, index): NewEntry[] => (begun[index] === true ? did(step.id) : [{ type: 'settled', step: step.id, way: 'apply', how: 'found' }]))
    const state = fold(plan, numbered([...entries, { type: 'turned', why: 'w' }]))
    const order = orderOf(plan, state, pick)
    assert.deepEqual(order.toSorted(), plan.steps.flatMap((step, index) => (begun[index] === true && !isLeft(step.reversal) ? [step.id] : [])).toSorted())
    for (const [index, id] of order.entries()) for (const need of allNeeds(plan, id)) assert.ok(!order.slice(0, index).includes(need), `${need} before ${id}`)
  }))
})

test('a rollback plan goes back in the same way', () => {
  fc.assert(fc.property(anyPlan, fc.func(fc.nat(20)), (plan, pick) => {
    const back = rollbackPlan(plan.steps.map((step) => ({ plan, step, input: step.input, at: undefined })), plan.date)
    fc.pre(back !== undefined)
    const order = orderOf(back, emptyState(back), pick)
    assert.deepEqual(order.toSorted(), ids(plan.steps.filter(({ reversal }) => !isLeft(reversal))).toSorted())
    for (const [index, id] of order.entries()) for (const need of allNeeds(plan, id)) assert.ok(!order.slice(0, index).includes(need), `${need} before ${id}`)
  }))
})
