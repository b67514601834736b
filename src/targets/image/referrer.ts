// Manifests that attach a file to an image: made of nothing but what they attach, so that they can be told before they are sent.
import { canonicalJson, type JsonObject } from '../../model/json.ts'
import type { Digest } from '../../model/plan.ts'
import { MEDIA } from './artifact.ts'
import { digestOf, type Manifest, type Referrer } from './registry.ts'

/** The empty config of artifacts (https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor). */
export const EMPTY = { bytes: Buffer.from('{}'), digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', size: 2 } as const

/** A manifest as another refers to it. `size` is in bytes. */
export interface Subject {
  readonly digest: Digest
  readonly mediaType: string
  readonly size: number
}

/** A file that is attached. */
export interface AttachedFile {
  readonly name: string
  readonly mediaType: string
  readonly sha256: Digest
  /** Bytes. */
  readonly size: number
}

/** What is attached to what. */
export interface Attachment {
  readonly subject: Subject
  readonly file: AttachedFile
  /** ISO 8601: the release's own date. */
  readonly created: string
}

/** The manifest that attaches a file: an artifact manifest with a subject. */
export function referrerManifest({ subject, file, created }: Attachment): Manifest {
  const bytes = Buffer.from(canonicalJson({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    artifactType: file.mediaType,
    config: { mediaType: MEDIA.empty, digest: EMPTY.digest, size: EMPTY.size },
    layers: [{ mediaType: file.mediaType, digest: file.sha256, size: file.size, annotations: { 'org.opencontainers.image.title': file.name } }],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations: annotationsOf({ created }),
  }))
  return { digest: digestOf(bytes), mediaType: MEDIA.manifest, bytes }
}

/** How a list of referrers names the manifest. */
export function referrerDescriptor(attachment: Attachment): Referrer {
  const { digest, mediaType, bytes } = referrerManifest(attachment)
  return { mediaType, digest, size: bytes.length, artifactType: attachment.file.mediaType, annotations: annotationsOf(attachment) }
}

function annotationsOf({ created }: Pick<Attachment, 'created'>): Record<string, string> {
  return { 'org.opencontainers.image.created': created }
}

/** The index of a fallback tag with these referrers added to those that it lists already (https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema). */
export function fallbackIndex(listed: readonly Referrer[], added: readonly Referrer[]): Manifest {
  const known = new Set(listed.map(({ digest }) => digest))
  const manifests = [...listed, ...added.filter(({ digest }) => !known.has(digest))]
  const bytes = Buffer.from(canonicalJson({ schemaVersion: 2, mediaType: MEDIA.index, manifests: manifests as unknown as readonly JsonObject[] }))
  return { digest: digestOf(bytes), mediaType: MEDIA.index, bytes }
}
