// Drives steps in the order of their needs, from outputs to inputs, and stands by its journal.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newRig } from '../../test/support/toy-cells.ts'
import { planWith } from '../../test/support/toy-plan.ts'
import { cell, inARow } from '../../test/support/toy-steps.ts'
import { SlipwayError } from '../model/error.ts'

test('a plan without steps is done', async () => {
  const rig = newRig(planWith([]))
  assert.deepEqual(await rig.drive(), { is: 'done' })
  assert.deepEqual(await rig.told(), ['closed'])
})

test('each step is looked at, begun, made and settled, in the order of needs', async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  assert.deepEqual(await rig.drive(), { is: 'done' })
  assert.deepEqual(await rig.told(), ['begun apply a', 'settled apply a', 'begun apply b', 'settled apply b', 'closed'])
  assert.deepEqual(rig.calls, ['apply a', 'apply b'])
})

test('driving a finished run again says the same and changes nothing', async () => {
  const rig = newRig(inARow(cell('a')))
  await rig.drive()
  const entries = await rig.entries()
  assert.deepEqual(await rig.drive(), { is: 'done' })
  assert.deepEqual(await rig.entries(), entries)
})

test('steps that do not need each other are worked on at once, as many as the policy says', async () => {
  const rig = newRig(planWith(['a', 'b', 'c', 'd'].map((id) => cell(id))))
  let at = 0
  let most = 0
  for (const id of ['a', 'b', 'c', 'd']) {
    rig.hooks.set(`apply ${id}`, async () => {
      most = Math.max(most, (at += 1))
      await new Promise(setImmediate)
      at -= 1
    })
  }
  await rig.drive({ concurrency: 3 })
  assert.equal(most, 3)
})

test('each kind gets the key of its step', async () => {
  const rig = newRig(inARow(cell('a'), cell('b', { key: 'a key of its own' })))
  const keys: (string | undefined)[] = []
  for (const id of ['a', 'b']) rig.hooks.set(`apply ${id}`, ({ once }) => { keys.push(once?.key) })
  await rig.drive()
  assert.deepEqual(keys, [`${rig.plan.digest}#a`, 'a key of its own'])
})

test('a step is given what an earlier one returned', async () => {
  const rig = newRig(inARow(cell('a'), cell('b', { input: { cell: 'b', list: [{ from: { $from: 'a', at: '/of' } }] } })))
  await rig.drive()
  assert.deepEqual(rig.inputs.get('b'), { cell: 'b', list: [{ from: 'a' }] })
})

test('a step is given what a look showed of an earlier one that was there already', async () => {
  const rig = newRig(inARow(cell('a'), cell('b', { input: { cell: 'b', from: { $from: 'a', at: '/of' } } })))
  rig.cells.set('a', { state: 'present', output: { of: 'somebody' } })
  await rig.drive()
  assert.deepEqual(rig.inputs.get('b'), { cell: 'b', from: 'somebody' })
  assert.deepEqual(rig.calls, ['apply b'])
})

test('a step that takes a value that nobody returned breaks the run with the name of the step', async () => {
  const rig = newRig(inARow(cell('a'), cell('b', { input: { cell: 'b', from: { $from: 'a', at: '/url' } } })))
  const verdict = await rig.drive()
  assert.ok(verdict.is === 'failed' && !verdict.over)
  assert.deepEqual(verdict.problems, [{ code: 'plan-invalid', message: 'The step b takes a value that is not there.', detail: 'a has no output at /url' }])
})

test('an input that is not of its kind breaks the run before anything of the step is done', async () => {
  const rig = newRig(planWith([cell('a', { input: { sell: 'a' } })]))
  const verdict = await rig.drive()
  assert.ok(verdict.is === 'failed')
  assert.equal(verdict.problems[0]!.code, 'plan-invalid')
  assert.deepEqual(await rig.told(), [])
})

test('the journal holds the name of a secret and never its value', async () => {
  const rig = newRig(planWith([cell('a', { input: { cell: 'a', token: { $secret: 'TOKEN' } } })]))
  await rig.drive()
  assert.deepEqual(rig.inputs.get('a'), { cell: 'a', token: { $secret: 'TOKEN' } })
})

test('an output that is not of its kind leaves the step in doubt, and the next look settles it', async () => {
  const rig = newRig(planWith([cell('a')]))
  rig.hooks.set('apply a', () => ({ returns: 'nonsense' }))
  assert.deepEqual(await rig.drive(), { is: 'done' })
  assert.deepEqual(await rig.told(), ['begun apply a', 'failed apply a', 'settled apply a', 'closed'])
})

test('what a look shows is taken only when it is of the kind', async () => {
  const rig = newRig(planWith([cell('a')]))
  rig.cells.set('a', { state: 'present', output: { wrong: true } })
  const verdict = await rig.drive({ patience: { person: 0, world: 0 } })
  assert.equal(verdict.is, 'stuck')
  assert.deepEqual(rig.calls, [])
})

test('a driver whose claim was taken over stops with that, before it acts', async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  await rig.before()
  const old = (await rig.journal.claim('r', 'old', 1_000))!
  rig.hooks.set('apply a', async () => { await rig.journal.claim('r', 'new', 1_000) })
  await assert.rejects(rig.drive({ claimed: old }), (error) => error instanceof SlipwayError && error.code === 'run-claimed')
  assert.deepEqual(rig.calls, ['apply a'])
})

test('when the journal cannot be written, the attempts in flight end before the drive does', async () => {
  const rig = newRig(planWith([cell('a'), cell('b')]))
  let ended = false
  const { promise: full, resolve } = Promise.withResolvers<void>()
  rig.hooks.set('apply a', () => { setImmediate(resolve) })
  rig.hooks.set('apply b', async () => {
    await full
    await new Promise(setImmediate)
    ended = true
  })
  const failing = {
    ...rig.journal,
    append: async (...args: Parameters<typeof rig.journal.append>) => {
      if (args[1].type === 'settled') throw new SlipwayError({ code: 'journal-write', message: 'The disk is full.' })
      return rig.journal.append(...args)
    },
  }
  await assert.rejects(rig.drive({ journal: failing, concurrency: 2 }), /The disk is full/)
  assert.equal(ended, true)
})

test('everything written is told to whoever watches, with its step', async () => {
  const rig = newRig(inARow(cell('a')))
  rig.hooks.set('apply a', ({ once }) => {
    once?.progress(1, 2)
    once?.say('half')
  })
  await rig.drive()
  assert.deepEqual(rig.events.map((event) => [event.type, event.type === 'entry' ? `${event.entry.type} ${event.step?.id ?? ''}`.trim() : '']), [
    ['entry', 'begun a'], ['progress', ''], ['output', ''], ['entry', 'settled a'], ['entry', 'closed'],
  ])
})
