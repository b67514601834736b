// What a user would fetch from an index: installed with pip, every file compared with what was built, tried with the smoke line.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import type { Description, Ground, Once, Probe } from '../../model/kind.ts'
import type { Look, Scratch, World } from '../../model/world.ts'
import { shellWord } from '../checks/copy.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { lastLines } from '../checks/output.ts'
import { digest } from '../checks/digest.ts'
import { policy } from '../signing/policy.ts'
import { groundFiles } from './artifact.ts'
import { readBack } from './read-back.ts'
import { readListing } from './simple.ts'
import { findPythons, installFresh, trySmoke, type VenvBench } from './venv.ts'
import type { PythonAnswer } from './python.ts'

/** The input of both kinds that fetch. */
export const fetchInput = z.strictObject({
  /** Base of the index: `https://pypi.org`. */
  index: z.url(),
  /** Base of a second index that only dependencies come from. */
  dependencies: z.url().exactOptional(),
  project: z.string(),
  version: z.string(),
  files: z.array(z.strictObject({ name: z.string(), sha256: digest })).min(1),
  /** Minor versions, or `3` for every one: the newest found of them that the package allows is taken. */
  pythons: z.array(z.string()).min(1),
  smoke: z.string(),
  /** Who must have attested the files to the index; nobody when left out. */
  attested: policy.exactOptional(),
  /** The workflow that published, where one did: then `files` are what the index lists, and not what was built here. */
  builtBy: z.string().exactOptional(),
})

/** The output of both kinds that fetch. */
export const fetchOutput = z.strictObject({ evidence: z.array(evidenceLine) })

/** The input of both kinds that fetch. */
export type FetchInput = z.infer<typeof fetchInput>

/** The output of both kinds that fetch. */
export type FetchOutput = z.infer<typeof fetchOutput>

const pipReport = z.object({
  install: z.array(z.object({
    metadata: z.object({ name: z.string(), version: z.string() }),
    download_info: z.object({
      url: z.string(),
      archive_info: z.object({ hash: z.string().optional(), hashes: z.record(z.string(), z.string()).optional() }).optional(),
    }),
    requested: z.boolean(),
  })),
})

/** One input, over all built files of the ground. */
export function fetchExamples(ground: Ground, from: { index: string; dependencies?: string }): FetchInput[] {
  const { files, package: project, version } = groundFiles(ground)
  const smoke = `import importlib.metadata as m; m.version("${project}")`
  return [{ ...from, project, version, files: files.map(({ name, sha256 }) => ({ name, sha256 })), pythons: ['3'], smoke }]
}

/** Says in words what fetching does. */
export function describeFetch(input: FetchInput): Description {
  const host = new URL(input.index).host
  return {
    apply: `Install ${input.project}==${input.version} from ${host} as a user would, compare every file with ${input.builtBy === undefined ? 'what was built' : 'what the index lists'}, ${input.attested === undefined ? '' : 'verify the attestations, '}and run: ${input.smoke}`,
    undo: 'Nothing to take back: it only reads.',
    byHand: [
      'python3 -m venv /tmp/verify',
      `/tmp/verify/bin/python -m pip install --no-cache-dir ${installArgs(input, (url) => url).join(' ')}`,
      `cd / && /tmp/verify/bin/python -I -c ${shellWord(input.smoke)}`,
    ],
  }
}

/** Present once it was verified and while the index lists it; absent when the index lists all that is to be fetched. */
export async function probeFetch(look: Look, kind: string, input: FetchInput): Promise<Probe<FetchOutput>> {
  const listing = await readListing(look, input.index, input.project)
  if ('unreadable' in listing) return { state: 'unknown', why: listing.unreadable, blind: false }
  const host = new URL(input.index).host
  for (const { name, sha256 } of input.files) {
    const listed = listing.files.find((file) => file.name === name)
    if (listed === undefined) return { state: 'unknown', why: `${host} does not list ${name} yet`, blind: false }
    if (listed.sha256 !== sha256) return { state: 'conflict', found: `${host} lists ${name} with ${listed.sha256 ?? 'no sha256'}, ours has ${sha256}` }
    if (listed.yanked) return { state: 'withdrawn' }
  }
  // The index lists these very files, unyanked: what was proved of them holds.
  return probeEvidence(look, keyOf(kind, input), fetchOutput)
}

/** Fetches and compares. Throws Refused `verify-failed`, and `signature-invalid` for an attestation that does not hold. */
export async function verifyFetch(world: World, step: { kind: string; input: FetchInput }, once: Once): Promise<FetchOutput> {
  const { kind, input } = step
  const host = new URL(input.index).host
  return world.scratch(async (scratch) => {
    const bench = await installAnywhere({ world, once, folder: scratch.path }, input)
    const { python } = bench
    const installed = await whatPipFetched(scratch, input)
    await compareRest(world, input, installed)
    const wrong = await trySmoke(bench, { package: input.project, version: input.version, smoke: input.smoke })
    if (wrong !== undefined) throw failed(input, wrong.wrong, wrong.text)
    const title = `${input.project} ${input.version} installed from ${host}`
    const detail = `Python ${python.version}; ${input.builtBy === undefined ? 'byte for byte' : `as ${input.builtBy} published`}: ${input.files.map(({ name }) => name).join(', ')}`
    const attested = input.attested === undefined ? [] : await readBack(world, { ...input, policy: input.attested })
    const output = { evidence: [{ title, passed: true, detail }, ...attested] }
    await recordEvidence(world, { key: keyOf(kind, input), title, passed: true, output })
    return output
  })
}

