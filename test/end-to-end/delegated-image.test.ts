// A release whose image a workflow of the project publishes: believed as the registry shows it, verified, found out when it is changed, and rolled back.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { changeByte, plantTag } from '../../src/rehearsal/registry/arrange.ts'
import type { RegistryState } from '../../src/rehearsal/registry/state.ts'
import type { JobImage } from '../../src/rehearsal/runner/images.ts'
import { playJob } from '../../src/rehearsal/runner/job.ts'
import { withImage } from '../support/case-image.ts'
import { openRig, replaceIn, RIG_TOKEN, type Ended, type Rig } from '../support/rig.ts'

const STARTS = {
  tag: "push:\n    tags: ['v*']",
  dispatch: 'workflow_dispatch:\n    inputs:\n      version:\n        required: true',
}
const ELSEWHERE = 'registry.example.org'

/** The small project with its image left to a workflow. */
async function openDelegated(on: keyof typeof STARTS, host = 'ghcr.io'): Promise<Rig> {
  return openRig({
    prepare(project, { git }) {
      withImage(project, git)
      mkdirSync(join(project, '.github/workflows'), { recursive: true })
      writeFileSync(join(project, '.github/workflows/docker-publish.yml'), `name: Docker\non:\n  ${STARTS[on]}\njobs: {}\n`)
      const inputs = on === 'dispatch' ? ', inputs: {version: "{version}"}' : ''
      replaceIn(join(project, 'slipway.yaml'), /^ {2}repository: ghcr\.io\/(\S+)\n/m, `  repository: ${host}/oneflow-ai/oneflow-ai\n  via: {workflow: docker-publish.yml, on: ${on}, repository: oneflow-ai/oneflow${inputs}}\n`)
      git(['add', '--all'], project)
      git(['commit', '--quiet', '--message', 'ci: publish the image by a workflow'], project)
    },
  })
}

/** Lets a job publish this in place of what the config says. */
function publishing({ world }: Rig, image: Partial<JobImage>): void {
  const job: JobImage = { host: 'ghcr.io', name: NAME, platforms: ['linux/amd64'], tagsFor: (tag) => ({ version: tag.slice(1), tags: [tag.slice(1)] }), ...image }
  const workflows = [{ file: 'docker-publish.yml', packages: false, images: [job] }]
  world.github.actions.runner = (run) => playJob({ github: world.github, workflows, token: RIG_TOKEN, address: (url) => world.served.address(url) }, run)
}

const NAME = 'oneflow-ai/oneflow-ai'

function registryOf({ world }: Rig, host = 'ghcr.io'): RegistryState {
  return world.registries.find((registry) => registry.host === host)!
}

function tagsOf(registry: RegistryState): Map<string, string> {
  return registry.repositories.get(NAME)?.tags ?? new Map()
}

function slipway(rig: Rig, ...args: readonly string[]): Promise<Ended> {
  return rig.run(args, { env: { REGISTRY_TOKEN: RIG_TOKEN, SLIPWAY_TRUSTED_HOSTS: ELSEWHERE } })
}

function ended(run: Ended, code: number): string {
  assert.equal(run.code, code, run.stdout + run.stderr)
  return run.stdout
}

