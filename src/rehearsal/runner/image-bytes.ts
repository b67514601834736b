// The bytes of a small image as a workflow's builder makes it: labels as docker/metadata-action writes them, and an attestation beside each platform.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

/** What is built. */
export interface JobBuild {
  readonly name: string
  readonly version: string
  /** The commit. */
  readonly revision: string
  readonly platforms: readonly string[]
  /** Set for a build whose bytes are to be others than those of the first one. */
  readonly again?: number
}

/** A blob or a manifest with its digest. */
export interface BuiltBlob {
  readonly digest: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** A built image: what must be pushed before what. */
export interface BuiltImage {
  readonly blobs: readonly BuiltBlob[]
  readonly manifests: readonly BuiltBlob[]
  readonly index: BuiltBlob
}

const OCI = 'application/vnd.oci.image'

/** Builds an image; the same build gives the same bytes. */
export function jobImage(build: JobBuild): BuiltImage {
  const each = build.platforms.map((platform) => platformImage(build, platform))
  const entries = each.flatMap(({ manifest, attestation, platform: [os, architecture, variant] }) => [
    { ...described(manifest), platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } },
    // https://docs.docker.com/build/metadata/attestations/attestation-storage/
    { ...described(attestation), platform: { os: 'unknown', architecture: 'unknown' }, annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': manifest.digest } },
  ])
  return {
    blobs: [...new Map(each.flatMap(({ blobs }) => blobs).map((blob) => [blob.digest, blob])).values()],
    manifests: each.flatMap(({ manifest, attestation }) => [manifest, attestation]),
    index: json(`${OCI}.index.v1+json`, { schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests: entries }),
  }
}

function platformImage({ name, version, revision, again }: JobBuild, of: string) {
  const platform = of.split('/')
  const [os, architecture, variant] = platform
  const layer = blob(`${OCI}.layer.v1.tar+gzip`, gzipSync(Buffer.from(`${name} ${version} for ${of}${again === undefined ? '' : `, built again as ${again}`}\n`)))
  const config = json(`${OCI}.config.v1+json`, {
    os, architecture, ...(variant === undefined ? {} : { variant }), rootfs: { type: 'layers', diff_ids: [] },
    config: { Labels: { 'org.opencontainers.image.version': version, 'org.opencontainers.image.revision': revision } },
  })
  const manifest = manifestOf(config, layer)
  const statement = json('application/vnd.in-toto+json', { _type: 'https://in-toto.io/Statement/v0.1', predicateType: 'https://slsa.dev/provenance/v0.2', subject: [{ name, digest: { sha256: manifest.digest.slice('sha256:'.length) } }] })
  const nothing = json(`${OCI}.config.v1+json`, { os: 'unknown', architecture: 'unknown', rootfs: { type: 'layers', diff_ids: [] } })
  return { platform, manifest, attestation: manifestOf(nothing, statement), blobs: [layer, config, statement, nothing] }
}

function manifestOf(config: BuiltBlob, layer: BuiltBlob): BuiltBlob {
  return json(`${OCI}.manifest.v1+json`, { schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config: described(config), layers: [described(layer)] })
}

function described({ mediaType, digest, bytes }: BuiltBlob): { readonly mediaType: string; readonly digest: string; readonly size: number } {
  return { mediaType, digest, size: bytes.length }
}

function json(mediaType: string, value: object): BuiltBlob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)))
}

function blob(mediaType: string, bytes: Uint8Array): BuiltBlob {
  return { mediaType, bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` }
}
