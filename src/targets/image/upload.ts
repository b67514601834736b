// Sends blobs to a registry: what is there is left, what can be mounted is mounted, what broke off is taken up.
import { Refused, SlipwayError } from '../../model/error.ts'
import type { Digest } from '../../model/plan.ts'
import type { Body, HttpAnswer } from '../../model/world.ts'
import { hasBlob } from './registry.ts'
import type { Session } from './session.ts'

/** A blob on its way up. */
export interface Blob {
  readonly digest: Digest
  /** The bytes; may be opened again. */
  readonly body: Body
}

/** How blobs are sent. */
export interface Sending {
  /** Repositories of the same registry that may hold the blob already. */
  readonly mountFrom?: readonly string[]
  readonly signal?: AbortSignal
  /** Tells bytes sent so far, of this blob. */
  readonly progress?: (done: number) => void
}

/** Up to this size a blob goes in one request; larger ones in a chunk that can be taken up where the connection broke. */
const ONE_REQUEST = 4 * 1024 * 1024

const RESUMPTIONS = 4

/**
 * Sends a blob unless the registry has it. Throws Refused for a refusal, among them `digest-mismatch` when the registry counts
 * other bytes than were sent, and a plain Error when it broke off more often than it is taken up.
 */
export async function sendBlob(session: Session, blob: Blob, sending: Sending = {}): Promise<'there' | 'mounted' | 'sent'> {
  const { digest, body } = blob
  if (await hasBlob(session, digest)) return 'there'
  const started = await start(session, blob, sending.mountFrom ?? [])
  if (started === 'mounted') return 'mounted'
  if (body.length <= ONE_REQUEST) {
    await close(session, { ...started, digest, body, ...sending })
    sending.progress?.(body.length)
    return 'sent'
  }
  await close(session, { location: await inChunks(session, { ...sending, blob, ...started }), digest })
  return 'sent'
}

async function start(session: Session, { digest }: Blob, mountFrom: readonly string[]): Promise<{ readonly location: string } | 'mounted'> {
  for (const from of mountFrom) {
    const answer = await session.expect([201, 202, 404], `the mount of ${digest}`, { method: 'POST', to: `blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from)}`, right: 'pull,push', reads: from })
    if (answer.status === 201) return 'mounted'
  }
  const answer = await session.expect([202], `the upload of ${digest}`, { method: 'POST', to: 'blobs/uploads/', right: 'pull,push' })
  const location = answer.headers['location']
  if (location === undefined) throw new Error(`the registry began the upload of ${digest} without saying where it goes`)
  return { location }
}

/** Sends the blob as one chunk, and what is left of it again where the registry says how far it came. Returns where to close the upload. */
async function inChunks(session: Session, { blob, location, signal, progress }: Sending & { readonly blob: Blob; readonly location: string }): Promise<string> {
  const { digest, body } = blob
  let at = location
  let offset = 0
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await session.expect([202], `the upload of ${digest}`, {
        method: 'PATCH', to: at, right: 'pull,push',
        headers: { 'content-type': 'application/octet-stream', 'content-range': `${offset}-${body.length - 1}` },
        body: from(body, offset),
        ...(signal === undefined ? {} : { signal }),
        progress: (done) => { progress?.(offset + done) },
      })
      return answer.headers['location'] ?? at
    } catch (error) {
      if (error instanceof SlipwayError || signal?.aborted === true || attempt === RESUMPTIONS) throw error
      const found = await session.ask({ method: 'GET', to: at, right: 'pull,push' })
      // The registry has forgotten the upload, or does not tell: the next attempt begins anew.
      if (found.status !== 204 && found.status !== 202) throw error
      offset = receivedBytes(found)
      at = found.headers['location'] ?? at
      if (offset > body.length) throw error
      if (offset === body.length) return at
    }
  }
}

/** Bytes that the registry has of an upload: `Range: 0-99` for a hundred. Registries say `0-0` for none, which is taken for none. */
function receivedBytes(answer: HttpAnswer): number {
  const last = /^(?:bytes=)?\d+-(\d+)$/.exec(answer.headers['range'] ?? '')?.[1]
  return last === undefined || last === '0' ? 0 : Number(last) + 1
}

async function close(session: Session, { location, digest, body, signal }: Pick<Sending, 'signal'> & { readonly location: string; readonly digest: Digest; readonly body?: Body }): Promise<void> {
  const answer = await session.ask({
    method: 'PUT', to: `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`, right: 'pull,push', headers: { 'content-type': 'application/octet-stream' },
    ...(body === undefined ? {} : { body }), ...(signal === undefined ? {} : { signal }),
  })
  if (answer.status === 201 || answer.status === 204) return
  if (answer.status === 400 && Buffer.from(answer.body).includes('DIGEST_INVALID')) {
    throw new Refused({ code: 'digest-mismatch', message: `The registry counted another digest than ${digest} for the bytes that were sent.`, hint: 'Look for a proxy that changes what goes through it, and run the release again.' })
  }
  // An upload that the registry has forgotten meanwhile may be begun anew.
  if (answer.status === 404) throw new Error(`the registry no longer knows the upload of ${digest}`)
  throw session.trouble(answer, `the blob ${digest}`)
}

/** The bytes of a body from an offset on. */
function from(body: Body, offset: number): Body {
  if (offset === 0) return body
  return {
    length: body.length - offset,
    async *open() {
      let skip = offset
      for await (const piece of body.open()) {
        if (skip >= piece.length) {
          skip -= piece.length
          continue
        }
        yield skip === 0 ? piece : piece.subarray(skip)
        skip = 0
      }
    },
  }
}
