// Plans read back from files: sound ones, edited ones, garbage, and those that earlier versions wrote.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { PLAN_BODY, planWith, stepOf } from '../../test/support/toy-plan.ts'
import { anyPlan } from '../../test/support/toy-random.ts'
import { SlipwayError, type Problem } from '../model/error.ts'
import type { Json } from '../model/json.ts'
import type { Plan } from '../model/plan.ts'
import { checkReversals, references } from './check.ts'
import { digestOf, seal } from './digest.ts'
import { readPlan } from './read.ts'

const FILE = 'release.plan.json'
const kinds = new Set(['k', 'a', 'b'])
const plan = planWith([
  stepOf({ id: 'a', gate: 'publish', back: 'unmake it', key: 'key', begunAt: '2026-01-02T03:04:05.000Z' }),
  stepOf({ id: 'b', needs: ['a'], input: { list: [{ $from: 'a', at: '/x' }], token: { $secret: 'TOKEN' } } }),
], { artifacts: [{ name: 'a.whl', mediaType: 'application/zip', size: 7, sha256: digestOf(1), by: 'pypi', about: { version: '1' } }], basis: [{ ask: 'git.ref', about: { ref: 'main' }, saw: null }] })

function problemsOf(text: string, known: ReadonlySet<string> = kinds): readonly Problem[] {
  try {
    readPlan(FILE, text, known)
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems
    throw error
  }
  return []
}

/** The text of a plan that is changed and then sealed again, as somebody would who wants it to be believed. */
function forged(change: Readonly<Record<string, unknown>>): string {
  const { digest: _, ...body } = { ...plan, ...change }
  return JSON.stringify({ ...body, digest: digestOf(body as unknown as Json) })
}

test('what was written is read back, however it is laid out', () => {
  for (const text of [JSON.stringify(plan), JSON.stringify(plan, null, 2), JSON.stringify(Object.fromEntries(Object.entries(plan).toReversed()))]) assert.deepEqual(readPlan(FILE, text, kinds), plan)
  fc.assert(fc.property(anyPlan, (any) => { assert.deepEqual(readPlan(FILE, JSON.stringify(any), kinds), any) }))
})

test('what is not JSON is called so, with the file', () => {
  for (const text of ['', '{', 'plan', '\u0000', '{"format":}']) {
    assert.deepEqual(problemsOf(text).map(({ code, message, place }) => [code, message, place]), [['plan-unreadable', `The plan file ${FILE} is not JSON.`, { file: FILE }]])
  }
})

test('another format is refused, naming both', () => {
  const [problem] = problemsOf(JSON.stringify({ ...plan, format: 'slipway.plan/2' }))
  assert.equal(problem?.code, 'plan-format')
  assert.match(problem.message, /slipway\.plan\/2.*slipway\.plan\/1/)
  for (const value of [null, 1, [], {}, { format: 1 }, 'slipway.plan/1']) assert.deepEqual(problemsOf(JSON.stringify(value)).map(({ code, message }) => [code, /names no format/.test(message)]), [['plan-format', true]])
})

const shapes: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['/steps', { steps: {} }], ['/steps/0/id', { steps: [{ ...plan.steps[0], id: '' }] }], ['/steps/0/reversal', { steps: [{ ...plan.steps[0], reversal: 'maybe' }] }],
  ['/steps/0', { steps: [{ ...plan.steps[0], extra: 1 }] }], ['/steps/0/begunAt', { steps: [{ ...plan.steps[0], begunAt: 'yesterday' }] }],
  ['/stage', { stage: 'retreat' }], ['/subject/commit', { subject: { ...plan.subject, commit: 'main' } }], ['/subject/commit', { subject: { ...plan.subject, commit: '--upload-pack=x' } }],
  ['/date', { date: '2026-01-02' }], ['/releases', { releases: [] }], ['/artifacts/0/sha256', { artifacts: [{ ...plan.artifacts[0], sha256: 'md5:1' }] }],
  ['/artifacts/0/size', { artifacts: [{ ...plan.artifacts[0], size: -1 }] }], ['/basis/0/about', { basis: [{ ask: 'x', about: 1, saw: 1 }] }], ['/', { more: true }],
]
for (const [where, change] of shapes) {
  test(`a plan that is wrong at ${where} (${JSON.stringify(change).slice(0, 60)}) is refused with the place, though its digest fits`, () => {
    const [problem] = problemsOf(forged(change))
    assert.equal(problem?.code, 'plan-invalid')
    assert.ok(problem.message.includes(` at ${where}`), problem.message)
  })
}

test('an edited plan is refused with both digests', () => {
  const [problem] = problemsOf(JSON.stringify({ ...plan, date: '2026-01-02T03:04:06Z' }))
  assert.equal(problem?.code, 'plan-edited')
  assert.ok(problem.message.includes(plan.digest))
  assert.deepEqual(problem.place, { file: FILE })
})

