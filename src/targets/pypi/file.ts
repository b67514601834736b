// One file on an index: how to look for it and how to send it. The trial and the upload are this, on two indexes.
import { z } from 'zod'
import { Refused, SlipwayError } from '../../model/error.ts'
import type { Description, Ground, Once, Probe } from '../../model/kind.ts'
import type { Body, Look, World } from '../../model/world.ts'
import { digest } from '../checks/digest.ts'
import { storedText } from '../checks/stored.ts'
import { allowanceHere } from './allowance.ts'
import { about, groundFiles, type About, type BuiltFile } from './artifact.ts'
import { identitySecrets, withUploadToken } from './exchange.ts'
import { multipart } from './multipart.ts'
import { refusalOf } from './refusal.ts'
import { readListing, simplePage } from './simple.ts'
import { serverWords } from './words.ts'

const auth = z.enum(['auto', 'token', 'trusted'])

/** The input of both kinds. */
export const fileInput = z.strictObject({
  /** The upload address: `https://upload.pypi.org/legacy/`. */
  upload: z.url(),
  /** Base of the index: `https://pypi.org`. */
  index: z.url(),
  project: z.string(),
  version: z.string(),
  file: z.string(),
  sha256: digest,
  /** Bytes. */
  size: z.number().int().nonnegative(),
  about,
  /** The stored attestation that goes with the file; an index takes it only from a trusted publisher. */
  attestation: digest.exactOptional(),
  /** Who allows the upload; a stored token when left out. */
  auth: auth.exactOptional(),
  /** The stored token, or what the identity of the job is asked for with. */
  token: z.strictObject({ $secret: z.string() }),
})

/** The output of both kinds: the project's page in the index that lists the file. */
export const fileOutput = z.strictObject({ url: z.string() })

/** The input of both kinds. */
export type FileInput = z.infer<typeof fileInput>

/** The output of both kinds. */
export type FileOutput = z.infer<typeof fileOutput>

/** The addresses of an index, what opens it, and the name of the secret with its token. */
export interface Destination {
  readonly upload: string
  readonly index: string
  readonly auth?: z.infer<typeof auth>
  readonly token: string
}

/** The input that sends a built file somewhere. */
export function fileTo(to: Destination, file: BuiltFile, release: { project: string; version: string }): FileInput {
  return {
    upload: to.upload,
    index: to.index,
    project: release.project,
    version: release.version,
    file: file.name,
    sha256: file.sha256,
    size: file.size,
    about: file.about,
    ...(to.auth === undefined ? {} : { auth: to.auth }),
    token: { $secret: to.auth === 'trusted' ? identitySecrets(to.index)[0] : to.token },
  }
}

/** One input for each built file of the ground. */
export function fileExamples(ground: Ground, to: Destination): FileInput[] {
  const { files, package: project, version } = groundFiles(ground)
  // The wheel by a stored token, the rest by the identity of the job.
  return files.map((file, at) => fileTo({ ...to, auth: at === 0 ? 'token' : 'trusted' }, file, { project, version }))
}

/** Says in words what sending the file does; `undo` says how far it can be taken back. */
export function describeFile(input: FileInput, undo: string): Description {
  return {
    apply: `Upload ${input.file} (${input.size} bytes) to ${new URL(input.upload).host}.`,
    undo,
    byHand: [`${input.auth === 'trusted' ? '' : `TWINE_USERNAME=__token__ TWINE_PASSWORD="$${input.token.$secret}" `}python3 -m twine upload --repository-url ${input.upload} dist/${input.file}`],
  }
}

/** Looks for the file in the index, by its digest. */
export async function probeFile(look: Look, input: FileInput): Promise<Probe<FileOutput>> {
  const listing = await readListing(look, input.index, input.project)
  if ('unreadable' in listing) return { state: 'unknown', why: listing.unreadable, blind: false }
  const listed = listing.files.find(({ name }) => name === input.file)
  if (listed === undefined) return { state: 'absent' }
  if (listed.sha256 !== input.sha256) {
    return { state: 'conflict', found: `${new URL(input.index).host} lists ${input.file} with ${listed.sha256 ?? 'no sha256'}, ours has ${input.sha256}` }
  }
  return listed.yanked ? { state: 'withdrawn' } : { state: 'present', output: { url: simplePage(input.index, input.project) } }
}

/** Sends the file once. Throws Refused on a refusal; an answer that leaves it open (429, 5xx) is a plain Error. */
export async function sendFile(world: World, input: FileInput, once: Once): Promise<FileOutput> {
  const content = await bytesOf(world, input)
  const attestation = input.attestation === undefined ? undefined : await storedText(world, input.attestation)
  const { contentType, body } = multipart({
    fields: [...formFields(input), ...(attestation === undefined ? [] : [['attestations', `[${attestation}]`] as const])],
    file: { field: 'content', name: input.file, mediaType: 'application/octet-stream', content },
    // No file holds its own digest.
    boundary: `slipway-${input.sha256.slice('sha256:'.length)}`.slice(0, 70),
  })
  const host = new URL(input.upload).host
  const secret = secretFor(world, input)
  // The answer is read while the secret is lent, so that an error made of it goes on without the secret.
  const send = async (token: string): Promise<FileOutput> => {
    const basic = Buffer.from(`__token__:${token}`).toString('base64')
    const answer = await world.http({
      method: 'POST',
      url: input.upload,
      headers: { authorization: `Basic ${basic}`, 'content-type': contentType },
      body,
      signal: once.signal,
      progress: (done, total) => { once.progress(done, total) },
    })
    if (answer.status >= 200 && answer.status < 300) return { url: simplePage(input.index, input.project) }
    const words = serverWords(answer, [token, basic])
    if (answer.status >= 300 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
      throw refusalOf(answer, words, { file: input.file, project: input.project, version: input.version, host, secret })
    }
    const later = answer.headers['retry-after']
    const wait = later === undefined ? '' : ` (it asks to wait: Retry-After ${later})`
    throw new Error(`${host} answered ${answer.status} to ${input.file}: ${words}${wait}`)
  }
  return secret === undefined ? withUploadToken(world, input, send) : world.secret(secret, send)
}

/** The name of the stored token that allows the upload, undefined where the identity of the job does. */
function secretFor(world: World, { auth: by = 'token', token, index, attestation }: FileInput): string | undefined {
  if (by === 'trusted' || attestation !== undefined) return undefined
  return by === 'auto' && allowanceHere(world, { index, token: token.$secret }) === 'identity' ? undefined : token.$secret
}

/** The form's fields (https://docs.pypi.org/api/upload/). */
function formFields({ sha256, about: read }: { sha256: string; about: About }): (readonly [string, string])[] {
  return [
    [':action', 'file_upload'],
    ['protocol_version', '1'],
    ['filetype', read.filetype],
    ['pyversion', read.pyversion],
    ['sha256_digest', sha256.slice('sha256:'.length)],
    ['blake2_256_digest', read.blake2_256],
    ...read.fields,
  ]
}

async function bytesOf(world: World, { sha256, file, size }: FileInput): Promise<Body> {
  let body: Body
  try {
    body = await world.artifacts.body(sha256)
  } catch (error) {
    // Nothing was sent yet.
    if (error instanceof SlipwayError) throw new Refused(...error.problems)
    throw error
  }
  if (body.length === size) return body
  throw new Refused({
    code: 'artifact-changed',
    message: `${file} has ${body.length} bytes in the artifact store, but ${size} in the plan.`,
    hint: 'Build again and make a new plan.',
  })
}
