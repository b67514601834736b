// The timestamp authority of a rehearsal: that of Sigstore's own mock, on the rehearsal's clock.
import { generateKeyPairSync } from 'node:crypto'
import { redated } from './certificate.ts'

/** What is to be timestamped, as RFC 3161 has it. */
export interface TimestampQuery {
  readonly artifactHash: Buffer
  readonly hashAlgorithmOID: string
  readonly nonce: number
  readonly policyOID: string
  /** Whether the certificate goes into the answer. */
  readonly certReq: boolean
}

/** An authority that says when it was shown something. */
export interface TimestampAuthority {
  /** DER: the certificate of the key that signs, and its root. */
  readonly chain: readonly [Uint8Array, Uint8Array]
  /** A TimeStampResp in DER. */
  timestamp(query: TimestampQuery): Promise<Uint8Array>
}

/** The parts of the mock's authority that its type leaves out. */
interface Inside {
  intCert: { readonly constructor: { fromBER(der: Uint8Array): Inside['intCert'] } }
}

/** Where timestamps are had. */
export const TIMESTAMPS = 'https://timestamp.sigstore.dev/api/v1/timestamp'

/** Makes the key and the authority, which reads its time from this date at each call. */
export async function openTimestampAuthority(clock: Date): Promise<TimestampAuthority> {
  // CommonJS: bundled, it has a default export alone.
  const { default: { initializeTSA } } = await import('@sigstore/mock')
  const key = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const made = await initializeTSA(key, clock)
  const [leaf, root] = [redated(bytesOf(made.intCertificate), key.privateKey), redated(bytesOf(made.rootCertificate), key.privateKey)]
  // Each timestamp names the certificate by its digest, so the mock must sign for the one that is handed out.
  const inside = made as unknown as Inside
  inside.intCert = inside.intCert.constructor.fromBER(leaf)
  return { chain: [leaf, root], timestamp: async (query) => bytesOf(await made.timestamp(query)) }
}

function bytesOf(view: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
