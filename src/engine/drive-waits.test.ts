// Waiting for people and servers, and stopping where somebody else stands.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newRig } from '../../test/support/toy-cells.ts'
import { planWith } from '../../test/support/toy-plan.ts'
import { cell, inARow } from '../../test/support/toy-steps.ts'

test('without patience a run that waits for a person ends at its first look', async () => {
  const rig = newRig(inARow(cell('a', { kind: 'cell.wait' })))
  rig.cells.set('a', { state: 'absent', missing: 'a review by Ada' })
  rig.onSleep = () => assert.fail('slept')
  assert.deepEqual(await rig.drive({ patience: { person: 0, world: 0 } }), { is: 'waiting', for: [{ step: 'a', for: 'a review by Ada' }] })
  assert.deepEqual(await rig.told(), [])
})

test('with patience it looks again, less and less often, and tells only what is new', async () => {
  const rig = newRig(inARow(cell('a', { kind: 'cell.wait' }), cell('b')))
  const slept: number[] = []
  rig.onSleep = (ms) => { if (slept.push(ms) === 7) rig.cells.set('a', { state: 'present', output: { of: 'a' } }) }
  assert.deepEqual(await rig.drive(), { is: 'done' })
  assert.deepEqual(slept, [2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  assert.equal(rig.events.filter(({ type }) => type === 'waiting').length, 1)
})

test('patience with a person ends after its time, and the next drive goes on', async () => {
  const rig = newRig(inARow(cell('a', { kind: 'cell.wait' }), cell('b')))
  const start = rig.now()
  assert.equal((await rig.drive({ patience: { person: 60_000, world: 0 } })).is, 'waiting')
  assert.ok(rig.now() - start >= 60_000 && rig.now() - start < 120_000)
  rig.cells.set('a', { state: 'present', output: { of: 'a' } })
  assert.deepEqual(await rig.drive(), { is: 'done' })
})

test('a server that cannot answer is asked again, and does not use up the patience with a person', async () => {
  const rig = newRig(inARow(cell('a', { kind: 'cell.wait' })))
  let looks = 0
  rig.hooks.set('probe a', () => {
    looks += 1
    if (looks % 3 === 0) throw new Error('no answer')
    if (looks > 100) rig.cells.set('a', { state: 'present', output: { of: 'a' } })
  })
  assert.deepEqual(await rig.drive({ patience: { person: 2_000_000, world: 60_000 }, attempts: 2 }), { is: 'done' })
})

test('a server that never answers stops the run when the patience is over, with what it said', async () => {
  const rig = newRig(planWith([cell('a')]))
  rig.hooks.set('probe a', () => { throw new Error('connection refused') })
  assert.deepEqual(await rig.drive({ patience: { person: 0, world: 60_000 } }), { is: 'stuck', steps: [{ step: 'a', why: 'connection refused' }] })
  assert.deepEqual(rig.calls, [])
})

test('while one step waits the others go on', async () => {
  const rig = newRig(planWith([cell('a', { kind: 'cell.wait' }), cell('b')]))
  assert.equal((await rig.drive({ patience: { person: 0, world: 0 } })).is, 'waiting')
  assert.deepEqual(rig.calls, ['apply b'])
})

test("somebody else's stops the run, is written down, and is looked at again by the next drive", async () => {
  const rig = newRig(inARow(cell('a'), cell('b'), cell('c')))
  rig.cells.set('b', { state: 'conflict', found: 'b is theirs' })
  assert.deepEqual(await rig.drive(), { is: 'stuck', steps: [{ step: 'b', why: 'b is theirs' }] })
  assert.deepEqual(await rig.told(), ['begun apply a', 'settled apply a', 'stuck apply b'])
  rig.cells.delete('b')
  assert.deepEqual(await rig.drive(), { is: 'done' })
  assert.deepEqual(rig.calls, ['apply a', 'apply b', 'apply c'])
})

test('what was withdrawn stops the run', async () => {
  const rig = newRig(inARow(cell('a')))
  rig.cells.set('a', { state: 'withdrawn' })
  assert.deepEqual(await rig.drive(), { is: 'stuck', steps: [{ step: 'a', why: 'it was made and taken back' }] })
})
