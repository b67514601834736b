// Makes what the tests of this target read: layers with any members, programs as Go links them, and databases of rpm.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { Stored, World } from '../../model/world.ts'
import type { LayerSource, Reading } from './layers.ts'

/** A member of a layer: a file unless it says otherwise. */
export interface Made {
  readonly name: string
  readonly body?: string | Uint8Array
  readonly type?: 'file' | 'link' | 'symlink' | 'directory' | 'fifo'
  readonly linkname?: string
  readonly mode?: number
}

/** A tar archive of these members, as they are. */
export async function tarOf(made: readonly Made[]): Promise<Buffer> {
  const archive = pack()
  for (const { name, body = '', type = 'file', linkname, mode = 0o644 } of made) {
    archive.entry({ name, type, mode, mtime: new Date(0), ...(linkname === undefined ? {} : { linkname }) }, typeof body === 'string' ? body : Buffer.from(body))
  }
  archive.finalize()
  const pieces: Uint8Array[] = []
  for await (const piece of archive as AsyncIterable<Uint8Array>) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** A layer of these members, packed with gzip. */
export async function layerOf(made: readonly Made[]): Promise<Buffer> {
  return gzipSync(await tarOf(made))
}

/** Bytes as a layer, read in pieces of an odd size, so that nothing may rely on where they are cut. */
export function sourceOf(bytes: Uint8Array, piece = 1009): LayerSource {
  return {
    digest: `sha256:${'a'.repeat(64)}`,
    body: {
      length: bytes.length,
      async *open() { for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece) },
    },
  }
}

/** What goes with the reading when nobody watches. */
export const READING: Reading = { of: 'the image', signal: new AbortController().signal, progress: () => undefined }

/** Puts bytes into the artifact store. */
export function keep(world: World, bytes: Uint8Array): Promise<Stored> {
  return world.scratch(async (scratch) => {
    writeFileSync(join(scratch.path, 'bytes'), bytes)
    return scratch.keep('bytes')
  })
}

/** A program for `go version -m` to read: these lines of modules behind some other bytes. */
export function goProgram(version: string, lines: readonly string[], before = 4096): Buffer {
  const modules = Buffer.concat([Buffer.from('0123456789abcdef'), Buffer.from(`${lines.join('\n')}\n`), Buffer.from('fedcba9876543210')])
  const header = Buffer.alloc(32)
  header.write('\xff Go buildinf:', 'latin1')
  header[14] = 8
  header[15] = 2
  return Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(before - 4, 0x2e), header, withLength(Buffer.from(version)), withLength(modules), Buffer.alloc(1000)])
}

function withLength(text: Buffer): Buffer {
  const bytes: number[] = []
  let left = text.length
  for (; left >= 0x80; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80)
  return Buffer.concat([Buffer.from([...bytes, left]), text])
}

/** A package header of rpm, by tag; numbers are written as INT32. */
export function rpmHeader(tags: Readonly<Record<number, string | number>>): Buffer {
  const index: Buffer[] = []
  const data: Buffer[] = []
  let offset = 0
  for (const [tag, value] of Object.entries(tags)) {
    const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`) : Buffer.alloc(4)
    if (typeof value === 'number') bytes.writeInt32BE(value)
    const entry = Buffer.alloc(16)
    entry.writeUInt32BE(Number(tag), 0)
    entry.writeUInt32BE(typeof value === 'string' ? 6 : 4, 4)
    entry.writeUInt32BE(offset, 8)
    entry.writeUInt32BE(1, 12)
    index.push(entry)
    data.push(bytes)
    offset += bytes.length
  }
  const counts = Buffer.alloc(8)
  counts.writeUInt32BE(index.length, 0)
  counts.writeUInt32BE(offset, 4)
  return Buffer.concat([counts, ...index, ...data])
}

/** The bytes of rpm's database with these headers, written by SQLite itself. */
export function rpmDatabase(headers: readonly Uint8Array[], pageSize = 4096): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'rpmdb-'))
  try {
    const file = join(folder, 'rpmdb.sqlite')
    const database = new DatabaseSync(file)
    database.exec(`PRAGMA page_size = ${pageSize}; CREATE TABLE Other (key TEXT); CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL); BEGIN`)
    const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)')
    for (const header of headers) insert.run(header)
    database.exec('COMMIT')
    database.close()
    return readFileSync(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
