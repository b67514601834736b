// Pushing, naming, moving and verifying an image: on a rehearsed GHCR, on a registry that does everything, and on Debian's docker-registry.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync, chmodSync } from 'node:fs'
import { test } from 'node:test'
import type { AnyKind, Once, Probe } from '../../model/kind.ts'
import type { Json } from '../../model/json.ts'
import { SlipwayError } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { changeByte, deletePackageVersion, plantTag } from '../../rehearsal/registry/arrange.ts'
import { registryRules } from '../../rehearsal/registry/rules.ts'
import { contentsOf } from '../../rehearsal/registry/arrange.ts'
import { findManifest, tagsOf } from '../../rehearsal/registry/state.ts'
import { lookOnly } from '../../world/readonly.ts'
import { imageAttach } from './attach.ts'
import { imageBlobs } from './blobs.ts'
import { imageFloat } from './float.ts'
import { debianRegistry, imageWorld, installed, rehearsedRegistry, type ImageRig } from './image.rig.ts'
import { imageManifest } from './manifest.ts'
import { fallbackTag } from './registry.ts'
import { imageReferrers } from './referrers.ts'
import { imageFixedTag, imageTag } from './tag.ts'
import { imageVerify } from './verify.ts'

const once: Once = { key: 'sha256:0#step', signal: new AbortController().signal, progress: () => undefined, say: () => undefined }
const token = { $secret: 'GITHUB_TOKEN' }

function apply(kind: AnyKind, world: World, input: unknown, more: Partial<Once> = {}): Promise<Json> {
  assert.ok(kind.apply !== undefined)
  return kind.apply(world, kind.input.parse(input), { ...once, ...more })
}

function probe(kind: AnyKind, world: World, input: unknown): Promise<Probe<Json>> {
  return kind.probe(lookOnly(world), kind.input.parse(input), once.key)
}

function undo(kind: AnyKind, world: World, input: unknown): Promise<void> {
  assert.ok(kind.reversal.is === 'reversible')
  return kind.reversal.undo(world, kind.input.parse(input), undefined, once)
}

const code = (wanted: string, words = /./) => (error: unknown): boolean => {
  assert.ok(error instanceof SlipwayError, String(error))
  assert.equal(error.code, wanted)
  assert.match(JSON.stringify(error.problems), words)
  return true
}

function steps({ image }: ImageRig, name: string) {
  const access = { image: name, token }
  const { index, manifests, blobs } = image
  const planned = { ...access, digest: index.sha256, mediaType: index.mediaType, size: index.size }
  const subject = { digest: index.sha256, mediaType: index.mediaType, size: index.size }
  const listed = manifests.map(({ sha256, mediaType, size, about }) => ({ digest: sha256, mediaType, size, ...(about.role === 'manifest' ? { platform: about.platform, config: about.config } : {}) }))
  return {
    access,
    planned,
    tags: ['2.1.0', 'latest'],
    subject,
    blobs: { ...access, blobs: blobs.map(({ sha256, size }) => ({ digest: sha256, size })), mountFrom: [] as string[] },
    manifests: manifests.map(({ sha256, mediaType, size }) => ({ ...access, digest: sha256, mediaType, size, what: 'a platform' })),
    index: { ...planned, what: 'all platforms' },
    verify: { ...access, version: '2.1.0', tag: '2.1.0', moving: [] as string[], public: true, index: subject, manifests: listed, blobs: blobs.map(({ sha256, size }) => ({ digest: sha256, size })), attachments: [] as Json[] },
  }
}

async function push(rig: ImageRig, name: string): Promise<ReturnType<typeof steps>> {
  const made = steps(rig, name)
  await apply(imageBlobs, rig.world, made.blobs)
  for (const manifest of made.manifests) await apply(imageManifest, rig.world, manifest)
  await apply(imageManifest, rig.world, made.index)
  return made
}

