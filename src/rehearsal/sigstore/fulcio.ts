// Fulcio's one call: a certificate for whoever shows a token and proves to have the key. Error texts as in fulcio:pkg/server/error.go.
import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { jsonReply, type Call, type Reply } from '../service.ts'
import type { SigstoreState } from './state.ts'
import { checkedClaims, type Claims } from './tokens.ts'

interface CertificateCall {
  readonly credentials?: { readonly oidcIdentityToken?: string }
  readonly publicKeyRequest?: { readonly publicKey?: { readonly content?: string }; readonly proofOfPossession?: string }
}

/** Answers `POST /api/v2/signingCert`. */
export async function giveCertificate(state: SigstoreState, { method, url, body }: Call): Promise<Reply> {
  if (url.pathname !== '/api/v2/signingCert') return refusal(404, 'Not Found', 5)
  if (method !== 'POST') return refusal(501, 'Method Not Allowed', 12)
  const asked = parsed(body)
  if (asked === undefined) return refusal(400, 'invalid character in request body')
  const claims = checkedClaims(state, asked.credentials?.oidcIdentityToken ?? '')
  if (claims === undefined) return refusal(400, 'There was an error processing the identity token')
  const { publicKey: { content: pem = '' } = {}, proofOfPossession = '' } = asked.publicKeyRequest ?? {}
  const key = keyIn(pem)
  if (key === undefined) return refusal(400, 'The public key supplied in the request could not be parsed')
  if (!verify('sha256', Buffer.from(textOf(claims['sub'])), key, Buffer.from(proofOfPossession, 'base64'))) return refusal(400, 'The signature supplied in the request could not be verified')
  const { certify } = await state.authority()
  // The certificate of a job is for its workflow, not for its subject: fulcio:pkg/identity/github.
  const certificates = await certify({ claims: { ...claims, san: `https://github.com/${textOf(claims['job_workflow_ref'])}` } satisfies Claims, publicKey: pem })
  return jsonReply(201, { signedCertificateEmbeddedSct: { chain: { certificates } } })
}

function parsed(body: Uint8Array): CertificateCall | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as CertificateCall
  } catch {
    return undefined
  }
}

function keyIn(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    return undefined
  }
}

function textOf(claim: unknown): string {
  return typeof claim === 'string' ? claim : ''
}

/** An error of a gRPC gateway; 3 is `INVALID_ARGUMENT`. */
function refusal(status: number, message: string, code = 3): Reply {
  return jsonReply(status, { code, message, details: [] })
}
