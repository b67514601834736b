// Putting the drafts of targets into the order of a release.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { PLAN_BODY } from '../../test/support/toy-plan.ts'
import { SlipwayError } from '../model/error.ts'
import type { AnyKind } from '../model/kind.ts'
import type { Plan, Step } from '../model/plan.ts'
import { draftId, PHASES, type Phase, type StepDraft } from '../model/target.ts'
import { assemble } from './assemble.ts'
import { references } from './check.ts'

const base = { input: z.json(), output: z.json(), examples: () => [], describe: () => ({ apply: '', undo: '', byHand: [] }), probe: async () => ({ state: 'absent' }) as const }
const undo = async () => {}
const kinds = new Map<string, AnyKind>([
  ['k', { ...base, kind: 'k', reversal: { is: 'reversible', undo } }],
  ['k.leaves', { ...base, kind: 'k.leaves', reversal: { is: 'compensable', leaves: 'x', undo } }],
  ['k.hand', { ...base, kind: 'k.hand', reversal: { is: 'by-hand', leaves: 'x', instructions: () => ({ page: '', steps: [], done: '' }) } }],
  ['k.final', { ...base, kind: 'k.final', reversal: { is: 'final', because: 'x' } }],
  ['k.wait', { ...base, kind: 'k.wait', reversal: { is: 'none' } }],
])

const draft = (phase: Phase, of: string, more: Partial<StepDraft> = {}): StepDraft => ({ phase, kind: 'k', of, title: of, input: {}, ...more })
const publish = (...drafts: readonly StepDraft[]): Plan => assemble({ ...PLAN_BODY, stage: 'publish', drafts }, kinds)
const prepare = (...drafts: readonly StepDraft[]): Plan => assemble({ ...PLAN_BODY, stage: 'prepare', drafts }, kinds)
const ids = (plan: Plan) => plan.steps.map(({ id }) => id)
const needs = (plan: Plan) => Object.fromEntries(plan.steps.map((step) => [step.id, step.needs]))
const problems = (make: () => unknown): readonly string[] => {
  try {
    make()
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'plan-invalid') return error.problems.map(({ message }) => message)
    throw error
  }
  return []
}

test('a step is named after its kind, and what tells it from others', () => {
  assert.equal(draftId(draft('mark', 'v1')), 'k:v1')
  assert.equal(draftId({ kind: 'k' }), 'k')
})

test('parts come in the order of a release, whatever the order of the targets', () => {
  const plan = publish(draft('announce', 'f'), draft('publish', 'd'), draft('mark', 'a'), draft('reveal', 'e'), draft('trial', 'c'), draft('draft', 'b'))
  assert.deepEqual(ids(plan), ['k:a', 'k:b', 'k:c', 'k:d', 'k:e', 'k:f'])
  assert.deepEqual(needs(plan), { 'k:a': [], 'k:b': ['k:a'], 'k:c': ['k:b'], 'k:d': ['k:c'], 'k:e': ['k:d'], 'k:f': ['k:e'] })
})

test('a step needs every step of the part before, and not those of its own', () => {
  assert.deepEqual(needs(publish(draft('mark', 'a'), draft('mark', 'b'), draft('draft', 'c'), draft('draft', 'd'))), { 'k:a': [], 'k:b': [], 'k:c': ['k:a', 'k:b'], 'k:d': ['k:a', 'k:b'] })
})

test('needs within a part put its steps in a row, of which only the last is needed afterwards', () => {
  const plan = publish(draft('mark', 'a'), draft('draft', 'asset', { needs: ['k:release'] }), draft('draft', 'release'), draft('trial', 'z'))
  assert.deepEqual(ids(plan), ['k:a', 'k:release', 'k:asset', 'k:z'])
  assert.deepEqual(needs(plan), { 'k:a': [], 'k:release': ['k:a'], 'k:asset': ['k:release'], 'k:z': ['k:asset'] })
})

test('needs of earlier parts are added to what is needed anyway, once', () => {
  const plan = publish(draft('mark', 'a'), draft('mark', 'b'), draft('draft', 'c', { needs: ['k:a'] }), draft('trial', 'd', { needs: ['k:a'] }))
  assert.deepEqual(needs(plan), { 'k:a': [], 'k:b': [], 'k:c': ['k:a', 'k:b'], 'k:d': ['k:c', 'k:a'] })
})

test('each step has the way back of its kind', () => {
  const all = [...kinds.keys()].map((kind) => ({ ...draft('mark', 'x'), kind }))
  assert.deepEqual(publish(...all).steps.map(({ reversal }) => reversal), ['reversible', 'compensable', 'by-hand', 'final', 'none'])
})

test('the gate stands before the first part that users see, and only there', () => {
  const gatedIn = (plan: Plan) => plan.steps.filter(({ gate }) => gate === 'publish').map(({ id }) => id)
  const whole = PHASES.publish.map((phase) => draft(phase, phase))
  const without = (...parts: readonly string[]) => whole.filter(({ phase }) => !parts.includes(phase))
  assert.deepEqual(gatedIn(publish(...whole, draft('name', 'other'))), ['k:name', 'k:other'])
  assert.deepEqual(gatedIn(publish(...without('name'), draft('publish', 'other'))), ['k:publish', 'k:other'])
  assert.deepEqual(gatedIn(publish(...without('name', 'publish'))), ['k:float'])
  assert.deepEqual(gatedIn(publish(...without('name', 'publish', 'float'))), ['k:reveal'])
  assert.deepEqual(gatedIn(publish(draft('mark', 'a'), draft('announce', 'b'))), ['k:b'])
  assert.deepEqual(gatedIn(prepare(...PHASES.prepare.map((phase) => draft(phase, phase)))), [])
})

