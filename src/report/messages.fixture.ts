// One small release in messages, for the tests of reports.
import type { Entry, NewEntry } from '../model/entry.ts'
import type { Problem } from '../model/error.ts'
import type { RunEvent, Verdict } from '../model/event.ts'
import type { Digest, Plan, ReversalClass, Stage, Step } from '../model/plan.ts'
import type { DirectionLine, Directions } from '../plan/directions.ts'
import type { Monitoring } from '../app/monitor.ts'
import type { Status } from '../app/status.ts'
import type { ScheduleView } from '../app/schedule.ts'
import type { SupportView } from '../app/support.ts'
import type { InitMessage, PlanMessage, ProposalMessage, RehearsalSummary } from './message.ts'

export const digestOf = (digit: string): Digest => `sha256:${digit.repeat(64)}`

type Bits = readonly [step: string, title: string, reversal: ReversalClass, back?: string | undefined, gate?: string]

const stepOf = ([id, title, reversal, , gate]: Bits): Step => ({ id, kind: id.split(':')[0] ?? id, title, input: {}, needs: [], reversal, ...(gate === undefined ? {} : { gate }) })
const lineOf = ([step, title, reversal, back = '', gate]: Bits): DirectionLine => ({ step, title, reversal, back, gate, starts: [] })

const PREPARE: readonly Bits[] = [
  ['checks.run:tests', 'Check: tests', 'none'],
  ['pypi.build', 'Build tiny 1.1.0', 'none'],
  ['git.branch', 'Push the branch release/v1.1.0', 'reversible', 'Delete the branch release/v1.1.0 on origin.'],
  ['github.pull', 'Open the pull request of tiny 1.1.0', 'compensable', 'Close the pull request.'],
  ['github.merge', 'Merge the pull request', 'final', 'the history of the main branch is not rewritten'],
]
const YANK = 'By hand, for the whole release: yank 1.1.0 on https://pypi.org/manage/project/tiny/release/1.1.0/.'
const PUBLISH: readonly Bits[] = [
  ['git.tag', 'Tag the release v1.1.0', 'reversible', 'Delete the tag v1.1.0 on origin.'],
  ['pypi.upload:tiny-1.1.0-py3-none-any.whl', 'Upload tiny-1.1.0-py3-none-any.whl to pypi.org', 'by-hand', YANK, 'publish'],
  ['pypi.upload:tiny-1.1.0.tar.gz', 'Upload tiny-1.1.0.tar.gz to pypi.org', 'by-hand', YANK, 'publish'],
  ['pypi.verify', 'Install tiny 1.1.0 from pypi.org', 'none'],
]

const planOf = (stage: Stage, steps: readonly Bits[], digit: string): Plan => ({
  format: 'slipway.plan/1',
  digest: digestOf(digit),
  stage,
  subject: { repository: 'https://github.com/example/tiny.git', commit: 'a'.repeat(40), tree: 'b'.repeat(40) },
  date: '2026-03-01T12:00:00Z',
  releases: [{ name: 'tiny', from: '1.0.0', to: '1.1.0', because: ['1a2b3c4 "feat: a bell" adds a feature.'] }],
  artifacts: stage === 'prepare' ? [] : [
    { name: 'tiny-1.1.0-py3-none-any.whl', mediaType: 'application/zip', size: 4_712, sha256: digestOf('e'), by: 'pypi', about: {} },
    { name: 'tiny-1.1.0.tar.gz', mediaType: 'application/gzip', size: 12_345_678, sha256: digestOf('f'), by: 'pypi', about: {} },
  ],
  basis: [],
  steps: steps.map(stepOf),
})

export const prepare = planOf('prepare', PREPARE, '1')
export const publish = planOf('publish', PUBLISH, '2')
const BACK = [...PUBLISH.slice(0, 3).toReversed().map(([id, title, reversal, back]): Bits => [id, title, reversal, back]), ['github.merge', 'Merge the pull request', 'final'] satisfies Bits]
export const back = planOf('rollback', BACK, '3')

