// Tests of what people read in pipes and logs: every message, against golden files.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertGolden } from './golden.rig.ts'
import { back, CONFIG, configProblems, failingRun, gate, initial, monitoring, prepare, proposal, publish, refusal, releaseRun, rollbackRun, rolledBack, scheduleView, summary, supportView, waitingStatus, wayBack } from './messages.fixture.ts'
import type { Message } from './message.ts'
import { said } from './screen.rig.ts'

const source = (file: string): string | undefined => file === 'slipway.yaml' ? CONFIG : undefined

const TEXTS: Readonly<Record<string, readonly Message[]>> = {
  'proposal': [proposal, { type: 'end', exit: 0, text: 'Nothing was changed.', next: 'Make it: `slipway release 1.1.0`.' }],
  'plan-gate': [gate],
  'plan-back': [wayBack],
  'run-release': releaseRun,
  'run-rollback': [{ type: 'part', title: 'Rollback' }, ...rollbackRun],
  'run-failing': failingRun,
  'check': [
    { type: 'check', lines: [{ title: 'slipway.yaml is right', ok: false, problems: configProblems }, { title: 'every secret has a value', ok: true, problems: [] }] },
    { type: 'end', exit: 2, text: 'A release could not begin as things stand.' },
  ],
  'init': [{ type: 'init', initial, print: false }, { type: 'end', exit: 0, text: 'Wrote slipway.yaml.' }],
  'init-print': [{ type: 'init', initial, print: true }],
  'problems': [{ type: 'note', text: 'Reading slipway.yaml.' }, { type: 'problems', problems: [...configProblems, refusal] }],
  'status-waiting': [{ type: 'status', status: waitingStatus }],
  'status-nothing': [{ type: 'status', status: { version: undefined, lease: undefined, runs: [] } }],
  'rehearsal': [{ type: 'rehearsal', summary }],
  'rehearsal-failed': [{ type: 'rehearsal', summary: { ...summary, preset: 'none', faults: [], calls: {}, release: { is: 'failed', over: true, problems: [refusal] }, rollback: undefined, verified: [] } }],
  'schedule': [{ type: 'schedule', view: scheduleView }],
  'support': [{ type: 'support', view: supportView }],
  'monitor': [{ type: 'monitor', monitoring }],
  'world': [
    { type: 'serving', origin: 'http://127.0.0.1:4000', settings: [{ client: 'pip', lines: ['pip install --index-url http://127.0.0.1:4000/pypi.org/simple/ NAME'] }, { client: 'git', lines: ['git clone http://127.0.0.1:4000/tiny.git', 'git push http://127.0.0.1:4000/tiny.git main'] }] },
    { type: 'note', text: 'Serving until you press Ctrl-C.' },
  ],
  'approved': [
    { type: 'approved', run: '1.1.0/publish/222222222222', gate: 'publish', verdict: 'approved', by: 'ada' },
    { type: 'end', exit: 4, text: '1.1.0 waits:\n  git.tag: an approval of this plan', next: 'Run `slipway release 1.1.0` again.' },
  ],
}

for (const [name, messages] of Object.entries(TEXTS)) {
  test(`without a terminal, golden/${name}.txt is what people read`, () => {
    const text = said(messages, { source })
    assert.doesNotMatch(text, /\x1b/)
    assertGolden(name, text)
  })
}

test('on a terminal the same words have colours', () => {
  const messages = [proposal, { type: 'problems', problems: configProblems } as const]
  const coloured = said(messages, { source, env: { FORCE_COLOR: '1' } })
  assertGolden('coloured', coloured)
  assert.equal(coloured.replace(/\x1b\[\d+m/g, '').replaceAll('`', ''), said(messages, { source }).replaceAll('`', ''))
})

test('a first release, one under way and one without edits say so', () => {
  const { context } = proposal.proposal
  const first = said([{ ...proposal, underWay: true, proposal: { ...proposal.proposal, edits: [], mentions: [], context: { ...context, notes: '', release: { ...context.release, from: null } } } }])
  assert.match(first, /^tiny 1\.1\.0 \(the first release\)$/m)
  assert.match(first, /under way/)
  assert.match(first, /None: version and changelog are in place already\./)
  assert.doesNotMatch(first, /still name/)
})

test('the point of no return stands before the first step that no program can take back, also when it is the first step', () => {
  const lines = said([{ ...gate, directions: { ...gate.directions, pointOfNoReturn: 0 } }]).split('\n')
  assert.match(lines[lines.indexOf('  ──── point of no return ────') + 1] ?? '', /Tag the release/)
})

test('output of a step is not shown when it succeeds, and its tail with the problem when it fails', () => {
  assert.doesNotMatch(said(releaseRun), /ran 12 tests/)
  assert.match(said(failingRun), /AssertionError: silence/)
})

test('instructions that several steps give are shown once, also when they are given again at every look', () => {
  assert.equal(said(rollbackRun).match(/Press "Yank release"/g)?.length, 1)
})

test('a problem told when it happened is not told again with the verdict', () => {
  assert.equal(said(failingRun).match(/The check "tests" failed with exit code 1\.$/gm)?.length, 1, 'as it failed, and not again as the reason to turn')
  assert.match(said(failingRun), /^✗ The artifact tiny-1\.1\.0\.tar\.gz is gone/m)
})

test('progress is told by quarters, and not at all for what is sent in a moment', () => {
  const upload = (total: number): Message[] => [
    { type: 'run', run: 'one', plan: publish, resumed: false },
    ...Array.from({ length: 101 }, (_, percent): Message => ({ type: 'progress', step: 'git.tag', done: total * percent / 100, total })),
  ]
  assert.equal(said(upload(2_000_000)).match(/ % of /g)?.length, 3)
  assert.equal(said(upload(20_000)).match(/ % of /g), null)
})

test('every verdict of a rehearsal is told with its reasons', () => {
  const of = (release: typeof summary.release): string => said([{ type: 'rehearsal', summary: { ...summary, release, rollback: undefined } }])
  assert.match(of({ is: 'stuck', steps: [{ step: 'git.tag', why: 'the tag is of somebody else' }] }), /✗ Release: stopped where a person must look\n.*git\.tag: the tag is of somebody else/)
  assert.match(of({ is: 'waiting', for: [{ step: 'git.tag', for: 'an approval' }] }), /git\.tag: an approval/)
  assert.match(of(rolledBack), /↩ Release: rolled back\n.*because it was asked for/)
  assert.match(of({ is: 'interrupted' }), /✗ Release: interrupted/)
})

test('a plan back lists its steps in its own order, and what nobody takes back only among what stays', () => {
  const text = said([wayBack])
  const order = ['tiny-1.1.0.tar.gz', 'tiny-1.1.0-py3-none-any.whl', 'Tag the release'].map((name) => text.indexOf(name))
  assert.deepEqual(order.toSorted((a, b) => a - b), order)
  assert.ok(text.indexOf('Merge the pull request') > text.indexOf('What cannot be undone'))
  assert.equal(back.steps.length, 4)
  assert.notEqual(prepare.digest, back.digest)
})
