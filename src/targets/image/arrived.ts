// What a tag names, read from the registry alone: every image behind it with its platform, its labels and its blobs.
import { z } from 'zod'
import type { Digest } from '../../model/plan.ts'
import { inParallel } from '../checks/in-parallel.ts'
import { descriptor } from './artifact.ts'
import { imageConfig, isFor, labelsIn, platformIn } from './image-config.ts'
import { REVISION_LABEL, VERSION_LABEL } from './labels.ts'
import { getManifest, jsonOf, readSmallBlob } from './registry.ts'
import type { Session } from './session.ts'

type Descriptor = z.infer<typeof descriptor>

/** The image of one platform. */
export interface ArrivedImage extends Descriptor {
  /** As it was asked for, else as the image says. */
  readonly platform: string
  readonly config: Digest
  readonly labels: Readonly<Record<string, string>>
  /** Configuration and layers. */
  readonly blobs: readonly Pick<Descriptor, 'digest' | 'size'>[]
}

/** What a tag names. */
export interface Arrived {
  /** The index, or the manifest where the tag names the image of one platform. */
  readonly index: Descriptor
  readonly images: readonly ArrivedImage[]
  /** How many attestations stand in the index beside the images, as BuildKit writes them. */
  readonly beside: number
}

/** What an image must say to be a release's. */
export interface Wanted {
  readonly platforms: readonly string[]
  /** What the version label may say. */
  readonly versions: readonly string[]
  /** The commit. */
  readonly revision: string
}

const listed = descriptor.extend({ platform: z.object({ os: z.string() }).optional(), annotations: z.record(z.string(), z.string()).optional() })
const indexShape = z.object({ manifests: z.array(listed) })
const manifestShape = z.object({ config: descriptor, layers: z.array(descriptor) })

/**
 * Reads what a tag names; undefined where there is no such tag, `unreadable` where it names something else than images. Throws Refused `digest-mismatch` for
 * other bytes than were promised, and a plain Error for what is named and not served.
 */
export async function readArrived(session: Session, tag: string, platforms: readonly string[]): Promise<Arrived | { readonly unreadable: Digest } | undefined> {
  const top = await getManifest(session, tag)
  if (top === undefined) return undefined
  const index = { digest: top.digest, mediaType: top.mediaType, size: top.bytes.length }
  const read = indexShape.safeParse(jsonOf(top.bytes))
  const entries = read.success ? read.data.manifests : [{ ...index, platform: undefined, annotations: undefined }]
  // https://docs.docker.com/build/metadata/attestations/attestation-storage/
  const images = entries.filter(({ platform, annotations }) => platform?.os !== 'unknown' && annotations?.['vnd.docker.reference.type'] === undefined)
  const all = await inParallel(images, 4, ({ digest, mediaType, size }) => readImage(session, { digest, mediaType, size }, platforms))
  const sound = all.filter((image) => image !== undefined)
  return sound.length < all.length ? { unreadable: top.digest } : { index, images: sound, beside: entries.length - images.length }
}

async function readImage(session: Session, at: Descriptor, platforms: readonly string[]): Promise<ArrivedImage | undefined> {
  const found = await getManifest(session, at.digest)
  if (found === undefined) throw new Error(`the registry lists ${at.digest} and does not serve it just now`)
  const manifest = manifestShape.safeParse(jsonOf(found.bytes))
  if (!manifest.success) return undefined
  const { config, layers } = manifest.data
  const says = imageConfig.safeParse(jsonOf(await readSmallBlob(session, config.digest)))
  if (!says.success) return undefined
  const blobs = [...new Map([config, ...layers].map(({ digest, size }) => [digest, { digest, size }])).values()]
  return { ...at, platform: platforms.find((platform) => isFor(platform, says.data)) ?? platformIn(says.data), config: config.digest, labels: labelsIn(says.data), blobs }
}

/** Why what has arrived is not what the release wants, in words that follow on its name; undefined when it is. */
export function strangeness({ images }: Pick<Arrived, 'images'>, { platforms, versions, revision }: Wanted): string | undefined {
  const there = images.map(({ platform }) => platform)
  const missing = platforms.filter((platform) => !there.includes(platform))
  if (missing.length > 0) return `is ${there.length === 0 ? 'for no platform' : `for ${there.join(' and ')}`}, and not for ${missing.join(' and ')}`
  for (const { platform, labels } of images) {
    for (const [label, wanted] of [[REVISION_LABEL, [revision]], [VERSION_LABEL, versions]] as const) {
      const says = labels[label]
      if (says === undefined) return `has no label ${label} for ${platform}, so nothing shows that it is this release's (docker/metadata-action writes it)`
      if (!wanted.includes(says)) return `says for ${platform} that its ${label} is ${says}, where this release has ${wanted[0] ?? ''}`
    }
  }
  return undefined
}