test('a draft of the other stage is not in the plan', () => {
  assert.deepEqual(ids(prepare(draft('commit', 'a'), draft('publish', 'b'))), ['k:a'])
})

test('all artifacts and all evidence are gathered from the parts before', () => {
  const input = { list: [{ all: { $all: 'artifacts' } }], evidence: { $all: 'evidence' } }
  const plan = prepare(draft('make', 'build', { yields: ['artifacts'] }), draft('make', 'checks', { yields: ['evidence'] }), draft('test', 'install', { yields: ['evidence'] }), draft('propose', 'pr', { input, yields: ['evidence'] }))
  assert.deepEqual(plan.steps.at(-1)?.input, {
    list: [{ all: [{ $from: 'k:build', at: '/artifacts' }] }],
    evidence: [{ $from: 'k:checks', at: '/evidence' }, { $from: 'k:install', at: '/evidence' }],
  })
})

test('everything that is wrong is said at once, by name', () => {
  const found = problems(() => publish(
    draft('mark', 'a'), draft('mark', 'a'), { ...draft('mark', 'b'), kind: 'unheard' }, draft('mark', 'c', { needs: ['k:nowhere'] }),
    draft('draft', 'd', { needs: ['k:e'] }), draft('trial', 'e'), draft('trial', 'f', { input: { $from: 'k:g', at: '/x' } }), draft('trial', 'g'),
  ))
  assert.deepEqual(found, [
    'The plan holds the step k:a twice.',
    'The step unheard:b is of the kind unheard, which this Slipway does not know.',
    'The step k:c needs k:nowhere, which does not stand before it.',
    'The step k:d needs k:e, which does not stand before it.',
    'The step k:f takes a value from k:g, which it does not need.',
  ])
})

test('steps that need each other, or themselves, are refused', () => {
  assert.deepEqual(problems(() => publish(draft('mark', 'a', { needs: ['k:b'] }), draft('mark', 'b', { needs: ['k:a'] }))).length, 1)
  assert.deepEqual(problems(() => publish(draft('mark', 'a', { needs: ['k:a'] }))), ['The step k:a needs k:a, which does not stand before it.'])
})

const anyDrafts = fc.uniqueArray(
  fc.record({ phase: fc.constantFrom(...PHASES.publish), of: fc.constantFrom(...'abcdefghijkl'), kind: fc.constantFrom(...kinds.keys()), yields: fc.constantFrom<StepDraft['yields']>(undefined, ['artifacts']) }),
  { selector: ({ of, kind }) => `${kind}:${of}`, minLength: 1, maxLength: 10 },
).map((shapes) => shapes.map(({ phase, of, kind, yields }): StepDraft => ({ ...draft(phase, of), kind, input: { $all: 'artifacts' }, ...(yields === undefined ? {} : { yields }) })))

test('whatever targets propose, a step comes after all steps of earlier parts and none of later ones, and refers only to what it needs', () => {
  fc.assert(fc.property(anyDrafts, (drafts) => {
    const plan = publish(...drafts)
    const phaseOf = new Map(drafts.map((each) => [draftId(each), PHASES.publish.indexOf(each.phase as never)]))
    const before = new Map<string, ReadonlySet<string>>()
    for (const step of plan.steps) {
      const all: ReadonlySet<string> = new Set(step.needs.flatMap((need) => [need, ...before.get(need)!]))
      before.set(step.id, all)
      const earlier = drafts.map(draftId).filter((id) => phaseOf.get(id)! < phaseOf.get(step.id)!)
      assert.deepEqual([...all].toSorted(), earlier.toSorted())
      assert.ok(references(step.input).every((id) => all.has(id)))
    }
    assert.equal(plan.steps.length, drafts.length)
  }))
})

test('the order in which independent targets speak changes no needs', () => {
  fc.assert(fc.property(anyDrafts, (drafts) => {
    const sorted = (plan: Plan) => plan.steps.map(({ id, needs: all }: Step) => [id, all.toSorted()]).toSorted()
    assert.deepEqual(sorted(publish(...drafts)), sorted(publish(...drafts.toReversed())))
  }))
})

test('a step that sets off another says so, and what is seen outside is set off behind the gate', () => {
  const plan = publish(draft('mark', 'tag'), draft('draft', 'd'), draft('publish', 'arrival', { kind: 'k.hand', startedBy: 'k:tag' }))
  assert.deepEqual(ids(plan), ['k:d', 'k:tag', 'k.hand:arrival'])
  assert.deepEqual(plan.steps.map(({ starts, gate }) => [starts, gate]), [[undefined, undefined], [['k.hand:arrival'], 'publish'], [undefined, undefined]])
  assert.deepEqual(needs(plan), { 'k:d': [], 'k:tag': ['k:d'], 'k.hand:arrival': ['k:tag'] })
})

test('what waits for a step that no target plans is refused', () => {
  assert.deepEqual(problems(() => publish(draft('verify', 'arrival', { startedBy: 'github.release' }))), ['The step k:arrival waits for what github.release sets off, and nothing in this plan does that.'])
})
