// Uploads of blobs: whole, in chunks, or mounted from another repository.
import { randomUUID } from 'node:crypto'
import type { Reply } from '../service.ts'
import { refusedEntry } from './admission.ts'
import { created, isBroken, locationOf, toldDigest } from './ask.ts'
import type { Ask } from './ask.ts'
import { digestOf, isDigest } from './names.ts'
import { ownName } from './own-name.ts'
import { refusal } from './refusal.ts'
import { findRepository, repositoryOf, whole } from './state.ts'
import type { Upload } from './state.ts'

/** Answers POST: mounts, takes a whole blob, or opens an upload. */
export function openUpload(ask: Ask): Reply {
  const { state, call, name } = ask
  const query = call.url.searchParams
  const [digest, mount, from] = [query.get('digest'), query.get('mount'), query.get('from')]
  if (mount !== null && from !== null && mounted(ask, mount, ownName(state, from))) return blobCreated(ask, mount)
  if (digest !== null && state.rules.singlePost) return isBroken(call) ? refusal(400, 'SIZE_INVALID') : stored(ask, digest, call.body)
  const id = randomUUID()
  repositoryOf(state, name).uploads.set(id, { pieces: [] })
  return progress({ ...ask, reference: id }, 202)
}

/** Answers GET: 204 with what has arrived. */
export function uploadStatus(ask: Ask): Reply {
  return uploadOf(ask) === undefined ? unknownUpload() : progress(ask, 204)
}

/** Answers PATCH: takes the next chunk, and 416 when it is not the next one. What came of a broken request is kept. */
export function takeChunk(ask: Ask): Reply {
  const upload = uploadOf(ask)
  if (upload === undefined) return unknownUpload()
  if (!isNext(ask, upload)) return progress(ask, 416)
  append(upload, ask.call.body)
  return progress(ask, 202)
}

/** Answers PUT: takes the last chunk, if any, and keeps the whole under its digest. A wrong digest ends the upload. */
export function closeUpload(ask: Ask): Reply {
  const { state, call, name, reference } = ask
  const upload = uploadOf(ask)
  if (upload === undefined) return unknownUpload()
  const digest = call.url.searchParams.get('digest') ?? ''
  if (!isDigest(digest)) return refusal(400, 'DIGEST_INVALID', { detail: { digest } })
  if (!isNext(ask, upload)) return progress(ask, 416)
  append(upload, call.body)
  if (isBroken(call)) return refusal(400, 'SIZE_INVALID')
  repositoryOf(state, name).uploads.delete(reference)
  return stored(ask, digest, Buffer.concat(upload.pieces))
}

/** Answers DELETE: gives the upload up. */
export function cancelUpload(ask: Ask): Reply {
  return findRepository(ask.state, ask.name)?.uploads.delete(ask.reference) === true ? { status: 204 } : unknownUpload()
}

function mounted({ state, call, name }: Ask, digest: string, from: string): boolean {
  const bytes = findRepository(state, from)?.blobs.get(digest)
  if (bytes === undefined || refusedEntry(state, call, { repository: from, action: 'pull' }) !== undefined) return false
  repositoryOf(state, name).blobs.set(digest, bytes)
  return true
}

function stored(ask: Ask, digest: string, bytes: Uint8Array): Reply {
  if (!isDigest(digest) || digestOf(bytes, digest) !== digest) return refusal(400, 'DIGEST_INVALID', { detail: { digest } })
  repositoryOf(ask.state, ask.name).blobs.set(digest, whole(bytes))
  return blobCreated(ask, digest)
}

function blobCreated(ask: Ask, digest: string): Reply {
  return created(ask, `/v2/${ask.name}/blobs/${digest}`, { 'docker-content-digest': toldDigest(ask.state, digest) })
}

function uploadOf({ state, name, reference }: Ask): Upload | undefined {
  return findRepository(state, name)?.uploads.get(reference)
}

function unknownUpload(): Reply {
  return refusal(404, 'BLOB_UPLOAD_UNKNOWN')
}

/** `Content-Range: FROM-TO` must begin where the last chunk ended and be as long as the body; a chunk without one is taken to follow. */
function isNext({ call }: Ask, upload: Upload): boolean {
  const text = call.headers['content-range']
  if (text === undefined) return true
  const [, from, to] = /^(\d+)-(\d+)$/.exec(text) ?? []
  return Number(from) === sizeOf(upload) && (isBroken(call) || Number(to) - Number(from) + 1 === call.body.byteLength)
}

function append(upload: Upload, bytes: Uint8Array): void {
  if (bytes.byteLength > 0) upload.pieces.push(whole(bytes))
}

function sizeOf(upload: Upload): number {
  return upload.pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
}

/** Where the upload stands. Like every registry this one cannot tell an empty upload from one byte: both are `0-0`. */
function progress(ask: Ask, status: number): Reply {
  const { state, name, reference } = ask
  const upload = uploadOf(ask) ?? { pieces: [] }
  const query = state.rules.locations === 'absolute' ? `?_state=${reference.slice(0, 8)}` : ''
  return {
    status,
    headers: {
      location: locationOf(ask, `/v2/${name}/blobs/uploads/${reference}${query}`),
      range: `0-${Math.max(0, sizeOf(upload) - 1)}`,
      'docker-upload-uuid': reference,
    },
  }
}
