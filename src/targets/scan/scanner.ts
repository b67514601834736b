// Scanners that are installed on this machine: the image's layout laid out for them, and their report read whatever their exit code says.
import { Refused, SlipwayError } from '../../model/error.ts'
import { parseJson } from '../../model/json.ts'
import type { Scratch } from '../../model/world.ts'
import { lastLines, listen } from '../checks/output.ts'
import type { Manifest } from './artifact.ts'
import { merged, type Found } from './finding.ts'
import type { Purls } from './purl.ts'
import { loadPurls } from './purl.ts'
import type { Bench, Result } from './result.ts'
import { unreadable } from './unreadable.ts'

/** A scanner as it is called. */
export interface Scanner {
  readonly program: string
  /** Files that it wants in the folder that it runs in. */
  readonly files: Readonly<Record<string, string>>
  /** Its arguments for an image in the folder `layout` and a report at this path. */
  args(layout: string, report: string): readonly string[]
  /** What it prints when it has no database. */
  readonly noDatabase: RegExp
  /** How its database is fetched. */
  readonly fetchDatabase: string
  /** Where it is had from. */
  readonly from: string
  /** Reads its report; undefined when that is none. `packages` is missing where it does not tell. */
  read(report: unknown, platform: string, purls: Purls): { readonly packages?: number; readonly found: readonly Found[] } | undefined
}

/** Scans each platform of the image. Throws Refused `scan-unreadable` or `tool-missing`. */
export async function scanWith(bench: Bench, scanner: Scanner, manifests: readonly Manifest[]): Promise<Result> {
  const { program } = scanner
  if (manifests.length === 0) {
    throw unreadable(`There is no image among what this release built, so ${program} has nothing to scan.`, 'Write `scan: osv` in slipway.yaml, which reads SBOMs, or build an image with `image:`.')
  }
  const purls = await loadPurls()
  const read = await bench.world.scratch(async (scratch) => {
    const reports = []
    for (const [at, manifest] of manifests.entries()) reports.push(await scanOne({ ...bench, scratch, scanner, purls }, manifest, `report-${at}.json`))
    return reports
  })
  const platforms = manifests.map(({ platform }) => platform).join(', ')
  const packages = read.reduce<number | undefined>((sum, one) => (sum === undefined || one.packages === undefined ? undefined : sum + one.packages), 0)
  return {
    what: packages === undefined ? `image for ${platforms}` : `${packages} package${packages === 1 ? '' : 's'} in the image for ${platforms}`,
    found: merged(read.flatMap(({ found }) => found), (one, other) => one.fixed ?? other.fixed),
    notes: [],
    products: [...new Set(manifests.flatMap(({ image }) => [image, `pkg:oci/${image.split('/').at(-1) ?? ''}`]))],
  }
}

interface Run extends Bench {
  readonly scratch: Scratch
  readonly scanner: Scanner
  readonly purls: Purls
}

async function scanOne({ world, once, scratch, scanner, purls }: Run, manifest: Manifest, name: string): Promise<{ readonly packages?: number; readonly found: readonly Found[] }> {
  const { program } = scanner
  await layOut(scratch, manifest)
  for (const [file, text] of Object.entries(scanner.files)) await scratch.write(file, text)
  once.say(`Scanning the image for ${manifest.platform} with ${program}.`)
  const heard = listen((line) => { once.say(line) })
  const { code } = await world.run({
    program, args: scanner.args(`${scratch.path}/layout`, `${scratch.path}/${name}`), folder: scratch.path, signal: once.signal, heard: (text) => { heard.heard(text) },
  }).catch((error: unknown) => { throw error instanceof SlipwayError && error.code === 'tool-missing' ? missing(scanner) : error })
  const words = heard.end()
  if (once.signal.aborted) throw new Error(`${program} was interrupted.`)
  const written = (await scratch.list('.')).includes(name) ? await scratch.read(name) : ''
  if (written.trim() === '') {
    if (scanner.noDatabase.test(words)) {
      throw unreadable(`${program} has no vulnerability database, so it could not scan the image for ${manifest.platform}.`, `Run \`${scanner.fetchDatabase}\` where the database can be reached, then run this again.`, lastLines(words))
    }
    throw unreadable(`${program} ended with exit code ${code} and wrote no report on the image for ${manifest.platform}.`, `See what ${program} says, and run it by hand on the same image.`, lastLines(words))
  }
  const read = scanner.read(parseJson(written), manifest.platform, purls)
  if (read === undefined) {
    throw unreadable(`The report of ${program} on the image for ${manifest.platform} cannot be read (exit code ${code}).`, `Install a current version of ${program} from ${scanner.from}, or write \`scan: osv\` in slipway.yaml.`, lastLines(words))
  }
  return read
}

/** An image layout with this one manifest (https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md); blobs of manifests before it stay. */
async function layOut(scratch: Scratch, { artifact, platform, blobs }: Manifest): Promise<void> {
  const [os = '', architecture = '', variant] = platform.split('/')
  const descriptor = { mediaType: artifact.mediaType, digest: artifact.sha256, size: artifact.size, platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } }
  await scratch.write('layout/oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  await scratch.write('layout/index.json', JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [descriptor] }))
  const there = await scratch.list('layout/blobs/sha256')
  for (const sha256 of new Set([artifact.sha256, ...blobs])) {
    const hex = sha256.slice('sha256:'.length)
    if (!there.includes(hex)) await scratch.place(sha256, `layout/blobs/sha256/${hex}`)
  }
}

function missing({ program, from }: Scanner): Refused {
  return new Refused({
    code: 'tool-missing',
    message: `slipway.yaml asks for a scan with ${program}, but there is no ${program} on this machine.`,
    hint: `Install ${program} from ${from}, or write \`scan: osv\` in slipway.yaml, which needs no program.`,
  })
}
