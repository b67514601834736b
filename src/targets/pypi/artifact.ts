// The artifacts of this target: wheels and sdists with what their upload needs to say about them.
import { z } from 'zod'
import type { Artifact } from '../../model/plan.ts'
import type { Ground } from '../../model/kind.ts'
import { digest } from '../checks/digest.ts'

/** What is read out of a built file, for its upload. */
export const about = z.object({
  filetype: z.enum(['bdist_wheel', 'sdist']),
  /** The Python tag of a wheel, `source` for an sdist. */
  pyversion: z.string(),
  /** BLAKE2b with 256 bits, hexadecimal. */
  blake2_256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The core metadata as form fields, in order; a field may come several times. */
  fields: z.array(z.tuple([z.string(), z.string()])),
})

/** What is read out of a built file, for its upload. */
export type About = z.infer<typeof about>

/** A built file in the artifact store. */
export const artifact = z.object({
  name: z.string(),
  mediaType: z.string(),
  size: z.number().int().nonnegative(),
  sha256: digest,
  by: z.string(),
  about,
})

/** A built file in the artifact store. */
export type BuiltFile = z.infer<typeof artifact>

/** The artifacts among these that this target built. */
export function builtFiles(artifacts: readonly Artifact[]): readonly BuiltFile[] {
  return artifacts.filter(({ by }) => by === 'pypi').map((one) => artifact.parse(one))
}

/** The first value of a metadata field, empty when there is none. */
export function fieldOf(file: { readonly about: About }, name: string): string {
  return file.about.fields.find(([key]) => key === name)?.[1] ?? ''
}

/** The built files of the examples' ground, with the project and version that they carry. */
export function groundFiles(ground: Ground): { readonly files: BuiltFile[]; readonly package: string; readonly version: string } {
  const files = [...builtFiles(ground.artifacts)]
  const first = files[0]
  if (first === undefined) throw new Error('The ground of the examples holds no built Python packages.')
  return { files, package: fieldOf(first, 'name'), version: fieldOf(first, 'version') }
}

/** A file that a build is expected to yield: its name, and nothing that only the bytes can tell. */
export function foreseen(name: string): Artifact {
  const wheel = name.endsWith('.whl')
  const none = '0'.repeat(64)
  return {
    name,
    mediaType: wheel ? 'application/zip' : 'application/gzip',
    size: 0,
    sha256: `sha256:${none}`,
    by: 'pypi',
    about: { filetype: wheel ? 'bdist_wheel' : 'sdist', pyversion: wheel ? 'py3' : 'source', blake2_256: none, fields: [] },
  }
}
