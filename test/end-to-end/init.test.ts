// From a project that has never heard of Slipway to its first rehearsal: init, check, plan, rehearse, with nothing written by hand.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import { parse } from 'yaml'
import { makeBaseImage } from '../../scripts/base-image.ts'
import { builderStorage, rigEnvironment } from '../support/rig-environment.ts'
import { openRig, replaceIn, type Rig } from '../support/rig.ts'
import { openWheelhouse } from '../support/wheelhouse.ts'

const ROOT = resolve(import.meta.dirname, '../..')

interface Project {
  readonly remote: string
  readonly tag: string
  readonly places: readonly unknown[]
  readonly next: string
}

const PROJECTS: Readonly<Record<string, Project>> = {
  'bumpversion': {
    remote: 'https://github.com/acme/parcel-post.git', tag: 'v1.4.2', next: '1.5.0',
    places: ['setup.py', 'parcel_post/__init__.py', { path: '.bumpversion.cfg', search: 'current_version = {version}' }, { path: 'docs/conf.py', search: 'release = "{version}"' }, { path: 'README.md', search: 'parcel-post=={version}' }],
  },
  'hatchling': {
    remote: 'git@github.com:acme/lantern.git', tag: 'v0.8.0', next: '0.9.0',
    places: ['src/lantern/__about__.py', { path: 'docs/install.md', search: 'lantern-log=={version}' }],
  },
  'semantic-release': {
    remote: 'https://github.com/acme/ferry-board.git', tag: 'v3.2.1', next: '3.3.0',
    places: ['package.json', 'package-lock.json', { path: 'README.md', search: 'ghcr.io/acme/ferry-board:{version}' }],
  },
}

const scratch = mkdtempSync(join(tmpdir(), 'slipway-init-'))
after(() => { rmSync(scratch, { recursive: true, force: true }) })

/** Runs the program before there is a world, in which nothing can be reached anyway. */
function slipway(project: string, home: string, args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [join(ROOT, 'bin/slipway.js'), ...args], { cwd: project, env: rigEnvironment(home), encoding: 'utf8' })
}

function commitAll(project: string, git: Rig['git'], message: string): void {
  git(['add', '--all'], project)
  git(['commit', '--quiet', '--message', message], project)
}

/** A fixture as a repository with its last release, a config that init wrote and committed, and a world that has all of it. */
async function begun(name: string, also: (project: string, git: Rig['git'], home: string) => void = () => {}, told: (words: string) => void = () => {}): Promise<Rig> {
  const { remote, tag } = PROJECTS[name]!
  return await openRig({
    from: join(ROOT, 'test/fixtures/init', name),
    prepare(project, { git, home }) {
      git(['-c', 'init.defaultBranch=main', 'init', '--quiet'], project)
      git(['config', 'user.name', 'Ada Maintainer'], project)
      git(['config', 'user.email', 'ada@example.org'], project)
      commitAll(project, git, 'feat: begin')
      git(['tag', tag], project)
      git(['commit', '--quiet', '--allow-empty', '--message', 'feat: more of it'], project)
      git(['remote', 'add', 'origin', remote], project)
      also(project, git, home)
      const ended = slipway(project, home, ['init', '--yes'])
      assert.equal(ended.status, 0, ended.stdout + ended.stderr)
      told(ended.stdout)
      commitAll(project, git, 'chore: release with Slipway')
    },
  })
}

const base = await makeBaseImage()
const wheels = openWheelhouse(join(scratch, 'wheels'), ['setuptools', 'wheel', 'hatchling'])
after(async () => { await (await wheels)?.[Symbol.asyncDispose]() })

