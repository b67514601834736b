// Ways into the main branch: every merge method, a main branch that moved meanwhile, and a project that pushes.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { cloned } from '../support/rig-clients.ts'
import { openRig, replaceIn, withoutPackage, type Rig } from '../support/rig.ts'

async function released(rig: Rig, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await rig.run(['release', ...args, '--yes'])
  assert.equal(code, 0, `${stdout}${stderr}`)
  return stdout
}

function mergesBy(method: string): (project: string, rig: Pick<Rig, 'git'>) => void {
  return (project, { git }) => {
    replaceIn(join(project, 'slipway.yaml'), 'merge: squash', `merge: ${method}`)
    withoutPackage(project, git)
  }
}

describe('merges', { concurrency: 2 }, () => {
  test('merge: the tag is on the merge commit, whose second parent is the release commit', async () => {
    await using rig = await openRig({ prepare: mergesBy('merge') })
    await released(rig, 'minor')
    const { bare } = rig.world
    assert.equal(rig.git(['rev-parse', 'v2.1.0^{commit}'], bare), rig.git(['rev-parse', 'main'], bare))
    assert.equal(rig.git(['rev-parse', 'main^2'], bare), rig.git(['rev-parse', 'refs/heads/release/v2.1.0'], bare))
    assert.equal(rig.git(['log', '-1', '--format=%s', 'main^2'], bare), 'chore: bump version to 2.1.0')
  })

  test('rebase: the tag is on a commit of its own with the tree that was checked', async () => {
    await using rig = await openRig({ prepare: mergesBy('rebase') })
    await released(rig, 'minor')
    const { bare } = rig.world
    assert.equal(rig.git(['rev-parse', 'v2.1.0^{commit}'], bare), rig.git(['rev-parse', 'main'], bare))
    assert.equal(rig.git(['rev-parse', 'main^{tree}'], bare), rig.git(['rev-parse', 'refs/heads/release/v2.1.0^{tree}'], bare))
    assert.equal(rig.git(['log', '-1', '--format=%s', 'main'], bare), 'chore: bump version to 2.1.0')
  })

  test('person: the release waits until somebody has merged, in whichever way', async () => {
    await using rig = await openRig({ prepare: mergesBy('person') })
    const waiting = await rig.run(['release', 'minor', '--yes'])
    assert.equal(waiting.code, 4, waiting.stdout + waiting.stderr)
    assert.match(waiting.stdout, /a person has to merge http/)
    await rig.world.github.people.merge(1, 'squash')
    await released(rig, '2.1.0')
    assert.equal(rig.git(['rev-parse', 'v2.1.0^{commit}'], rig.world.bare), rig.git(['rev-parse', 'main'], rig.world.bare))
  })

  test('when main has moved before the merge, what was merged is checked and built again, and those bytes are published', async () => {
    await using rig = await openRig()
    rig.world.github.autoReview = false
    const waiting = await rig.run(['release', 'minor', '--yes'])
    assert.equal(waiting.code, 4, waiting.stdout + waiting.stderr)
    const clone = await cloned(rig)
    writeFileSync(join(clone, 'src', 'late.py'), 'LATE = True\n')
    rig.git(['add', '--all'], clone)
    rig.git(['-c', 'user.name=Sam', '-c', 'user.email=sam@example.org', 'commit', '--quiet', '--message', 'feat: come late'], clone)
    rig.git(['push', '--quiet', rig.world.bare, 'HEAD:main'], clone)
    rig.world.github.people.approve(1)
    const told = await released(rig, '2.1.0')
    assert.equal(told.match(/^Prepare 2\.1\.0 /gm)?.length, 2, 'once until the merge, once for the merged tree')
    assert.match(told.slice(told.lastIndexOf('Prepare 2.1.0')), /✓ Check: tests\n(?:.*\n)*✓ Build oneflow-ai 2\.1\.0\n(?:.*\n)*✓ Install the wheel on Python/)
    const files = [...rig.world.pypi.projects.values()].flatMap(({ releases }) => [...releases.values()].flatMap((each) => each.files))
    const wheel = files.find(({ filename }) => filename.endsWith('.whl'))
    assert.ok(Buffer.from(wheel?.bytes ?? []).includes('src/late.py'), 'the wheel holds what came late')
    const [release] = rig.world.github.releases
    assert.deepEqual(release?.assets.map(({ digest }) => digest).toSorted(), files.map(({ bytes }) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`).toSorted())
    assert.match(rig.git(['ls-tree', '-r', '--name-only', 'v2.1.0'], rig.world.bare), /^src\/late\.py$/m)
  })

  test('an artifact that the store has lost is built again, the same to the last byte', async () => {
    await using rig = await openRig()
    assert.equal((await rig.run(['plan', 'minor', '--out', '../plan.json'])).code, 0)
    assert.equal((await rig.run(['release', '--plan', '../plan.json'])).code, 4)
    rmSync(join(rig.state, 'artifacts'), { recursive: true })
    const told = await released(rig, '2.1.0')
    assert.match(told, /✓ Build oneflow-ai 2\.1\.0/)
    assert.equal(rig.world.pypi.usedNames.size, 2)
  })

  test('a project of git alone pushes its release commit to main, and rolls back its tag', async () => {
    await using rig = await openRig({ prepare: (project, { git }) => {
      replaceIn(join(project, 'slipway.yaml'), /^github:\n(?: .*\n)+/m, '')
      replaceIn(join(project, 'slipway.yaml'), 'git:\n', 'git:\n  merge: push\n')
      withoutPackage(project, git)
    } })
    const told = await rig.run(['release', 'minor', '--yes'], { env: { PYPI_TOKEN: null, TESTPYPI_TOKEN: null } })
    assert.equal(told.code, 0, told.stdout + told.stderr)
    const { bare } = rig.world
    assert.equal(rig.git(['rev-parse', 'v2.1.0^{commit}'], bare), rig.git(['rev-parse', 'main'], bare))
    assert.equal(rig.git(['log', '-1', '--format=%an %s', 'main'], bare), 'Ada Maintainer chore: bump version to 2.1.0')
    assert.deepEqual([rig.world.github.pulls, rig.world.github.releases], [[], []])
    const again = await rig.run(['rollback', '2.1.0', '--yes'])
    assert.equal(again.code, 6, again.stdout + again.stderr)
    assert.doesNotMatch(rig.git(['for-each-ref', '--format=%(refname)'], bare), /v2\.1\.0|slipway/)
    assert.match(again.stdout, /What remains:\n.*git\.advance/)
  })

  test('a project of git and GitHub needs no Python and no PyPI token, and rolls back its release', async () => {
    await using rig = await openRig({ prepare: (project, { git }) => { withoutPackage(project, git) } })
    const told = await rig.run(['release', 'minor', '--yes'], { env: { PYPI_TOKEN: null, TESTPYPI_TOKEN: null } })
    assert.equal(told.code, 0, told.stdout + told.stderr)
    assert.deepEqual(rig.world.github.releases.map(({ tag, draft, assets }) => [tag, draft, assets.length]), [['v2.1.0', false, 0]])
    const back = await rig.run(['rollback', '2.1.0', '--yes'])
    assert.equal(back.code, 6, back.stdout + back.stderr)
    assert.deepEqual(rig.world.github.releases, [])
  })

  test('a repository of immutable releases gets its assets before the release is published, and keeps the spent name', async () => {
    await using rig = await openRig({ preset: 'immutable' })
    await released(rig, 'minor')
    const [release] = rig.world.github.releases
    assert.deepEqual([release?.immutable, release?.draft, release?.assets.length], [true, false, 2])
    const back = await rig.run(['rollback', '2.1.0', '--yes'])
    assert.equal(back.code, 4, back.stdout + back.stderr)
    await rig.world.followPage('https://pypi.org/manage/project/oneflow-ai/release/2.1.0/')
    const end = await rig.run(['rollback', '2.1.0', '--yes'])
    assert.equal(end.code, 6, end.stdout + end.stderr)
    assert.deepEqual(rig.world.github.releases, [])
    assert.equal(rig.git(['tag', '--list', 'v2.1.0'], rig.world.bare), '')
  })

  test('a plan file is what runs, and what an approval of its digest is for', async () => {
    await using rig = await openRig({ prepare: (project, { git }) => { withoutPackage(project, git) } })
    assert.equal((await rig.run(['plan', 'minor', '--out', '../plan.json'])).code, 0)
    const plan = JSON.parse(readFileSync(join(rig.folder, 'plan.json'), 'utf8')) as { digest: string; subject: { tree: string } }
    const told = await rig.run(['release', '--plan', '../plan.json'])
    assert.ok(told.code === 0 || told.code === 4, told.stdout + told.stderr)
    assert.ok(told.stdout.includes(`plan ${plan.digest.slice(0, 'sha256:'.length + 12)}`))
    assert.equal(rig.git(['rev-parse', 'main^{tree}'], rig.world.bare), plan.subject.tree, 'what was planned is what was merged')
  })
})
