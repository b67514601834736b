// Manifests: reading, pushing and deleting them, by tag and by digest.
import type { Reply } from '../service.ts'
import { deletePackageVersion } from './arrange.ts'
import { created, isBroken, toldDigest } from './ask.ts'
import type { Ask } from './ask.ts'
import { isIndexType, readManifest } from './manifest-shape.ts'
import type { ManifestShape } from './manifest-shape.ts'
import { digestOf, isDigest, isTag } from './names.ts'
import { refusal } from './refusal.ts'
import { findManifest, findRepository, repositoryOf, whole } from './state.ts'

/** Bytes; what every registry must take (https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests), and this one at most. */
const LARGEST = 4 * 2 ** 20

/** Answers GET. A client that does not say by name that it takes the media type is told that there is nothing, as GitHub's registry and Docker's do. */
export function readStoredManifest({ state, call, name, reference }: Ask): Reply {
  const found = findManifest(state, name, reference)
  if (found === undefined) return refusal(404, 'MANIFEST_UNKNOWN', { detail: reference })
  const { digest, mediaType } = found
  const accepted = (call.headers['accept'] ?? '').split(',').map((text) => text.split(';')[0]?.trim())
  if (!accepted.includes(mediaType)) {
    const [one, many] = isIndexType(mediaType) ? ['index', 'indexes'] : ['manifest', 'manifests']
    return refusal(404, 'MANIFEST_UNKNOWN', { message: `OCI ${one} found, but Accept header does not support OCI ${many}` })
  }
  const told = toldDigest(state, digest)
  return { status: 200, headers: { 'content-type': mediaType, 'docker-content-digest': told, etag: `"${told}"` }, body: state.lies.bytes.get(digest) ?? found.bytes }
}

/** Answers PUT: keeps the bytes as they are; by tag, sets the tag. */
export function pushManifest(ask: Ask): Reply {
  const { state, call, name, reference } = ask
  if (!isDigest(reference) && !isTag(reference)) return refusal(400, 'MANIFEST_INVALID', { message: `'${reference}' is no tag and no digest.` })
  if (call.body.byteLength > LARGEST) return refusal(413, 'SIZE_INVALID', { message: `A manifest has at most ${LARGEST} bytes.` })
  if (isBroken(call)) return refusal(400, 'SIZE_INVALID')
  const shape = readManifest(call.body, call.headers['content-type'])
  if ('problem' in shape) return refusal(400, 'MANIFEST_INVALID', { message: shape.problem })
  const digest = digestOf(call.body, isDigest(reference) ? reference : undefined)
  const refused = badDigest(reference, digest) ?? missingParts(ask, shape) ?? lockedTag(ask, digest)
  if (refused !== undefined) return refused

  const repository = repositoryOf(state, name)
  repository.manifests.set(digest, { mediaType: shape.mediaType, bytes: whole(call.body) })
  if (!isDigest(reference)) repository.tags.set(reference, digest)
  const subject = state.rules.referrers && shape.subject !== undefined ? { 'oci-subject': shape.subject.digest } : undefined
  return created(ask, `/v2/${name}/manifests/${digest}`, { 'docker-content-digest': toldDigest(state, digest), ...subject })
}

/** Answers DELETE: a tag alone, or a manifest with all its tags, as far as the registry deletes. */
export function deleteManifest({ state, name, reference }: Ask): Reply {
  const { deletes } = state.rules
  const byTag = !isDigest(reference)
  if (deletes === 'nothing') return refusal(405, 'UNSUPPORTED')
  if (byTag && deletes === 'digests') return refusal(400, 'UNSUPPORTED')
  const found = findManifest(state, name, reference)
  if (found === undefined) return refusal(404, 'MANIFEST_UNKNOWN', { detail: reference })
  if (byTag) findRepository(state, name)?.tags.delete(reference)
  else deletePackageVersion(state, name, found.digest)
  return { status: 202 }
}

function badDigest(reference: string, digest: string): Reply | undefined {
  return isDigest(reference) && reference !== digest ? refusal(400, 'DIGEST_INVALID', { detail: { digest: reference } }) : undefined
}

/** Everything that a manifest refers to is here before it, in the size that it tells; what it is about may come later. */
function missingParts({ state, name }: Ask, { blobs, manifests }: ManifestShape): Reply | undefined {
  const repository = findRepository(state, name)
  const sizes = [
    ...blobs.map((one) => ({ one, size: repository?.blobs.get(one.digest)?.byteLength })),
    ...manifests.map((one) => ({ one, size: repository?.manifests.get(one.digest)?.bytes.byteLength })),
  ]
  const missing = sizes.find(({ size }) => size === undefined)
  if (missing !== undefined) return refusal(400, 'MANIFEST_BLOB_UNKNOWN', { detail: { digest: missing.one.digest } })
  const wrong = sizes.find(({ one, size }) => size !== one.size)
  return wrong === undefined ? undefined : refusal(400, 'SIZE_INVALID', { detail: { digest: wrong.one.digest, size: wrong.size } })
}

function lockedTag({ state, name, reference }: Ask, digest: string): Reply | undefined {
  const now = findRepository(state, name)?.tags.get(reference)
  if (state.rules.immutableTags !== true || now === undefined || now === digest) return undefined
  return refusal(400, 'TAG_INVALID', { message: `The tag '${reference}' already exists in '${name}' and cannot be overwritten because it is immutable.` })
}
