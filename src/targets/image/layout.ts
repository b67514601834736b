// OCI layouts: what a builder made is read, checked against its digests and kept byte for byte, and the index is written anew.
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { canonicalJson } from '../../model/json.ts'
import type { Digest } from '../../model/plan.ts'
import type { Scratch, World } from '../../model/world.ts'
import { digest } from '../checks/digest.ts'
import { artifactName, descriptor, MEDIA, platformInName, type ImageArtifact } from './artifact.ts'

const entry = descriptor.extend({
  platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})
const index = z.object({ manifests: z.array(entry) })
const manifest = z.object({ mediaType: z.string().optional(), config: descriptor, layers: z.array(descriptor) })
const config = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
})

/** A blob as a manifest names it. */
export type Descriptor = z.infer<typeof descriptor>

/** Whose layout it is, and where. */
export interface LayoutBench {
  readonly world: World
  /** Holds the layout. */
  readonly scratch: Scratch
  readonly image: string
  readonly version: string
}

/** The image of one platform in the artifact store, with what its configuration says. */
export interface KeptImage {
  readonly platform: string
  readonly manifest: ImageArtifact
  readonly config: ImageArtifact
  readonly layers: readonly ImageArtifact[]
  /** In the manifest's order; a layer may come twice. */
  readonly order: readonly Descriptor[]
  readonly says: z.infer<typeof config>
}

/**
 * Keeps the image of one platform from the layout in `folder`. Throws Refused `digest-mismatch` for a blob that is not what its name says, and
 * `image-invalid` for a layout that does not hold exactly one OCI image.
 */
export async function keepImage(bench: LayoutBench, folder: string, platform: string): Promise<KeptImage> {
  const { image, version } = bench
  const name = (rest: string) => artifactName(image, version, rest)
  const part = platformInName(platform)
  const found = await manifestIn(bench, folder, platform)
  const { config: of, layers } = await readKept(bench, { folder, blob: found, shape: manifest, platform })
  const says = await readKept(bench, { folder, blob: of, shape: config, platform })
  const unique = [...new Map(layers.map((layer) => [layer.digest, layer])).values()]
  for (const layer of unique) await keepBlob(bench, folder, layer)
  return {
    platform,
    says,
    order: layers,
    manifest: artifactOf(found, name(`-${part}.manifest.json`), { role: 'manifest', image, version, platform, config: of.digest, layers }),
    config: artifactOf(of, name(`-${part}.config.json`), { role: 'config', image, platform }),
    layers: unique.map((layer) => artifactOf(layer, name(`-layer-${hexOf(layer.digest).slice(0, 12)}${extension(layer.mediaType)}`), { role: 'layer', image })),
  }
}

/** Writes and keeps the index over these images, in their order. */
export async function keepIndex({ scratch, image, version }: LayoutBench, images: readonly KeptImage[]): Promise<ImageArtifact> {
  const manifests = images.map(({ platform, manifest: { sha256, mediaType, size } }) => ({ digest: sha256, mediaType, size, platform }))
  const text = canonicalJson({
    schemaVersion: 2,
    mediaType: MEDIA.index,
    manifests: manifests.map(({ platform, ...blob }) => ({ ...blob, platform: platformObject(platform) })),
  })
  await scratch.write('index.json', text)
  const stored = await scratch.keep('index.json')
  const about = { role: 'index' as const, image, version, manifests }
  return artifactOf({ digest: stored.sha256, mediaType: MEDIA.index, size: stored.size }, artifactName(image, version, '.index.json'), about)
}

/** A layout's own files, around blobs that are placed beside them: `index.json` names this one manifest by this name. */
export async function writeLayout(scratch: Scratch, folder: string, of: { readonly blob: Descriptor; readonly name: string }): Promise<void> {
  const annotations = { 'org.opencontainers.image.ref.name': of.name, 'io.containerd.image.name': of.name }
  await scratch.write(`${folder}/oci-layout`, canonicalJson({ imageLayoutVersion: '1.0.0' }))
  await scratch.write(`${folder}/index.json`, canonicalJson({ schemaVersion: 2, mediaType: MEDIA.index, manifests: [{ ...of.blob, annotations }] }))
}

