// The checks that an index makes of the archive in a distribution file.
import { pythonText } from './names.ts'
import { tarNames } from './tar.ts'
import { zipMembers } from './zip.ts'
import type { ZipMember } from './zip.ts'

const RATIO = 50
const RATIO_FROM = 64 * 2 ** 20

/** What is wrong with the archive as such, `Invalid distribution file. …`; undefined when nothing is. */
export function archiveProblem(filename: string, bytes: Uint8Array): string | undefined {
  const problem = filename.endsWith('.whl') ? wheelProblem(filename, bytes) : sdistProblem(bytes)
  return problem === undefined ? undefined : `Invalid distribution file. ${problem}`
}

/** The wheel's METADATA, or what is missing from its .dist-info folder. The archive itself must be sound. */
export function wheelMetadata(filename: string, bytes: Uint8Array): { readonly metadata: Uint8Array } | { readonly problem: string } {
  const members = zipMembers(bytes) ?? []
  const missing = (['RECORD', 'METADATA'] as const).find((name) => member(members, `${distInfo(filename)}/${name}`) === undefined)
  if (missing !== undefined) return { problem: `Wheel '${filename}' does not contain the required ${missing} file: ${distInfo(filename)}/${missing}` }
  return { metadata: member(members, `${distInfo(filename)}/METADATA`)?.read() ?? new Uint8Array() }
}

function wheelProblem(filename: string, bytes: Uint8Array): string | undefined {
  const members = zipMembers(bytes)
  if (members === undefined) return 'File is not a zipfile'
  const size = members.reduce((sum, one) => sum + one.size, 0)
  if (size > RATIO_FROM && size / bytes.length > RATIO) return `File exceeds compression ratio of ${RATIO}`
  if (members.some((one) => one.method !== 0 && one.method !== 8)) return 'File does not use a supported compression type'
  if (filename.split('-').length < 3) return 'Unable to parse name and version from wheel filename'
  if (member(members, `${distInfo(filename)}/WHEEL`) === undefined) return `WHEEL not found at ${distInfo(filename)}/WHEEL`
  const names = members.map((one) => one.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  return twice === undefined ? undefined : `ZIP archive not accepted: Duplicate filename in central directory: ${pythonText(twice)}. See https://docs.pypi.org/archives for more information`
}

function sdistProblem(bytes: Uint8Array): string | undefined {
  const names = tarNames(bytes)
  if (names === undefined) return 'File is not a tarfile'
  const top = commonPrefix(names)
  if (['.', '/', ''].includes(top)) return 'Incorrect number of top-level directories in sdist'
  const info = top.endsWith('/') ? `${top}PKG-INFO` : `${top}/PKG-INFO`
  return names.includes(info) ? undefined : `PKG-INFO not found at ${info}`
}

function distInfo(filename: string): string {
  return `${filename.split('-').slice(0, 2).join('-')}.dist-info`
}

function member(members: readonly ZipMember[], name: string): ZipMember | undefined {
  return members.find((one) => one.name === name)
}

/** Character by character, as Python's `os.path.commonprefix`. */
function commonPrefix(names: readonly string[]): string {
  const [first = '', ...rest] = names
  let length = first.length
  for (const name of rest) while (!name.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}