test('an image is pushed by digest with no tag, named, verified without a login, and every byte is there', async () => {
  await using rig = await rehearsedRegistry()
  const made = steps(rig, 'ghcr.io/acme/ground')
  assert.equal((await probe(imageBlobs, rig.world, made.blobs)).state, 'absent')
  const told: number[] = []
  await apply(imageBlobs, rig.world, made.blobs, { progress: (done, total) => { told.push(done / total) } })
  assert.equal(told.at(-1), 1)
  assert.deepEqual(await probe(imageBlobs, rig.world, made.blobs), { state: 'present', output: { blobs: 5, bytes: rig.image.blobs.reduce((sum, { size }) => sum + size, 0) } })
  await assert.rejects(apply(imageManifest, rig.world, made.index), code('request-refused', /MANIFEST_BLOB_UNKNOWN/))
  await push(rig, 'ghcr.io/acme/ground')
  assert.deepEqual(tagsOf(rig.registry, 'acme/ground'), {})
  await apply(imageFixedTag, rig.world, { ...made.planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] })
  assert.deepEqual(tagsOf(rig.registry, 'acme/ground'), { '2.1.0': rig.image.index.sha256 })
  for (const { artifact, bytes } of rig.parts) {
    const kept = contentsOf(rig.registry)['acme/ground']
    assert.ok(kept?.blobs.includes(artifact.sha256) === true || Buffer.compare(findManifest(rig.registry, 'acme/ground', artifact.sha256)?.bytes ?? new Uint8Array(), bytes) === 0, artifact.name)
  }
  const { evidence } = await apply(imageVerify, rig.world, made.verify) as unknown as { evidence: { title: string; detail: string }[] }
  assert.match(evidence[0]?.title ?? '', /without a login/)
  assert.match(evidence[0]?.detail ?? '', /linux\/amd64, linux\/arm64/)
})

test('a version tag that names another image is a conflict, and is refused when it appears in the last moment', async () => {
  await using rig = await rehearsedRegistry()
  const { planned } = await push(rig, 'ghcr.io/acme/ground')
  const theirs = plantTag(rig.registry, 'acme/ground', { tag: '2.1.0' })
  const seen = await probe(imageFixedTag, rig.world, { ...planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] })
  assert.equal(seen.state, 'conflict')
  await assert.rejects(apply(imageFixedTag, rig.world, { ...planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] }), code('version-published', /never moved/))
  assert.deepEqual(tagsOf(rig.registry, 'acme/ground'), { '2.1.0': theirs })
})

test('a moving tag goes to the new image and back, byte for byte, and is left when somebody else has moved it', async () => {
  await using rig = await rehearsedRegistry()
  const was = plantTag(rig.registry, 'acme/ground', { tag: 'latest' })
  const before = findManifest(rig.registry, 'acme/ground', 'latest')
  const { planned } = await push(rig, 'ghcr.io/acme/ground')
  const float = { ...planned, tag: 'latest', was, tags: ['2.1.0', 'latest'] }
  assert.equal((await probe(imageFloat, rig.world, float)).state, 'absent')
  await apply(imageFloat, rig.world, float)
  assert.equal((await probe(imageFloat, rig.world, float)).state, 'present')
  await undo(imageFloat, rig.world, float)
  assert.deepEqual(findManifest(rig.registry, 'acme/ground', 'latest'), before)
  await undo(imageFloat, rig.world, float)

  await apply(imageFloat, rig.world, float)
  const moved = plantTag(rig.registry, 'acme/ground', { tag: 'latest', digest: plantTag(rig.registry, 'acme/ground', { tag: 'theirs' }) })
  assert.equal((await probe(imageFloat, rig.world, float)).state, 'conflict')
  await assert.rejects(undo(imageFloat, rig.world, float), code('tag-moved', /Somebody else/))
  await assert.rejects(apply(imageFloat, rig.world, float), code('tag-moved'))
  assert.equal(tagsOf(rig.registry, 'acme/ground')['latest'], moved)
})

test('a moving tag whose former image is gone cannot go back, and says so', async () => {
  await using rig = await rehearsedRegistry()
  const was = plantTag(rig.registry, 'acme/ground', { tag: 'latest' })
  const { planned } = await push(rig, 'ghcr.io/acme/ground')
  const float = { ...planned, tag: 'latest', was, tags: ['2.1.0', 'latest'] }
  await apply(imageFloat, rig.world, float)
  deletePackageVersion(rig.registry, 'acme/ground', was)
  await assert.rejects(undo(imageFloat, rig.world, float), code('image-invalid', /no longer holds/))
})

