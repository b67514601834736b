// A layer without its compression, and the members of the archive that it is, as streams: nothing is ever written to a disk.
import { pipeline, Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import type { Extract, ExtractEvents } from 'tar-stream'

/** One member of an archive. Its bytes must be read to their end, or skipped, before the next member comes. */
export interface Member {
  readonly name: string
  readonly type: string
  /** Where a link leads. */
  readonly leadsTo: string
  /** Whether somebody may run it. */
  readonly runs: boolean
  /** Bytes, as the archive says. */
  readonly size: number
  readonly bytes: AsyncIterable<Uint8Array>
  skip(): void
}

const GZIP = Buffer.from([0x1f, 0x8b])
const ZSTANDARD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

function startsWith(head: Buffer, magic: Buffer): boolean {
  return head.subarray(0, magic.length).equals(magic)
}

/** The bytes without gzip or Zstandard, whichever the first of them show; others are given as they are. */
export async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  try {
    while (head.length < 4) {
      const next = await pieces.next()
      if (next.done === true) break
      head = Buffer.concat([head, next.value])
    }
    const whole = after(head, pieces)
    if (startsWith(head, GZIP)) yield* through(whole, createGunzip())
    else if (startsWith(head, ZSTANDARD)) yield* through(whole, createZstdDecompress())
    else yield* whole
  } finally {
    await pieces.return?.()
  }
}

async function* after(head: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value
}

async function* through(packed: AsyncIterable<Uint8Array>, opener: ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>): AsyncGenerator<Uint8Array> {
  // A failure comes out of the loop below, too.
  const plain = pipeline(Readable.from(packed), opener, () => undefined)
  for await (const piece of plain as AsyncIterable<Buffer>) yield piece
}

/** The members of an archive, in their order. Throws an Error when it is none, or is cut off. */
export async function* members(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Member> {
  const { extract } = await import('tar-stream')
  // Archives from before POSIX are layers, too.
  const archive = extract({ allowUnknownFormat: true } as Parameters<typeof extract>[0])
  const feeding = feed(plain, archive)
  try {
    for await (const entry of archive) yield memberOf(entry)
  } finally {
    archive.destroy(null)
    await feeding
  }
}

function memberOf(entry: ExtractEvents['entry'][1]): Member {
  const { name, type, linkname, mode, size } = entry.header
  return {
    name, size,
    type: type ?? 'file',
    leadsTo: linkname ?? '',
    runs: (mode & 0o111) !== 0,
    bytes: entry as AsyncIterable<Uint8Array>,
    skip: () => { entry.resume() },
  }
}

/** Never rejects: what goes wrong comes out of the archive. */
async function feed(plain: AsyncIterable<Uint8Array>, archive: Extract): Promise<void> {
  try {
    for await (const piece of plain) {
      if (archive.destroyed) return
      if (!archive.write(piece)) await readyFor(archive)
    }
    archive.end(null)
  } catch (error) {
    archive.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

function readyFor(archive: Extract): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      archive.off('drain', go)
      archive.off('close', go)
      resolve()
    }
    archive.on('drain', go)
    archive.on('close', go)
  })
}
