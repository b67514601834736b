// Attempts that nobody can tell about, errors that stay, and the wish to stop.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokenError, newRig, SLOW } from '../../test/support/toy-cells.ts'
import { planWith } from '../../test/support/toy-plan.ts'
import { cell, gated, inARow, refusal } from '../../test/support/toy-steps.ts'

test('an attempt whose answer was lost is not made again', async () => {
  const rig = newRig(inARow(cell('a')))
  rig.hooks.set('apply a', () => {
    rig.cells.set('a', { state: 'present', output: { of: 'a' } })
    throw new Error('connection lost')
  })
  assert.deepEqual(await rig.drive(), { is: 'done' })
  assert.deepEqual(rig.calls, ['apply a'])
})

test('the last attempt that the policy allows is looked at too', async () => {
  const rig = newRig(inARow(cell('a')))
  rig.hooks.set('apply a', () => {
    rig.cells.set('a', { state: 'present', output: { of: 'a' } })
    throw new Error('connection lost')
  })
  assert.deepEqual(await rig.drive({ attempts: 1 }), { is: 'done' })
})

test('an attempt in doubt is made again as often as the policy says, then a person must look', async () => {
  const rig = newRig(inARow(cell('a')))
  rig.hooks.set('apply a', () => { throw new Error('connection lost') })
  assert.deepEqual(await rig.drive({ attempts: 4 }), { is: 'stuck', steps: [{ step: 'a', why: '4 attempts did not do it: connection lost' }] })
  assert.equal(rig.calls.length, 4)
  rig.hooks.clear()
  assert.deepEqual(await rig.drive(), { is: 'done' })
})

test('after an attempt in doubt nothing is begun until the world has had time to show it, counted from the end of the attempt', async () => {
  const rig = newRig(inARow(cell('a', { kind: 'cell.slow' })))
  let failedAt = 0
  let againAt = 0
  rig.hooks.set('apply a', () => {
    againAt = rig.now()
    if (failedAt > 0) return
    rig.pass(10 * SLOW)
    failedAt = rig.now()
    throw new Error('connection lost')
  })
  assert.deepEqual(await rig.drive(), { is: 'done' })
  assert.ok(againAt - failedAt >= SLOW, `${againAt - failedAt} ms`)
})

test('an attempt that a dead driver was at may have gone on until the next one came', async () => {
  const rig = newRig(inARow(cell('a', { kind: 'cell.slow' })))
  await rig.before({ type: 'opened', plan: rig.plan.digest, driver: 'x' }, { type: 'begun', step: 'a', way: 'apply', attempt: 1 })
  const waiting = rig.drive({ patience: { person: 0, world: 0 } })
  assert.equal((await waiting).is, 'stuck')
  // Long after the attempt began, a new driver opens the run.
  rig.cells.set('a', { state: 'unknown', why: 'no answer', blind: false })
  assert.equal((await rig.drive({ patience: { person: 0, world: 10 * SLOW } })).is, 'stuck')
  rig.cells.delete('a')
  const opened = rig.now()
  await rig.before({ type: 'opened', plan: rig.plan.digest, driver: 'y' })
  let began = 0
  rig.hooks.set('apply a', () => { began = rig.now() })
  await rig.drive()
  assert.ok(began - opened >= SLOW, `${began - opened} ms`)
})

test('what will not get better by itself stops the run at once, without turning it', async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  rig.hooks.set('apply b', () => { throw brokenError('There is no pip.') })
  assert.deepEqual(await rig.drive(), { is: 'failed', over: false, problems: [{ code: 'tool-missing', message: 'There is no pip.' }] })
  assert.deepEqual(rig.calls, ['apply a', 'apply b'])
  assert.ok(!(await rig.told()).includes('turned'))
})

test('so does a look that will not get better by itself', async () => {
  const rig = newRig(inARow(cell('a')))
  rig.hooks.set('probe a', () => { throw brokenError('There is no git.') })
  assert.deepEqual(await rig.drive(), { is: 'failed', over: false, problems: [{ code: 'tool-missing', message: 'There is no git.' }] })
})

test('when interrupted, the attempt in flight is finished and recorded, and nothing more begins', async () => {
  const rig = newRig(planWith([cell('a'), cell('b', { needs: ['a'] })]))
  const stop = new AbortController()
  rig.hooks.set('apply a', ({ once }) => {
    stop.abort()
    assert.equal(once?.signal.aborted, false)
  })
  assert.deepEqual(await rig.drive({ signal: stop.signal }), { is: 'interrupted' })
  assert.deepEqual(await rig.told(), ['begun apply a', 'settled apply a'])
  assert.deepEqual(await rig.drive(), { is: 'done' })
})

test('a step that is only being looked at when interrupted does not begin', async () => {
  const rig = newRig(planWith([cell('a')]))
  const stop = new AbortController()
  rig.hooks.set('probe a', () => { stop.abort() })
  assert.deepEqual(await rig.drive({ signal: stop.signal }), { is: 'interrupted' })
  assert.deepEqual(await rig.told(), [])
})

test('an interruption ends a wait, and a question at a gate', async () => {
  const waiting = newRig(planWith([cell('a', { kind: 'cell.wait' })]))
  const stop = new AbortController()
  waiting.onSleep = () => { stop.abort() }
  assert.deepEqual(await waiting.drive({ signal: stop.signal }), { is: 'interrupted' })
  const asking = newRig(planWith([gated('a')]))
  const other = new AbortController()
  assert.deepEqual(await asking.drive({ signal: other.signal, ask: async () => { other.abort(); return undefined } }), { is: 'interrupted' })
})

test('an interrupted run that had turned goes on going back', async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  const stop = new AbortController()
  rig.hooks.set('apply b', () => {
    stop.abort()
    throw refusal()
  })
  assert.deepEqual(await rig.drive({ signal: stop.signal }), { is: 'interrupted' })
  assert.equal((await rig.told()).at(-1), 'turned')
  assert.equal((await rig.drive()).is, 'rolled-back')
  assert.deepEqual(rig.calls, ['apply a', 'apply b', 'undo a'])
})
