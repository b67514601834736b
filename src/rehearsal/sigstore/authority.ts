// The authorities and the logs of a rehearsal: those of Sigstore's own mock, on the rehearsal's clock.
import { generateKeyPairSync } from 'node:crypto'
import { asPem, redated } from './certificate.ts'
import type { LogEntry } from './state.ts'
import { openTimestampAuthority, type TimestampAuthority } from './timestamp-authority.ts'

/** What the mock's authority is asked for. */
export interface CertificateRequest {
  /** Claims of the identity, `san` among them: the name that the certificate is for. */
  readonly claims: Readonly<Record<string, unknown>>
  /** In PEM. */
  readonly publicKey: string
}

/** An authority with its certificate log, a signature log, and an authority of timestamps. */
export interface Authority {
  /** DER. */
  readonly root: Uint8Array
  /** Public keys in DER (SPKI). */
  readonly keys: { readonly certificateLog: Uint8Array; readonly log: Uint8Array }
  /** The certificate and its root in PEM. Throws when the mock refuses. */
  certify(request: CertificateRequest): Promise<readonly string[]>
  /** Enters a canonical body in the signature log and signs the entry. */
  enter(body: object): Promise<LogEntry>
  readonly timestamps: Pick<TimestampAuthority, 'chain'>
  timestamp: TimestampAuthority['timestamp']
}

/** The origin of the signature log, which its checkpoints name. */
export const REKOR = 'https://rekor.sigstore.dev'

/** Makes the keys and the authority. Takes some tenths of a second, since the mock is loaded here. */
export async function openAuthority(now: () => Date): Promise<Authority> {
  // CommonJS: bundled, it has a default export alone.
  const { default: { fulcioHandler, initializeCA, initializeCTLog, initializeTLog } } = await import('@sigstore/mock')
  // The mock reads its clock anew each time, so one date is set to the time of each call. Fractions of seconds would be lost in certificates.
  const clock = new Date(0)
  const keys = { authority: generateKeyPairSync('ec', { namedCurve: 'P-384' }), certificateLog: generateKeyPairSync('ec', { namedCurve: 'P-256' }), log: generateKeyPairSync('ec', { namedCurve: 'P-256' }) }
  const certificateLog = await initializeCTLog(keys.certificateLog, clock)
  const made = await initializeCA(keys.authority, certificateLog, clock)
  // The mock's root is good from this machine's own time on, which the rehearsal's clock may be before.
  const root = redated(bytesOf(made.rootCertificate), keys.authority.privateKey)
  const fulcio = fulcioHandler({ rootCertificate: root, issueCertificate: (options) => made.issueCertificate(options) }, { subjectClaim: 'san' })
  const log = await initializeTLog(REKOR, keys.log, clock)
  const timestamps = await openTimestampAuthority(clock)

  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(() => {
      clock.setTime(Math.floor(now().getTime() / 1000) * 1000)
      return work()
    })
    last = next.catch(() => undefined)
    return next
  }
  return {
    root,
    keys: { certificateLog: certificateLog.publicKey, log: log.publicKey },
    certify: ({ claims, publicKey }) => inTurn(async () => {
      const token = ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'e30'].join('.')
      const { statusCode, response } = await fulcio.fn(JSON.stringify({ credentials: { oidcIdentityToken: token }, publicKeyRequest: { publicKey: { algorithm: 'ECDSA', content: publicKey } } }))
      const text = typeof response === 'string' ? response : Buffer.from(bytesOf(response)).toString()
      if (statusCode !== 201) throw new Error(text)
      const { signedCertificateEmbeddedSct } = JSON.parse(text) as { readonly signedCertificateEmbeddedSct: { readonly chain: { readonly certificates: readonly string[] } } }
      return signedCertificateEmbeddedSct.chain.certificates.map((pem) => asPem(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')))
    }),
    enter: (body) => inTurn(async () => {
      const [entry] = Object.values(await log.log(body) as Readonly<Record<string, LogEntry>>)
      if (entry === undefined) throw new Error('The mock made no entry.')
      return entry
    }),
    timestamps,
    timestamp: (query) => inTurn(() => timestamps.timestamp(query)),
  }
}

function bytesOf(view: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