const directionsOf = (steps: readonly Bits[], stays: Directions['stays']): Directions => {
  const forward = steps.map(lineOf)
  const first = forward.findIndex(({ reversal }) => reversal === 'by-hand' || reversal === 'final')
  return { forward, pointOfNoReturn: first < 0 ? undefined : first, back: forward.filter(({ reversal }) => reversal !== 'none' && reversal !== 'final').toReversed(), stays }
}
const MIRRORS = 'A yanked file can still be installed by those who pin the version.'
const prepareWords = directionsOf(PREPARE, [
  { step: 'github.pull', why: 'the closed pull request and the notifications that it sent' },
  { step: 'github.merge', why: 'the history of the main branch is not rewritten' },
])
const publishWords = directionsOf(PUBLISH, PUBLISH.filter(([id]) => id.startsWith('pypi.upload')).map(([step]) => ({ step, why: MIRRORS })))
const backWords = directionsOf(BACK, [...publishWords.stays.toReversed(), { step: 'github.merge', why: 'the history of the main branch is not rewritten' }])

const DIFF = `diff --git a/setup.py b/setup.py
index 1111111..2222222 100644
--- a/setup.py
+++ b/setup.py
@@ -1 +1 @@
-VERSION = "1.0.0"
+VERSION = "1.1.0"
`

/** A proposal; the project's config holds functions, as a real one does. */
export const proposal: ProposalMessage = {
  type: 'proposal',
  proposal: {
    project: { config: { place: () => { throw new Error('no report asks the config') } } },
    base: 'a'.repeat(40),
    context: {
      release: { name: 'tiny', from: '1.0.0', to: '1.1.0', because: ['1a2b3c4 "feat: a bell" adds a feature.'] },
      project: 'tiny', tag: 'v1.1.0', releaseBranch: 'release/v1.1.0', mainBranch: 'main', remote: 'origin',
      date: '2026-03-01T12:00:00Z', prerelease: false, newest: true, newestIn: { major: true, minor: true }, notes: '### Added\n\n- A `bell`.\n', author: 'Ada <ada@example.com>',
    },
    edits: [{ path: 'setup.py', before: 'VERSION = "1.0.0"\n', after: 'VERSION = "1.1.0"\n' }],
    edited: true,
    commit: { commit: 'c'.repeat(40), tree: 'd'.repeat(40), parent: 'a'.repeat(40), message: 'chore: bump version to 1.1.0\n', author: 'Ada <ada@example.com>', date: '2026-03-01T12:00:00Z', files: [] },
    exceptions: [{ rule: 'freeze', of: 'the freeze from 2026-02-20 until 2026-03-04 (the conference)', reason: 'nobody can log in', stage: 'prepare' }],
    mentions: [{ file: 'docs/install.md', line: 14, column: 22 }],
  } as unknown as ProposalMessage['proposal'],
  prepare,
  diff: DIFF,
  forward: prepareWords,
  publish: publishWords,
  outline: true,
  announcements: [],
  unseen: [{ code: 'remote-unreachable', message: 'pypi.org could not be reached.' }],
  underWay: false,
}

export const gate: PlanMessage = { type: 'plan', plan: publish, directions: publishWords }
export const wayBack: PlanMessage = { type: 'plan', plan: back, directions: backWords, recovered: true }

export const refusal: Problem = {
  code: 'check-failed',
  message: 'The check "tests" failed with exit code 1.',
  hint: 'Run it yourself with `python3 -m unittest`, mend it, and run again.',
  detail: 'FAIL: test_bell\nAssertionError: silence\n',
}
const doubt: Problem = { code: 'request-refused', message: 'upload.pypi.org closed the connection before it had answered.' }

export const configProblems: readonly Problem[] = [
  { code: 'config-invalid', message: 'There is no setting "tagg" here.', hint: 'Did you mean `tag`?', place: { file: 'slipway.yaml', line: 4, column: 3 } },
  { code: 'config-invalid', message: '"name" has to be text.', place: { file: 'slipway.yaml', line: 1, column: 7 } },
  { code: 'remote-missing', message: 'The repository has no remote called "origin".', hint: 'Add it: `git remote add origin URL`.' },
]
export const CONFIG = 'name: 12\ngit:\n  branch: main\n  tagg: "v{version}"\n'

let seq = 0
const entry = (plan: Plan, written: NewEntry): RunEvent => {
  seq += 1
  const at = new Date(Date.UTC(2026, 2, 1, 12, 0, seq)).toISOString()
  return { type: 'entry', entry: { ...written, seq, at } as Entry, step: 'step' in written ? plan.steps.find(({ id }) => id === written.step) : undefined }
}
const begun = (plan: Plan, step: string, way: 'apply' | 'undo' = 'apply', attempt = 1): RunEvent => entry(plan, { type: 'begun', step, way, attempt })
const settled = (plan: Plan, step: string, how: 'did' | 'found', way: 'apply' | 'undo' = 'apply'): RunEvent => entry(plan, { type: 'settled', step, way, how })

