// The image of the release before: what a registry holds when a rehearsal begins, so that moving tags have somewhere to come from.
import { digestOf } from './names.ts'
import { plantManifest } from './arrange.ts'
import { repositoryOf, storeBlob } from './state.ts'
import type { RegistryState } from './state.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'

/** Puts a small image for two platforms into a repository, names it by these tags, and returns the digest of its index. */
export function plantFormer(state: RegistryState, name: string, tags: readonly string[]): string {
  const manifests = ['amd64', 'arm64'].map((architecture) => {
    const words = encoded({ architecture, os: 'linux', author: `${name} as it was released before`, rootfs: { type: 'layers', diff_ids: [] } })
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: storeBlob(state, name, words), size: words.byteLength }
    const bytes = encoded({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [] })
    plantManifest(state, name, { mediaType: MANIFEST, bytes })
    return { mediaType: MANIFEST, digest: digestOf(bytes), size: bytes.byteLength, platform: { architecture, os: 'linux' } }
  })
  const digest = plantManifest(state, name, { mediaType: INDEX, bytes: encoded({ schemaVersion: 2, mediaType: INDEX, manifests }) })
  for (const tag of tags) repositoryOf(state, name).tags.set(tag, digest)
  return digest
}

function encoded(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
