// A signature that was made and kept, so that whatever happens later goes on with the very same one.
import { generateKeyPairSync } from 'node:crypto'
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import type { Digest } from '../../model/plan.ts'
import type { Look, World } from '../../model/world.ts'
import { evidenceKey, recordEvidence } from '../checks/evidence.ts'
import type { JsonObject } from '../../model/json.ts'
import { challengeOf, claimsOf, signerOf, type Claims } from './claims.ts'
import { asPem, entryId, sealEnvelope } from './envelope.ts'
import { certificateFor, subjectOf } from './fulcio.ts'
import { SIGNING, withToken, type Identity } from './identity.ts'
import { againstPolicy, type Policy } from './policy.ts'

/** How one statement is signed. */
export interface Recipe {
  /** Whose recipe it is; evidence is kept under `by.sign` and `by.log`. */
  readonly by: string
  /** What is signed, in words: `provenance of app-2.1.0.tar.gz`. */
  readonly what: string
  /** All that decides the signature, save chance. */
  readonly all: JsonObject
  /** Of the artifact that it is about. */
  readonly sha256: Digest
  readonly identity: Identity
  readonly fulcio: string
  readonly rekor: string
  /** Whose timestamp goes into the bundle: a web address; nobody's when left out. */
  readonly timestamps?: string
  readonly policy: Policy
  /** What to do where the identity is not the one that the policy asks for. */
  readonly remedy: string
  /** What is signed, by the claims of the identity. */
  statement(claims: Claims): string
}

/** What signing yields: public data, all of it. */
export const signature = z.object({
  /** The signed statement, the text of a DSSE envelope. */
  envelope: z.string(),
  /** The certificate of the key that signed, in PEM. The key itself is gone. */
  certificate: z.string(),
  /** Whom the certificate is for. */
  identity: z.string(),
  /** For how many milliseconds it is good. */
  lasts: z.number(),
})

/** A kept signature. */
export interface Kept extends z.infer<typeof signature> {
  /** Its id in the log. */
  readonly id: string
  /** True once the log would no longer prove that it was made while the certificate was good. */
  readonly late: boolean
}

/** Milliseconds before the end of a certificate at which it is no longer used: what is sent to the log takes its time. */
const MARGIN = 30_000

/** The newest signature that was made by this recipe and kept, undefined when there is none. */
export async function keptSignature(look: Look, recipe: Recipe): Promise<Kept | undefined> {
  let newest: Kept | undefined
  for (let turn = 1; ; turn += 1) {
    const found = await look.evidence.find(keyOf(recipe, turn))
    const read = signature.safeParse(found?.output)
    if (found === undefined || !read.success) return newest
    const { envelope, certificate, lasts } = read.data
    // By the clock that kept it, since the authority may have another one.
    const late = look.now().getTime() > Date.parse(found.at) + lasts - MARGIN
    newest = { ...read.data, id: entryId(envelope, certificate), late }
  }
}

/**
 * Signs with a key that is made for it and dropped: asks for a token, and for a certificate with one POST. The signature is kept before
 * it is given back. Throws Refused `identity-missing`, `token-refused`, `request-refused` or `signature-invalid`.
 */
export async function makeSignature(world: World, recipe: Recipe): Promise<z.infer<typeof signature>> {
  let turn = 1
  while (await world.evidence.find(keyOf(recipe, turn)) !== undefined) turn += 1
  const made = await withToken(world, { identity: recipe.identity, audience: SIGNING }, (token) => signWith(world, recipe, token))
  await recordEvidence(world, { key: keyOf(recipe, turn), title: `signature of the ${recipe.what}`, passed: true, output: made })
  return made
}

async function signWith(world: World, recipe: Recipe, token: string): Promise<z.infer<typeof signature>> {
  const claims = claimsOf(token)
  const challenge = claims === undefined ? undefined : challengeOf(claims)
  if (claims === undefined || challenge === undefined) throw new Refused({ code: 'token-refused', message: 'The identity token is not one that OpenID Connect knows.', hint: 'Put a JSON Web Token with the audience "sigstore" into SIGSTORE_ID_TOKEN.' })
  const signer = signerOf(claims)
  refuse(recipe, againstPolicy({ ...signer, identity: undefined }, withoutIdentity(recipe.policy)))
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = await certificateFor(world, recipe.fulcio, { token, challenge, key: privateKey })
  const identity = subjectOf(certificate)
  refuse(recipe, againstPolicy({ ...signer, identity }, recipe.policy))
  return {
    envelope: sealEnvelope(recipe.statement(claims), privateKey),
    certificate: asPem(certificate.raw),
    identity: identity ?? '',
    lasts: certificate.validToDate.getTime() - certificate.validFromDate.getTime(),
  }
}

/** Whoever signs as somebody else than the policy asks for is told before the signature goes into a log that keeps it for ever. */
function refuse({ remedy }: Recipe, why: string | undefined): void {
  if (why === undefined) return
  throw new Refused({
    code: 'signature-invalid',
    message: `The identity that would sign is not the one that must: ${why}.`,
    hint: remedy,
  })
}

function withoutIdentity({ identity: _, ...rest }: Policy): Policy {
  return rest
}

/** Evidence that passed is never written over, so each signature has a turn of its own. */
function keyOf({ by, all }: Recipe, turn: number): string {
  return evidenceKey(`${by}.sign`, { ...all, turn })
}
