// Names of repositories, tags and digests, as https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests has them.
import { createHash } from 'node:crypto'

const NAME = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

/** True for a repository's name; upper case is none. */
export function isName(text: string): boolean {
  return NAME.test(text) && text.length <= 255
}

/** True for a tag; `+` is in none. */
export function isTag(text: string): boolean {
  return TAG.test(text)
}

/** True for a sha256 or sha512 digest. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text)
}

/** The digest of bytes, `sha256:HEX`, or by the algorithm of another digest. */
export function digestOf(bytes: Uint8Array, like = 'sha256:'): string {
  const algorithm = like.split(':')[0] ?? 'sha256'
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
}
