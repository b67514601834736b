// Tests of JSON lines: their frame, what never leaks into them, and that docs/json.md shows them as they are.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createJsonLines } from './json-lines.ts'
import { jsonOf } from './json-of.ts'
import { configProblems, failingRun, gate, initial, monitoring, proposal, publish, refusal, releaseRun, rollbackRun, scheduleView, summary, supportView, waitingStatus, wayBack } from './messages.fixture.ts'
import type { Message } from './message.ts'

const DOCS = join(import.meta.dirname, '..', '..', 'docs', 'json.md')

const short = <T extends { readonly steps: readonly unknown[] }>(plan: T): T => ({ ...plan, steps: plan.steps.slice(0, 2) })
const first = (type: string): Message => [...releaseRun, ...rollbackRun].find((event) => event.type === type)!
const brief = <T extends { readonly forward: readonly unknown[]; readonly back: readonly unknown[]; readonly stays: readonly unknown[] }>(words: T): T =>
  ({ ...words, forward: words.forward.slice(0, 2), back: words.back.slice(-1), stays: words.stays.slice(0, 1) })

/** One example of every type, as docs/json.md shows it. */
const EXAMPLES: { readonly [Type in Message['type']]: Message } = {
  'run': { type: 'run', run: '1.1.0/publish/222222222222', plan: short(publish), resumed: false },
  'entry': releaseRun.find((event) => event.type === 'entry' && event.entry.type === 'failed')!,
  'progress': first('progress'),
  'output': first('output'),
  'waiting': first('waiting'),
  'by-hand': first('by-hand'),
  'verdict': { type: 'verdict', run: '1.1.0/prepare/111111111111', verdict: { is: 'failed', problems: [refusal], over: false } },
  'proposal': { ...proposal, forward: { ...brief(proposal.forward), pointOfNoReturn: undefined }, publish: brief(proposal.publish) },
  'plan': { ...gate, directions: brief(gate.directions) },
  'init': { type: 'init', initial, print: false },
  'check': { type: 'check', lines: [{ title: 'slipway.yaml is right', ok: false, problems: configProblems.slice(0, 1) }, { title: 'every secret has a value', ok: true, problems: [] }, { title: 'Install tiny 1.1.0 from pypi.org', ok: true, detail: ['byte for byte: tiny-1.1.0-py3-none-any.whl'], problems: [] }] },
  'doctor': {
    type: 'doctor',
    lines: [
      { group: 'git', of: 'tools', title: 'git 2.31 or newer', finding: { is: 'met', detail: 'git version 2.47.3' } },
      { group: 'github', of: 'forward', title: 'push the tag v{version}', finding: { is: 'unmet', problem: { code: 'right-missing', message: 'The ruleset «releases» of example/tiny lets nobody make the tag v{version}.', hint: 'In Settings, Rules, Rulesets: let whoever releases bypass it.' } } },
      { group: 'pypi', of: 'back', title: 'yank a version of tiny on pypi.org', finding: { is: 'untested', why: 'pypi.org has no API for it', hint: 'See that you can log in there.' } },
    ],
    done: ['Installed buildah with apt-get.'],
  },
  'status': { type: 'status', status: { ...waitingStatus, runs: waitingStatus.runs.slice(1).map(short) } },
  'approved': { type: 'approved', run: '1.1.0/publish/222222222222', gate: 'publish', verdict: 'approved', by: 'ada' },
  'rehearsal': { type: 'rehearsal', summary: { ...summary, rollback: { is: 'rolled-back', why: 'it was asked for', problems: [], remains: [] } } },
  'serving': { type: 'serving', origin: 'http://127.0.0.1:4000', settings: [{ client: 'pip', lines: ['pip install --index-url http://127.0.0.1:4000/pypi.org/simple/ NAME'] }] },
  'support': { type: 'support', view: supportView },
  'schedule': { type: 'schedule', view: scheduleView },
  'monitor': { type: 'monitor', monitoring },
  'document': { type: 'document', mediaType: 'text/markdown', text: '| Version | Status | End of support |\n' },
  'part': { type: 'part', title: 'Rollback' },
  'note': { type: 'note', text: 'Serving until you press Ctrl-C.' },
  'problems': { type: 'problems', problems: configProblems.slice(0, 1) },
  'end': { type: 'end', text: 'Nothing was changed.', next: 'Make it: `slipway release 1.1.0`.', exit: 0 },
}

