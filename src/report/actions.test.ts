// Tests of the report in a job of GitHub Actions: read the way the runner reads a log.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { jobLog, outputsIn } from '../../test/support/actions-log.ts'
import { withoutCommands } from './actions-command.ts'
import type { Message } from './message.ts'
import { failingRun, gate, proposal, publish, refusal, releaseRun } from './messages.fixture.ts'
import { createReporter } from './reporter.ts'
import { screen } from './screen.rig.ts'

function job(t: TestContext, messages: readonly Message[], { json = false, env = {}, redact = (text: string) => text }: { json?: boolean; env?: Record<string, string>; redact?: (text: string) => string } = {}): { log: string; summary: string; outputs: Readonly<Record<string, string>> } {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-actions-'))
  t.after(() => { rmSync(folder, { recursive: true, force: true }) })
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') }
  for (const file of Object.values(files)) writeFileSync(file, '')
  const out = screen()
  const before = process.exitCode
  const end = messages.findLast((message) => message.type === 'end')
  process.exitCode = end?.type === 'end' ? end.exit : 2
  try {
    const reporter = createReporter({ json, color: true, out, err: out, redact, source: () => undefined, folder, env: { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: join(folder, '..'), ...files, ...env } })
    for (const message of messages) reporter.show(message)
    reporter.close()
  } finally {
    process.exitCode = before
  }
  return { log: out.writes.join(''), summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'), outputs: outputsIn(readFileSync(files.GITHUB_OUTPUT, 'utf8')) }
}

const released: readonly Message[] = [proposal, ...releaseRun, { type: 'end', exit: 0, text: '1.1.0 is released.', next: 'To take it back: `slipway rollback 1.1.0`.' }]

test('each part of a release is a log group, and groups are closed before the verdict', (t) => {
  const { commands, lines } = jobLog(job(t, released).log)
  const groups = commands.filter(({ name }) => name === 'group').map(({ text }) => text)
  assert.deepEqual(groups, ['Plan: tiny 1.1.0', 'Prepare 1.1.0', 'Publish 1.1.0'])
  assert.equal(commands.filter(({ name }) => name === 'endgroup').length, groups.length)
  const last = lines.findIndex((line) => line.includes('1.1.0 is released.'))
  assert.ok(last > lines.findLastIndex((line) => line === '::endgroup::'))
})

test('a problem of the config is an annotation at its place in the workspace, escaped as the runner unescapes', (t) => {
  const problem = { code: 'config-invalid', message: '100% wrong: a,b\nand more', hint: 'Say `x`.', place: { file: 'my, slipway:1.yaml', line: 3, column: 5 } } as const
  const { log, outputs } = job(t, [{ type: 'problems', problems: [problem] }])
  const [error] = jobLog(log).commands.filter(({ name }) => name === 'error')
  assert.ok(error !== undefined)
  assert.equal(error.text, '100% wrong: a,b\nand more\nSay `x`.')
  assert.match(error.properties['file'] ?? '', /^slipway-actions-\w+\/my, slipway:1\.yaml$/)
  assert.deepEqual([error.properties['line'], error.properties['col'], error.properties['title']], ['3', '5', 'config-invalid'])
  assert.deepEqual([outputs['outcome'], outputs['exit-code']], ['invalid', '2'])
})

test('nothing that a tool or a commit says is a command to the runner', (t) => {
  const hostile = '::set-env name=PATH::/evil\n  ::add-mask::x\nok ##[set-env name=A]b\n\u2003::stop-commands::abc\n\x1b[31m::error::red\r::warning::after'
  const messages: readonly Message[] = [...failingRun, { type: 'problems', problems: [{ ...refusal, detail: hostile, message: hostile }] }, { type: 'note', text: hostile }, { type: 'end', exit: 1, text: hostile }]
  for (const env of [{}, { FORCE_COLOR: '1' }]) {
    const { commands, log } = { ...jobLog(job(t, messages, { env }).log), log: job(t, messages, { env }).log }
    assert.deepEqual([...new Set(commands.map(({ name }) => name))].toSorted(), ['endgroup', 'error', 'group'])
    assert.ok(!commands.some(({ name, properties }) => name === 'error' && properties['title'] === undefined), 'only our own annotations have a title')
    assert.match(log, /: :set-env name=PATH/)
  }
  assert.deepEqual(jobLog(withoutCommands(`::a::b\n\n\t::c::d\nfine :: x`)).commands, [])
})

test('JSON in a job stays the same JSON, and holds no command either', (t) => {
  const text = 'one ##[error]two'
  const { log, outputs } = job(t, [{ type: 'note', text }, { type: 'end', exit: 3, text: '' }], { json: true })
  assert.deepEqual(jobLog(log).commands, [])
  const notes = log.trim().split('\n').map((line) => JSON.parse(line) as { type: string; text?: string }).filter(({ type }) => type === 'note')
  assert.equal(notes[0]?.text, text)
  assert.equal(outputs['outcome'], 'nothing')
})

test('the digest is that of the release, also when it was announced afterwards', (t) => {
  const announced: Message = { type: 'run', run: '1.1.0/announce/999999999999', plan: { ...publish, stage: 'announce', digest: `sha256:${'9'.repeat(64)}` }, resumed: false }
  const { outputs, summary } = job(t, [...released.slice(0, -1), announced, { type: 'verdict', run: announced.run, verdict: { is: 'done' } }, ...released.slice(-1)])
  assert.equal(outputs['digest'], publish.digest)
  assert.equal(summary.includes('9'.repeat(12)), false)
})

test('outputs name version, tag, digest and outcome, and no value can add another', (t) => {
  const { outputs } = job(t, released)
  assert.deepEqual(outputs, { version: '1.1.0', tag: 'v1.1.0', digest: `sha256:${'2'.repeat(64)}`, outcome: 'done', 'exit-code': '0' })
  const first: Message = proposal
  assert.ok(first.type === 'proposal')
  const evil = { ...first, proposal: { ...first.proposal, context: { ...first.proposal.context, tag: 'v1\nEOF\noutcome=done\nexit-code<<X\n0\nX' } } }
  const turned = job(t, [evil, { type: 'end', exit: 5, text: 'stopped' }]).outputs
  assert.equal(turned['outcome'], 'stopped')
  assert.equal(turned['exit-code'], '5')
  assert.match(turned['tag'] ?? '', /^v1\nEOF/)
})

test('the summary shows why, the plan, what was proved, digests and what waits, and no secret or markup of others', (t) => {
  const secret = 'minted_secret*value'
  const { summary } = job(t, [...released, { type: 'problems', problems: [{ ...refusal, message: `It said ${secret}.`, detail: `${secret} </pre><script>` }] }], { redact: (text) => text.replaceAll(secret, '***') })
  for (const shown of ['## tiny 1.0.0 → 1.1.0: done', 'Why this version', 'tiny-1.1.0.tar.gz', `sha256:${'f'.repeat(64)}`, 'point of no return', 'slipway rollback 1.1.0']) assert.ok(summary.includes(shown.replaceAll('_', '\\_')) || summary.includes(shown), `${shown}\n${summary}`)
  assert.ok(!summary.replaceAll('\\', '').includes(secret) && summary.includes('***') && !summary.includes('<script>'))
})

test('the summary of a plan shows what a step sets off', (t) => {
  const [first, ...rest] = gate.directions.forward
  const { summary } = job(t, [{ ...gate, directions: { ...gate.directions, forward: [{ ...first!, starts: ['See that tiny <1.1.0> has arrived'] }, ...rest] } }])
  assert.match(summary, /^- \S+ .*\n {2}- sets off: See that tiny .*1\.1\.0.* has arrived\n- /m)
})

test('a summary stays below what GitHub takes, together with what is there already', (t) => {
  const many: Message[] = Array.from({ length: 150 }, (_, at) => ({ type: 'problems', problems: [{ ...refusal, message: `Problem ${at}.`, detail: `${'ä'.repeat(19_000)}` }] }))
  const { summary } = job(t, [...many, { type: 'end', exit: 1, text: 'no' }])
  assert.ok(Buffer.byteLength(summary) < 1 << 20, `${Buffer.byteLength(summary)}`)
  assert.match(summary, /The rest is left out/)
  assert.ok(!summary.includes('\ufffd'))
})

test('a secret that the runner does not know is masked before anything else is written', (t) => {
  const out = screen()
  const reporter = createReporter({ json: false, color: true, out, err: out, redact: (text) => text.replaceAll('abc%def', '***'), source: () => undefined, env: { GITHUB_ACTIONS: 'true' } })
  reporter.mask?.('abc%def\n\nsecond line')
  reporter.mask?.('')
  reporter.close()
  t.diagnostic(out.writes.join(''))
  assert.deepEqual(jobLog(out.writes.join('')).commands.map(({ name, text }) => [name, text]), [['add-mask', 'abc%def'], ['add-mask', 'second line']])
})
