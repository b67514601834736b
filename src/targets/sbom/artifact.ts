// The artifacts that SBOMs are made of and the SBOMs themselves, as this target reads and names them.
import { z } from 'zod'
import type { Artifact, Digest } from '../../model/plan.ts'
import { digest } from '../checks/digest.ts'
import type { Format } from './settings.ts'

/** Any artifact: what is needed of it here, whoever made it. */
export const anyArtifact = z.object({ name: z.string(), mediaType: z.string(), size: z.int().nonnegative(), sha256: digest, by: z.string(), about: z.record(z.string(), z.json()) })

/** Any artifact, whoever made it. */
export type AnyArtifact = z.infer<typeof anyArtifact>

/** An SBOM in the artifact store. */
export const sbomArtifact = z.object({
  name: z.string(),
  mediaType: z.string(),
  size: z.int().nonnegative(),
  sha256: digest,
  by: z.literal('sbom'),
  about: z.object({ role: z.literal('sbom'), format: z.enum(['cyclonedx', 'spdx']), describes: digest, of: z.enum(['image', 'package']) }),
})

/** An SBOM in the artifact store. */
export type SbomArtifact = z.infer<typeof sbomArtifact>

/** A Python environment as an install test resolved it. */
export const environment = z.object({
  /** `3.12.1` */
  python: z.string(),
  packages: z.array(z.object({ name: z.string(), version: z.string() })),
})

/** A Python environment as an install test resolved it. */
export type Environment = z.infer<typeof environment>

const manifestAbout = z.object({ role: z.literal('manifest'), image: z.string(), version: z.string(), platform: z.string(), layers: z.array(z.object({ digest })) })
const indexAbout = z.object({ role: z.literal('index'), image: z.string(), version: z.string(), manifests: z.array(z.object({ platform: z.string(), digest })) })
const wheelAbout = z.object({ filetype: z.literal('bdist_wheel'), fields: z.array(z.tuple([z.string(), z.string()])) })

/** An image for one platform. */
export interface ImageSubject {
  readonly of: 'image'
  readonly image: string
  readonly version: string
  readonly platform: string
  readonly sha256: Digest
  /** The lowest first. */
  readonly layers: readonly Digest[]
}

/** A built wheel. */
export interface PackageSubject {
  readonly of: 'package'
  readonly file: string
  readonly sha256: Digest
  /** Core metadata as form fields, empty before the wheel is built. */
  readonly fields: readonly (readonly [string, string])[]
}

/** What an SBOM is made of. */
export type Subject = ImageSubject | PackageSubject

/** Every image for a platform, in the order of the artifacts, and then the wheel. */
export function subjectsIn(artifacts: readonly Pick<Artifact, 'name' | 'by' | 'sha256' | 'about'>[]): readonly Subject[] {
  const ofImage = artifacts.filter(({ by }) => by === 'image')
  const images = ofImage.flatMap(({ sha256, about }): ImageSubject[] => {
    const found = manifestAbout.safeParse(about)
    return found.success ? [{ of: 'image', ...found.data, sha256, layers: found.data.layers.map((layer) => layer.digest) }] : []
  })
  const wheels = artifacts.flatMap(({ name: file, by, sha256, about }): PackageSubject[] => {
    const found = by === 'pypi' ? wheelAbout.safeParse(about) : undefined
    return found?.success === true ? [{ of: 'package', file, sha256, fields: found.data.fields }] : []
  })
  return [...(images.length > 0 ? images : indexed(ofImage)), ...wheels.slice(0, 1)]
}

/** Before an image is built, its index alone may be foreseen, with its platforms. */
function indexed(artifacts: readonly Pick<Artifact, 'about'>[]): readonly ImageSubject[] {
  return artifacts.flatMap(({ about }) => {
    const found = indexAbout.safeParse(about)
    if (!found.success) return []
    const { image, version, manifests } = found.data
    return manifests.map(({ platform, digest: sha256 }) => ({ of: 'image' as const, image, version, platform, sha256, layers: [] }))
  })
}

const FORMS = {
  cyclonedx: { ending: '.cdx.json', mediaType: 'application/vnd.cyclonedx+json' },
  spdx: { ending: '.spdx.json', mediaType: 'application/spdx+json' },
} as const

/** The artifact that holds the SBOM of a subject: `app-2.1.0-linux-amd64.cdx.json`, `app-2.1.0.cdx.json`. */
export function sbomOf(subject: Subject, written: Format, stored: { readonly sha256: Digest; readonly size: number }): SbomArtifact {
  const { ending, mediaType } = FORMS[written]
  return { name: `${stemOf(subject)}${ending}`, mediaType, ...stored, by: 'sbom', about: { role: 'sbom', format: written, describes: subject.sha256, of: subject.of } }
}

function stemOf(subject: Subject): string {
  if (subject.of === 'package') return subject.file.split('-').slice(0, 2).join('-')
  return `${subject.image.split('/').at(-1) ?? subject.image}-${subject.version}-${subject.platform.replaceAll('/', '-')}`
}