const wheel = 'pypi.upload:tiny-1.1.0-py3-none-any.whl'
const sdist = 'pypi.upload:tiny-1.1.0.tar.gz'
const YANKED = 'https://pypi.org/simple/ lists every file of tiny 1.1.0 as yanked.'
const yank = (step: string): RunEvent => ({
  type: 'by-hand',
  step,
  instructions: { page: 'https://pypi.org/manage/project/tiny/release/1.1.0/', steps: ['Log in as an owner of tiny.', 'Press "Yank release".'], done: YANKED },
})
export const remains = [sdist, wheel].map((step) => ({ step, what: MIRRORS }))
export const rolledBack: Verdict = { is: 'rolled-back', why: 'it was asked for', problems: [], remains }

/** A release that goes through with one attempt in doubt. */
export const releaseRun: readonly RunEvent[] = [
  { type: 'run', run: '1.1.0/prepare/111111111111', plan: prepare, resumed: false },
  entry(prepare, { type: 'opened', plan: prepare.digest, driver: 'here' }),
  begun(prepare, 'checks.run:tests'),
  { type: 'output', step: 'checks.run:tests', line: 'ran 12 tests' },
  settled(prepare, 'checks.run:tests', 'did'),
  settled(prepare, 'pypi.build', 'found'),
  begun(prepare, 'git.branch'),
  settled(prepare, 'git.branch', 'did'),
  { type: 'waiting', step: 'github.merge', way: 'apply', for: '1 of 1 approvals missing: ada' },
  settled(prepare, 'github.merge', 'found'),
  entry(prepare, { type: 'closed', outcome: 'done' }),
  { type: 'verdict', run: '1.1.0/prepare/111111111111', verdict: { is: 'done' } },
  { type: 'run', run: '1.1.0/publish/222222222222', plan: publish, resumed: true },
  entry(publish, { type: 'gate', gate: 'publish', plan: publish.digest, verdict: 'approved', by: 'ada' }),
  begun(publish, wheel),
  entry(publish, { type: 'failed', step: wheel, way: 'apply', attempt: 1, certain: false, problem: doubt }),
  settled(publish, wheel, 'did'),
  begun(publish, sdist),
  ...[1_000_000, 4_000_000, 6_500_000, 12_345_678].map((done): RunEvent => ({ type: 'progress', step: sdist, done, total: 12_345_678 })),
  settled(publish, sdist, 'did'),
  { type: 'verdict', run: '1.1.0/publish/222222222222', verdict: { is: 'done' } },
]

/** The release taken back, with two files that one page yanks. */
export const rollbackRun: readonly RunEvent[] = [
  { type: 'run', run: '1.1.0/rollback/333333333333', plan: back, resumed: false },
  begun(back, sdist, 'undo'),
  yank(sdist),
  { type: 'waiting', step: sdist, way: 'undo', for: YANKED },
  yank(wheel),
  yank(sdist),
  settled(back, sdist, 'did', 'undo'),
  settled(back, wheel, 'found', 'undo'),
  begun(back, 'git.tag', 'undo'),
  settled(back, 'git.tag', 'did', 'undo'),
  { type: 'verdict', run: '1.1.0/rollback/333333333333', verdict: rolledBack },
]

/** A check that fails, and a run that turns. */
export const failingRun: readonly RunEvent[] = [
  { type: 'run', run: '1.1.0/prepare/111111111111', plan: prepare, resumed: false },
  begun(prepare, 'git.branch'),
  settled(prepare, 'git.branch', 'did'),
  begun(prepare, 'checks.run:tests'),
  { type: 'output', step: 'checks.run:tests', line: 'FAIL: test_bell' },
  entry(prepare, { type: 'failed', step: 'checks.run:tests', way: 'apply', attempt: 1, certain: true, problem: refusal }),
  entry(prepare, { type: 'turned', why: `Check: tests: ${refusal.message}` }),
  begun(prepare, 'git.branch', 'undo'),
  settled(prepare, 'git.branch', 'did', 'undo'),
  entry(prepare, { type: 'stuck', step: 'github.pull', way: 'undo', why: 'the pull request was edited by somebody else' }),
  { type: 'verdict', run: '1.1.0/prepare/111111111111', verdict: { is: 'failed', over: false, problems: [refusal, { code: 'artifact-missing', message: 'The artifact tiny-1.1.0.tar.gz is gone from the store.', hint: 'Build it again: `slipway release 1.1.0`.' }] } },
]

