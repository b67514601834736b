// The timestamp authority's two calls, with the answers of timestamp-authority:pkg/api/timestamp.go.
import { jsonReply, type Call, type Reply } from '../service.ts'
import { asPem } from './certificate.ts'
import { elementAt, inside, type Element } from './der.ts'
import type { SigstoreState } from './state.ts'
import type { TimestampQuery } from './timestamp-authority.ts'

const PATH = '/api/v1/timestamp'

const HASHES: Readonly<Record<string, { readonly oid: string; readonly bytes: number }>> = {
  sha256: { oid: '2.16.840.1.101.3.4.2.1', bytes: 32 },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', bytes: 48 },
  sha512: { oid: '2.16.840.1.101.3.4.2.3', bytes: 64 },
}
const SHA_1 = '1.3.14.3.2.26'
/** The policy of Sigstore's authority, where the query names none. */
const POLICY = '1.3.6.1.4.1.57264.2'
/** What the mock writes where nobody asked for a number. */
const NO_NONCE = 0

/** Answers a query, in DER (https://www.rfc-editor.org/rfc/rfc3161#section-2.4.1) or in Sigstore's JSON, and shows the certificates. */
export async function giveTimestamp(state: SigstoreState, { method, url: { pathname }, headers, body }: Call): Promise<Reply> {
  if (pathname === `${PATH}/certchain` && method === 'GET') {
    const { timestamps: { chain } } = await state.authority()
    return { status: 200, headers: { 'content-type': 'application/pem-certificate-chain' }, body: chain.map(asPem).join('') }
  }
  if (pathname !== PATH) return refusal(404, `path ${pathname} was not found`)
  if (method !== 'POST') return refusal(405, `method ${method} is not allowed, but [POST] are`)
  const query = queryIn(headers['content-type']?.split(';')[0]?.trim() ?? '', body)
  if (typeof query === 'string') return refusal(400, query)
  if (query === undefined) return refusal(415, `unsupported media type "${headers['content-type'] ?? ''}", only [application/json application/timestamp-query] are allowed`)
  const { timestamp } = await state.authority()
  return { status: 201, headers: { 'content-type': 'application/timestamp-reply' }, body: await timestamp(query) }
}

/** The query, what is wrong with it, or undefined for a type that is none. */
function queryIn(type: string, body: Uint8Array): TimestampQuery | string | undefined {
  try {
    if (type === 'application/timestamp-query') return checked(inDer(body))
    return type === 'application/json' ? checked(inJson(body)) : undefined
  } catch {
    return 'Error generating timestamp response'
  }
}

function checked(query: TimestampQuery): TimestampQuery | string {
  if (query.hashAlgorithmOID === SHA_1) return 'Weak hash algorithm in timestamp request'
  const hash = Object.values(HASHES).find(({ oid }) => oid === query.hashAlgorithmOID)
  if (hash === undefined) return 'Error generating timestamp response'
  if (hash.bytes !== query.artifactHash.length) return 'Message digest has incorrect length for specified algorithm'
  return Number.isSafeInteger(query.nonce) ? query : 'Error generating timestamp response: this rehearsal repeats nonces below 2^53 only'
}

function inJson(body: Uint8Array): TimestampQuery {
  const { artifactHash, hashAlgorithm, nonce = NO_NONCE, tsaPolicyOID = POLICY, certificates = false } = JSON.parse(new TextDecoder().decode(body)) as
    { readonly artifactHash: string; readonly hashAlgorithm: string; readonly nonce?: number; readonly tsaPolicyOID?: string; readonly certificates?: boolean }
  return {
    artifactHash: Buffer.from(artifactHash, 'base64'),
    hashAlgorithmOID: hashAlgorithm === 'sha1' ? SHA_1 : HASHES[hashAlgorithm]?.oid ?? '',
    nonce,
    policyOID: tsaPolicyOID,
    certReq: certificates,
  }
}

function inDer(der: Uint8Array): TimestampQuery {
  const [version, imprint, ...rest] = inside(der, elementAt(der, 0))
  if (version === undefined || imprint === undefined) throw new Error('This is no query.')
  const [algorithm, hashed] = inside(der, imprint)
  const oid = algorithm === undefined ? undefined : inside(der, algorithm)[0]
  if (hashed === undefined || oid === undefined) throw new Error('This query names no hash.')
  const told = (tag: number): Element | undefined => rest.find(({ start }) => der[start] === tag)
  const [policy, nonce, certificates] = [told(0x06), told(0x02), told(0x01)]
  return {
    artifactHash: Buffer.from(bytesAt(der, hashed)),
    hashAlgorithmOID: oidIn(bytesAt(der, oid)),
    nonce: nonce === undefined ? NO_NONCE : Number(`0x${Buffer.from(bytesAt(der, nonce)).toString('hex')}`),
    policyOID: policy === undefined ? POLICY : oidIn(bytesAt(der, policy)),
    certReq: certificates !== undefined && der[certificates.content] !== 0,
  }
}

function bytesAt(der: Uint8Array, { content, end }: Element): Uint8Array {
  return der.subarray(content, end)
}

/** An object identifier in dots (X.690, 8.19). */
function oidIn(bytes: Uint8Array): string {
  const arcs: number[] = []
  let arc = 0
  for (const byte of bytes) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      arcs.push(arc)
      arc = 0
    }
  }
  const [first = 0, ...others] = arcs
  const top = Math.min(2, Math.floor(first / 40))
  return [top, first - top * 40, ...others].join('.')
}

function refusal(status: number, message: string): Reply {
  return jsonReply(status, { code: status, message })
}
