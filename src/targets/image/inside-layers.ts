// The files of an image's layers that a wheel may have put there, hashed while the layers stream by.
import { createHash } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { Refused, SlipwayError } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import type { Wheel } from './inside-wheel.ts'
import type { Descriptor } from './layout.ts'

/** One file, by the algorithm its hash (base64url), and the text of a package's METADATA. */
export interface HashedFile {
  readonly hashes: Readonly<Record<string, string>>
  readonly text?: string
}

/** What one layer adds, and what of the layers below it takes away. Paths have no slash in front. */
export interface LayerFiles {
  readonly files: ReadonlyMap<string, HashedFile>
  /** Paths that are gone with all that is below them. */
  readonly removed: readonly string[]
  /** Folders whose former content is gone. */
  readonly emptied: readonly string[]
}

/** Bytes of a METADATA that are held: name and version stand at its head. */
const LARGEST = 1024 * 1024

const METADATA = /\.dist-info\/METADATA$/

/** Reads a layer as it streams by; of its content only hashes are kept. Throws Refused `image-invalid` for a layer that is no archive. */
export async function readLayer(world: World, blob: Descriptor, wheel: Wheel): Promise<LayerFiles> {
  try {
    return await readEntries(world, blob, wheel)
  } catch (error) {
    if (!(error instanceof Error) || error instanceof SlipwayError) throw error
    throw new Refused({
      code: 'image-invalid',
      message: `A layer of the image, ${blob.digest}, cannot be unpacked: ${error.message}.`,
      hint: 'Build again; when it happens again, bring the builder up to date or name another one as "builder" under "image" in slipway.yaml.',
    })
  }
}

async function readEntries(world: World, blob: Descriptor, wheel: Wheel): Promise<LayerFiles> {
  const { extract } = await import('tar-stream')
  const names = new Set(wheel.files.map(({ path }) => nameOf(path)))
  const algorithms = [...new Set(['sha256', ...wheel.files.flatMap(({ hashes }) => hashes.map((one) => one.algorithm))])]
  const files = new Map<string, HashedFile>()
  const removed: string[] = []
  const emptied: string[] = []
  const tar = extract()
  const source = Readable.from((await world.artifacts.body(blob.digest)).open())
  const fed = pipeline(source, decompress(blob.mediaType), tar)
  // Told when the entries are through; until then it must not count as unhandled.
  fed.catch(() => undefined)
  for await (const entry of tar) {
    const path = entry.header.name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '')
    const [folder, name] = [path.slice(0, -nameOf(path).length).replace(/\/$/, ''), nameOf(path)]
    const { type, linkname } = entry.header
    if (name === '.wh..wh..opq') emptied.push(folder)
    else if (name.startsWith('.wh.')) removed.push(folder === '' ? name.slice(4) : `${folder}/${name.slice(4)}`)
    else if (type !== 'directory') removed.push(path)
    const linked = type === 'link' ? files.get((linkname ?? '').replace(/^(?:\.?\/)+/, '')) : undefined
    if (linked !== undefined) files.set(path, linked)
    if ((type === 'file' || type === 'contiguous-file') && names.has(name)) files.set(path, await hash(entry as AsyncIterable<Uint8Array>, { algorithms, text: METADATA.test(path) }))
    else entry.resume()
  }
  await fed
  return { files, removed, emptied }
}

/** The files that are left when the layers lie upon each other, the first one lowest (https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md). */
export function collapse(layers: readonly LayerFiles[]): ReadonlyMap<string, HashedFile> {
  const all = new Map<string, HashedFile>()
  for (const { files, removed, emptied } of layers) {
    const gone = new Set(removed)
    const empty = new Set(emptied)
    for (const path of all.keys()) if (gone.has(path) || foldersOf(path).some((folder) => gone.has(folder) || empty.has(folder))) all.delete(path)
    for (const [path, file] of files) all.set(path, file)
  }
  return all
}

/** Every folder above a path; the root is an empty text. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return ['', ...parts.map((_, at) => parts.slice(0, at + 1).join('/'))]
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function decompress(mediaType: string) {
  if (mediaType.endsWith('+gzip')) return createGunzip()
  return mediaType.endsWith('+zstd') ? createZstdDecompress() : new PassThrough()
}

async function hash(content: AsyncIterable<Uint8Array>, how: { readonly algorithms: readonly string[]; readonly text: boolean }): Promise<HashedFile> {
  const hashes = how.algorithms.map((algorithm) => ({ algorithm, made: createHash(algorithm) }))
  const pieces: Uint8Array[] = []
  let kept = 0
  for await (const piece of content) {
    for (const { made } of hashes) made.update(piece)
    if (how.text && kept < LARGEST) pieces.push(piece)
    kept += piece.length
  }
  return {
    hashes: Object.fromEntries(hashes.map(({ algorithm, made }) => [algorithm, made.digest('base64url')])),
    ...(how.text ? { text: Buffer.concat(pieces).toString('utf8') } : {}),
  }
}
