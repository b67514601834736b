// The whole story of a release with the real program, from the first look to the last rollback, and no secret in anything that it leaves.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { expectDocumented, jsonLines, lineOf, type JsonLine } from '../support/rig-json.ts'
import { cloned, pipInstalls } from '../support/rig-clients.ts'
import { bytesBelow, leaksIn } from '../support/rig-leaks.ts'
import { photograph } from '../support/rig-photo.ts'
import { openRig, type Ended, type Rig } from '../support/rig.ts'

const GITHUB = 'ghs_story/Ab+31337=GITHUB=='
const PYPI = 'pypi-story/Cd+31337=PYPI=='

describe('a release', () => {
  let rig: Rig
  const printed = new Map<string, Buffer>()
  const seen = new Set<string>()

  before(async () => {
    rig = await openRig({ token: GITHUB })
    ;(rig.world.pypi.tokens as unknown[]).splice(0, Infinity, { token: PYPI, user: 'owner' })
  })
  after(() => rig[Symbol.asyncDispose]())

  async function slipway(...args: readonly string[]): Promise<Ended> {
    const ended = await rig.run(args, { env: { PYPI_TOKEN: PYPI } })
    printed.set(`the output of slipway ${args.join(' ')} (${printed.size})`, Buffer.from(ended.stdout + ended.stderr))
    return ended
  }

  /** With --json: the lines are as documented. */
  async function lines(exit: number, ...args: readonly string[]): Promise<readonly JsonLine[]> {
    const { code, stdout, stderr } = await slipway(...args, '--json')
    assert.equal(code, exit, `${stdout.slice(-2000)}${stderr}`)
    assert.equal(stderr, '')
    const parsed = jsonLines(stdout)
    expectDocumented(parsed, exit)
    for (const { type } of parsed) seen.add(type)
    return parsed
  }

  let digest = ''

  test('can begin, says check', async () => {
    const { lines: requirements } = lineOf(await lines(0, 'check', 'minor'), 'check')
    assert.ok(requirements.length >= 5)
    assert.ok(requirements.every(({ ok }: { ok: boolean }) => ok))
  })

  test('is planned, into a file, without touching anything', async () => {
    const untouched = await photograph(rig.world)
    const proposal = lineOf(await lines(0, 'plan', 'minor', '--out', '../plan.json'), 'proposal')
    assert.deepEqual([proposal['from'], proposal['to'], proposal['tag'], proposal['prerelease']], ['2.0.0', '2.1.0', 'v2.1.0', false])
    assert.deepEqual(proposal['edits'].toSorted(), ['CHANGELOG.md', 'Dockerfile', 'README.md', 'setup.py', 'src/__init__.py'])
    assert.equal(JSON.parse(readFileSync(join(rig.folder, 'plan.json'), 'utf8')).digest, proposal['prepare'].digest)
    assert.deepEqual(await photograph(rig.world), untouched)
  })

  test('goes as far as its gate', async () => {
    const told = await lines(4, 'release', '--plan', '../plan.json')
    const gate = lineOf(told, 'plan')
    digest = gate['digest']
    assert.deepEqual(gate['artifacts'].map(({ name }: { name: string }) => name), ['oneflow_ai-2.1.0-py3-none-any.whl', 'oneflow_ai-2.1.0.tar.gz'])
    assert.deepEqual([rig.world.pypi.usedNames.size, rig.world.github.releases.map(({ draft }) => draft)], [0, [true]])
    assert.match(told.at(-1)?.['next'], /slipway approve 2\.1\.0 --digest/)
  })

  test('says where it stands while it waits', async () => {
    const { code, stdout } = await slipway('status')
    assert.equal(code, 0)
    assert.ok(stdout.includes(digest))
    assert.match(stdout, /Approve the plan: `slipway approve 2\.1\.0 --digest [0-9a-f]{12}`/)
  })

  test('is approved by the digest of what will be uploaded', async () => {
    const approved = lineOf(await lines(0, 'approve', '2.1.0', '--digest', digest, '--by', 'sam'), 'approved')
    assert.deepEqual([approved['verdict'], approved['by']], ['approved', 'sam'])
  })

  test('goes on to its end, without a word from anybody', async () => {
    const told = await lines(0, 'release', '2.1.0')
    assert.ok(told.some(({ type, entry }) => type === 'entry' && entry.type === 'settled' && entry.step === 'pypi.verify'), 'it ends with what a user would fetch')
  })

  test('is there for pip', async () => {
    assert.equal(await pipInstalls(rig, 'oneflow-ai'), '2.1.0')
  })

  test('is there for git: an annotated tag on the merged commit', async () => {
    const clone = await cloned(rig)
    assert.equal(rig.git(['cat-file', '-t', 'v2.1.0'], clone), 'tag')
    assert.equal(rig.git(['rev-parse', 'v2.1.0^{commit}'], clone), rig.git(['rev-parse', 'origin/main'], clone))
    assert.match(rig.git(['cat-file', 'tag', 'v2.1.0'], clone), /^tagger Ada Maintainer <ada@example\.org> [\s\S]*\n\nRelease oneflow-ai 2\.1\.0$/m)
    assert.match(rig.git(['show', 'v2.1.0:CHANGELOG.md'], clone), /^## \[2\.1\.0\] - \d{4}-\d\d-\d\d$/m)
  })

  test('is there on GitHub: the latest release, with the very bytes of the index', () => {
    const { github, pypi } = rig.world
    const [release, ...more] = github.releases
    assert.ok(release !== undefined && more.length === 0)
    assert.deepEqual([release.tag, release.draft, release.prerelease, github.latest], ['v2.1.0', false, false, release.id])
    assert.match(release.body ?? '', /### Added[\s\S]*OneFlowAI\.pipeline/)
    const files = [...pypi.projects.values()].flatMap(({ releases }) => [...releases.values()].flatMap((each) => each.files))
    const digests = (list: readonly { readonly name: string; readonly bytes: Uint8Array }[]) => list.map(({ name, bytes }) => `${name} ${createHash('sha256').update(bytes).digest('hex')}`).toSorted()
    assert.equal(files.length, 2)
    assert.deepEqual(digests(release.assets), digests(files.map(({ filename, bytes }) => ({ name: filename, bytes }))))
  })

  test('is not made twice', async () => {
    const made = await photograph(rig.world)
    const { code, stderr } = await slipway('release', '2.1.0', '--yes')
    assert.equal(code, 3)
    assert.match(stderr, /2\.1\.0 is released already/)
    assert.deepEqual(await photograph(rig.world), made)
  })

  test('is found released by status', async () => {
    const status = lineOf(await lines(0, 'status', '2.1.0'), 'status')
    assert.deepEqual(status['runs'].map(({ stage, closed }: JsonLine) => `${stage} ${closed}`), ['prepare done', 'publish done'])
    const states = new Set(status['runs'].flatMap(({ steps }: JsonLine) => steps.map(({ world }: JsonLine) => world.state)))
    assert.deepEqual([...states], ['present'])
  })

  test('is watched: healthy while all is quiet, and a report, a fall and an alert are each told with what to do', async () => {
    const { downloads, github } = rig.world
    downloads.set('oneflow-ai', { last_day: 900, last_week: 7000, last_month: 28_000 })
    const untouched = await photograph(rig.world)
    const quiet = await slipway('monitor')
    assert.equal(quiet.code, 0, quiet.stdout)
    assert.match(quiet.stdout, /✓ downloads of oneflow-ai: 900 on the last day[^]*· code scanning alerts of oneflow-ai\/oneflow: [^]*2\.1\.0 is healthy\./)
    assert.deepEqual(await photograph(rig.world), untouched)
    const now = new Date(Date.now() + 60_000)
    github.issues.push({ id: 900, number: 900, author: 'ulla', title: 'Crash in 2.1.0', body: null, labels: [], createdAt: now, updatedAt: now, state: 'open' })
    downloads.clear()
    const reported = lineOf(await lines(4, 'monitor', '2.1.0'), 'monitor')
    assert.deepEqual([reported['verdict'], ...reported['signals'].filter(({ standing }: JsonLine) => standing === 'watch').map(({ title }: JsonLine) => title)], ['watch', 'issues about 2.1.0 in oneflow-ai/oneflow'])
    github.alerts.push({ number: 901, by: 'dependabot', severity: 'critical', title: 'Anybody may come in', package: 'idna', at: now, state: 'open' })
    const alarmed = await slipway('monitor', '2.1.0')
    assert.equal(alarmed.code, 1)
    assert.match(alarmed.stdout, /✗ Dependabot alerts of oneflow-ai\/oneflow: 1 open; the worst is critical: idna: Anybody may come in[^]*2\.1\.0 asks for action\.\n→ .*`slipway release patch`.*`slipway rollback 2\.1\.0`/)
    github.alerts.splice(0)
    github.issues.splice(0)
  })

  let page = ''

  test('is taken back up to what only a person can do', async () => {
    const told = await lines(4, 'rollback', '2.1.0', '--yes')
    const guide = told.find(({ type }) => type === 'by-hand')
    page = guide?.['page']
    assert.equal(page, 'https://pypi.org/manage/project/oneflow-ai/release/2.1.0/')
    assert.equal(await pipInstalls(rig, 'oneflow-ai'), '2.1.0', 'nothing is yanked yet')
  })

  test('is rolled back when the person has done it, and that was seen', async () => {
    assert.equal(await rig.world.followPage(page), true)
    await lines(6, 'rollback', '2.1.0', '--yes')
    assert.equal(await pipInstalls(rig, 'oneflow-ai'), undefined)
    assert.equal(rig.git(['tag', '--list', 'v2.1.0'], await cloned(rig)), '')
    assert.deepEqual(rig.world.github.releases.filter(({ draft }) => !draft), [])
  })

  test('is found rolled back by status, and again when asked again', async () => {
    const { stdout } = await slipway('status', '2.1.0')
    assert.match(stdout, /^Roll back, rolled back/m)
    assert.doesNotMatch(stdout, /the journal says otherwise/)
    assert.equal((await slipway('rollback', '2.1.0', '--yes')).code, 6)
  })

  test('is rehearsed with a report', async () => {
    rig.git(['pull', '--quiet', '--ff-only', 'origin', 'main'])
    assert.equal((await slipway('rehearse', 'patch', '--report', '../report.html')).code, 0)
  })

  test('leaves no secret in output, journal, artifacts, plans, report, remote or bodies', () => {
    const { github } = rig.world
    const bodies = Buffer.from(JSON.stringify([github.pulls, github.comments, github.releases.map(({ body }) => body)]))
    const objects = execFileSync('git', ['cat-file', '--batch', '--batch-all-objects'], { cwd: rig.world.bare, maxBuffer: 2 ** 26 })
    const places = new Map([...printed, ['the objects of the remote', objects], ...bytesBelow(join(rig.project, '.git')), ...bytesBelow(rig.world.bare), ['the words on GitHub', bodies]])
    for (const file of ['plan.json', 'report.html']) places.set(file, readFileSync(join(rig.folder, file)))
    assert.ok([...places.keys()].some((place) => place.endsWith('journal.db')))
    assert.deepEqual(leaksIn(places, [GITHUB, PYPI]), [])
    for (const form of [GITHUB, encodeURIComponent(PYPI), Buffer.from(`__token__:${PYPI}`).toString('base64'), Buffer.from(`x${GITHUB}!`).toString('base64')]) {
      assert.notDeepEqual(leaksIn(new Map([['a planted one', Buffer.from(`--${form}--`)]]), [GITHUB, PYPI]), [], `${form} would not be found`)
    }
  })

  test('tells its story in every type of line that such a story has', () => {
    for (const type of ['slipway', 'check', 'proposal', 'plan', 'run', 'entry', 'waiting', 'output', 'by-hand', 'verdict', 'approved', 'status', 'note', 'end']) assert.ok(seen.has(type), `no line was of type ${type}`)
  })
})
