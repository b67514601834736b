// What Sigstore's signatures are verified against: a root that was given, or the public one, kept fresh by TUF.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SlipwayError } from '../model/error.ts'
import { parseJson, type Json, type JsonObject } from '../model/json.ts'

/** Where the trusted root comes from. */
export interface TrustedRootOptions {
  /** The JSON text of a TrustedRoot document; the public-good root when left out. */
  readonly given?: string
  /** A file that holds such a text. */
  readonly file?: string
  /** A folder for the public root and the metadata that it is checked by. */
  readonly cache: string
  /** Asks for the public root, checks it and keeps it in the folder; Sigstore's TUF repository when left out. */
  readonly ask?: (cache: string) => Promise<Json>
}

/** The address of Sigstore's public TUF repository, which its client also names its folder after. */
const MIRROR = 'tuf-repo-cdn.sigstore.dev'

/**
 * `World.trustedRoot`. The public root is asked for once in a process. Without an answer the last one that was kept here counts, or the one that
 * the client brings with it. Throws SlipwayError `usage` for a given text that is no trusted root, and `remote-unreachable`.
 */
export function openTrustedRoot({ given, file, cache, ask = askPublic }: TrustedRootOptions): () => Promise<Json> {
  let known: Json | undefined
  return async () => {
    const text = given ?? (file === undefined ? undefined : await readFile(file, 'utf8').catch(() => ''))
    known ??= text === undefined ? await ask(cache).catch((error: unknown) => kept(cache, error)) : givenRoot(text)
    return known
  }
}

function givenRoot(text: string): Json {
  const root = rootIn(text)
  if (root !== undefined) return root
  throw new SlipwayError({
    code: 'usage',
    message: 'The trusted root that was given is not a TrustedRoot document.',
    hint: 'Let SLIPWAY_TRUSTED_ROOT name a file with the JSON that `cosign trusted-root create` writes, or unset it to use the public one.',
  })
}

async function askPublic(cache: string): Promise<Json> {
  // CommonJS: bundled, they have a default export alone.
  const [{ default: { getTrustedRoot } }, { default: { TrustedRoot } }] = await Promise.all([import('@sigstore/tuf'), import('@sigstore/protobuf-specs')])
  const root = await getTrustedRoot({ cachePath: cache, mirrorURL: `https://${MIRROR}`, retry: { retries: 1 } })
  return TrustedRoot.toJSON(root) as Json
}

/** The root that lies in the folder: the client checks what it puts there, and puts its own there before it first asks. */
async function kept(cache: string, error: unknown): Promise<Json> {
  const text = await readFile(join(cache, MIRROR, 'targets', 'trusted_root.json'), 'utf8').catch(() => undefined)
  const root = text === undefined ? undefined : rootIn(text)
  if (root !== undefined) return root
  throw new SlipwayError({
    code: 'remote-unreachable',
    message: `Sigstore's trusted root cannot be had from ${MIRROR}, so no signature can be verified.`,
    hint: 'Check the connection and run the same command again.',
    detail: error instanceof Error ? error.message : String(error),
  })
}

function rootIn(text: string): JsonObject | undefined {
  const root = parseJson(text) as Json | undefined
  if (root === undefined || root === null || typeof root !== 'object' || Array.isArray(root)) return undefined
  const object = root as JsonObject
  return Array.isArray(object['certificateAuthorities']) && Array.isArray(object['tlogs']) ? object : undefined
}