describe('init', { concurrency: 2 }, () => {
  for (const [name, { places, next }] of Object.entries(PROJECTS)) {
    test(`${name}: what init writes is all that check and plan need`, async () => {
      await using rig = await begun(name, (project, git, home) => {
        const printed = slipway(project, home, ['init', '--print'])
        assert.equal(printed.status, 0, printed.stderr)
        assert.deepEqual((parse(printed.stdout) as { version: { places: unknown } }).version.places, places)
        assert.equal(git(['status', '--porcelain'], project), '', '--print changed something')
      })
      const written = readFileSync(join(rig.project, 'slipway.yaml'), 'utf8')
      assert.deepEqual((parse(written) as { version: { places: unknown } }).version.places, places)
      const again = await rig.run(['init', '--yes'])
      assert.equal(again.code, 2)
      assert.match(again.stderr, /never overwritten/)
      assert.equal(readFileSync(join(rig.project, 'slipway.yaml'), 'utf8'), written)
      const checked = await rig.run(['check', 'minor'])
      assert.equal(checked.code, 0, checked.stdout + checked.stderr)
      const planned = await rig.run(['plan', 'minor'])
      assert.equal(planned.code, 0, planned.stdout + planned.stderr)
      assert.match(planned.stdout, new RegExp(`→ ${next.replaceAll('.', '\\.')}`))
      const examined = await rig.run(['doctor'], { env: builderStorage() })
      assert.equal(examined.code, 0, examined.stdout + examined.stderr)
      assert.match(examined.stdout, /push the branch release\//)
      assert.match(planned.stdout, new RegExp(`^Edits in ${new Set(places.map((place) => typeof place === 'string' ? place : (place as { path: string }).path)).size + 1} files`, 'm'), 'the places and the changelog')
    })
  }

  test('the settings of another tool are told line by line, and what only they name is a place', async () => {
    await using bumpversion = await begun('bumpversion', undefined, (words) => {
      assert.match(words, /^Settings of bumpversion$/m)
      assert.match(words, /^ {2}\.bumpversion\.cfg:2 {3}current_version +anyway: Slipway reads the version/m)
      assert.match(words, /^ {2}\.bumpversion\.cfg:12 {2}\[bumpversion:file:docs\/conf\.py\] +→ version\.places: docs\/conf\.py, search /m)
      assert.match(words, /docs\/conf\.py: release = "\{version\}" {2}\.bumpversion\.cfg:12 names it \(docs\/conf\.py:3\)/)
    })
    const plan = await bumpversion.run(['plan', 'minor'])
    assert.match(plan.stdout, /\+release = "1\.5\.0"/)
    await using semantic = await begun('semantic-release', undefined, (words) => {
      assert.match(words, /^ {2}\.releaserc\.json:2 {2}branches main +→ git\.branch: main$/m)
      assert.match(words, /^ {2}\.releaserc\.json:6 {2}@semantic-release\/npm npmPublish +left: Slipway does not publish to npm yet\./m)
      assert.match(words, /semantic-release is no longer needed: take its settings out of \.releaserc\.json/)
    })
    assert.equal((await semantic.run(['check'])).code, 0)
  })

  for (const name of ['bumpversion', 'hatchling']) {
    test(`${name}: the first rehearsal goes through, its build fetching what it needs`, async (context) => {
      const house = await wheels
      if (house === undefined) return void context.skip('setuptools and hatchling cannot be fetched here')
      await using rig = await begun(name)
      const { code, stdout, stderr } = await rig.run(['rehearse', 'minor'], { env: { PIP_INDEX_URL: house.index } })
      assert.equal(code, 0, stdout.slice(-4000) + stderr)
      assert.match(stdout, /rehearsed, and both were found right/)
    })
  }

  test('semantic-release: the first rehearsal goes through with its image, upon a base that can be had here', { skip: base === undefined && 'no base image can be made here: that takes buildah or podman, and busybox-static' }, async () => {
    await using rig = await begun('semantic-release', (project, git) => {
      replaceIn(join(project, 'Dockerfile'), 'docker.io/library/node:22-alpine', base?.name ?? '')
      commitAll(project, git, 'build: another base')
    })
    assert.ok(existsSync(join(rig.project, 'CHANGELOG.md')), 'a changelog was begun')
    const { code, stdout, stderr } = await rig.run(['rehearse', 'minor'], { env: builderStorage() })
    assert.equal(code, 0, stdout.slice(-4000) + stderr)
    assert.match(stdout, /ghcr\.io\/acme\/ferry-board:3\.3\.0/)
    assert.match(stdout, /rehearsed, and both were found right/)
  })

  test('semantic-release: where the base cannot be had, the rehearsal says so in words; without an image it goes through', async () => {
    await using rig = await begun('semantic-release', (project, git) => {
      replaceIn(join(project, 'Dockerfile'), 'docker.io/library/node:22-alpine', 'registry.invalid/node:22')
      commitAll(project, git, 'build: a base of nowhere')
    })
    const whole = await rig.run(['rehearse', 'minor'], { env: builderStorage() })
    assert.equal(whole.code, 1, whole.stdout + whole.stderr)
    assert.match(whole.stdout, /cannot be built for linux\/amd64|Nothing here builds container images/)
    assert.match(whole.stdout, /Nothing outside was touched\.$/m)
    assert.doesNotMatch(whole.stdout + whole.stderr, /^\s+at .*:\d+:\d+\)?$/m)
    replaceIn(join(rig.project, 'slipway.yaml'), /^image:\n(?: .*\n)+/m, '')
    commitAll(rig.project, rig.git, 'chore: no image')
    const { code, stdout, stderr } = await rig.run(['rehearse', 'minor'])
    assert.equal(code, 0, stdout.slice(-4000) + stderr)
  })
})
