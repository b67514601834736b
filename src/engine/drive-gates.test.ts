// Gates: approved before, asked, denied, or answered by nobody.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newRig } from '../../test/support/toy-cells.ts'
import { planWith } from '../../test/support/toy-plan.ts'
import { cell, gated, inARow } from '../../test/support/toy-steps.ts'
import type { NewEntry } from '../model/entry.ts'
import type { Plan } from '../model/plan.ts'

const approve = async () => ({ verdict: 'approved', by: 'Ada' }) as const
const deny = async () => ({ verdict: 'denied', by: 'Ada' }) as const
const decision = (plan: Plan, verdict: 'approved' | 'denied') => ({ type: 'gate', gate: 'publish', plan: plan.digest, verdict, by: 'Ada' }) satisfies NewEntry

test('a gate that was approved before is passed without asking', async () => {
  const rig = newRig(inARow(cell('a'), gated('b')))
  await rig.before(decision(rig.plan, 'approved'))
  assert.deepEqual(await rig.drive({ ask: () => assert.fail('asked') }), { is: 'done' })
})

test('an approval of another plan is none', async () => {
  const rig = newRig(planWith([gated('a')]))
  await rig.before({ ...decision(rig.plan, 'approved'), plan: `sha256:${'0'.repeat(64)}` })
  assert.equal((await rig.drive()).is, 'waiting')
})

test('whoever is asked at a gate is shown the plan, once all that comes before is done', async () => {
  const rig = newRig(inARow(cell('a'), gated('b'), gated('c')))
  const asked: unknown[] = []
  const verdict = await rig.drive({ ask: async (gate, plan) => { asked.push([gate, plan.digest, [...rig.calls]]); return approve() } })
  assert.deepEqual(verdict, { is: 'done' })
  assert.deepEqual(asked, [['publish', rig.plan.digest, ['apply a']]])
  assert.ok((await rig.entries()).some((entry) => entry.type === 'gate' && entry.by === 'Ada'))
})

test('without an answer the run waits at the gate, and not even looks behind it', async () => {
  const rig = newRig(inARow(cell('a'), gated('b')))
  rig.hooks.set('probe b', () => assert.fail('looked'))
  const waiting = { is: 'waiting', for: [{ step: 'b', for: 'an approval of this plan', gate: 'publish' }] }
  assert.deepEqual(await rig.drive({ ask: async () => undefined }), waiting)
  assert.deepEqual(await rig.drive(), waiting)
  assert.deepEqual(rig.calls, ['apply a'])
})

test('an approval that came from elsewhere while steps were worked on is seen', async () => {
  const rig = newRig(inARow(cell('a'), cell('b'), gated('c')))
  rig.hooks.set('apply a', async () => { await rig.journal.decide('r', decision(rig.plan, 'approved')) })
  assert.deepEqual(await rig.drive(), { is: 'done' })
  const told = rig.events.flatMap((event) => (event.type === 'entry' ? [event.entry.seq] : []))
  assert.deepEqual(told.toSorted((one, other) => one - other), (await rig.entries()).map(({ seq }) => seq), 'each entry is told once')
})

test('an approval that came from elsewhere while the run waited is seen by the next drive', async () => {
  const rig = newRig(planWith([gated('a')]))
  await rig.drive()
  await rig.journal.decide('r', decision(rig.plan, 'approved'))
  assert.deepEqual(await rig.drive(), { is: 'done' })
})

test('a denied gate turns the run', async () => {
  const rig = newRig(inARow(cell('a'), gated('b')))
  const verdict = await rig.drive({ ask: deny })
  assert.ok(verdict.is === 'rolled-back')
  assert.equal(verdict.why, 'the gate publish was denied')
  assert.deepEqual(verdict.problems, [{ code: 'denied', message: 'The gate publish was denied by Ada.' }])
  assert.deepEqual(rig.calls, ['apply a', 'undo a'])
})

test('a denied gate with nothing behind it fails and says why', async () => {
  const rig = newRig(planWith([gated('a')]))
  assert.deepEqual(await rig.drive({ ask: deny }), { is: 'failed', over: true, problems: [{ code: 'denied', message: 'The gate publish was denied by Ada.' }] })
})

test('a denied gate stops a run whose policy is to stop, until it is approved', async () => {
  const rig = newRig(inARow(cell('a'), gated('b')))
  assert.ok((await rig.drive({ ask: deny, onFailure: 'stop' })).is === 'failed')
  assert.deepEqual(rig.calls, ['apply a'])
  await rig.journal.decide('r', decision(rig.plan, 'approved'))
  assert.deepEqual(await rig.drive({ onFailure: 'stop' }), { is: 'done' })
})
