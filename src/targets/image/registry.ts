// What is asked of a registry: manifests, tags, blobs, referrers (OCI distribution 1.1, https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md).
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { bodyJson } from '../../model/http.ts'
import { parseJson } from '../../model/json.ts'
import type { Digest } from '../../model/plan.ts'
import type { HttpAnswer } from '../../model/world.ts'
import { digest as digestShape } from '../checks/digest.ts'
import { descriptor, MEDIA } from './artifact.ts'
import type { Session } from './session.ts'

/** A manifest as a registry keeps it, byte for byte. */
export interface Manifest {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
}

const ACCEPT = [
  MEDIA.index, MEDIA.manifest, 'application/vnd.docker.distribution.manifest.list.v2+json', 'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/** The SHA-256 of bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** The digest that a tag names, or the digest itself where the registry has it; undefined when there is no such manifest. */
export async function headManifest(session: Session, reference: string): Promise<Digest | undefined> {
  const answer = await session.expect([200, 404], `the look at ${reference}`, { method: 'HEAD', to: `manifests/${reference}`, headers: { accept: ACCEPT } })
  if (answer.status === 404) return undefined
  const named = digestShape.safeParse(answer.headers['docker-content-digest'])
  return named.success ? named.data : (await getManifest(session, reference))?.digest
}

/** A manifest by tag or digest. Throws Refused `digest-mismatch` when its bytes are not those of its digest. */
export async function getManifest(session: Session, reference: string): Promise<Manifest | undefined> {
  const answer = await session.expect([200, 404], `the look at ${reference}`, { method: 'GET', to: `manifests/${reference}`, headers: { accept: ACCEPT } })
  if (answer.status === 404) return undefined
  const digest = digestOf(answer.body)
  const claimed = reference.startsWith('sha256:') ? reference : answer.headers['docker-content-digest'] ?? digest
  if (claimed !== digest) throw mismatch(reference, { wanted: claimed, got: digest })
  return { digest, mediaType: mediaTypeOf(answer), bytes: answer.body }
}

/** Puts a manifest under a tag or its digest, byte for byte. `what` names it for people. */
export async function putManifest(session: Session, reference: string, { manifest, what }: { readonly manifest: Manifest; readonly what: string }): Promise<HttpAnswer> {
  const answer = await session.expect([200, 201, 202], what, { method: 'PUT', to: `manifests/${reference}`, headers: { 'content-type': manifest.mediaType }, body: manifest.bytes, right: 'pull,push' })
  const claimed = answer.headers['docker-content-digest']
  // It is stored; whoever looks next tells by the bytes.
  if (claimed !== undefined && claimed !== manifest.digest) throw new Error(`the registry says that ${what} is ${claimed}, but ${manifest.digest} was sent`)
  return answer
}

/** True when the repository has the blob. */
export async function hasBlob(session: Session, digest: Digest): Promise<boolean> {
  return (await session.expect([200, 404], `the look at the blob ${digest}`, { method: 'HEAD', to: `blobs/${digest}` })).status === 200
}

/** How a blob is read. */
export interface Reading {
  /** Bytes that it may have. */
  readonly atMost: number
  readonly signal?: AbortSignal
  readonly take?: (piece: Uint8Array) => void
}

/**
 * Reads a blob piece by piece, hashes it, and returns its size in bytes. Throws Refused `digest-mismatch` for other bytes or more of them, a plain Error when it
 * is not served.
 */
export async function readBlob(session: Session, digest: Digest, { atMost, signal, take }: Reading): Promise<number> {
  const hash = createHash('sha256')
  let size = 0
  const stop = new AbortController()
  await session.expect([200], `the blob ${digest}`, {
    method: 'GET', to: `blobs/${digest}`,
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
    take: (piece) => {
      hash.update(piece)
      size += piece.length
      if (size > atMost) stop.abort()
      else take?.(piece)
    },
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
  })
  if (size > atMost) throw mismatch(`the blob ${digest}`, { wanted: `${atMost} bytes`, got: 'more than that' })
  const got: Digest = `sha256:${hash.digest('hex')}`
  if (got !== digest) throw mismatch(`the blob ${digest}`, { wanted: digest, got })
  return size
}

/** A blob of at most a megabyte, whole. */
export async function readSmallBlob(session: Session, digest: Digest): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  await readBlob(session, digest, { atMost: 2 ** 20, take: (piece) => { pieces.push(Buffer.from(piece)) } })
  return Buffer.concat(pieces)
}