function linesOf(messages: readonly Message[], { redact = (text: string) => text, exit = 0 } = {}): Record<string, unknown>[] {
  const written: string[] = []
  const reporter = createJsonLines({ out: (text) => void written.push(text), redact, exit: () => exit })
  for (const message of messages) reporter.show(message)
  reporter.close()
  for (const line of written) assert.match(line, /^[^\n]+\n$/)
  return written.map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('the first line names the format and the version, the last is the end with the exit code', () => {
  const lines = linesOf([{ type: 'note', text: 'a' }, EXAMPLES.end])
  assert.equal(lines[0]!['format'], 'slipway.events/1')
  assert.match(String(lines[0]!['version']), /^\d+\.\d+\.\d+/)
  assert.deepEqual(lines.map(({ type }) => type), ['slipway', 'note', 'end'])
  assert.equal(lines.at(-1)!['exit'], 0)
})

test('a command without a last word ends with the exit code of the process', () => {
  assert.deepEqual(linesOf([EXAMPLES.status], { exit: 4 }).at(-1), { type: 'end', text: '', exit: 4 })
  assert.deepEqual(linesOf([], { exit: 1 }).map(({ type }) => type), ['slipway', 'end'])
})

test('every message is one object that JSON holds whole: no functions, no instances, nothing undefined in a list', () => {
  const isPlain = (value: unknown): boolean => {
    if (value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)) return true
    if (Array.isArray(value)) return value.every((each) => each !== undefined && isPlain(each))
    return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain)
  }
  for (const message of [...Object.values(EXAMPLES), ...releaseRun, ...rollbackRun, ...failingRun, wayBack]) {
    const value = jsonOf(message)
    assert.ok(isPlain(value), message.type)
    assert.equal((value as { type: string }).type, message.type)
  }
})

test('a proposal leaves out the project and its config', () => {
  const text = JSON.stringify(jsonOf(proposal))
  assert.doesNotMatch(text, /"(?:project|config|context)"/)
  assert.ok(text.length < 6_000)
})

test('every text is redacted, also deep inside and where JSON would escape it', () => {
  const secret = 'a"b\\c'
  const lines = linesOf([{ type: 'problems', problems: [{ ...refusal, detail: `x ${secret} y` }] }], { redact: (text) => text.replaceAll(secret, '***') })
  assert.equal((lines[1]!['problems'] as { detail: string }[])[0]!.detail, 'x *** y')
})

test('docs/json.md has an example of every type of line, exactly as it is printed', () => {
  const docs = readFileSync(DOCS, 'utf8')
  const expected = new Map<string, unknown>(linesOf(Object.values(EXAMPLES)).map((line) => [String(line['type']), line]))
  expected.set('slipway', { type: 'slipway', format: 'slipway.events/1', version: '0.1.0' })
  const seen = new Set<string>()
  const fresh = docs.replace(/(^## `([a-z-]+)`$(?:(?!^## )[^])*?^```json\n)([^]*?)(?=^```$)/gm, (_, before: string, type: string) => {
    seen.add(type)
    return `${before}${laidOut(expected.get(type))}\n`
  })
  assert.deepEqual([...seen].toSorted(), [...expected.keys()].toSorted())
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(DOCS, fresh)
  else assert.equal(docs, fresh, 'docs/json.md shows other lines; UPDATE_GOLDEN=1 writes its examples anew')
})

/** JSON broken into lines where it is longer than a page is wide. */
function laidOut(value: unknown, indent = ''): string {
  const line = JSON.stringify(value)
  if (line === undefined || indent.length + line.length <= 110 || typeof value !== 'object' || value === null) return line
  const inner = `${indent}  `
  if (Array.isArray(value)) return `[\n${value.map((each) => inner + laidOut(each, inner)).join(',\n')}\n${indent}]`
  return `{\n${Object.entries(value).map(([key, each]) => `${inner}${JSON.stringify(key)}: ${laidOut(each, inner)}`).join(',\n')}\n${indent}}`
}
