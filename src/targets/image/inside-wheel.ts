// A wheel as far as it says what it installs: its project, its version, and the hash of each file.
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import type { Digest } from '../../model/plan.ts'
import { normalName } from '../../model/python-name.ts'
import type { World } from '../../model/world.ts'

/** One file that a wheel installs beside its `.dist-info` folder. */
export interface WheelFile {
  /** Relative to the folder that packages are installed in. */
  readonly path: string
  /** Base64url without padding, as RECORD writes it. */
  readonly hashes: readonly { readonly algorithm: string; readonly hash: string }[]
}

/** What a wheel installs. */
export interface Wheel {
  /** The normalised name of the project. */
  readonly project: string
  readonly version: string
  readonly files: readonly WheelFile[]
}

/** Bytes of an unpacked RECORD or METADATA that no honest wheel has; memory is set aside for what the archive says. */
const LARGEST = 64 * 1024 * 1024

const algorithm = z.enum(['sha256', 'sha384', 'sha512'])

/**
 * Reads a wheel's own RECORD and METADATA (https://packaging.python.org/specifications/binary-distribution-format/). Scripts are left out, since
 * installers change them. Throws Refused `package-invalid` for a file that is no wheel.
 */
export async function readWheel(world: World, { name, sha256 }: { readonly name: string; readonly sha256: Digest }): Promise<Wheel> {
  const { unzipSync, strFromU8 } = await import('fflate')
  const bytes = await buffer((await world.artifacts.body(sha256)).open())
  const members = unpack(() => unzipSync(bytes, { filter: (member) => member.originalSize <= LARGEST && /^[^/]+\.dist-info\/(?:RECORD|METADATA)$/.test(member.name) }))
  const text = (end: string) => Object.entries(members).flatMap(([path, bytes]) => path.endsWith(end) ? [strFromU8(bytes)] : [])[0]
  const [record, metadata] = [text('/RECORD'), text('/METADATA')]
  const [project, version] = ['Name', 'Version'].map((field) => new RegExp(`^${field}:\\s*(\\S+)`, 'mi').exec(metadata ?? '')?.[1])
  if (record === undefined || project === undefined || version === undefined) {
    throw new Refused({ code: 'package-invalid', message: `${name} is no wheel: it has no readable RECORD and METADATA.`, hint: 'Build the project again.' })
  }
  return { project: normalName(project), version, files: record.split(/\r?\n/).flatMap(recorded) }
}

function unpack(read: () => Record<string, Uint8Array>): Record<string, Uint8Array> {
  try {
    return read()
  } catch {
    return {}
  }
}

/** One line of RECORD: path, `algorithm=hash`, size. */
function recorded(line: string): readonly WheelFile[] {
  const [, quoted, plain, name, hash] = /^(?:"((?:[^"]|"")*)"|([^",]*)),([a-z0-9]+)=([\w-]+)=*,\d*$/.exec(line) ?? []
  const known = algorithm.safeParse(name)
  const path = quoted?.replaceAll('""', '"') ?? plain
  if (path === undefined || hash === undefined || !known.success) return []
  const [, scheme, rest] = /^[^/]+\.data\/([^/]+)\/(.+)$/.exec(path) ?? []
  if (scheme !== undefined && scheme !== 'purelib' && scheme !== 'platlib') return []
  return [{ path: rest ?? path, hashes: [{ algorithm: known.data, hash }] }]
}