test('where tags can be deleted, a version tag is taken off again and the image stays', async () => {
  await using rig = await rehearsedRegistry({ host: 'registry.example.org', rules: registryRules.oci })
  const { planned } = await push(rig, 'registry.example.org/acme/ground')
  const tag = { ...planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] }
  await apply(imageTag, rig.world, tag)
  await undo(imageTag, rig.world, tag)
  assert.equal((await probe(imageTag, rig.world, tag)).state, 'absent')
  assert.ok(findManifest(rig.registry, 'acme/ground', rig.image.index.sha256) !== undefined)
  await undo(imageTag, rig.world, tag)
})

test('where digests alone can be deleted, the image goes with its only tag, and stays with another', async () => {
  await using rig = await rehearsedRegistry({ host: 'registry.example.org', rules: { ...registryRules.oci, deletes: 'digests' } })
  const { planned } = await push(rig, 'registry.example.org/acme/ground')
  const tag = { ...planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] }
  await apply(imageTag, rig.world, tag)
  plantTag(rig.registry, 'acme/ground', { tag: 'stable', digest: rig.image.index.sha256 })
  await assert.rejects(undo(imageTag, rig.world, tag), code('request-refused', /stable/))
  rig.registry.repositories.get('acme/ground')?.tags.delete('stable')
  await undo(imageTag, rig.world, tag)
  assert.deepEqual(tagsOf(rig.registry, 'acme/ground'), {})
})

test('where nothing can be deleted, that is said, and the tag stays', async () => {
  await using rig = await rehearsedRegistry()
  const { planned } = await push(rig, 'ghcr.io/acme/ground')
  await apply(imageTag, rig.world, { ...planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] })
  await assert.rejects(undo(imageTag, rig.world, { ...planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] }), code('request-refused', /deletes neither/))
})

for (const [name, host, rules] of [['without the referrers API, by a tag', 'ghcr.io', registryRules.ghcr], ['with the referrers API', 'registry.example.org', registryRules.oci]] as const) {
  test(`what is attached can be found by the image's digest ${name}, and a changed byte in it is found out`, async () => {
    await using rig = await rehearsedRegistry({ host, rules })
    const made = await push(rig, `${host}/acme/ground`)
    const sbom = rig.parts[0]
    assert.ok(sbom !== undefined)
    const attachment = { subject: made.subject, file: { name: 'ground.cdx.json', mediaType: 'application/vnd.cyclonedx+json', sha256: sbom.artifact.sha256, size: sbom.artifact.size }, created: '2026-11-22T10:00:00Z' }
    const other = { ...attachment, file: { ...attachment.file, name: 'other.json', mediaType: 'application/json' } }
    for (const one of [attachment, other]) {
      assert.equal((await probe(imageAttach, rig.world, { ...made.access, ...one })).state, 'absent')
      await apply(imageAttach, rig.world, { ...made.access, ...one })
    }
    const list = { ...made.access, attachments: [attachment, other] }
    await apply(imageReferrers, rig.world, list)
    assert.deepEqual(await probe(imageReferrers, rig.world, list), { state: 'present', output: { listed: 2 } })
    assert.equal(tagsOf(rig.registry, 'acme/ground')[fallbackTag(rig.image.index.sha256)] === undefined, rules.referrers)
    await apply(imageTag, rig.world, { ...made.planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] })
    const verify = { ...made.verify, attachments: [attachment] }
    await apply(imageVerify, rig.world, verify)
    changeByte(rig.registry, 'acme/ground', attachment.file.sha256)
    await assert.rejects(apply(imageVerify, rig.world, verify), code('digest-mismatch'))
  })
}