const statusOf = (plan: Plan, journal: readonly ('not begun' | 'begun' | 'done' | 'found' | 'undone')[], worlds: Status['runs'][number]['steps'][number]['world'][]): Status['runs'][number]['steps'] =>
  plan.steps.map(({ id, title }, index) => ({ step: id, title, journal: journal[index] ?? 'not begun', world: worlds[index] ?? { state: 'absent' } }))
const there = { state: 'present', output: {} } as const

export const waitingStatus: Status = {
  version: '1.1.0',
  lease: {
    format: 'slipway.lease/1', name: 'tiny', version: '1.1.0', base: 'a'.repeat(40), date: '2026-03-01T12:00:00Z', author: 'Ada <ada@example.com>', because: [],
    holder: { id: 'one', host: 'anvil', since: '2026-03-01T12:00:00Z', until: '2026-03-01T12:15:00Z' },
  },
  runs: [
    { record: { run: '1.1.0/prepare/111111111111', plan: prepare, openedAt: '2026-03-01T12:00:00.000Z', closed: 'done' }, way: 'apply', steps: statusOf(prepare, ['done', 'found', 'done', 'done', 'done'], [there, there, { state: 'absent' }, { state: 'withdrawn' }, there]), last: { type: 'closed', outcome: 'done', seq: 9, at: '2026-03-01T12:03:00.000Z' } },
    { record: { run: '1.1.0/publish/222222222222', plan: publish, openedAt: '2026-03-01T12:04:00.000Z', closed: undefined }, way: 'apply', steps: statusOf(publish, ['done'], [there, { state: 'conflict', found: 'another file of this name' }, { state: 'unknown', why: 'pypi.org did not answer', blind: false }, { state: 'absent', missing: 'the release is not on the index' }]), last: { type: 'settled', step: 'git.tag', way: 'apply', how: 'did', seq: 3, at: '2026-03-01T12:04:10.000Z' } },
  ],
}

export const summary: RehearsalSummary = {
  version: '1.1.0',
  preset: 'flaky',
  release: { is: 'done' },
  rollback: rolledBack,
  verified: [
    { after: 'release', what: 'git ls-remote finds the tag v1.1.0', saw: 'it is there', ok: true },
    { after: 'rollback', what: 'pip install tiny', saw: 'tiny-1.1.0', ok: false },
  ],
  faults: [{ rule: 'POST upload.pypi.org/legacy/ is answered 503, once', fired: 1 }],
  calls: { 'api.github.com': 52, 'pypi.org': 13 },
  unproved: ['that the real tokens have the rights they need, which `slipway check` cannot see'],
}

export const initial: InitMessage['initial'] = {
  config: '# What titles and messages call the project.\nname: tiny\n',
  files: [{ path: 'slipway.yaml', text: 'name: tiny\n' }],
  guesses: [
    { setting: 'name', value: 'tiny', because: 'it is the Python package\'s name' },
    { setting: 'version.places', value: { path: 'README.md', search: 'tiny=={version}' }, because: 'it names `tiny==1.0.0`', place: { file: 'README.md', line: 5 } },
    { setting: 'git.branch', value: 'main', because: 'it is the main branch of origin', isDefault: true },
    { setting: 'checks', value: { name: 'tests', run: 'make test' }, because: 'Makefile has the target test', place: { file: 'Makefile', line: 3 } },
  ],
  findings: [{ code: 'changelog-no-unreleased', message: 'CHANGELOG.md has no Unreleased section.', hint: 'Add the line `## [Unreleased]` above its newest version.', place: { file: 'CHANGELOG.md', line: 3 } }],
  remarks: ['.github/workflows/publish.yml publishes today (twine upload): switch that off before Slipway\'s first release, or both will publish.'],
  imported: [
    { tool: 'bumpversion', file: '.bumpversion.cfg', line: 5, setting: 'tag_name', outcome: 'became', what: ['git.tag: v{version}'], gives: [{ setting: 'git.tag', value: 'v{version}' }] },
    { tool: 'bumpversion', file: '.bumpversion.cfg', line: 6, setting: 'commit', outcome: 'anyway', what: [], gives: [], why: 'Slipway commits every release, on a branch of its own.' },
    { tool: 'bumpversion', file: '.bumpversion.cfg', line: 12, setting: 'sign_tags', outcome: 'left', what: [], gives: [], why: 'Slipway\'s tags are annotated and not signed.' },
  ],
}

