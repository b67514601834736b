// A signature that was made and kept, so that whatever happens later goes on with the very same one.
import { generateKeyPairSync } from 'node:crypto'
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import type { Look, World } from '../../model/world.ts'
import { evidenceKey, recordEvidence } from '../checks/evidence.ts'
import { challengeOf, claimsOf, signerOf } from '../signing/claims.ts'
import { asPem, entryId, sealEnvelope } from '../signing/envelope.ts'
import { certificateFor, subjectOf } from '../signing/fulcio.ts'
import { SIGNING, withToken } from '../signing/identity.ts'
import { againstPolicy } from '../signing/policy.ts'
import type { Signing } from './shape.ts'
import { statementText } from './statement.ts'

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
export async function keptSignature(look: Look, signing: Signing): Promise<Kept | undefined> {
  let newest: Kept | undefined
  for (let turn = 1; ; turn += 1) {
    const found = await look.evidence.find(keyOf(signing, turn))
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
export async function makeSignature(world: World, signing: Signing): Promise<z.infer<typeof signature>> {
  let turn = 1
  while (await world.evidence.find(keyOf(signing, turn)) !== undefined) turn += 1
  const made = await withToken(world, { identity: signing.identity, audience: SIGNING }, (token) => signWith(world, signing, token))
  await recordEvidence(world, { key: keyOf(signing, turn), title: `signature of the provenance of ${signing.name}`, passed: true, output: made })
  return made
}

async function signWith(world: World, signing: Signing, token: string): Promise<z.infer<typeof signature>> {
  const claims = claimsOf(token)
  const challenge = claims === undefined ? undefined : challengeOf(claims)
  if (claims === undefined || challenge === undefined) throw new Refused({ code: 'token-refused', message: 'The identity token is not one that OpenID Connect knows.', hint: 'Put a JSON Web Token with the audience "sigstore" into SIGSTORE_ID_TOKEN.' })
  const signer = signerOf(claims)
  refuse(againstPolicy({ ...signer, identity: undefined }, withoutIdentity(signing.policy)))
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = await certificateFor(world, signing.fulcio, { token, challenge, key: privateKey })
  const identity = subjectOf(certificate)
  refuse(againstPolicy({ ...signer, identity }, signing.policy))
  return {
    envelope: sealEnvelope(statementText(signing, claims), privateKey),
    certificate: asPem(certificate.raw),
    identity: identity ?? '',
    lasts: certificate.validToDate.getTime() - certificate.validFromDate.getTime(),
  }
}

/** Whoever signs as somebody else than the policy asks for is told before the signature goes into a log that keeps it for ever. */
function refuse(why: string | undefined): void {
  if (why === undefined) return
  throw new Refused({
    code: 'signature-invalid',
    message: `The identity that would sign is not the one that must: ${why}.`,
    hint: 'Release from the workflow that slipway.yaml names, or correct "issuer", "identity" and "repository" under "provenance" there.',
  })
}

function withoutIdentity({ identity: _, ...rest }: Signing['policy']): Signing['policy'] {
  return rest
}

/** Evidence that passed is never written over, so each signature has a turn of its own. */
function keyOf(signing: Signing, turn: number): string {
  return evidenceKey('provenance.sign', { ...signing, turn })
}