test('a changed byte of a layer, of a manifest and of a config is found out, and so is a moved tag', async () => {
  const layer = (rig: ImageRig) => rig.image.blobs.find(({ about }) => about.role === 'layer')?.sha256
  const config = (rig: ImageRig) => rig.image.blobs.find(({ about }) => about.role === 'config')?.sha256
  for (const which of [layer, config, (rig: ImageRig) => rig.image.manifests[1]?.sha256, (rig: ImageRig) => rig.image.index.sha256]) {
    await using rig = await rehearsedRegistry()
    const made = await push(rig, 'ghcr.io/acme/ground')
    await apply(imageTag, rig.world, { ...made.planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] })
    const digest = which(rig)
    assert.ok(digest !== undefined)
    changeByte(rig.registry, 'acme/ground', digest)
    await assert.rejects(apply(imageVerify, rig.world, made.verify), code('digest-mismatch'))
  }
  await using rig = await rehearsedRegistry()
  const made = await push(rig, 'ghcr.io/acme/ground')
  plantTag(rig.registry, 'acme/ground', { tag: '2.1.0' })
  await assert.rejects(apply(imageVerify, rig.world, made.verify), code('verify-failed', /the tag 2\.1\.0/))
})

test('an image that is labelled with another version is not what users were promised', async () => {
  await using rig = await rehearsedRegistry({ spec: { labelled: '2.0.0' } })
  const made = await push(rig, 'ghcr.io/acme/ground')
  await apply(imageTag, rig.world, { ...made.planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] })
  await assert.rejects(apply(imageVerify, rig.world, made.verify), code('verify-failed', /labelled with version 2\.0\.0/))
})

test('a private image is not shipped where it should be public, and is verified with the login where it should not', async () => {
  await using rig = await rehearsedRegistry()
  const made = await push(rig, 'ghcr.io/acme/ground')
  await apply(imageTag, rig.world, { ...made.planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] })
  const repository = rig.registry.repositories.get('acme/ground')
  assert.ok(repository !== undefined)
  repository.private = true
  await assert.rejects(apply(imageVerify, rig.world, made.verify), code('verify-failed', /Change visibility/))
  const { evidence } = await apply(imageVerify, rig.world, { ...made.verify, public: false }) as unknown as { evidence: { title: string }[] }
  assert.match(evidence[0]?.title ?? '', /not public/)
})

test('a moving tag that a newer version has taken is told, and one that names something else is not what was promised', async () => {
  await using rig = await rehearsedRegistry()
  const made = await push(rig, 'ghcr.io/acme/ground')
  await apply(imageTag, rig.world, { ...made.planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] })
  const newer = plantTag(rig.registry, 'acme/ground', { tag: '2.2.0' })
  plantTag(rig.registry, 'acme/ground', { tag: 'latest', digest: newer })
  const verify = { ...made.verify, moving: ['latest'] }
  assert.equal((await probe(imageVerify, rig.world, verify)).state, 'conflict')
  const { evidence } = await apply(imageVerify, rig.world, verify) as unknown as { evidence: { detail: string }[] }
  assert.match(evidence[0]?.detail ?? '', /latest has moved on to 2\.2\.0/)
  plantTag(rig.registry, 'acme/ground', { tag: 'latest' })
  await assert.rejects(apply(imageVerify, rig.world, verify), code('verify-failed', /neither this image nor that of a newer version/))
})

test('a registry that asks for a login only where it is needed gets one', async () => {
  await using rig = await rehearsedRegistry({ host: 'registry.example.org', rules: registryRules.oci, faults: [{ host: 'registry.example.org', method: 'GET', path: /^\/v2\/$/, times: Infinity, does: { status: 200, body: '{}' } }] })
  await push(rig, 'registry.example.org/acme/ground')
  assert.ok(findManifest(rig.registry, 'acme/ground', rig.image.index.sha256) !== undefined)
})

test('a registry that leads to the inside of a network, or away from https, is not followed', async () => {
  for (const location of ['http://169.254.169.254/latest/', 'https://10.0.0.7/upload', 'http://elsewhere.example.org/upload', 'https://localhost:9/upload']) {
    await using rig = await rehearsedRegistry({ faults: [{ host: 'ghcr.io', method: 'POST', path: /uploads/, times: Infinity, does: { status: 202, headers: { location }, body: '' } }] })
    await assert.rejects(apply(imageBlobs, rig.world, steps(rig, 'ghcr.io/acme/ground').blobs), code('request-refused', /nothing was sent/))
  }
})

