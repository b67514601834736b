// The way back: what is called rolled back, and what is left to a person.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newRig, type Rig } from '../../test/support/toy-cells.ts'
import { planWith } from '../../test/support/toy-plan.ts'
import { cell, inARow, refusal, refuse } from '../../test/support/toy-steps.ts'
import type { Plan } from '../model/plan.ts'
import { rollbackPlan } from '../plan/back.ts'

function backFrom(plan: Plan, rig: Rig): Plan {
  const begun = plan.steps.map((step) => ({ plan, step, input: step.input, at: new Date(rig.now()).toISOString() }))
  return rollbackPlan(begun, plan.date)!
}

test('a rollback takes everything back, the last first, and lists what stays', async () => {
  const forward = newRig(inARow(cell('a'), cell('b', { kind: 'cell.leaves' }), cell('c', { kind: 'cell.final' })))
  await forward.drive()
  const back = newRig(backFrom(forward.plan, forward))
  for (const [name, state] of forward.cells) back.cells.set(name, state)
  assert.deepEqual(await back.drive(), { is: 'rolled-back', why: 'it was asked for', problems: [], remains: [{ step: 'c', what: 'everybody saw it' }, { step: 'b', what: 'a trace' }] })
  assert.deepEqual(back.calls, ['undo b', 'undo a'])
})

test('an undo that lies never yields a run that is called rolled back', async () => {
  for (const kind of ['cell', 'cell.slow', 'cell.leaves']) {
    const rig = newRig(inARow(cell('a', { kind }), cell('b')))
    refuse(rig, 'apply b')
    rig.hooks.set('undo a', () => 'skip')
    const verdict = await rig.drive({ attempts: 3 })
    assert.ok(verdict.is === 'stuck', kind)
    assert.match(verdict.steps[0]!.why, /3 attempts did not do it: .*(still there|a look shows otherwise)/)
    assert.ok(!(await rig.told()).some((line) => line === 'settled undo a' || line === 'closed'))
    assert.equal(rig.calls.filter((call) => call === 'undo a').length, 3)
    rig.hooks.delete('undo a')
    assert.equal((await rig.drive()).is, 'rolled-back')
  }
})

test('an undo whose answer was lost is found done', async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  refuse(rig, 'apply b')
  rig.hooks.set('undo a', () => {
    rig.cells.delete('a')
    throw new Error('connection lost')
  })
  assert.equal((await rig.drive()).is, 'rolled-back')
  assert.equal(rig.calls.filter((call) => call === 'undo a').length, 1)
})

test("somebody else's in the place of what was made stops the way back", async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  rig.hooks.set('apply b', () => {
    rig.cells.set('a', { state: 'conflict', found: 'a is theirs' })
    throw refusal()
  })
  assert.deepEqual(await rig.drive(), { is: 'stuck', steps: [{ step: 'a', why: 'a is theirs' }] })
  assert.ok(!rig.calls.includes('undo a'))
})

test('what only a person can take back is asked for once, looked at until it is gone, and then settled', async () => {
  const plan = backFrom(inARow(cell('a', { kind: 'cell.hand' })), newRig(planWith([])))
  const rig = newRig(plan)
  rig.cells.set('a', { state: 'present', output: { of: 'a' } })
  let sleeps = 0
  rig.onSleep = () => { if ((sleeps += 1) === 5) rig.cells.set('a', { state: 'withdrawn' }) }
  rig.hooks.set('probe a', () => { if (sleeps === 2) throw new Error('no answer') })
  assert.deepEqual(await rig.drive(), { is: 'rolled-back', why: 'it was asked for', problems: [], remains: [{ step: 'a', what: 'a trace' }] })
  assert.equal(sleeps, 5)
  assert.deepEqual(rig.events.filter(({ type }) => type === 'by-hand'), [{ type: 'by-hand', step: 'a', instructions: { page: 'a', steps: ['Do it.'], done: 'a is gone' } }])
  assert.deepEqual(await rig.told(), ['begun undo a', 'settled undo a', 'closed'])
  assert.deepEqual(rig.calls, [])
})

test('without patience the run waits for the person, who is asked again by the next drive', async () => {
  const rig = newRig(backFrom(inARow(cell('a', { kind: 'cell.hand' })), newRig(planWith([]))))
  rig.cells.set('a', { state: 'present', output: { of: 'a' } })
  for (let drives = 1; drives <= 2; drives += 1) {
    assert.deepEqual(await rig.drive({ patience: { person: 0, world: 0 } }), { is: 'waiting', for: [{ step: 'a', for: 'a is gone' }] })
    assert.equal(rig.events.filter(({ type }) => type === 'by-hand').length, drives)
  }
  assert.deepEqual(await rig.told(), ['begun undo a'])
})

test('a run that was closed by a rollback is not driven forward any more', async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  await rig.before({ type: 'begun', step: 'a', way: 'apply', attempt: 1 }, { type: 'closed', outcome: 'rolled-back' })
  assert.equal((await rig.drive()).is, 'rolled-back')
  assert.deepEqual(rig.calls, [])
})
