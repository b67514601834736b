// What tests and stand-ins for people do to a registry behind its protocol's back, and how they look at it.
import { digestOf } from './names.ts'
import { findRepository, repositoryOf, storeBlob, whole } from './state.ts'
import type { RegistryState, StoredManifest } from './state.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

/** Puts a manifest into a repository without a look at what it refers to, and returns its digest. */
export function plantManifest(state: RegistryState, name: string, manifest: StoredManifest): string {
  const digest = digestOf(manifest.bytes)
  repositoryOf(state, name).manifests.set(digest, { mediaType: manifest.mediaType, bytes: whole(manifest.bytes) })
  return digest
}

/** Sets a tag to a digest, which is returned; without one, to somebody else's image, which is made for it. */
export function plantTag(state: RegistryState, name: string, at: { readonly tag: string; readonly digest?: string }): string {
  const digest = at.digest ?? strangersImage(state, name, at.tag)
  repositoryOf(state, name).tags.set(at.tag, digest)
  return digest
}

function strangersImage(state: RegistryState, name: string, tag: string): string {
  const words = new TextEncoder().encode(JSON.stringify({ architecture: 'amd64', os: 'linux', author: `somebody else's ${tag}`, rootfs: { type: 'layers', diff_ids: [] } }))
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: storeBlob(state, name, words), size: words.byteLength }
  const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [] }))
  return plantManifest(state, name, { mediaType: MANIFEST, bytes })
}

/**
 * Deletes a version of a package, as people do on GitHub's package page: the manifest goes, and every tag that points to it. Whatever refers to it
 * stays and is broken. Throws when there is no such version.
 */
export function deletePackageVersion(state: RegistryState, name: string, digest: string): void {
  const repository = findRepository(state, name)
  if (repository?.manifests.delete(digest) !== true) throw new Error(`${state.host}/${name} has no version ${digest}.`)
  for (const [tag, pointsTo] of repository.tags) if (pointsTo === digest) repository.tags.delete(tag)
}

/** Makes the registry serve a blob or a manifest with its last byte changed, from now on and under the same digest. Throws when it has none. */
export function changeByte(state: RegistryState, name: string, digest: string): void {
  const repository = findRepository(state, name)
  const bytes = repository?.blobs.get(digest) ?? repository?.manifests.get(digest)?.bytes
  if (bytes === undefined || bytes.byteLength === 0) throw new Error(`${state.host}/${name} has no bytes under ${digest}.`)
  const changed = new Uint8Array(bytes)
  const last = changed.byteLength - 1
  changed[last] = (changed[last] ?? 0) ^ 1
  state.lies.bytes.set(digest, changed)
}

/** What is in one repository, as a value that can be compared; open uploads are left out. */
export interface RepositoryContents {
  readonly private: boolean
  readonly tags: Readonly<Record<string, string>>
  /** Digests, sorted. */
  readonly manifests: readonly string[]
  /** Digests, sorted. */
  readonly blobs: readonly string[]
}

/** What a registry holds, by repository, without repositories in which nothing is. */
export function contentsOf(state: RegistryState): Readonly<Record<string, RepositoryContents>> {
  const filled = [...state.repositories].filter(([, { blobs, manifests }]) => blobs.size + manifests.size > 0)
  return Object.fromEntries(filled.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, repository]) => [name, {
    private: repository.private,
    tags: Object.fromEntries([...repository.tags].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    manifests: [...repository.manifests.keys()].toSorted(),
    blobs: [...repository.blobs.keys()].toSorted(),
  }]))
}
