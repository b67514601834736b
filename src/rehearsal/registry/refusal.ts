// Refusals in the form of the specification: a list of errors with codes.
import { jsonReply } from '../service.ts'
import type { Reply } from '../service.ts'

/** What is said with each code when there is nothing better to say. */
const MESSAGES = {
  BLOB_UNKNOWN: 'blob unknown to registry',
  BLOB_UPLOAD_INVALID: 'blob upload invalid',
  BLOB_UPLOAD_UNKNOWN: 'blob upload unknown to registry',
  DENIED: 'requested access to the resource is denied',
  DIGEST_INVALID: 'provided digest did not match uploaded content',
  MANIFEST_BLOB_UNKNOWN: 'manifest references a manifest or blob unknown to registry',
  MANIFEST_INVALID: 'manifest invalid',
  MANIFEST_UNKNOWN: 'manifest unknown',
  NAME_INVALID: 'invalid repository name',
  NAME_UNKNOWN: 'repository name not known to registry',
  SIZE_INVALID: 'provided length did not match content length',
  TAG_INVALID: 'manifest tag did not match URI',
  UNAUTHORIZED: 'authentication required',
  UNSUPPORTED: 'The operation is unsupported.',
} as const

/** A code of https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes, and TAG_INVALID, which registries add. */
export type RefusalCode = keyof typeof MESSAGES

/** What a refusal says beyond its code. */
export interface RefusalWords {
  readonly message?: string
  readonly detail?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer that refuses with one error. */
export function refusal(status: number, code: RefusalCode, words: RefusalWords = {}): Reply {
  const { message = MESSAGES[code], detail, headers = {} } = words
  return jsonReply(status, { errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] }, headers)
}
