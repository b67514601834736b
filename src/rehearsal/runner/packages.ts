// A job that publishes Python packages: sends the files of the release to the index through the index's own protocol.
import { createHash } from 'node:crypto'
import type { GithubState, WorkflowRun } from '../github/state.ts'
import { wheelMetadata } from '../pypi/archive.ts'
import { blake2b256 } from '../pypi/blake2b.ts'
import { fileNameParts } from '../pypi/names.ts'

/** What such a job works with. */
export interface PackageJob {
  readonly github: GithubState
  /** Where files are sent. */
  readonly upload: string
  /** The token of the workflow's own. */
  readonly token: string
  /** Whether the same content is to be packed anew. */
  readonly anew: boolean
  say(line: string): void
}

/** Takes the Python packages that the release of its tag (or its draft) holds, and uploads them. Rejects with the index's words when it refuses a file. */
export async function publishPackages({ github, upload, token, anew, say }: PackageJob, run: WorkflowRun): Promise<void> {
  const assets = github.releases.filter(({ tag }) => tag === run.branch).flatMap(({ assets }) => assets).filter(({ name }) => /\.(?:whl|tar\.gz)$/.test(name)).toSorted((one, other) => Number(other.name.endsWith('.whl')) - Number(one.name.endsWith('.whl')))
  const wheel = assets.find(({ name }) => name.endsWith('.whl'))
  const inside = wheel === undefined ? undefined : wheelMetadata(wheel.name, wheel.bytes)
  const metadata = inside !== undefined && 'metadata' in inside ? new TextDecoder().decode(inside.metadata) : ''
  for (const { name, bytes } of assets) {
    const form = formOf(name, anew ? packedAnew(bytes) : bytes, metadata)
    const { status, text } = await send(upload, token, form)
    say(`Uploading ${name}: ${status}`)
    if (status !== 200) throw new Error(text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').trim())
  }
}

/** Sends a form; as upload tools do, it tries again what was not answered or answered with 5xx. */
async function send(url: string, token: string, form: FormData): Promise<{ readonly status: number; readonly text: string }> {
  for (let left = 3; ; left -= 1) {
    const answer = await fetch(url, { method: 'POST', body: form, headers: { authorization: `Basic ${Buffer.from(`__token__:${token}`).toString('base64')}` } }).catch(() => undefined)
    if (answer !== undefined && (answer.status < 500 || left === 0)) return { status: answer.status, text: await answer.text() }
    if (left === 0) return { status: 0, text: 'the index gave no answer' }
  }
}

function formOf(name: string, bytes: Uint8Array, metadata: string): FormData {
  const parts = fileNameParts(name)
  const field = (key: string): string | undefined => new RegExp(`^${key}: (.*)$`, 'm').exec(metadata)?.[1]
  const sdist = !name.endsWith('.whl')
  const fields: readonly (readonly [string, string | undefined])[] = [
    [':action', 'file_upload'], ['protocol_version', '1'], ['filetype', sdist ? 'sdist' : 'bdist_wheel'], ['pyversion', sdist ? 'source' : name.split('-').at(-3)],
    ['metadata_version', field('Metadata-Version') ?? '2.1'], ['name', field('Name') ?? parts?.name], ['version', field('Version') ?? parts?.version],
    ['summary', field('Summary')], ['requires_python', field('Requires-Python')],
    ['sha256_digest', createHash('sha256').update(bytes).digest('hex')], ['blake2_256_digest', blake2b256(bytes)],
  ]
  const form = new FormData()
  for (const [key, value] of fields) if (value !== undefined) form.append(key, value)
  form.append('content', new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' }), name)
  return form
}

/** The same content under another time of packing, as a build elsewhere gives: other bytes, and as sound an archive. */
function packedAnew(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes)
  // RFC 1952: the time of a gzip stream is its bytes 4 to 7.
  if (copy.readUInt16BE(0) === 0x1f8b) copy.writeUInt32LE(1_700_000_000, 4)
  // APPNOTE.TXT 4.3.7 and 4.3.12: the time of an entry, in its own header and in the directory.
  for (const [mark, at] of [['PK\x03\x04', 10], ['PK\x01\x02', 12]] as const) {
    const header = copy.indexOf(mark, 0, 'latin1')
    if (copy.readUInt16BE(0) !== 0x1f8b && header >= 0) copy.writeUInt16LE(copy.readUInt16LE(header + at) ^ 0x0800, header + at)
  }
  return copy
}
