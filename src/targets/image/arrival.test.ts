// What counts as the arrival of a release's image, on a rehearsed registry that others push to.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plantManifest, plantTag } from '../../rehearsal/registry/arrange.ts'
import { registryRules } from '../../rehearsal/registry/rules.ts'
import { storeBlob } from '../../rehearsal/registry/state.ts'
import { jobImage, type BuiltBlob, type BuiltImage, type JobBuild } from '../../rehearsal/runner/image-bytes.ts'
import { lookOnly } from '../../world/readonly.ts'
import { imageArrival, imageFixedArrival } from './arrival.ts'
import { rehearsedRegistry, type RegistryRig } from './image.rig.ts'
import { imageVerify } from './verify.ts'

const COMMIT = 'a'.repeat(40)
const ASKED = {
  image: 'ghcr.io/acme/ground', token: { $secret: 'GITHUB_TOKEN' }, tag: '2.1.0', tags: ['2.1.0', 'latest'], platforms: ['linux/amd64', 'linux/arm64'],
  versions: ['2.1.0', 'v2.1.0'], revision: COMMIT, workflow: 'docker-publish.yml',
}
const BUILD: JobBuild = { name: 'acme/ground', version: '2.1.0', revision: COMMIT, platforms: ['linux/amd64', 'linux/arm64/v8'] }

function push({ registry }: RegistryRig, { blobs, manifests }: Pick<BuiltImage, 'blobs' | 'manifests'>, named: BuiltBlob): void {
  for (const { bytes } of blobs) storeBlob(registry, 'acme/ground', bytes)
  for (const manifest of [...manifests, named]) plantManifest(registry, 'acme/ground', manifest)
  plantTag(registry, 'acme/ground', { tag: '2.1.0', digest: named.digest })
}

/** What a look says of a build under the version tag. */
async function look(build: JobBuild, asked: Partial<typeof ASKED> = {}) {
  await using rig = await rehearsedRegistry()
  const built = jobImage(build)
  push(rig, built, built.index)
  return { built, probe: await imageFixedArrival.probe(lookOnly(rig.world), { ...ASKED, ...asked }, 'key') }
}

test('an image that is not there is awaited, and nobody is asked to do it', async () => {
  await using rig = await rehearsedRegistry()
  const probe = await imageFixedArrival.probe(lookOnly(rig.world), ASKED, 'key')
  assert.deepEqual(probe, { state: 'absent', by: 'machine', missing: 'ghcr.io has no ghcr.io/acme/ground:2.1.0, though docker-publish.yml ended green: it may have published nothing, or under another tag' })
})

test('an image for every platform with the labels of the release has arrived, with attestations beside it and a variant that nobody asked for', async () => {
  const { built, probe } = await look(BUILD)
  assert.ok(probe.state === 'present')
  assert.equal(probe.output.index.digest, built.index.digest)
  assert.deepEqual(probe.output.manifests.map(({ platform }) => platform), ['linux/amd64', 'linux/arm64'])
  assert.equal(probe.output.blobs.length, 4)
  assert.match(probe.output.evidence[1]?.detail ?? '', /not here, so nothing here has scanned it.*the workflow itself has put 2 attestations beside it/)
})

test('what is labelled with the tag is the version, too', async () => {
  const { probe } = await look({ ...BUILD, version: 'v2.1.0' })
  assert.equal(probe.state, 'present')
})