export const supportView: SupportView = {
  name: 'tiny',
  day: '2026-03-01',
  lines: [
    { line: { line: '3.x', active: 'tba' }, standing: 'active' },
    { line: { line: '1.x', active: '2026-10-10', security: '2027-10-10' }, standing: 'active', first: { version: '1.0.0', day: '2025-10-10' }, latest: { version: '1.0.0', day: '2025-10-10' } },
    { line: { line: '0.2.x', security: '2026-06-30' }, standing: 'security', first: { version: '0.2.0', day: '2025-01-31' }, latest: { version: '0.2.4', day: '2025-09-01' } },
    { line: { line: '0.1.x', security: '2025-12-31' }, standing: 'ended', first: { version: '0.1.0', day: '2024-06-01' }, latest: { version: '0.1.0', day: '2024-06-01' } },
  ],
  table: '',
  documents: [
    { path: 'SECURITY.md', wanted: '', problem: { code: 'support-stale', message: 'The table of supported versions in SECURITY.md is not what slipway.yaml says, as of 2026-03-01.', hint: 'Write it with `slipway support --write` and commit it.' } },
    { path: 'README.md', wanted: '', problem: undefined },
  ],
  remarks: ['No tag (v{version}) is of the line 3.x: nothing has been released of it, or it is misspelt.'],
}

export const scheduleView: ScheduleView = {
  name: 'tiny',
  day: '2026-03-01',
  last: { version: '1.0.2', day: '2026-02-10' },
  next: { version: '1.1.0', level: 'minor' },
  levels: [
    { level: 'patch', cadence: 'as-needed', next: '1.0.3', last: { version: '1.0.2', day: '2026-02-10' }, due: undefined, free: undefined, overdue: undefined, waits: ['1a2b3c5 "fix: the bell rings twice" fixes a fault.'] },
    { level: 'minor', cadence: 'monthly', next: '1.1.0', last: { version: '1.0.0', day: '2026-01-20' }, due: '2026-02-20', free: '2026-03-05', overdue: 9, waits: ['1a2b3c4 "feat: a bell" adds a feature.'] },
    { level: 'major', cadence: 'quarterly', next: '2.0.0', last: { version: '1.0.0', day: '2026-01-20' }, due: '2026-04-20', free: '2026-04-20', overdue: -50, waits: [] },
  ],
  blockers: [
    { is: 'blocks', text: 'Today lies in the freeze from 2026-02-20 until 2026-03-04 (the conference); the first day outside of every freeze is 2026-03-05.' },
    { is: 'clear', text: 'The milestone 1.1.0 has no open issue.' },
    { is: 'unknown', text: 'Nobody can tell of open issues with the label priority:critical: GITHUB_TOKEN has no value.' },
  ],
}

const at = '2026-03-02T09:30:00Z'

export const monitoring: Monitoring = {
  version: '1.1.0',
  since: '2026-03-01T12:00:00Z',
  verdict: 'act',
  watched: [
    { source: 'slipway verify', title: 'Install tiny 1.1.0 from pypi.org', at, reading: { standing: 'fine', seen: 'byte for byte: tiny-1.1.0-py3-none-any.whl' } },
    { source: 'pypistats.org', title: 'downloads of tiny', at, reading: { standing: 'watch', seen: '40 on the last day that is counted, 200 a day in the last week' } },
    { source: 'ghcr.io', title: 'pulls of ghcr.io/example/tiny', at, reading: { standing: 'untold', why: 'ghcr.io has no interface that tells how often an image is pulled' } },
    { source: 'api.github.com', title: 'Dependabot alerts of example/tiny', at, reading: { standing: 'act', seen: '1 open; the worst is high: idna: a loop without an end', links: ['https://github.com/example/tiny/security/dependabot/1'] } },
    { source: 'api.osv.dev', title: 'advisories about what 1.1.0 ships', at, reading: { standing: 'unknown', why: 'there was no answer (connect ECONNREFUSED)' } },
  ],
}
