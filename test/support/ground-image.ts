// A small multi-arch image as a build of the ground's project would leave it: every blob an artifact, with its bytes.
import { createHash } from 'node:crypto'
import { canonicalJson, type JsonObject } from '../../src/model/json.ts'
import type { Artifact, Digest } from '../../src/model/plan.ts'
import { tarGz } from './distributions.ts'

/** An artifact of the image and its bytes. */
export interface ImagePart {
  readonly artifact: Artifact
  readonly bytes: Uint8Array
}

/** What the image is made of. */
export interface ImageSpec {
  readonly image: string
  readonly version: string
  readonly platforms?: readonly string[]
  /** Files of the layer that all platforms share. */
  readonly files?: readonly { readonly name: string; readonly text: string }[]
  /** A further layer of just these bytes, for tests of size. */
  readonly payload?: Uint8Array
  /** The version that the label tells; the image's own when missing. */
  readonly labelled?: string
}

/** The parts of an image: layers and configs, manifests, and the index last. */
export function groundImage({ image, version, platforms = ['linux/amd64', 'linux/arm64'], files = [], payload, labelled = version }: ImageSpec): readonly ImagePart[] {
  const short = image.split('/').at(-1) ?? image
  const part = (rest: string, mediaType: string, made: { readonly bytes: Uint8Array; readonly about: JsonObject }): ImagePart => ({
    bytes: made.bytes,
    artifact: { name: `${short}-${version}${rest}`, mediaType, size: made.bytes.length, sha256: sha256(made.bytes), by: 'image', internal: true, about: { image, ...made.about } },
  })
  const layer = (bytes: Uint8Array, mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip'): ImagePart => part(`-layer-${sha256(bytes).slice(7, 19)}.tar.gz`, mediaType, { bytes, about: { role: 'layer' } })
  const shared = layer(tarGz([{ name: 'etc/os-release', text: 'ID=debian\nVERSION_ID="12"\n' }, { name: 'app/version', text: version }, ...files]))
  const large = payload === undefined ? [] : [layer(payload, 'application/vnd.oci.image.layer.v1.tar')]
  const each = platforms.map((platform) => {
    const [os = '', architecture = '', variant] = platform.split('/')
    const own = layer(tarGz([{ name: 'app/platform', text: platform }]))
    const config = part(`-${platform.replaceAll('/', '-')}.config.json`, 'application/vnd.oci.image.config.v1+json', {
      bytes: text({
        architecture, os, ...(variant === undefined ? {} : { variant }), created: '2026-11-22T10:00:00Z',
        config: { Labels: { 'org.opencontainers.image.version': labelled } }, rootfs: { type: 'layers', diff_ids: [] },
      }),
      about: { role: 'config', platform },
    })
    const layers = [shared, own, ...large].map(({ artifact }) => ({ mediaType: artifact.mediaType, digest: artifact.sha256, size: artifact.size }))
    const manifest = part(`-${platform.replaceAll('/', '-')}.manifest.json`, 'application/vnd.oci.image.manifest.v1+json', {
      bytes: text({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config: { mediaType: config.artifact.mediaType, digest: config.artifact.sha256, size: config.artifact.size }, layers }),
      about: { role: 'manifest', version, platform, config: config.artifact.sha256, layers },
    })
    return { own, config, manifest, platform: { os, architecture, ...(variant === undefined ? {} : { variant }) }, named: platform }
  })
  const listed = each.map(({ manifest: { artifact } }) => ({ mediaType: artifact.mediaType, digest: artifact.sha256, size: artifact.size }))
  const index = part('.index.json', 'application/vnd.oci.image.index.v1+json', {
    bytes: text({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: listed.map((one, at) => ({ ...one, platform: each[at]?.platform ?? {} })) }),
    about: { role: 'index', version, manifests: listed.map((one, at) => ({ ...one, platform: each[at]?.named ?? '' })) },
  })
  return [shared, ...large, ...each.flatMap(({ own, config }) => [own, config]), ...each.map(({ manifest }) => manifest), index]
}

/** The digest of bytes. */
export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

function text(value: JsonObject): Uint8Array {
  return Buffer.from(canonicalJson(value))
}
