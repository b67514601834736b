// A job that publishes an image: builds a small one for each platform and pushes it by the registry's own protocol, as docker/build-push-action does.
import type { WorkflowRun } from '../github/state.ts'
import { jobImage, type BuiltBlob } from './image-bytes.ts'
import { openRegistry, type Registry } from './registry-client.ts'

/** An image that a workflow publishes. */
export interface JobImage {
  /** The registry's host as its API is reached. */
  readonly host: string
  /** `acme/app` */
  readonly name: string
  readonly platforms: readonly string[]
  /** The version of a git tag and the tags that the image is given for it; undefined for a tag that is no version's. */
  tagsFor(gitTag: string): { readonly version: string; readonly tags: readonly string[] } | undefined
}

/** What such a job works with. */
export interface ImageJob {
  readonly image: JobImage
  readonly token: string
  /** Whether other bytes than those of the first build are to come out. */
  readonly anew: boolean
  address(url: string): string
  say(line: string): void
}

/** Pushes blobs, then each platform's manifest, then the index under every tag. Rejects with the registry's words when it refuses one. */
export async function publishImage({ image, token, anew, address, say }: ImageJob, run: WorkflowRun): Promise<void> {
  const { host, name, platforms } = image
  const called = image.tagsFor(run.branch)
  if (called === undefined) throw new Error(`error: ${run.branch} is no tag of a version`)
  const built = jobImage({ name, version: called.version, revision: run.commit, platforms, ...(anew ? { again: run.number } : {}) })
  const registry = await openRegistry({ host, name, token, address })
  await Promise.all(built.blobs.map((blob) => pushBlob(registry, blob)))
  for (const manifest of built.manifests) await pushManifest(registry, manifest.digest, manifest)
  for (const tag of called.tags) {
    await pushManifest(registry, tag, built.index)
    say(`pushing manifest for ${host}/${name}:${tag}@${built.index.digest}`)
  }
}

async function pushBlob({ send }: Registry, { digest, bytes }: BuiltBlob): Promise<void> {
  const opened = await send({ method: 'POST', to: 'blobs/uploads/' })
  const location = opened.headers.get('location') ?? ''
  const separator = location.includes('?') ? '&' : '?'
  await send({ method: 'PUT', to: `${location}${separator}digest=${encodeURIComponent(digest)}`, type: 'application/octet-stream', body: bytes })
}

async function pushManifest({ send }: Registry, reference: string, { mediaType, bytes }: BuiltBlob): Promise<void> {
  await send({ method: 'PUT', to: `manifests/${reference}`, type: mediaType, body: bytes })
}