const index = z.object({ manifests: z.array(descriptor.extend({ artifactType: z.string().optional(), annotations: z.record(z.string(), z.string()).optional() })).default([]) })

/** What refers to a manifest, as a list of descriptors. */
export type Referrer = z.infer<typeof index>['manifests'][number]

/** The tag under which registries without the referrers API list what refers to a digest. */
export function fallbackTag(subject: Digest): string {
  return subject.replace(':', '-')
}

/** What refers to a digest. `by` tells whether the registry lists it itself (`api`) or a tag does. */
export async function referrersOf(session: Session, subject: Digest): Promise<{ readonly by: 'api' | 'tag'; readonly listed: readonly Referrer[] }> {
  const answer = await session.ask({ method: 'GET', to: `referrers/${subject}`, headers: { accept: MEDIA.index } })
  if (answer.status === 200) {
    const parsed = index.safeParse(bodyJson(answer))
    if (parsed.success && mediaTypeOf(answer) === MEDIA.index) return { by: 'api', listed: await restOfList(session, answer, parsed.data.manifests) }
  }
  if (answer.status >= 500 || answer.status === 429) throw new Error(`the registry answered ${answer.status} when asked what refers to ${subject}`)
  const tag = await getManifest(session, fallbackTag(subject))
  if (tag === undefined) return { by: 'tag', listed: [] }
  const parsed = index.safeParse(jsonOf(tag.bytes))
  if (parsed.success && tag.mediaType === MEDIA.index) return { by: 'tag', listed: parsed.data.manifests }
  throw new Refused({ code: 'image-invalid', message: `The tag ${fallbackTag(subject)} should list what is attached to ${subject}, but names something else.`, hint: 'Find out who has put it there, and delete the tag if nobody needs it.' })
}

async function restOfList(session: Session, first: HttpAnswer, listed: readonly Referrer[]): Promise<readonly Referrer[]> {
  const all = [...listed]
  let next = nextPage(first)
  for (let page = 0; next !== undefined && page < 50; page += 1) {
    const answer = await session.expect([200], 'the list of referrers', { method: 'GET', to: next, headers: { accept: MEDIA.index } })
    all.push(...index.parse(bodyJson(answer)).manifests)
    next = nextPage(answer)
  }
  if (next !== undefined) throw endless('referrers')
  return all
}

/** The tags of a repository, all pages. Empty where it does not exist. */
export async function listTags(session: Session): Promise<readonly string[]> {
  const tags: string[] = []
  let to: string | undefined = 'tags/list?n=1000'
  for (let page = 0; to !== undefined && page < 50; page += 1) {
    const answer = await session.expect([200, 404], 'the list of tags', { method: 'GET', to })
    if (answer.status === 404) return []
    tags.push(...z.object({ tags: z.array(z.string()).nullable().default([]) }).parse(bodyJson(answer)).tags ?? [])
    to = nextPage(answer)
  }
  if (to !== undefined) throw endless('tags')
  return tags
}

/** What is not the whole list is none: a tag that was not seen may be the one that counts. */
function endless(what: string): Refused {
  return new Refused({ code: 'request-refused', message: `The registry's list of ${what} has no end within fifty pages.`, hint: 'Look at the repository in the registry; it may need to be tidied up.' })
}

function nextPage(answer: HttpAnswer): string | undefined {
  return /<([^>]+)>\s*;\s*rel="?next"?/i.exec(answer.headers['link'] ?? '')?.[1]
}

/** A manifest's bytes as JSON; undefined when they are none. */
export function jsonOf(bytes: Uint8Array): unknown {
  return parseJson(new TextDecoder().decode(bytes))
}

function mediaTypeOf(answer: HttpAnswer): string {
  return (answer.headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
}

function mismatch(what: string, { wanted, got }: { readonly wanted: string; readonly got: string }): Refused {
  return new Refused({
    code: 'digest-mismatch',
    message: `The registry serves other bytes for ${what}: ${got}, where ${wanted} was promised.`,
    hint: 'Do not pull it. Tell whoever runs the registry, look for a proxy in between, and run `slipway verify` again.',
  })
}
