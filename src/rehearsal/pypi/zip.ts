// Reads the members of a ZIP archive out of its central directory.
import { inflateRawSync } from 'node:zlib'

/** A member of an archive. Sizes are in bytes. */
export interface ZipMember {
  readonly name: string
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly size: number
  /** Throws when the data is damaged. */
  read(): Uint8Array
}

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50

/** The members of an archive without ZIP64; undefined when the bytes are no such archive. */
export function zipMembers(bytes: Uint8Array): readonly ZipMember[] | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endRecord(data)
  if (end < 0) return undefined
  const members: ZipMember[] = []
  let at = data.readUInt32LE(end + 16)
  for (let left = data.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + 46 > data.length || data.readUInt32LE(at) !== CENTRAL) return undefined
    const method = data.readUInt16LE(at + 10)
    const packed = data.readUInt32LE(at + 20)
    const nameLength = data.readUInt16LE(at + 28)
    const local = data.readUInt32LE(at + 42)
    if (local + 30 > data.length || data.readUInt32LE(local) !== LOCAL) return undefined
    const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28)
    members.push({
      name: data.toString('utf8', at + 46, at + 46 + nameLength),
      method,
      size: data.readUInt32LE(at + 24),
      read: () => (method === 0 ? data.subarray(start, start + packed) : inflateRawSync(data.subarray(start, start + packed))),
    })
    at += 46 + nameLength + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32)
  }
  return members
}

function endRecord(data: Buffer): number {
  const earliest = Math.max(0, data.length - 22 - 0xffff)
  for (let at = data.length - 22; at >= earliest; at -= 1) if (data.readUInt32LE(at) === END) return at
  return -1
}
