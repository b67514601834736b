// Releases that are not the next number of a line: a prerelease, the final version after it, and the first release of all.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { join } from 'node:path'
import { pipInstalls } from '../support/rig-clients.ts'
import { openRig, replaceIn, withoutPackage, type Rig } from '../support/rig.ts'

function versionsAt({ world }: Rig): readonly string[] {
  return [...world.pypi.projects.values()].flatMap(({ releases }) => [...releases.values()].map(({ version }) => version))
}

describe('versions', { concurrency: 2 }, () => {
  test('a release candidate is a prerelease everywhere, and pip leaves it alone', async () => {
    await using rig = await openRig()
    const { code, stdout, stderr } = await rig.run(['release', 'minor', '--pre', 'rc', '--yes'])
    assert.equal(code, 0, stdout + stderr)
    assert.deepEqual(versionsAt(rig), ['2.1.0rc1'])
    const [release] = rig.world.github.releases
    assert.deepEqual([release?.tag, release?.prerelease, release?.draft, rig.world.github.latest], ['v2.1.0-rc.1', true, false, undefined])
    assert.deepEqual(release?.assets.map(({ name }) => name).toSorted(), ['oneflow_ai-2.1.0rc1-py3-none-any.whl', 'oneflow_ai-2.1.0rc1.tar.gz'])
    assert.match(rig.git(['show', 'v2.1.0-rc.1:setup.py'], rig.world.bare), /VERSION = "2\.1\.0-rc\.1"|VERSION = "2\.1\.0rc1"/)
  })

  test('candidates count up, and the final version follows', async () => {
    await using rig = await openRig({ prepare: (project, { git }) => { withoutPackage(project, git) } })
    for (const [args, tag] of [[['minor', '--pre', 'beta'], 'v2.1.0-beta.1'], [['prerelease'], 'v2.1.0-beta.2'], [['prerelease', '--pre', 'rc'], 'v2.1.0-rc.1'], [['2.1.0'], 'v2.1.0']] as const) {
      const { code, stdout, stderr } = await rig.run(['release', ...args, '--yes'])
      assert.equal(code, 0, `${args.join(' ')}: ${stdout.slice(-1500)}${stderr}`)
      assert.match(rig.git(['tag', '--list'], rig.world.bare), new RegExp(`^${tag.replaceAll('.', '\\.')}$`, 'm'))
      rig.git(['pull', '--quiet', '--ff-only', '--tags', 'origin', 'main'])
      rig.git(['commit', '--quiet', '--allow-empty', '--message', 'fix: one more thing'])
      rig.git(['push', '--quiet', 'origin', 'main'])
    }
    assert.deepEqual(rig.world.github.releases.map(({ tag, prerelease }) => `${tag} ${prerelease}`), ['v2.1.0-beta.1 true', 'v2.1.0-beta.2 true', 'v2.1.0-rc.1 true', 'v2.1.0 false'])
    assert.equal(rig.world.github.releases.find(({ id }) => id === rig.world.github.latest)?.tag, 'v2.1.0')
  })

  test('a project that never had a tag releases what its files carry', async () => {
    await using rig = await openRig({ prepare: (project, { git }) => {
      git(['tag', '--delete', 'v2.0.0'])
      replaceIn(join(project, 'CHANGELOG.md'), /## \[2\.0\.0\][\s\S]*$/, '')
      git(['commit', '--quiet', '--all', '--message', 'docs: begin the changelog'])
    } })
    const { code, stdout, stderr } = await rig.run(['release', 'auto', '--yes'])
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /^oneflow-ai 2\.0\.0/m)
    assert.equal(await pipInstalls(rig, 'oneflow-ai'), '2.0.0')
    assert.equal(rig.git(['tag', '--list'], rig.world.bare), 'v2.0.0')
    assert.match(rig.git(['show', 'v2.0.0:CHANGELOG.md'], rig.world.bare), /^## \[2\.0\.0\] - /m)
  })
})
