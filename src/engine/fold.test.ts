// What a journal says of a run, entry by entry.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { planWith, stepOf } from '../../test/support/toy-plan.ts'
import { anyJournal, numbered } from '../../test/support/toy-random.ts'
import { emptyState, fold, isOurs, isOutside, mayHaveHappened, record } from './fold.ts'
import type { NewEntry } from '../model/entry.ts'

const plan = planWith([stepOf({ id: 'a' }), stepOf({ id: 'b', needs: ['a'] })])
const begun = (attempt = 1): NewEntry => ({ type: 'begun', step: 'a', way: 'apply', attempt })
const failed = (certain: boolean): NewEntry => ({ type: 'failed', step: 'a', way: 'apply', attempt: 1, certain, problem: { code: 'in-doubt', message: 'no answer' } })
const settled = (how: 'did' | 'found'): NewEntry => ({ type: 'settled', step: 'a', way: 'apply', how, output: { id: 7 } })
const opened: NewEntry = { type: 'opened', plan: plan.digest, driver: 'd' }
const second = (seq: number) => Date.parse('2026-01-02T03:04:05Z') + (seq - 1) * 1_000

function stepA(...entries: readonly NewEntry[]) {
  return fold(plan, numbered(entries)).steps.get('a')!
}

test('of a run of which nothing is written nothing has happened', () => {
  const state = fold(plan, [])
  assert.deepEqual(state, emptyState(plan))
  assert.equal(state.way, 'apply')
  assert.deepEqual([...state.steps.values()].map((step) => [isOurs(step), isOutside(step)]), [[false, false], [false, false]])
})

const rows: readonly { readonly reason: string; readonly entries: readonly NewEntry[]; readonly ours: boolean; readonly outside: boolean; readonly last: number }[] = [
  { reason: 'what was begun may have happened', entries: [begun()], ours: true, outside: true, last: second(1) },
  { reason: 'what was refused has not happened', entries: [begun(), failed(true)], ours: false, outside: false, last: second(1) },
  { reason: 'what failed in doubt may have happened, as late as when it failed', entries: [begun(), failed(false)], ours: true, outside: true, last: second(2) },
  { reason: 'a refusal after a doubt does not end the doubt', entries: [begun(1), failed(false), begun(2), failed(true)], ours: true, outside: true, last: second(3) },
  { reason: 'what was done is ours', entries: [begun(), settled('did')], ours: true, outside: true, last: second(2) },
  { reason: 'what was found is outside, and not ours', entries: [settled('found')], ours: false, outside: true, last: second(1) },
  { reason: 'what was found after a refusal is not ours', entries: [begun(), failed(true), settled('found')], ours: false, outside: true, last: second(3) },
  { reason: 'an attempt whose driver died may have gone on until the next driver came', entries: [begun(), opened], ours: true, outside: true, last: second(2) },
  { reason: 'an attempt is not counted as going on twice', entries: [begun(), opened, opened], ours: true, outside: true, last: second(2) },
  { reason: 'an attempt that ended does not go on', entries: [begun(), failed(false), opened], ours: true, outside: true, last: second(2) },
]
for (const { reason, entries, ours, outside, last } of rows) {
  test(reason, () => {
    const step = stepA(...entries)
    assert.deepEqual([isOurs(step), isOutside(step), step.apply.last], [ours, outside, last])
  })
}

test('outputs are kept as they were settled', () => {
  assert.deepEqual(stepA(begun(), settled('did')).output, { id: 7 })
  assert.equal(stepA(begun()).output, undefined)
})

test('undoing says nothing about applying', () => {
  const step = stepA(begun(), settled('did'), { type: 'begun', step: 'a', way: 'undo', attempt: 1 }, { type: 'settled', step: 'a', way: 'undo', how: 'did' })
  assert.deepEqual([step.apply.settled, step.undo.settled, step.output], ['did', 'did', { id: 7 }])
})

test('a run that turned goes back, and says why', () => {
  const state = fold(plan, numbered([{ type: 'turned', why: 'b was refused' }]))
  assert.deepEqual([state.way, state.why], ['undo', 'b was refused'])
})

test('the last word on a gate counts, and only about this plan', () => {
  const gate = (verdict: 'approved' | 'denied', of = plan.digest): NewEntry => ({ type: 'gate', gate: 'g', plan: of, verdict, by: 'Ada' })
  assert.equal(fold(plan, numbered([gate('denied'), gate('approved')])).gates.get('g'), 'approved')
  assert.equal(fold(plan, numbered([gate('approved', `sha256:${'0'.repeat(64)}`)])).gates.get('g'), undefined)
  assert.deepEqual(fold(plan, numbered([gate('denied')])).problems, [{ code: 'denied', message: 'The gate g was denied by Ada.' }])
})

test('refusals are the problems of a run; doubts are not', () => {
  const refusal: NewEntry = { type: 'failed', step: 'a', way: 'apply', attempt: 2, certain: true, problem: { code: 'request-refused', message: 'No.' } }
  assert.deepEqual(fold(plan, numbered([begun(), failed(false), refusal])).problems, [{ code: 'request-refused', message: 'No.' }])
})

test('a rollback goes back from its start over what was begun, when it was begun', () => {
  const back = planWith([stepOf({ id: 'a', begunAt: '2026-01-01T00:00:00.000Z' }), stepOf({ id: 'b' })], { stage: 'rollback' })
  const state = fold(back, [])
  assert.equal(state.way, 'undo')
  assert.deepEqual([...state.steps.values()].map((step) => [isOurs(step), step.apply.last]), [[true, Date.parse('2026-01-01T00:00:00Z')], [true, -Infinity]])
})

test('folding all entries is recording them one by one, from any place on', () => {
  fc.assert(fc.property(anyJournal, fc.nat(40), ({ plan, entries }, cut) => {
    const state = fold(plan, entries.slice(0, cut))
    for (const entry of entries.slice(cut)) record(state, plan, entry)
    assert.deepEqual(state, fold(plan, entries))
  }))
})

test('what was never begun never may have happened, and what was settled is outside', () => {
  fc.assert(fc.property(anyJournal, ({ plan, entries }) => {
    const state = fold(plan, entries)
    for (const [id, step] of state.steps) {
      const about = entries.filter((entry) => 'step' in entry && entry.step === id && entry.way === 'apply')
      if (!about.some(({ type }) => type === 'begun')) assert.ok(!mayHaveHappened(step.apply) && !isOurs(step))
      if (about.some(({ type }) => type === 'settled')) assert.ok(isOutside(step))
      if (isOurs(step)) assert.ok(isOutside(step))
    }
  }))
})