test('a registry that serves a blob without an end is cut off', async () => {
  await using rig = await rehearsedRegistry()
  const made = await push(rig, 'ghcr.io/acme/ground')
  await apply(imageTag, rig.world, { ...made.planned, tag: '2.1.0', tags: ['2.1.0'] })
  const layer = rig.image.blobs.find(({ about }) => about.role === 'layer')
  assert.ok(layer !== undefined)
  rig.registry.lies.bytes.set(layer.sha256, new Uint8Array(layer.size + 1_000_000))
  await assert.rejects(apply(imageVerify, rig.world, made.verify), code('digest-mismatch', /more than that/))
})

test('where digests alone can be deleted, the tags of one release go together', async () => {
  await using rig = await rehearsedRegistry({ host: 'registry.example.org', rules: { ...registryRules.oci, deletes: 'digests' } })
  const { planned } = await push(rig, 'registry.example.org/acme/ground')
  const tags = ['2.1.0', 'latest']
  await apply(imageTag, rig.world, { ...planned, tag: '2.1.0', tags })
  await apply(imageFloat, rig.world, { ...planned, tag: 'latest', was: null, tags })
  await undo(imageFloat, rig.world, { ...planned, tag: 'latest', was: null, tags })
  await undo(imageTag, rig.world, { ...planned, tag: '2.1.0', tags })
  assert.deepEqual(tagsOf(rig.registry, 'acme/ground'), {})
})

test('a large layer whose connection breaks is taken up where it broke', async () => {
  const payload = new Uint8Array(9 * 1024 * 1024).map((_, at) => (at * 7) % 251)
  await using rig = await rehearsedRegistry({ spec: { payload }, faults: [{ host: 'ghcr.io', method: 'PATCH', path: '/', times: 2, does: 'cut-upload' }] })
  await push(rig, 'ghcr.io/acme/ground')
  const sent = rig.served.calls.filter(({ method }) => method === 'PATCH')
  assert.equal(sent.length, 3, 'twice cut, and the rest in a third')
  const large = rig.image.blobs.find(({ size }) => size > 8_000_000)
  assert.ok(large !== undefined && rig.registry.repositories.get('acme/ground')?.blobs.get(large.sha256)?.byteLength === payload.byteLength)
})

test('a blob that another repository of the registry holds is mounted and not sent', async () => {
  await using rig = await rehearsedRegistry({ host: 'registry.example.org', rules: registryRules.oci })
  const made = steps(rig, 'registry.example.org/acme/ground')
  const first = rig.parts[0]
  assert.ok(first !== undefined)
  rig.registry.repositories.set('acme/base', { blobs: new Map([[first.artifact.sha256, first.bytes]]), manifests: new Map(), tags: new Map(), uploads: new Map(), private: false })
  await apply(imageBlobs, rig.world, { ...made.blobs, mountFrom: ['acme/base'] })
  const sent = rig.served.calls.filter(({ url, method }) => method === 'PUT' && url.includes(encodeURIComponent(first.artifact.sha256)))
  assert.deepEqual(sent, [])
  assert.equal((await probe(imageBlobs, rig.world, made.blobs)).state, 'present')
})

test('a registry that answers 401, 403, 404 and 413 has refused for certain, each with its own remedy', async () => {
  const answers = [[401, 'token-refused', /ghcr\.io takes no fine-grained/], [403, 'right-missing', /packages: write/], [404, 'right-missing', /image\.repository/], [413, 'request-refused', /smaller/]] as const
  for (const [status, wanted, hint] of answers) {
    await using rig = await rehearsedRegistry({ faults: [{ host: 'ghcr.io', method: 'POST', path: '/v2/acme/ground/blobs', times: Infinity, does: { status, body: '{"errors":[{"code":"X","message":"no"}]}' } }] })
    const before = contentsOf(rig.registry)
    await assert.rejects(apply(imageBlobs, rig.world, steps(rig, 'ghcr.io/acme/ground').blobs), code(wanted, hint))
    assert.deepEqual(contentsOf(rig.registry), before)
  }
})

