// Fulcio: a certificate of ten minutes for whoever shows an identity token and a key.
import { createPublicKey, sign, X509Certificate, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { bodyJson } from '../../model/http.ts'
import type { World } from '../../model/world.ts'
import { troubleOf } from './trouble.ts'

const answerShape = z.object({ signedCertificateEmbeddedSct: z.object({ chain: z.object({ certificates: z.array(z.string()).min(1) }) }) })

/** What is shown to Fulcio. */
export interface Applicant {
  readonly token: string
  /** The text whose signature proves that the key is the applicant's. */
  readonly challenge: string
  readonly key: KeyObject
}

/**
 * The certificate of a new key: one POST (https://github.com/sigstore/fulcio/blob/main/fulcio.proto). Throws Refused `token-refused` or
 * `request-refused`, and a plain Error where the outcome is not known.
 */
export async function certificateFor(world: World, fulcio: string, { token, challenge, key }: Applicant): Promise<X509Certificate> {
  const host = new URL(fulcio).host
  const answer = await world.http({
    method: 'POST',
    url: `${fulcio}/api/v2/signingCert`,
    // The token counts in the body. As a header it also makes sure that the world lets it go to no host that nobody trusts.
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      credentials: { oidcIdentityToken: token },
      publicKeyRequest: {
        publicKey: { algorithm: 'ECDSA', content: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString() },
        proofOfPossession: sign('sha256', Buffer.from(challenge), key).toString('base64'),
      },
    }),
  })
  if (answer.status !== 200 && answer.status !== 201) throw troubleOf(answer, { of: host, to: 'give a certificate', hide: token })
  const read = answerShape.safeParse(bodyJson(answer))
  const [pem] = read.data?.signedCertificateEmbeddedSct.chain.certificates ?? []
  if (pem === undefined) throw new Error(`${host} gave an answer without a certificate that is entered in a certificate log.`)
  const certificate = new X509Certificate(pem)
  if (!certificate.checkPrivateKey(key)) throw new Error(`${host} gave a certificate of another key.`)
  return certificate
}

/** The one name in a certificate: a web address, or a mail address. */
export function subjectOf({ subjectAltName }: X509Certificate): string | undefined {
  const [, name] = /^(?:URI|email):(.+)$/s.exec(subjectAltName ?? '') ?? []
  // Node quotes names that hold commas or quotes.
  return name?.startsWith('"') === true ? z.string().parse(JSON.parse(name)) : name
}
