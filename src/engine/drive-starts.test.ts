// What one step sets off and another only waits for: whose it is, and when there is no turning any more.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newRig, type Rig } from '../../test/support/toy-cells.ts'
import { cell, inARow, refuse } from '../../test/support/toy-steps.ts'

const HOUR = 3_600_000
const arrive = (rig: Rig, name: string): void => { rig.cells.set(name, { state: 'present', output: { of: name } }) }

test('what arrives is the run\'s own from the moment that it is waited for, even if it is there at the first look', async () => {
  for (const first of [true, false]) {
    const rig = newRig(inARow(cell('a', { starts: ['b'] }), cell('b', { kind: 'cell.arrives' })))
    rig.hooks.set('apply a', () => { if (first) arrive(rig, 'b') })
    rig.onSleep = () => { arrive(rig, 'b') }
    assert.deepEqual(await rig.drive(), { is: 'done' })
    assert.deepEqual((await rig.entries()).flatMap((entry) => entry.type === 'begun' ? [`begun ${entry.step}`] : entry.type === 'settled' ? [`${entry.how} ${entry.step}`] : []), ['begun a', 'did a', 'begun b', 'did b'])
  }
})

test('what is set off elsewhere and made here where it is not is the run\'s own either way, and made once', async () => {
  for (const elsewhere of [true, false]) {
    const rig = newRig(inARow(cell('a', { starts: ['b'] }), cell('b'), cell('c')))
    if (elsewhere) rig.hooks.set('apply a', () => { arrive(rig, 'b') })
    refuse(rig, 'apply c')
    assert.equal((await rig.drive({ onFailure: 'turn' })).is, 'rolled-back')
    assert.deepEqual(rig.calls, ['apply a', ...(elsewhere ? [] : ['apply b']), 'apply c', 'undo b', 'undo a'])
    assert.equal(rig.cells.get('b')?.state ?? 'absent', 'absent')
  }
})

test('once a step has begun that sets off what no program takes back, a refusal turns nothing', async () => {
  const rig = newRig(inARow(cell('a', { starts: ['b'] }), cell('c'), cell('b', { kind: 'cell.arrives' })))
  refuse(rig, 'apply c')
  assert.equal((await rig.drive({ onFailure: 'turn' })).is, 'failed')
  assert.deepEqual(rig.calls, ['apply a', 'apply c'])
  const plain = newRig(inARow(cell('a'), cell('c'), cell('b', { kind: 'cell.arrives' })))
  refuse(plain, 'apply c')
  assert.equal((await plain.drive({ onFailure: 'turn' })).is, 'rolled-back')
})

test('a machine at work is waited for with a patience of its own, and then again another time', async () => {
  const rig = newRig(inARow(cell('b', { kind: 'cell.wait' })))
  rig.cells.set('b', { state: 'absent', missing: 'it runs', by: 'machine' })
  assert.deepEqual(await rig.drive({ patience: { person: HOUR, world: HOUR, machine: 0 } }), { is: 'waiting', for: [{ step: 'b', for: 'it runs' }] })
  rig.onSleep = () => { arrive(rig, 'b') }
  assert.deepEqual(await rig.drive({ patience: { person: 0, world: 0, machine: HOUR } }), { is: 'done' })
})