test('another version, another commit, no labels and a platform that is missing are conflicts that say what is there', async () => {
  const found = async (build: Partial<JobBuild>, asked?: Partial<typeof ASKED>): Promise<string> => {
    const { probe, built } = await look({ ...BUILD, ...build }, asked)
    assert.ok(probe.state === 'conflict', probe.state)
    return probe.found.replace(built.index.digest, 'DIGEST')
  }
  assert.equal(await found({ version: '2.0.0' }), 'ghcr.io/acme/ground:2.1.0 (DIGEST) says for linux/amd64 that its org.opencontainers.image.version is 2.0.0, where this release has 2.1.0')
  assert.equal(await found({ revision: 'b'.repeat(40) }), `ghcr.io/acme/ground:2.1.0 (DIGEST) says for linux/amd64 that its org.opencontainers.image.revision is ${'b'.repeat(40)}, where this release has ${COMMIT}`)
  assert.equal(await found({ platforms: ['linux/arm64'] }), 'ghcr.io/acme/ground:2.1.0 (DIGEST) is for linux/arm64, and not for linux/amd64')
  assert.equal(await found({}, { platforms: ['linux/amd64', 'linux/s390x'] }), 'ghcr.io/acme/ground:2.1.0 (DIGEST) is for linux/amd64 and linux/arm64/v8, and not for linux/s390x')
  await using rig = await rehearsedRegistry()
  plantTag(rig.registry, 'acme/ground', { tag: '2.1.0' })
  const bare = await imageFixedArrival.probe(lookOnly(rig.world), { ...ASKED, platforms: ['linux/amd64'] }, 'key')
  assert.match(bare.state === 'conflict' ? bare.found : '', /has no label org\.opencontainers\.image\.revision for linux\/amd64, so nothing shows that it is this release's/)
})

test('a tag that names the image of one platform without an index is known by it, and verified', async () => {
  await using rig = await rehearsedRegistry()
  const built = jobImage({ ...BUILD, platforms: ['linux/amd64'] })
  push(rig, built, built.manifests[0]!)
  const probe = await imageFixedArrival.probe(lookOnly(rig.world), { ...ASKED, platforms: ['linux/amd64'] }, 'key')
  assert.ok(probe.state === 'present')
  assert.deepEqual(probe.output.manifests.map(({ digest }) => digest), [built.manifests[0]!.digest])
  const { index, manifests, blobs } = probe.output
  const { evidence } = await imageVerify.apply!(rig.world, {
    image: ASKED.image, token: ASKED.token, version: '2.1.0', tag: '2.1.0', moving: [], public: true, index, manifests, blobs, attachments: [], builtBy: { workflow: 'docker-publish.yml', versions: ['2.1.0'] },
  }, { key: 'key', signal: new AbortController().signal, progress: () => undefined, say: () => undefined })
  assert.match(evidence[0]?.detail ?? '', /as docker-publish\.yml published: linux\/amd64 \(2 blobs\)/)
})

test('what names no image at all is nothing to be read', async () => {
  await using rig = await rehearsedRegistry()
  const words = { mediaType: 'application/vnd.oci.image.manifest.v1+json', bytes: Buffer.from('{"schemaVersion":2}') }
  plantTag(rig.registry, 'acme/ground', { tag: '2.1.0', digest: plantManifest(rig.registry, 'acme/ground', words) })
  const probe = await imageFixedArrival.probe(lookOnly(rig.world), ASKED, 'key')
  assert.match(probe.state === 'conflict' ? probe.found : '', /which is nothing that an image can be read from$/)
})

test('taking back an arrival never deletes what somebody has put in its place', async () => {
  await using rig = await rehearsedRegistry({ host: 'registry.example.org', rules: registryRules.oci })
  const asked = { ...ASKED, image: 'registry.example.org/acme/ground' }
  const built = jobImage(BUILD)
  push(rig, built, built.index)
  const probe = await imageArrival.probe(lookOnly(rig.world), asked, 'key')
  assert.ok(probe.state === 'present' && imageArrival.reversal.is === 'reversible')
  const other = plantTag(rig.registry, 'acme/ground', { tag: '2.1.0' })
  const { undo } = imageArrival.reversal
  const once = { key: 'key', signal: new AbortController().signal, progress: () => undefined, say: () => undefined }
  for (const output of [probe.output, undefined]) await assert.rejects(undo(rig.world, asked, output, once), { code: 'tag-moved' })
  assert.equal(rig.registry.repositories.get('acme/ground')?.tags.get('2.1.0'), other)
})
