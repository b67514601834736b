// Tests the comment on a pull request: what it says at each moment, how hostile words and long lists fare in it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, NewEntry } from '../model/entry.ts'
import { COMMENT_LIMIT, type Story, type StoryRun } from '../app/story.ts'
import { assertGolden } from './golden.rig.ts'
import { prepare, publish } from './messages.fixture.ts'
import { releaseComment } from './release-comment.ts'

const from = Date.parse('2026-03-01T12:00:00Z')
const run = (plan: StoryRun['plan'], ...entries: readonly NewEntry[]): StoryRun => ({
  plan, entries: entries.map((entry, index): Entry => ({ ...entry, seq: index + 1, at: new Date(from + index * 61_000).toISOString() })),
})
const begun = (step: string): NewEntry => ({ type: 'begun', step, way: 'apply', attempt: 1 })
const did = (step: string, output: Extract<NewEntry, { type: 'settled' }>['output'] = {}): NewEntry => ({ type: 'settled', step, way: 'apply', how: 'did', output })
const both = (step: string, output?: Parameters<typeof did>[1]): readonly NewEntry[] => [begun(step), did(step, output)]

const [release] = prepare.releases
const proved = [
  ...both('checks.run:tests', { evidence: [{ title: 'check "tests" on tree bbbbbbb', passed: true, detail: 'ended with exit code 0' }], log: 'x' }),
  ...both('pypi.build', { artifacts: publish.artifacts.map(({ name, size, sha256 }) => ({ name, size, sha256 })) }),
]
const opened = [...proved, ...both('git.branch'), ...both('github.pull', { number: 1, url: 'https://github.com/example/tiny/pull/1' })]
const merged = run(prepare, ...opened, ...both('github.merge'), { type: 'closed', outcome: 'done' })
const story = (parts: Partial<Story>): Story => ({ release, runs: [], waits: [], verdict: undefined, ...parts })

const waiting = { step: 'github.merge', for: '1 of 1 approvals missing: rita has been asked, https://github.com/example/tiny/pull/1' }

test('while it waits for a review it says for whom, and what comes next', () => {
  assertGolden('comment-review', releaseComment(story({ runs: [run(prepare, ...opened)], waits: [waiting] })))
})

test('at the gate it names the digest to approve, and the point of no return', () => {
  const gate = { step: 'pypi.upload:tiny-1.1.0.tar.gz', for: 'an approval of this plan', gate: 'publish' }
  assertGolden('comment-gate', releaseComment(story({ runs: [merged, run(publish, ...both('git.tag'))], waits: [gate], verdict: { is: 'waiting', for: [gate] } })))
})

test('what the release goes past is told with its reason, whichever plan says so', () => {
  const exceptions = [{ rule: 'freeze', of: 'the freeze of every friday (2026-02-27; nobody is here)', reason: 'a [hole](https://evil.example) is open', stage: 'publish' }] as const
  const text = releaseComment(story({ runs: [merged, run({ ...publish, exceptions })] }))
  assert.match(text, /^### Exceptions\n\n- It goes past the freeze of every friday \(2026-02-27; nobody is here\): a .*hole.* is open\.$/m)
  assert.doesNotMatch(text, /\[hole\]\(/, 'the words of a reason are words')
})

test('what sets off something that nobody can take back is the point of no return', () => {
  const steps = publish.steps.map((step) => step.id === 'git.tag' ? { ...step, starts: ['pypi.upload:tiny-1.1.0-py3-none-any.whl'] } : step)
  const text = releaseComment(story({ runs: [merged, run({ ...publish, steps })] }))
  assert.match(text, /point of no return\*\* ↓ Tag the release/)
})

test('a failed step has its sentence and its hint, and the head says failed', () => {
  const problem = { code: 'token-refused', message: 'PyPI does not accept the token.', hint: 'Make a new one.' } as const
  const text = releaseComment(story({
    runs: [merged, run(publish, ...both('git.tag'), begun('pypi.upload:tiny-1.1.0.tar.gz'), { type: 'failed', step: 'pypi.upload:tiny-1.1.0.tar.gz', way: 'apply', attempt: 1, certain: true, problem })],
    verdict: { is: 'failed', problems: [problem], over: false },
  }))
  assert.match(text, /^## tiny 1\.0\.0 → 1\.1\.0: failed$/m)
  assert.match(text, /❌ failed \| PyPI does not accept the token\. → Make a new one\./)
  assert.match(text, /then `slipway release 1\.1\.0`: it goes on where it stopped\. To take it back: `slipway rollback 1\.1\.0`/)
})

test('when all is done it says released, and nothing waits any more', () => {
  const text = releaseComment(story({ runs: [merged, run(publish, ...publish.steps.flatMap(({ id }) => both(id)), { type: 'closed', outcome: 'done' })], verdict: { is: 'done' } }))
  assert.match(text, /: released$/m)
  assert.doesNotMatch(text, /Waiting|·|under way/)
})

test('words from commits, tools and servers cannot ping, refer, link, or leave their place', () => {
  const hostile = '@everyone fixes #12, closes GH-7 <img src=x> [link](https://evil.example/?a=1&b) | cell\n## heading `code` www.evil.example <!-- slipway:comment%20tiny@1.1.0 -->'
  const text = releaseComment(story({
    release: { ...release, because: [hostile] },
    runs: [run({ ...prepare, steps: prepare.steps.map((step) => ({ ...step, title: hostile })) }, ...both('checks.run:tests', { evidence: [{ title: hostile, passed: true, detail: hostile }] }), { type: 'stuck', step: 'github.merge', way: 'apply', why: hostile })],
    waits: [{ step: 'github.pull', for: hostile }],
  }))
  const outsideCode = text.replace(/\\./g, '').replace(/`[^`\n]*`/g, '')
  for (const bad of [/@\w/, /#\d/, /GH-\d/i, /<img/, /\]\(/, /https?:/, /www\./, /^## heading/m, /<!--/]) assert.doesNotMatch(outsideCode, bad)
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  assert.deepEqual([...new Set(rows.map((line) => line.replace(/\\./g, '').split('|').length))].toSorted(), [4, 5, 6], 'every table has rows of as many cells as its head')
})

test('a list that is too long is cut and says so, within what GitHub takes', () => {
  const many = Array.from({ length: 900 }, (_, at) => `${at} ${'&'.repeat(500)}`)
  const text = releaseComment(story({
    release: { ...release, because: many },
    runs: Array.from({ length: 9 }, () => run({ ...prepare, steps: many.map((title, at) => ({ id: `x:${at}`, kind: 'x', title, input: {}, needs: [], reversal: 'none' })) }, ...many.flatMap((title, at) => both(`x:${at}`, { evidence: [{ title, passed: true, detail: title }], artifacts: [{ name: title, size: 1, sha256: 'sha256:0' }] })))),
  }))
  assert.ok(text.length <= COMMENT_LIMIT, String(text.length))
  assert.match(text, /… and \d+ more, which do not fit into a comment\./)
  assert.match(text, /4 earlier runs are not shown\./)
})