/** Where a layout keeps a blob (https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md). */
export function blobPath(folder: string, sha256: Digest): string {
  return `${folder}/blobs/sha256/${hexOf(sha256)}`
}

/** The whole of a stored artifact as text. */
export async function storedText(world: World, sha256: Digest): Promise<string> {
  return (await buffer((await world.artifacts.body(sha256)).open())).toString('utf8')
}

/** The one manifest of an image that the layout names, also where an index stands in between. */
async function manifestIn(bench: LayoutBench, folder: string, platform: string): Promise<Descriptor> {
  let listed = parsed(index, await bench.scratch.read(`${folder}/index.json`), { what: 'the index of the layout', platform })
  for (;;) {
    // A builder that could not be kept from it puts statements about the image beside it.
    const images = listed.manifests.filter(({ platform: of, annotations }) => of?.os !== 'unknown' && annotations?.['vnd.docker.reference.type'] === undefined)
    const [only, ...more] = images
    if (only === undefined || more.length > 0) throw invalid(platform, `the builder made ${images.length} images instead of one`)
    const { digest: sha256, mediaType, size } = only
    if (mediaType === MEDIA.manifest) return { digest: sha256, mediaType, size }
    if (mediaType !== MEDIA.index) throw invalid(platform, `the builder made a ${mediaType}, which is no manifest of the OCI image format`)
    listed = await readKept(bench, { folder, blob: only, shape: index, platform })
  }
}

interface Reading<T> {
  readonly folder: string
  readonly blob: Descriptor
  readonly shape: z.ZodType<T>
  readonly platform: string
}

/** Keeps a blob, and reads it from where it was kept: so what is read is what was checked. */
async function readKept<T>(bench: LayoutBench, { folder, blob, shape, platform }: Reading<T>): Promise<T> {
  await keepBlob(bench, folder, blob)
  return parsed(shape, await storedText(bench.world, blob.digest), { what: blob.digest, platform })
}

function parsed<T>(shape: z.ZodType<T>, text: string, { what, platform }: { what: string; platform: string }): T {
  try {
    return shape.parse(JSON.parse(text))
  } catch {
    throw invalid(platform, `${what} does not have the form that the OCI image format gives it`)
  }
}

async function keepBlob({ scratch }: LayoutBench, folder: string, blob: Descriptor): Promise<void> {
  const names = await scratch.list(`${folder}/blobs/sha256`)
  const stored = names.includes(hexOf(blob.digest)) ? await scratch.keep(blobPath(folder, blob.digest)) : undefined
  if (stored?.sha256 === blob.digest && stored.size === blob.size) return
  throw new Refused({
    code: 'digest-mismatch',
    message: stored === undefined ? `The built image names ${blob.digest}, but the builder left no such blob.` : `The built image names ${blob.digest} of ${blob.size} bytes, but the builder left ${stored.sha256} of ${stored.size} bytes under that name.`,
    hint: 'Something changed the image while it was taken over, or the disk is bad: look at both, then run the release again, which builds it again.',
  })
}

function invalid(platform: string, why: string): Refused {
  return new Refused({
    code: 'image-invalid',
    message: `The image for ${platform} cannot be used: ${why}.`,
    hint: 'Name another "builder" under "image" in slipway.yaml (buildx, podman or buildah), or bring this one up to date.',
  })
}

function artifactOf({ digest: sha256, mediaType, size }: Descriptor, name: string, about: ImageArtifact['about']): ImageArtifact {
  return { name, mediaType, size, sha256: digest.parse(sha256), by: 'image', about, internal: true }
}

/** `{ os, architecture, variant }` of `linux/arm/v7`. */
function platformObject(platform: string): { readonly os: string; readonly architecture: string; readonly variant?: string } {
  const [os = '', architecture = '', variant] = platform.split('/')
  return { os, architecture, ...(variant === undefined ? {} : { variant }) }
}

function extension(mediaType: string): string {
  if (mediaType.endsWith('+gzip')) return '.tar.gz'
  return mediaType.endsWith('+zstd') ? '.tar.zst' : '.tar'
}

function hexOf(sha256: Digest): string {
  return sha256.slice('sha256:'.length)
}
