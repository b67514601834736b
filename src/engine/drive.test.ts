// What a drive does with gates, waits, refusals, doubts and the wish to stop.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokenError, newRig, SLOW, type Rig } from '../../test/support/toy-cells.ts'
import { planWith, stepOf } from '../../test/support/toy-plan.ts'
import { Refused, SlipwayError } from '../model/error.ts'
import type { NewEntry } from '../model/entry.ts'
import type { Plan, ReversalClass, Step } from '../model/plan.ts'
import { rollbackPlan } from '../plan/back.ts'

const REVERSALS: Readonly<Record<string, ReversalClass>> = { 'cell.leaves': 'compensable', 'cell.hand': 'by-hand', 'cell.final': 'final', 'cell.wait': 'none' }

/** A step on the cell of its own name. */
function cell(id: string, step: Partial<Step> = {}): Step {
  const kind = step.kind ?? 'cell'
  return stepOf({ id, kind, input: { cell: id }, reversal: REVERSALS[kind] ?? 'reversible', ...step })
}

/** Steps one after the other. */
function inARow(...steps: readonly Step[]): Plan {
  return planWith(steps.map((step, index) => ({ ...step, needs: index === 0 ? [] : [steps[index - 1]!.id] })))
}

const gated = (id: string, step: Partial<Step> = {}) => cell(id, { gate: 'publish', ...step })
const approve = async () => ({ verdict: 'approved', by: 'Ada' }) as const
const deny = async () => ({ verdict: 'denied', by: 'Ada' }) as const
const refuse = (rig: Rig, call: string) => rig.hooks.set(call, () => { throw new Refused({ code: 'request-refused', message: 'No.' }) })
const decision = (plan: Plan, verdict: 'approved' | 'denied') => ({ type: 'gate', gate: 'publish', plan: plan.digest, verdict, by: 'Ada' }) satisfies NewEntry
/** The n-th call fails, the others go through. */
const onceFailing = (error: () => Error) => {
  let calls = 0
  return () => { if ((calls += 1) === 1) throw error() }
}

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

// Outputs and inputs

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

// Gates

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

// Waiting

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

// Conflicts

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

// Refusals

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
  assert.ok(verdict.is === 'failed' && verdict.over)
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
    throw new Refused({ code: 'request-refused', message: 'No.' })
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
    throw new Refused({ code: 'request-refused', message: 'No.' })
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
    throw new Refused({ code: 'request-refused', message: 'No.' })
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
    throw new Refused({ code: 'request-refused', message: 'No.' })
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
    throw calls === 1 ? new Error('connection lost') : new Refused({ code: 'request-refused', message: 'No.' })
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

// Doubts

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
  const at: number[] = []
  const fail = onceFailing(() => new Error('connection lost'))
  rig.hooks.set('apply a', () => {
    at.push(rig.now())
    // A long upload.
    if (at.length === 1) rig.onSleep(0)
    fail()
  })
  await rig.drive()
  assert.ok(at[1]! - at[0]! >= SLOW, `${at[1]! - at[0]!} ms`)
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

// Interruptions

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
    throw new Refused({ code: 'request-refused', message: 'No.' })
  })
  assert.deepEqual(await rig.drive({ signal: stop.signal }), { is: 'interrupted' })
  assert.equal((await rig.told()).at(-1), 'turned')
  assert.equal((await rig.drive()).is, 'rolled-back')
  assert.deepEqual(rig.calls, ['apply a', 'apply b', 'undo a'])
})

// The way back

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
    throw new Refused({ code: 'request-refused', message: 'No.' })
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

// The journal

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
