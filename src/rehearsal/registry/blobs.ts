// Blobs: reading and deleting them.
import type { Call, Reply } from '../service.ts'
import { toldDigest } from './ask.ts'
import type { Ask } from './ask.ts'
import { isDigest } from './names.ts'
import { refusal } from './refusal.ts'
import { findRepository } from './state.ts'
import type { RegistryState } from './state.ts'

/** Answers GET with the bytes, or with where they are kept when the registry keeps them elsewhere. */
export function readBlob({ state, call, name, reference }: Ask): Reply {
  const bytes = findRepository(state, name)?.blobs.get(reference)
  if (bytes === undefined) return isDigest(reference) ? refusal(404, 'BLOB_UNKNOWN', { detail: { digest: reference } }) : refusal(400, 'DIGEST_INVALID')
  const { blobHost } = state.rules
  if (blobHost !== undefined) return { status: 307, headers: { location: call.address(`https://${blobHost}/blobs/${reference}?sig=signed`), 'docker-content-digest': toldDigest(state, reference) } }
  return bytesReply({ state, call, digest: reference }, bytes)
}

/** Answers the host that blobs are kept at: whoever has an address with its signature reads. */
export function readStoredBlob(state: RegistryState, call: Call): Reply {
  const digest = call.url.pathname.replace(/^\/blobs\//, '')
  const bytes = [...state.repositories.values()].map(({ blobs }) => blobs.get(digest)).find((found) => found !== undefined)
  if (call.method !== 'GET' || call.url.searchParams.get('sig') !== 'signed') return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Server failed to authenticate the request.' }
  return bytes === undefined ? { status: 404, headers: { 'content-type': 'text/plain' }, body: 'The specified blob does not exist.' } : bytesReply({ state, call, digest }, bytes)
}

/** Answers DELETE. */
export function deleteBlob({ state, name, reference }: Ask): Reply {
  if (state.rules.deletes === 'nothing') return refusal(405, 'UNSUPPORTED')
  return findRepository(state, name)?.blobs.delete(reference) === true ? { status: 202 } : refusal(404, 'BLOB_UNKNOWN')
}

function bytesReply({ state, call, digest }: { readonly state: RegistryState; readonly call: Call; readonly digest: string }, stored: Uint8Array): Reply {
  const bytes = state.lies.bytes.get(digest) ?? stored
  const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': toldDigest(state, digest), 'accept-ranges': 'bytes' }
  const range = /^bytes=(\d+)-(\d*)$/.exec(call.headers['range'] ?? '')
  if (range === null) return { status: 200, headers, body: bytes }
  const [from, to] = [Number(range[1]), Math.min(range[2] === '' ? Infinity : Number(range[2]), bytes.byteLength - 1)]
  if (from > to) return { status: 416, headers: { 'content-range': `bytes */${bytes.byteLength}` } }
  return { status: 206, headers: { ...headers, 'content-range': `bytes ${from}-${to}/${bytes.byteLength}` }, body: bytes.subarray(from, to + 1) }
}
