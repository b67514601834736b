// The one comment on the pull request of a release, with the real program: from opening to shipping and back, and where nobody may comment.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openRig, RIG_TOKEN, type Rig } from '../support/rig.ts'

const MARKER = '<!-- slipway:comment%20oneflow-ai@2.1.0 -->'

/** What the only comment says. */
function comment({ world: { github } }: Rig): string {
  assert.equal(github.comments.length, 1, 'there is exactly one comment')
  const [only] = github.comments
  assert.equal(only?.number, 1)
  assert.ok(only?.body.endsWith(MARKER))
  return only?.body ?? ''
}

const heading = (rig: Rig): string => comment(rig).split('\n')[0] ?? ''

describe('a release with a comment', () => {
  let rig: Rig
  const asked: string[] = []
  before(async () => {
    rig = await openRig()
    rig.onCall = ({ method, url }, moment) => { if (moment === 'before' && /\/comments/.test(url)) asked.push(method) }
  })
  after(() => rig[Symbol.asyncDispose]())

  test('waits at the gate, and the comment says so, with the digest that is to be approved', async () => {
    assert.equal((await rig.run(['plan', 'minor', '--out', '../plan.json'])).code, 0)
    assert.equal((await rig.run(['release', '--plan', '../plan.json'])).code, 4)
    assert.match(heading(rig), /^## oneflow-ai 2\.0\.0 → 2\.1\.0: waiting for an approval of its plan$/)
    assert.match(comment(rig), /`slipway approve 2\.1\.0 --digest [0-9a-f]{12}`/)
    assert.match(comment(rig), /\| oneflow\\_ai-2\.1\.0\.tar\.gz \| [^|]+ \| `sha256:[0-9a-f]{64}` \|/)
    assert.match(comment(rig), /\| check "[^|]+ \| ✅ passed \| \d+ s \|/)
    assert.match(comment(rig), /### Why this version\n\n- /)
  })

  test('ships, and the comment says so with what was fetched', async () => {
    const { code, stdout, stderr } = await rig.run(['release', '2.1.0', '--yes'])
    assert.equal(code, 0, stdout + stderr)
    assert.match(heading(rig), /: released$/)
    assert.doesNotMatch(comment(rig), /under way|⏳|\| · \|/)
    assert.match(comment(rig), /`slipway rollback 2\.1\.0`/)
    assert.ok(!comment(rig).includes(RIG_TOKEN))
    assert.ok(asked.length <= 16, `${asked.length} requests: ${asked.join(' ')}`)
    assert.equal(asked.filter((method) => method === 'POST').length, 1)
    assert.equal(asked.filter((method) => method === 'GET').length, 2, 'one look in each process')
  })

  test('is taken back, and the comment says so', async () => {
    assert.equal((await rig.run(['rollback', '2.1.0', '--yes'])).code, 4)
    assert.match(heading(rig), /: being taken back, waiting$/)
    assert.equal(await rig.world.followPage('https://pypi.org/manage/project/oneflow-ai/release/2.1.0/'), true)
    assert.equal((await rig.run(['rollback', '2.1.0', '--yes'])).code, 6)
    assert.match(heading(rig), /: rolled back$/)
  })
})

describe('where comments are refused', () => {
  test('the release ships all the same, and one line says what is missing', async () => {
    await using rig = await openRig()
    const { tokens } = rig.world.github
    const grant = tokens[RIG_TOKEN]
    assert.ok(grant !== undefined)
    const giveRight = (level: 'read' | 'write'): void => { Object.assign(tokens, { [RIG_TOKEN]: { ...grant, rights: { ...grant.rights, pull_requests: level } } }) }
    rig.onCall = ({ method, url }, moment) => { if (method !== 'GET' && /\/comments/.test(url)) giveRight(moment === 'before' ? 'read' : 'write') }
    const { code, stdout, stderr } = await rig.run(['release', 'minor', '--yes'])
    assert.equal(code, 0, stdout + stderr)
    assert.deepEqual(rig.world.github.comments, [])
    const lines = stdout.split('\n').filter((line) => line.includes('comment'))
    assert.equal(lines.length, 1, stdout)
    assert.match(lines[0] ?? '', /The comment on pull request 1 of oneflow-ai\/oneflow is not up to date; the release goes on all the same\. The token in GITHUB_TOKEN may not comment on pull request 1 in oneflow-ai\/oneflow\. Give it the right «Pull requests: write»/)
  })

  test('an answer that is lost after the comment was made makes no second one', async () => {
    await using rig = await openRig()
    let cut = 0
    rig.onCall = ({ method, url }, moment) => {
      if (method !== 'POST' || !/\/comments/.test(url) || moment !== 'after' || cut > 0) return undefined
      cut += 1
      return 'cut'
    }
    const { code, stdout, stderr } = await rig.run(['release', 'minor', '--yes'])
    assert.equal(code, 0, stdout + stderr)
    assert.equal(cut, 1)
    assert.match(heading(rig), /: released$/)
    assert.doesNotMatch(stdout, /not up to date/)
  })
})
