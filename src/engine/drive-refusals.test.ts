// Refusals: when they turn a run, and when they must not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newRig } from '../../test/support/toy-cells.ts'
import { planWith } from '../../test/support/toy-plan.ts'
import { cell, inARow, refusal, refuse } from '../../test/support/toy-steps.ts'

test('a refusal before anything final turns the run: what was made is taken back, the last first', async () => {
  const rig = newRig(inARow(cell('a'), cell('b', { kind: 'cell.leaves' }), cell('c'), cell('d', { kind: 'cell.final' })))
  refuse(rig, 'apply c')
  const verdict = await rig.drive()
  assert.deepEqual(verdict, { is: 'rolled-back', why: 'c: No.', problems: [{ code: 'request-refused', message: 'No.' }], remains: [{ step: 'b', what: 'a trace' }] })
  assert.deepEqual(rig.calls, ['apply a', 'apply b', 'apply c', 'undo b', 'undo a'])
  assert.deepEqual((await rig.told()).slice(-6), ['turned', 'begun undo b', 'settled undo b', 'begun undo a', 'settled undo a', 'closed'])
  assert.deepEqual(await rig.drive(), verdict)
})

test('a refusal with nothing made fails for good', async () => {
  const rig = newRig(inARow(cell('a')))
  refuse(rig, 'apply a')
  assert.deepEqual(await rig.drive(), { is: 'failed', over: true, problems: [{ code: 'request-refused', message: 'No.' }] })
})

test('what was there before is left when the run turns, and said to remain', async () => {
  const rig = newRig(inARow(cell('a'), cell('b'), cell('c')))
  rig.cells.set('a', { state: 'present', output: { of: 'a' } })
  refuse(rig, 'apply c')
  const verdict = await rig.drive()
  assert.ok(verdict.is === 'rolled-back')
  assert.deepEqual(verdict.remains, [{ step: 'a', what: 'it was there before this run, which left it as it was' }])
  assert.deepEqual(rig.calls, ['apply b', 'apply c', 'undo b'])
})

test('a failed run that left what was there says so', async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  rig.cells.set('a', { state: 'present', output: { of: 'a' } })
  refuse(rig, 'apply b')
  const verdict = await rig.drive()
  assert.ok(verdict.is === 'failed' && !verdict.over)
  assert.match(verdict.problems[1]!.message, /^a is outside still/)
})

for (const kind of ['cell.final', 'cell.hand'] as const) {
  for (const before of ['made', 'found'] as const) {
    test(`once a step of ${kind} is ${before}, a refusal does not turn the run, and the next drive goes on`, async () => {
      const rig = newRig(inARow(cell('a'), cell('b', { kind }), cell('c')))
      if (before === 'found') rig.cells.set('b', { state: 'present', output: { of: 'b' } })
      refuse(rig, 'apply c')
      assert.deepEqual(await rig.drive(), { is: 'failed', over: false, problems: [{ code: 'request-refused', message: 'No.' }] })
      assert.ok(rig.calls.every((call) => call.startsWith('apply')))
      rig.hooks.clear()
      assert.deepEqual(await rig.drive(), { is: 'done' })
    })
  }
}

test('a refusal while a final step is in flight does not turn the run', async () => {
  const rig = newRig(planWith([cell('a'), cell('b', { needs: ['a'] }), cell('c', { kind: 'cell.final', needs: ['a'] })]))
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  const { promise: refused, resolve: go } = Promise.withResolvers<void>()
  rig.hooks.set('apply b', async () => {
    await begun
    queueMicrotask(go)
    throw refusal()
  })
  rig.hooks.set('apply c', async () => {
    resolve()
    await refused
  })
  assert.deepEqual(await rig.drive({ concurrency: 2 }), { is: 'failed', over: false, problems: [{ code: 'request-refused', message: 'No.' }] })
  assert.ok(!(await rig.told()).includes('turned'))
})

test('a refusal while the begun of a final step is being written does not turn the run', async () => {
  const rig = newRig(planWith([cell('a'), cell('b', { needs: ['a'] }), cell('c', { kind: 'cell.final', needs: ['a'] })]))
  const { promise: writing, resolve: begin } = Promise.withResolvers<void>()
  const { promise: failed, resolve: fail } = Promise.withResolvers<void>()
  rig.hooks.set('apply b', async () => {
    await writing
    setImmediate(fail)
    throw refusal()
  })
  const slow = {
    ...rig.journal,
    append: async (...args: Parameters<typeof rig.journal.append>) => {
      if (args[1].type === 'begun' && args[1].step === 'c') {
        begin()
        await failed
      }
      return rig.journal.append(...args)
    },
  }
  assert.deepEqual(await rig.drive({ journal: slow, concurrency: 2 }), { is: 'failed', over: false, problems: [{ code: 'request-refused', message: 'No.' }] })
  assert.deepEqual(rig.calls, ['apply a', 'apply b', 'apply c'])
})

test('a final step that is only being looked at when another is refused does not begin', async () => {
  const rig = newRig(planWith([cell('a'), cell('b', { needs: ['a'] }), cell('c', { kind: 'cell.final', needs: ['a'] })]))
  const { promise: failed, resolve } = Promise.withResolvers<void>()
  rig.hooks.set('apply b', () => {
    setImmediate(resolve)
    throw refusal()
  })
  rig.hooks.set('probe c', () => failed)
  assert.equal((await rig.drive({ concurrency: 2 })).is, 'rolled-back')
  assert.deepEqual(rig.calls, ['apply a', 'apply b', 'undo a'])
})

test('the run turns only after what is in flight has ended, and takes that back too', async () => {
  const rig = newRig(planWith([cell('a'), cell('b')]))
  const { promise: failed, resolve } = Promise.withResolvers<void>()
  rig.hooks.set('apply a', () => {
    setImmediate(resolve)
    throw refusal()
  })
  rig.hooks.set('apply b', () => failed)
  assert.equal((await rig.drive({ concurrency: 2 })).is, 'rolled-back')
  assert.deepEqual(rig.calls, ['apply a', 'apply b', 'undo b'])
})

test('a refusal stops a run whose policy is to stop, and another drive tries again', async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  refuse(rig, 'apply b')
  assert.deepEqual(await rig.drive({ onFailure: 'stop' }), { is: 'failed', over: false, problems: [{ code: 'request-refused', message: 'No.' }] })
  rig.hooks.clear()
  assert.deepEqual(await rig.drive({ onFailure: 'stop' }), { is: 'done' })
  assert.deepEqual(rig.calls, ['apply a', 'apply b', 'apply b'])
})

test('a refusal after an attempt in doubt stops and does not turn', async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  let calls = 0
  rig.hooks.set('apply b', () => {
    calls += 1
    throw calls === 1 ? new Error('connection lost') : refusal()
  })
  assert.deepEqual(await rig.drive(), { is: 'stuck', steps: [{ step: 'b', why: 'No.' }] })
  assert.deepEqual(rig.calls, ['apply a', 'apply b', 'apply b'])
})

test('a refused undo stops the run, which is not called rolled back', async () => {
  const rig = newRig(inARow(cell('a'), cell('b')))
  refuse(rig, 'apply b')
  refuse(rig, 'undo a')
  assert.deepEqual(await rig.drive(), { is: 'stuck', steps: [{ step: 'a', why: 'No.' }] })
  rig.hooks.delete('undo a')
  assert.equal((await rig.drive()).is, 'rolled-back')
})
