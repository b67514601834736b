// What is installed in an image, read out of its layers as they stream by.
import { Refused, SlipwayError } from '../../model/error.ts'
import type { Digest } from '../../model/plan.ts'
import type { Body } from '../../model/world.ts'
import { apk } from './apk.ts'
import { DISTRO_FILES, distroIn } from './distro.ts'
import { dpkg } from './dpkg.ts'
import { scanProgram } from './go-scan.ts'
import { npm } from './npm.ts'
import { LARGEST, type Distro, type Extractor, type Located, type Package } from './package.ts'
import { python } from './python.ts'
import { oldRpm, rpm } from './rpm.ts'
import { openTree, pathOf, type Layer } from './tree.ts'
import { members, unpacked, type Member } from './unpack.ts'

/** One layer and its bytes. */
export interface LayerSource {
  readonly digest: Digest
  readonly body: Pick<Body, 'length' | 'open'>
}

/** What is installed in an image. */
export interface Contents {
  /** By the path that told of them; a package that two files tell of is there twice. */
  readonly packages: readonly Located[]
  readonly distro: Distro | undefined
  /** Files that should have told of packages and could not be read, each with the reason. */
  readonly unread: readonly string[]
}

/** Bounds that no honest image meets, so that no other can fill the memory or keep the machine busy for hours. */
export interface Limits {
  /** Packages in all layers together. */
  readonly packages: number
  /** Unpacked bytes of a layer; `ratio` times its packed bytes are allowed on top. */
  readonly unpacked: number
  readonly ratio: number
}

/** The usual bounds. */
export const LIMITS: Limits = { packages: 200_000, unpacked: 2 * 1024 ** 3, ratio: 100 }

/** What goes with the reading. */
export interface Reading {
  /** What the layers are of, for people: `the image ghcr.io/acme/app for linux/amd64`. */
  readonly of: string
  readonly signal: AbortSignal
  readonly progress: (done: number, total: number) => void
  readonly limits?: Limits
}

/** A file's share of what is known. */
interface Finding {
  readonly packages?: readonly Package[]
  readonly distro?: Distro
  readonly unread?: string
}

interface Way extends Reading {
  readonly limits: Limits
  readonly layer: Layer<Finding>
  readonly counted: { packages: number }
}

const EXTRACTORS: readonly Extractor[] = [dpkg, apk, rpm, oldRpm, python, npm]

/**
 * Reads layers, the lowest first. Throws Refused `image-invalid` for a layer that cannot be read or is beyond the limits,
 * and what the artifact store throws.
 */
export async function readLayers(layers: readonly LayerSource[], reading: Reading): Promise<Contents> {
  const tree = openTree<Finding>()
  const total = layers.reduce((sum, { body }) => sum + body.length, 0)
  const counted = { packages: 0 }
  let done = 0
  for (const source of layers) {
    const layer = tree.layer()
    const watched = (piece: Uint8Array): void => {
      if (reading.signal.aborted) throw new Error(`Interrupted: reading the layers of ${reading.of}`)
      done += piece.length
      reading.progress(done, total)
    }
    await readLayer({ digest: source.digest, body: { length: source.body.length, open: () => each(source.body.open(), watched) } }, { limits: LIMITS, ...reading, layer, counted })
    layer.end()
  }
  const found = tree.things()
  const named = DISTRO_FILES.map((file) => found.find(([path]) => path === file)?.[1].distro)
  return {
    packages: found.flatMap(([path, { packages = [] }]) => packages.map((one) => ({ ...one, path }))),
    distro: named.find((distro) => distro !== undefined),
    unread: found.flatMap(([path, { unread }]) => (unread === undefined ? [] : [`${path}: ${unread}`])),
  }
}

async function readLayer({ digest, body }: LayerSource, way: Way): Promise<void> {
  const most = way.limits.unpacked + way.limits.ratio * body.length
  let plain = 0
  const bounded = each(unpacked(body.open()), (piece) => {
    plain += piece.length
    if (plain > most) throw tooMuch(way, `its layer ${digest} unpacks to more than ${most} bytes`)
  })
  try {
    for await (const member of members(bounded)) await takeIn(member, way)
  } catch (error) {
    // Whatever is known to be somebody's fault says so itself, and so does an interruption.
    if (error instanceof SlipwayError || way.signal.aborted) throw error
    throw new Refused({
      code: 'image-invalid',
      message: `The layer ${digest} of ${way.of} cannot be read.`,
      hint: 'It must be a tar archive, plain or packed with gzip or Zstandard. Build the image again.',
      detail: error instanceof Error ? error.message : String(error),
    })
  }
}

async function takeIn(member: Member, way: Way): Promise<void> {
  const { layer } = way
  const path = pathOf(member.name)
  if (path === undefined || member.type === 'directory' || layer.whiteout(path)) return member.skip()
  if (member.type === 'link') {
    const target = pathOf(member.leadsTo)
    const same = target === undefined ? undefined : layer.at(target)
    layer.put(path, same)
    return member.skip()
  }
  layer.put(path, isFile(member) ? await findingIn(member, path, way) : undefined)
  if (!isFile(member)) member.skip()
}

function isFile({ type }: Member): boolean {
  return type === 'file' || type === 'contiguous-file'
}

async function findingIn(member: Member, path: string, way: Way): Promise<Finding | undefined> {
  const extractor = EXTRACTORS.find(({ matches }) => matches(path))
  if (extractor !== undefined) return extracted(extractor, { member, path }, way)
  if (DISTRO_FILES.includes(path)) {
    const bytes = await wholeOf(member, LARGEST)
    const distro = bytes === undefined ? undefined : distroIn(bytes.toString('utf8'))
    return distro === undefined ? undefined : { distro }
  }
  if (!member.runs || member.size < 64) return void member.skip()
  const scan = scanProgram()
  for await (const piece of member.bytes) scan.feed(piece)
  const packages = counted(scan.end(), way)
  return packages.length === 0 ? undefined : { packages }
}

async function extracted(extractor: Extractor, { member, path }: { readonly member: Member; readonly path: string }, way: Way): Promise<Finding> {
  const bytes = await wholeOf(member, extractor.atMost)
  if (bytes === undefined) return { unread: `it has ${member.size} bytes, more than the ${extractor.atMost} that are read` }
  try {
    return { packages: counted(extractor.read(bytes, path), way) }
  } catch (error) {
    if (error instanceof Refused) throw error
    return { unread: error instanceof Error ? error.message : String(error) }
  }
}

/** The packages as a list. They come one by one, so that a list beyond the limit is never made. */
function counted(packages: Iterable<Package>, way: Way): readonly Package[] {
  const list: Package[] = []
  for (const one of packages) {
    way.counted.packages += 1
    if (way.counted.packages > way.limits.packages) throw tooMuch(way, `it holds more than ${way.limits.packages} packages`)
    list.push(one)
  }
  return list
}

/** All bytes of a member, undefined when there are more than this. */
async function wholeOf(member: Member, atMost: number): Promise<Buffer | undefined> {
  if (member.size > atMost) return void member.skip()
  const pieces: Uint8Array[] = []
  for await (const piece of member.bytes) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function* each(source: AsyncIterable<Uint8Array>, see: (piece: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    see(piece)
    yield piece
  }
}

function tooMuch({ of }: Way, why: string): Refused {
  return new Refused({
    code: 'image-invalid',
    message: `What is in ${of} cannot be listed: ${why}.`,
    hint: 'No ordinary image is like that. Find out what its build puts into it.',
  })
}