suite('an image that a workflow publishes', () => {
  test('is started by the tag, moved, verified, found out, and taken back with every tag that the workflow moved', async () => {
    await using rig = await openDelegated('tag')
    const registry = registryOf(rig)
    const former = tagsOf(registry).get('latest')
    const told = ended(await slipway(rig, 'release', 'minor', '--yes'), 0)
    assert.match(told, /point of no return ────\n.*Tag the release v2\.1\.0\n\s+sets off: See that ghcr\.io\/oneflow-ai\/oneflow-ai:2\.1\.0 has arrived/)
    assert.match(told, /has arrived: it was built by docker-publish\.yml and not here, so nothing here has scanned it, listed what is in it or signed it; the workflow itself has put an attestation beside it/)
    const digest = tagsOf(registry).get('2.1.0')
    assert.ok(digest !== undefined && digest !== former)
    assert.deepEqual([tagsOf(registry).get('latest'), rig.world.github.runs.map(({ event, conclusion }) => [event, conclusion])], [digest, [['push', 'success']]])
    const pushed = rig.world.served.calls.filter(({ method, url }) => method === 'PUT' && url.endsWith('/manifests/latest'))
    assert.equal(pushed.length, 1, 'the workflow moved it, and nobody a second time')

    ended(await slipway(rig, 'verify'), 0)
    const layers = [...registry.repositories.get(NAME)!.blobs].filter(([, bytes]) => bytes[0] === 0x1f).map(([layer]) => layer)
    changeByte(registry, NAME, layers.at(-1)!)
    assert.match(ended(await slipway(rig, 'verify'), 1), new RegExp(layers.at(-1)!))
    registry.lies.bytes.clear()
    const stranger = plantTag(registry, NAME, { tag: '2.1.0' })
    assert.match(ended(await slipway(rig, 'verify'), 1), new RegExp(`2\\.1\\.0 is not what docker-publish\\.yml published: the tag 2\\.1\\.0 is ${stranger}`))
    tagsOf(registry).set('2.1.0', digest)

    assert.match(ended(await slipway(rig, 'rollback', '2.1.0', '--yes'), 4), /find the version tagged 2\.1\.0\./)
    assert.deepEqual([tagsOf(registry).get('latest'), tagsOf(registry).get('2.1.0')], [former, digest])
    assert.ok(await rig.world.followPage('https://github.com/oneflow-ai?tab=packages&q=oneflow-ai', ['find the version tagged 2.1.0.']))
    ended(await slipway(rig, 'rollback', '2.1.0', '--yes'), 6)
    assert.deepEqual([...tagsOf(registry)], [['2.0.0', former], ['latest', former]])
  })

  test('is started by Slipway, gets from it the tags that the workflow leaves, and is taken back by it where tags can be deleted', async () => {
    await using rig = await openDelegated('dispatch', ELSEWHERE)
    publishing(rig, { host: ELSEWHERE })
    const registry = registryOf(rig, ELSEWHERE)
    const former = tagsOf(registry).get('latest')
    let cut = false
    rig.onCall = ({ method, url }, moment) => {
      if (method !== 'PUT' || !url.endsWith('/manifests/latest') || moment !== 'after' || cut) return undefined
      cut = true
      return 'cut'
    }
    ended(await slipway(rig, 'release', 'minor', '--yes'), 0)
    assert.ok(cut)
    const digest = tagsOf(registry).get('2.1.0')
    assert.deepEqual([tagsOf(registry).get('latest'), rig.world.github.runs.length], [digest, 1])
    ended(await slipway(rig, 'rollback', '2.1.0', '--yes'), 6)
    assert.deepEqual([...tagsOf(registry)], [['2.0.0', former], ['latest', former]])
  })

  test('that is labelled with another commit is nobody\'s, and no tag is moved to it', async () => {
    await using rig = await openDelegated('tag')
    publishing(rig, {})
    const { runner } = rig.world.github.actions
    rig.world.github.actions.runner = (run) => runner!({ ...run, commit: 'c'.repeat(40) })
    const former = tagsOf(registryOf(rig)).get('latest')
    const told = ended(await slipway(rig, 'release', 'minor', '--yes'), 5)
    assert.match(told, /says for linux\/amd64 that its org\.opencontainers\.image\.revision is c{40}, where this release has [0-9a-f]{40}/)
    assert.equal(tagsOf(registryOf(rig)).get('latest'), former)
    assert.match(ended(await slipway(rig, 'rollback', '2.1.0', '--yes'), 5), /its org\.opencontainers\.image\.revision is c{40}/, 'nobody says that all is gone while it is there')
    tagsOf(registryOf(rig)).delete('2.1.0')
    ended(await slipway(rig, 'rollback', '2.1.0', '--yes'), 6)
  })

  test('by a run that fails afterwards is taken back all the same', async () => {
    await using rig = await openDelegated('tag', ELSEWHERE)
    publishing(rig, { host: ELSEWHERE, tagsFor: () => ({ version: '2.1.0', tags: ['2.1.0', 'latest'] }) })
    const { runner } = rig.world.github.actions
    rig.world.github.actions.runner = async (run) => {
      await runner!(run)
      throw new Error('error: the announcement failed')
    }
    const registry = registryOf(rig, ELSEWHERE)
    const former = tagsOf(registry).get('latest')
    ended(await slipway(rig, 'release', 'minor', '--yes'), 1)
    assert.notEqual(tagsOf(registry).get('latest'), former)
    ended(await slipway(rig, 'rollback', '2.1.0', '--yes'), 6)
    assert.deepEqual([...tagsOf(registry)], [['2.0.0', former], ['latest', former]])
  })
})