test('a registry that answers 429, 5xx or nothing leaves doubt, which the next look ends', async () => {
  for (const does of [{ status: 429, body: '' }, { status: 503, body: '' }, 'refuse', 'hang-before', 'drop-after'] as const) {
    await using rig = await rehearsedRegistry({ faults: [{ host: 'ghcr.io', method: 'PUT', path: /manifests/, times: 1, does }] })
    const made = steps(rig, 'ghcr.io/acme/ground')
    await apply(imageBlobs, rig.world, made.blobs)
    const first = made.manifests[0]
    await assert.rejects(apply(imageManifest, rig.world, first), (error: unknown) => !(error instanceof SlipwayError))
    assert.equal((await probe(imageManifest, rig.world, first)).state, does === 'drop-after' ? 'present' : 'absent')
  }
})

test('a wrong token, a token that only reads and no token at all are refused with what to do, and nothing is sent', async () => {
  for (const [token, wanted] of [['nobody-knows-this', 'token-refused'], ['reading-only-token', 'right-missing']] as const) {
    await using rig = await rehearsedRegistry({ token })
    const made = steps(rig, 'ghcr.io/acme/ground')
    await assert.rejects(apply(imageBlobs, rig.world, made.blobs), code(wanted))
    assert.deepEqual(contentsOf(rig.registry), {})
  }
})

test('a layout that was edited between build and push is not sent', async () => {
  await using rig = await rehearsedRegistry()
  const made = steps(rig, 'ghcr.io/acme/ground')
  const layer = rig.image.blobs[0]
  assert.ok(layer !== undefined)
  const path = rig.stored(layer.sha256)
  chmodSync(path, 0o644)
  const bytes = readFileSync(path)
  bytes[10] = (bytes[10] ?? 0) ^ 1
  writeFileSync(path, bytes)
  await assert.rejects(apply(imageBlobs, rig.world, made.blobs), code('artifact-changed'))
  assert.equal(contentsOf(rig.registry)['acme/ground']?.blobs.includes(layer.sha256) ?? false, false)
})

test('Debian\'s docker-registry takes the image by digest, names it, moves latest and back, lists attachments by a tag, and skopeo pulls what was built', { skip: installed('docker-registry') && installed('skopeo') ? false : 'docker-registry or skopeo is not installed' }, async () => {
  await using registry = await debianRegistry()
  const name = `${registry.host}/acme/ground`
  const payload = new Uint8Array(6 * 1024 * 1024).map((_, at) => (at * 11) % 253)
  await using rig = await imageWorld({ image: name, version: '2.1.0', payload })
  await using former = await imageWorld({ image: name, version: '2.0.0' })
  const old = await push(former, name)
  await apply(imageFloat, former.world, { ...old.planned, tag: 'latest', was: null, tags: ['2.1.0', 'latest'] })

  const made = await push(rig, name)
  const tag = { ...made.planned, tag: '2.1.0', tags: ['2.1.0', 'latest'] }
  await apply(imageTag, rig.world, tag)
  const float = { ...made.planned, tag: 'latest', was: former.image.index.sha256, tags: ['2.1.0', 'latest'] }
  await apply(imageFloat, rig.world, float)
  const pulled = (reference: string): string => execFileSync('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${name}${reference}`], { encoding: 'utf8' })
  const index = Buffer.from(rig.parts.at(-1)?.bytes ?? []).toString()
  assert.equal(pulled(':latest'), index)
  assert.equal(pulled(`@${rig.image.index.sha256}`), index)

  const file = rig.parts[0]?.artifact
  assert.ok(file !== undefined)
  const attachment = { subject: made.subject, file: { name: 'a.json', mediaType: 'application/json', sha256: file.sha256, size: file.size }, created: '2026-11-22T10:00:00Z' }
  await apply(imageAttach, rig.world, { ...made.access, ...attachment })
  await apply(imageReferrers, rig.world, { ...made.access, attachments: [attachment] })
  await apply(imageVerify, rig.world, { ...made.verify, moving: ['latest'], attachments: [attachment] })

  await undo(imageFloat, rig.world, float)
  assert.equal(pulled(':latest'), Buffer.from(former.parts.at(-1)?.bytes ?? []).toString())
  // It deletes by digest only, and the fallback tag names another manifest.
  await undo(imageTag, rig.world, tag)
  assert.equal((await probe(imageTag, rig.world, tag)).state, 'absent')
})