test('every single changed value of a plan is noticed', () => {
  const paths: (readonly string[])[] = []
  const walk = (value: unknown, path: readonly string[]) => {
    if (value !== null && typeof value === 'object') for (const [key, each] of Object.entries(value)) walk(each, [...path, key])
    else paths.push(path)
  }
  walk(plan, [])
  for (const path of paths) {
    const copy = structuredClone(plan) as unknown as Record<string, unknown>
    const last = path.at(-1)!
    const holder = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, copy)
    holder[last] = typeof holder[last] === 'number' ? holder[last] + 1 : `${String(holder[last])}0`
    assert.ok(['plan-edited', 'plan-invalid', 'plan-format'].includes(problemsOf(JSON.stringify(copy))[0]?.code ?? ''), path.join('/'))
  }
})

test('references and needs are checked though the digest fits, all at once', () => {
  const steps = [stepOf({ id: 'b', needs: ['a'], input: { $from: 'c', at: '/x' } }), stepOf({ id: 'a' }), stepOf({ id: 'a' }), stepOf({ id: 'x', kind: 'unheard' })]
  assert.deepEqual(problemsOf(forged({ steps })).map(({ message }) => message), [
    'The step b needs a, which does not stand before it.', 'The step b takes a value from c, which it does not need.',
    'The plan holds the step a twice.', 'The step x is of the kind unheard, which this Slipway does not know.',
  ])
})

test('no garbage is read as a plan, and none ends in anything but an error for people', () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string(), fc.jsonValue().map((value) => forged({ steps: [value] }))), (text) => { assert.ok(problemsOf(text).length > 0) }))
})

test('references are found wherever they stand, and nothing else is one', () => {
  assert.deepEqual(references({ a: { $from: 'x', at: '' }, b: [[{ c: { $from: 'y', at: '/z' } }]], d: { $from: 1, at: '' }, e: { $from: 'z' }, f: { $secret: 'T' }, g: null }), ['x', 'y'])
})

// Plans that this format's programs have written. They are never changed: what was approved once must be read for ever.
const KINDS = new Set([
  'checks.run', 'git.branch', 'git.commit', 'git.tag', 'github.asset', 'github.draft', 'github.merge', 'github.pull', 'github.release', 'github.review', 'github.reviewers',
  'pypi.build', 'pypi.check', 'pypi.install', 'pypi.trial', 'pypi.trial-install', 'pypi.upload', 'pypi.verify',
])
const WRITTEN: readonly (readonly [Plan['stage'], Plan['digest'], number])[] = [
  ['prepare', 'sha256:7415a51b17666ff7793f39afef5adba8188a7c5bce3c20d2758fbe19c8092e0b', 14],
  ['publish', 'sha256:c24725d75eda41c8915e088779430d81161134321f6a95de2640e810257eb4f0', 11],
  ['rollback', 'sha256:6c15cc619d0021993874c326cca7865ec92be84af6929f1a938fa42b61deb8de', 10],
]
for (const [stage, digest, steps] of WRITTEN) {
  test(`the ${stage} plan of an earlier version is read, with its digest`, () => {
    const text = readFileSync(new URL(`../../test/fixtures/plans/${stage}.json`, import.meta.url), 'utf8')
    const read = readPlan(`${stage}.json`, text, KINDS)
    assert.deepEqual([read.stage, read.digest, read.steps.length, read.releases[0].to], [stage, digest, steps, '2.1.0'])
    const { format: _, digest: __, ...unsealed } = read
    assert.deepEqual(seal(unsealed), read)
    assert.deepEqual(read, JSON.parse(text))
  })
}

test('what a test plan leaves out is what a plan may leave out', () => { assert.deepEqual(readPlan(FILE, JSON.stringify(seal({ ...PLAN_BODY, steps: [] })), new Set()).steps, []) })

test('a plan that says another way back than its kind is refused though the digest fits', () => {
  const steps = readPlan(FILE, forged({ steps: plan.steps.map((step) => ({ ...step, reversal: 'reversible' })) }), kinds).steps
  const final = { reversal: { is: 'final', because: 'nobody can' } } as const
  assert.throws(() => { checkReversals(steps, new Map(steps.map(({ kind }) => [kind, final]))) }, (error: unknown) => {
    assert.ok(error instanceof SlipwayError)
    assert.deepEqual(error.problems.map(({ code, message }) => `${code}: ${message}`), steps.map(({ id, kind }) => `plan-invalid: The plan says that the step ${id} is reversible, but ${kind} is final.`))
    return true
  })
  checkReversals(steps.map((step) => ({ ...step, reversal: 'final' as const })), new Map(steps.map(({ kind }) => [kind, final])))
})
