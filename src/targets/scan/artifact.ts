// What is scanned: SBOMs and images among a release's artifacts.
import { z } from 'zod'
import { digest } from '../checks/digest.ts'

const descriptor = z.object({ digest, mediaType: z.string(), size: z.int().nonnegative() })

/** An artifact with as much of what is said about it as a scan needs. */
export const scanned = z.object({
  name: z.string(),
  mediaType: z.string(),
  /** Bytes. */
  size: z.int().nonnegative(),
  sha256: digest,
  about: z.object({
    role: z.string().exactOptional(),
    /** Of an SBOM. */
    format: z.string().exactOptional(),
    /** Of a manifest. */
    image: z.string().exactOptional(),
    platform: z.string().exactOptional(),
    config: digest.exactOptional(),
    layers: z.array(descriptor).exactOptional(),
  }),
})

/** An artifact with as much of what is said about it as a scan needs. */
export type Scanned = z.infer<typeof scanned>

/** The manifest of an image for one platform. */
export interface Manifest {
  readonly artifact: Scanned
  readonly image: string
  readonly platform: string
  /** The config and the layers. */
  readonly blobs: readonly Scanned['sha256'][]
}

/** The SBOMs that are read here. */
export function sbomsIn(artifacts: readonly Scanned[]): readonly Scanned[] {
  return onceEach(artifacts.filter(({ about }) => about.role === 'sbom' && about.format === 'cyclonedx'))
}

/** The image's manifests, one a platform. */
export function manifestsIn(artifacts: readonly Scanned[]): readonly Manifest[] {
  return onceEach(artifacts.filter(({ about }) => about.role === 'manifest')).flatMap((artifact) => {
    const { image, platform, config, layers } = artifact.about
    if (image === undefined || platform === undefined || config === undefined || layers === undefined) return []
    return [{ artifact, image, platform, blobs: [config, ...layers.map((layer) => layer.digest)] }]
  })
}

/** In an order that does not depend on which step made them first. */
function onceEach(artifacts: readonly Scanned[]): readonly Scanned[] {
  return [...new Map(artifacts.map((one) => [one.sha256, one])).values()].toSorted((one, other) => (one.name < other.name ? -1 : 1))
}