function keyOf(kind: string, { index, files, pythons, smoke, attested }: FetchInput): string {
  return evidenceKey(kind, { index, files, pythons, smoke, ...(attested === undefined ? {} : { attested }) })
}

/** What pip says when it could not get hold of files, which may be lag and not loss. */
const UNREACHED = /No matching distribution found|HTTP error \d+|Connection (?:refused|reset|broken|aborted)|Read timed out|\b(?:404|5\d\d) (?:Client|Server) Error/

/** Installs with the newest Python that the package allows. */
async function installAnywhere(where: Omit<VenvBench, 'python'>, input: FetchInput): Promise<VenvBench & { readonly venv: string }> {
  const { world } = where
  let last: { readonly version: string; readonly pip: PythonAnswer } | undefined
  for (const python of await findPythons(world, input.pythons)) {
    const bench = { ...where, python }
    const pip = await installFresh(bench, [...installArgs(input, (url) => world.address(url)), '--report', 'report.json'])
    if (pip.code === 0) return { ...bench, venv: pip.venv }
    last = { version: python.version, pip }
    if (!pip.text.includes('require a different python version')) break
  }
  if (last !== undefined && UNREACHED.test(last.pip.text)) throw new Error(`pip could not fetch ${input.project} ${input.version} from ${new URL(input.index).host} just now`)
  if (last !== undefined) throw failed(input, `pip cannot install it with Python ${last.version}`, last.pip.text)
  throw new Refused({
    code: 'tool-missing',
    message: `There is no Python to install ${input.project} with.`,
    hint: 'Install one (uv, pyenv or the system\'s) and run the release again.',
  })
}

function installArgs(input: FetchInput, address: (url: string) => string): readonly string[] {
  const extra = input.dependencies === undefined ? [] : ['--extra-index-url', address(`${input.dependencies}/simple/`)]
  return ['--index-url', address(`${input.index}/simple/`), ...extra, `${input.project}==${input.version}`]
}

/** The name of the file that pip fetched for the project: pip has compared its bytes with the hash that stands in the report. */
async function whatPipFetched(scratch: Scratch, input: FetchInput): Promise<string> {
  const { install } = pipReport.parse(JSON.parse(await scratch.read('report.json')))
  const ours = install.find(({ requested }) => requested)?.download_info
  const name = decodeURIComponent(new URL(ours?.url ?? 'none:').pathname.split('/').at(-1) ?? '')
  const fetched = ours?.archive_info?.hashes?.['sha256'] ?? ours?.archive_info?.hash?.replace(/^sha256=/, '')
  const built = input.files.find((file) => file.name === name)
  if (built === undefined) throw failed(input, `pip took ${name === '' ? 'nothing' : name}, which this release does not hold`)
  if (built.sha256 !== `sha256:${fetched ?? ''}`) throw failed(input, `pip fetched ${name} with sha256:${fetched ?? '?'}, but ${built.sha256} was built`)
  return name
}

/** Fetches every file that pip had no need of, and compares its bytes. */
async function compareRest(world: World, input: FetchInput, installed: string): Promise<void> {
  const rest = input.files.filter(({ name }) => name !== installed)
  if (rest.length === 0) return
  const listing = await readListing(world, input.index, input.project)
  if ('unreadable' in listing) throw new Error(listing.unreadable)
  for (const { name, sha256 } of rest) {
    const url = listing.files.find((file) => file.name === name)?.url
    if (url === undefined) throw new Error(`${new URL(input.index).host} does not list ${name} just now`)
    const hash = createHash('sha256')
    const answer = await world.http({ method: 'GET', url, take: (piece) => { hash.update(piece) } })
    // A file that is listed but not served yet is lag, not loss: it is looked for again.
    if (answer.status !== 200) throw new Error(`${name} is listed, but ${new URL(url).host} answered ${answer.status} ${answer.reason}`)
    const got = `sha256:${hash.digest('hex')}`
    if (got !== sha256) throw failed(input, `${name} was fetched with ${got}, but ${sha256} was built`)
  }
}

function failed(input: FetchInput, why: string, text?: string): Refused {
  return new Refused({
    code: 'verify-failed',
    message: `${input.project} ${input.version} on ${new URL(input.index).host} is not what ${input.builtBy === undefined ? 'was built' : `${input.builtBy} published`}: ${why}.`,
    hint: `Run the release again to verify once more, or see for yourself: ${describeFetch(input).byHand.join(' && ')}`,
    ...(text === undefined ? {} : { detail: lastLines(text) }),
  })
}
