// The artifacts of this target: every blob of an image, and what each of them is.
import { z } from 'zod'
import type { Artifact } from '../../model/plan.ts'
import { digest } from '../checks/digest.ts'
import { shortName } from './reference.ts'

/** Media types of the OCI image format (https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md). */
export const MEDIA = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  empty: 'application/vnd.oci.empty.v1+json',
} as const

/** A blob as a manifest names it. `size` is in bytes. */
export const descriptor = z.object({ digest, mediaType: z.string(), size: z.int().nonnegative() })

/** What an artifact of an image is. */
export const about = z.discriminatedUnion('role', [
  z.object({ role: z.literal('index'), image: z.string(), version: z.string(), manifests: z.array(descriptor.extend({ platform: z.string() })) }),
  z.object({ role: z.literal('manifest'), image: z.string(), version: z.string(), platform: z.string(), config: digest, layers: z.array(descriptor) }),
  z.object({ role: z.literal('config'), image: z.string(), platform: z.string() }),
  z.object({ role: z.literal('layer'), image: z.string() }),
])

/** One blob of an image in the artifact store. */
export const imageArtifact = z.object({
  name: z.string(),
  mediaType: z.string(),
  size: z.int().nonnegative(),
  sha256: digest,
  by: z.literal('image'),
  about,
  internal: z.literal(true),
})

/** One blob of an image in the artifact store. */
export type ImageArtifact = z.infer<typeof imageArtifact>

/** A built image: its index, its manifests in the index's order, and every blob that they name. */
export interface Image {
  readonly index: ImageArtifact
  readonly manifests: readonly ImageArtifact[]
  readonly blobs: readonly ImageArtifact[]
}

/** The image among these artifacts, undefined where none was built. */
export function imageIn(artifacts: readonly Artifact[]): Image | undefined {
  const ours = artifacts.filter(({ by }) => by === 'image').map((one) => imageArtifact.parse(one))
  const index = ours.find(({ about: { role } }) => role === 'index')
  if (index?.about.role !== 'index') return undefined
  const manifests = index.about.manifests.flatMap(({ digest: wanted }) => ours.filter(({ sha256, about: { role } }) => role === 'manifest' && sha256 === wanted))
  return { index, manifests, blobs: ours.filter(({ about: { role } }) => role === 'config' || role === 'layer') }
}

/** A platform as a part of a file's name: `linux-arm64-v8`. */
export function platformInName(platform: string): string {
  return platform.replaceAll('/', '-')
}

/** The name of an artifact of an image: `app-2.1.0.index.json`, `app-2.1.0-linux-amd64.manifest.json`. */
export function artifactName(image: string, version: string, rest: string): string {
  return `${shortName(image)}-${version}${rest}`
}
