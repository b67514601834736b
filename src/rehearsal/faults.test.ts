// Tests of faults on demand.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultPlan, faultText } from './faults.ts'
import type { FaultRule } from './faults.ts'
import { presetNamed, presets } from './presets.ts'
import { createOsvState } from './osv/state.ts'
import { createPypiState } from './pypi/state.ts'

const rule = (more: Partial<FaultRule>): FaultRule => ({ host: 'a.org', path: '/x', times: 1, does: 'refuse', ...more })
const call = (method: string, url: string): { method: string; url: URL } => ({ method, url: new URL(url) })

test('a rule lets some calls by, hits some, and is spent', () => {
  const plan = faultPlan([rule({ skip: 1, times: 2 })])
  const ways = Array.from({ length: 4 }, () => plan.next(call('GET', 'https://a.org/x/y')))
  assert.deepEqual(ways, [undefined, 'refuse', 'refuse', undefined])
  assert.equal(plan.fired.length, 2)
})

test('host, method and path must all match', () => {
  const plan = faultPlan([rule({ method: 'POST', path: /\/b$/g, times: Infinity })])
  assert.equal(plan.next(call('GET', 'https://a.org/b')), undefined)
  assert.equal(plan.next(call('POST', 'https://b.org/b')), undefined)
  assert.equal(plan.next(call('POST', 'https://a.org/bc')), undefined)
  for (let again = 0; again < 3; again += 1) assert.equal(plan.next(call('POST', 'https://a.org/b?q=1')), 'refuse')
})

test('rules for the same call fire one after the other, and the unfired ones are told', () => {
  const [first, second] = [rule({ does: { status: 503 } }), rule({ does: 'drop-after' })]
  const plan = faultPlan([first, second])
  assert.deepEqual(plan.next(call('GET', 'https://a.org/x?token=1')), { status: 503 })
  assert.deepEqual(plan.unfired(), [second])
  assert.equal(plan.next(call('GET', 'https://a.org/x')), 'drop-after')
  assert.deepEqual(plan.fired.map((hit) => hit.url), ['https://a.org/x', 'https://a.org/x'])
})

test('two plans of the same rules count apart', () => {
  const rules = [rule({})]
  faultPlan(rules).next(call('GET', 'https://a.org/x'))
  assert.equal(faultPlan(rules).next(call('GET', 'https://a.org/x')), 'refuse')
})

test('every way is a sentence for the report', () => {
  assert.equal(faultText(rule({ method: 'POST', does: 'drop-after' })), 'the answer to POST a.org/x is lost after the effect, once')
  assert.equal(faultText(rule({ does: { status: 429 }, times: 3 })), 'any call a.org/x is answered 429, 3 times')
  assert.equal(faultText(rule({ does: 'hang-before', times: Infinity })), 'any call a.org/x is never answered and has no effect, always')
  assert.equal(faultText(rule({ method: 'PATCH', does: 'cut-upload' })), 'the connection of PATCH a.org/x is cut when half is sent, once')
})

test('presets are found by name, and an unknown name lists them', () => {
  assert.deepEqual(presets.map((preset) => preset.name), ['none', 'flaky', 'lost-reply', 'vulnerable', 'flaky-registry', 'slow-index', 'rate-limited', 'expired-token', 'unsteady-publisher', 'no-publisher', 'foreign-file', 'immutable', 'starter-asset', 'workflow-fails', 'workflow-silent', 'workflow-empty', 'workflow-twice', 'workflow-rebuilds'])
  for (const preset of presets) assert.equal(presetNamed(preset.name), preset)
  assert.throws(() => presetNamed('sunny'), /'sunny'/)
})

test('presets arrange the states that they are about', () => {
  const told: string[] = []
  const github = { setImmutable: (on: boolean) => void told.push(`immutable ${on}`), actions: { disabled: [] }, leaveStarterOnce: () => void told.push('starter') }
  for (const preset of presets) preset.arrange?.({ pypi: createPypiState(), github })
  assert.deepEqual(told, ['immutable true', 'starter'])
  const osv = createOsvState()
  presetNamed('vulnerable').arrange?.({ pypi: createPypiState(), osv })
  assert.equal(osv.plantNext, true)
  const pypi = createPypiState()
  presetNamed('slow-index').arrange?.({ pypi })
  assert.deepEqual(pypi.lag, { reads: 3 })
  presetNamed('foreign-file').arrange?.({ pypi, files: ['oneflow_ai-2.1.0-py3-none-any.whl'] })
  assert.ok(pypi.usedNames.has('oneflow_ai-2.1.0-py3-none-any.whl'))
  presetNamed('foreign-file').arrange?.({ pypi })
  assert.equal(pypi.foreignNext, true)
})

test('the lost replies are those of the calls that matter', () => {
  const plan = faultPlan(presetNamed('lost-reply').rules)
  const lost = [
    call('POST', 'https://github.com/o/r.git/git-receive-pack'), call('POST', 'https://api.github.com/repos/o/r/releases'),
    call('POST', 'https://uploads.github.com/repos/o/r/releases/1/assets?name=x'), call('POST', 'https://upload.pypi.org/legacy/'),
  ]
  assert.deepEqual(lost.map((one) => plan.next(one)), Array(4).fill('drop-after'))
  assert.equal(plan.next(call('POST', 'https://github.com/o/r.git/git-upload-pack')), undefined)
})
