// Lists the members of a gzipped tar archive.
import { gunzipSync } from 'node:zlib'

const BLOCK = 512

/** The names of all members in order, without trailing slashes; undefined when the bytes are no gzipped tar. */
export function tarNames(bytes: Uint8Array): readonly string[] | undefined {
  let data: Buffer
  try {
    data = gunzipSync(bytes)
  } catch {
    return undefined
  }
  const names: string[] = []
  let longName: string | undefined
  for (let at = 0; at + BLOCK <= data.length && data[at] !== 0;) {
    if (!checksumHolds(data.subarray(at, at + BLOCK))) return undefined
    const size = Number.parseInt(text(data, at + 124, 12).trim() || '0', 8)
    const content = data.subarray(at + BLOCK, at + BLOCK + size)
    const type = String.fromCharCode(data[at + 156] ?? 0)
    if (type === 'L') longName = text(content, 0, content.length)
    else if (type === 'x') longName = paxPath(content) ?? longName
    else if (type !== 'g') {
      const prefix = text(data, at + 257, 5) === 'ustar' ? text(data, at + 345, 155) : ''
      names.push((longName ?? (prefix === '' ? '' : `${prefix}/`) + text(data, at, 100)).replace(/\/+$/, ''))
      longName = undefined
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return names.length === 0 ? undefined : names
}

function text(data: Uint8Array, at: number, length: number): string {
  const field = Buffer.from(data.subarray(at, at + length))
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? field.length : end)
}

function checksumHolds(header: Uint8Array): boolean {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  return Number.parseInt(text(header, 148, 8).trim(), 8) === sum
}

function paxPath(content: Uint8Array): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(Buffer.from(content).toString('utf8'))?.[1]
}
