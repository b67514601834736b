// What a manifest must look like before a registry keeps it, and what it refers to.
import { isDigest } from './names.ts'

/** A reference to bytes, https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** A manifest or an index that has been read. */
export interface ManifestShape {
  readonly mediaType: string
  /** What must be among the blobs. */
  readonly blobs: readonly Descriptor[]
  /** What must be among the manifests. */
  readonly manifests: readonly Descriptor[]
  readonly subject: Descriptor | undefined
  /** What kind of artifact it is; for an image, the media type of its config. */
  readonly artifactType: string | undefined
  readonly annotations: Readonly<Record<string, unknown>> | undefined
}

/** Why it is no manifest. */
export interface NoManifest {
  readonly problem: string
}

const IMAGES = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']
const INDEXES = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json']

/** True for the media types of manifests that refer to manifests. */
export function isIndexType(mediaType: string): boolean {
  return INDEXES.includes(mediaType)
}

/** Reads a manifest that was sent as `contentType`. */
export function readManifest(bytes: Uint8Array, contentType: string | undefined): ManifestShape | NoManifest {
  const json = parsed(bytes)
  if (json === undefined) return { problem: 'The manifest is no JSON object.' }
  const told = contentType?.split(';')[0]?.trim()
  const mediaType = json['mediaType'] ?? told
  if (typeof mediaType !== 'string') return { problem: 'The manifest has no media type.' }
  if (told !== undefined && told !== mediaType) return { problem: `The media type in the manifest is '${mediaType}', and its Content-Type is '${told}'.` }
  if (json['schemaVersion'] !== 2) return { problem: 'The schemaVersion of a manifest is 2.' }
  if (!IMAGES.includes(mediaType) && !isIndexType(mediaType)) return { problem: `No manifest has the media type '${mediaType}'.` }
  return shapeOf(json, mediaType)
}

type JsonObject = Readonly<Record<string, unknown>>

function shapeOf(json: JsonObject, mediaType: string): ManifestShape | NoManifest {
  const index = isIndexType(mediaType)
  const lists = index ? [json['manifests']] : [[json['config']], json['layers']]
  if (!lists.every((list): list is unknown[] => Array.isArray(list))) return { problem: `The manifest has no list of ${index ? 'manifests' : 'layers'}.` }
  const all = lists.flat()
  const descriptors = all.filter(isDescriptor)
  if (descriptors.length < all.length) return { problem: 'The manifest refers to something without media type, digest and size.' }
  const subject = json['subject']
  if (subject !== undefined && !isDescriptor(subject)) return { problem: 'The subject of the manifest has no media type, digest and size.' }
  const config = index ? undefined : descriptors[0]?.mediaType
  const artifactType = typeof json['artifactType'] === 'string' ? json['artifactType'] : config
  // What has other addresses need not be here.
  const needed = descriptors.filter((one) => !('urls' in one))
  return { mediaType, blobs: index ? [] : needed, manifests: index ? needed : [], subject, artifactType, annotations: asObject(json['annotations']) }
}

function parsed(bytes: Uint8Array): JsonObject | undefined {
  try {
    return asObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return undefined
  }
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}

function isDescriptor(value: unknown): value is Descriptor {
  const { mediaType, digest, size } = asObject(value) ?? {}
  return typeof mediaType === 'string' && typeof digest === 'string' && isDigest(digest) && Number.isSafeInteger(size) && Number(size) >= 0
}
