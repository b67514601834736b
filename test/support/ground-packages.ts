// The two built artifacts of the ground: a small wheel and its sdist, as a build of the ground's project would describe them.
import { createHash } from 'node:crypto'
import type { Artifact } from '../../src/model/plan.ts'
import { blake2b256 } from '../../src/rehearsal/pypi/blake2b.ts'
import { tarGz, zip } from './distributions.ts'

/** The distribution's name on an index. */
export const PROJECT = 'ground-slip'

/** A built file and its bytes. */
export interface Package {
  readonly artifact: Artifact
  readonly bytes: Uint8Array
}

const ESCAPED = 'ground_slip'

/** The wheel and the sdist of this version. */
export function groundPackages(version: string): readonly Package[] {
  const fields = [
    ['metadata_version', '2.1'], ['name', PROJECT], ['version', version], ['summary', 'Solid ground'], ['author', 'Ann Example'], ['author_email', 'ann@example.org'],
    ['requires_python', '>=3.8'], ['description_content_type', 'text/markdown'], ['description', '# Ground\n\nSolid.\n'],
  ] as const
  const metadata = [
    'Metadata-Version: 2.1', `Name: ${PROJECT}`, `Version: ${version}`, 'Summary: Solid ground', 'Author: Ann Example', 'Author-email: ann@example.org',
    'Requires-Python: >=3.8', 'Description-Content-Type: text/markdown', '', '# Ground', '', 'Solid.', '',
  ].join('\n')
  const module = { name: 'groundslip/__init__.py', text: `__version__ = "${version}"\n` }
  const info = `${ESCAPED}-${version}.dist-info`
  const members = [
    module,
    { name: `${info}/METADATA`, text: metadata },
    { name: `${info}/WHEEL`, text: 'Wheel-Version: 1.0\nGenerator: ground\nRoot-Is-Purelib: true\nTag: py3-none-any\n' },
  ]
  const rows = members.map(({ name, text }) => `${name},sha256=${createHash('sha256').update(text).digest('base64url')},${Buffer.byteLength(text)}`)
  const top = `${ESCAPED}-${version}`
  return [
    described({
      name: `${ESCAPED}-${version}-py3-none-any.whl`, mediaType: 'application/zip', type: { filetype: 'bdist_wheel', pyversion: 'py3' }, fields,
      bytes: zip([...members, { name: `${info}/RECORD`, text: [...rows, `${info}/RECORD,,`, ''].join('\n') }]),
    }),
    described({
      name: `${top}.tar.gz`, mediaType: 'application/gzip', type: { filetype: 'sdist', pyversion: 'source' }, fields,
      bytes: tarGz([{ name: `${top}/PKG-INFO`, text: metadata }, { name: `${top}/${module.name}`, text: module.text }]),
    }),
  ]
}

interface File {
  readonly name: string
  readonly mediaType: string
  readonly type: { readonly filetype: string; readonly pyversion: string }
  readonly fields: readonly (readonly [string, string])[]
  readonly bytes: Uint8Array
}

function described({ name, mediaType, type, fields, bytes }: File): Package {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { bytes, artifact: { name, mediaType, size: bytes.length, sha256: `sha256:${sha256}`, by: 'pypi', about: { ...type, blake2_256: blake2b256(bytes), fields } } }
}
