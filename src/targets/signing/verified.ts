// What holds of a Sigstore bundle before anybody asks what it says: certificate, log, timestamp and signature.
import { Refused } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { Signer } from './policy.ts'
import { againstTimestamps } from './timestamps.ts'

/** The parts of a bundle by the codes of what verifies them. */
const PARTS: Readonly<Record<string, string>> = {
  CERTIFICATE_ERROR: 'its certificate is from no authority that is trusted, or was not good at the time',
  TIMESTAMP_ERROR: 'nothing trusted tells when it was signed',
  TLOG_ERROR: 'it is in no log that is trusted',
  TLOG_BODY_ERROR: 'its entry in the log is about other content',
  TLOG_INCLUSION_PROMISE_ERROR: 'its entry is signed by no log that is trusted',
  TLOG_INCLUSION_PROOF_ERROR: 'the proof that the log holds its entry is false',
  TLOG_MISSING_INCLUSION_ERROR: 'nothing proves that a log holds its entry',
  PUBLIC_KEY_ERROR: 'it was made with a bare key, and nobody knows whose',
  SIGNATURE_ERROR: 'the signature is not of this content',
}

const FALSE_TIMESTAMP = 'its timestamp was changed, or its authority was not trusted at that time'

/** What the parts of a bundle have proved. */
export interface Verified {
  readonly identity: Signer
  readonly content: { readonly payload: Buffer; readonly payloadType: string }
  readonly loggedAt: Date
}

/** What a bundle is verified for and against. */
export interface Verifying {
  /** What it signs, in words. */
  readonly what: string
  /** A TrustedRoot document. */
  readonly trustedRoot: Json
  /** True where it must hold a timestamp of a trusted authority. One that it holds must be good in any case. */
  readonly timestamped?: boolean
  /** True for a signature that is in no log yet. */
  readonly unlogged?: boolean
  /** What to do where it does not hold. */
  readonly hint?: string
}

/** Verifies certificate, log, timestamp and signature of a bundle without asking anybody. Throws Refused `signature-invalid`. */
export async function verifyParts(text: string, { what, trustedRoot, timestamped = false, unlogged = false, hint }: Verifying): Promise<Verified> {
  // CommonJS: bundled, they have a default export alone.
  const [{ default: { bundleFromJSON, isBundleWithDsseEnvelope } }, { default: { toSignedEntity, toTrustMaterial, Verifier } }, { default: { TrustedRoot } }] = await Promise.all([
    import('@sigstore/bundle'), import('@sigstore/verify'), import('@sigstore/protobuf-specs'),
  ])
  let stamped = false
  try {
    const bundle = bundleFromJSON(JSON.parse(text))
    if (!isBundleWithDsseEnvelope(bundle)) throw invalid(what, 'it holds no statement')
    const envelope = bundle.content.dsseEnvelope
    if (envelope.signatures.length !== 1) throw invalid(what, `it has ${envelope.signatures.length} signatures instead of one`)
    const trust = toTrustMaterial(TrustedRoot.fromJSON(trustedRoot))
    const entity = toSignedEntity(bundle)
    stamped = entity.timestamps.some(({ $case }) => $case === 'timestamp-authority')
    const against = againstTimestamps(entity, { trust, timestamped })
    if (against !== undefined) throw invalid(what, against, hint)
    const verifier = new Verifier(trust, { ctlogThreshold: 1, tlogThreshold: unlogged ? 0 : 1, timestampThreshold: 1 })
    const { identity } = verifier.verify(entity)
    const told = (id: string): string | undefined => utf8Text(identity?.oids?.find(({ oid }) => oid?.id.join('.') === id)?.value)
    const [entry] = bundle.verificationMaterial.tlogEntries
    return {
      identity: { issuer: identity?.extensions?.issuer, identity: identity?.subjectAlternativeName, repository: told(SOURCE_REPOSITORY), ref: told(SOURCE_REF) },
      content: envelope,
      loggedAt: new Date(Number(entry?.integratedTime) * 1000),
    }
  } catch (error) {
    if (error instanceof Refused) throw error
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
    throw invalid(what, (stamped && code === 'TIMESTAMP_ERROR' ? FALSE_TIMESTAMP : PARTS[code]) ?? 'it cannot be read as a Sigstore bundle', hint, error)
  }
}

/** Extensions of Fulcio's certificates: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md */
const SOURCE_REPOSITORY = '1.3.6.1.4.1.57264.1.12'
const SOURCE_REF = '1.3.6.1.4.1.57264.1.14'

/** The text of a DER UTF8String, undefined for anything else. */
function utf8Text(der: Uint8Array | undefined): string | undefined {
  const [tag, first = 0] = der ?? []
  if (der === undefined || tag !== 0x0c) return undefined
  const long = first < 0x80 ? 0 : first & 0x7f
  return Buffer.from(der.subarray(2 + long)).toString('utf8')
}

const HINT = 'Do not use the artifact before you know who changed it or its signature.'

/** The refusal of a signature on `what`, with the part that does not hold. */
export function invalid(...[what, why, hint = HINT, cause]: readonly [what: string, why: string, hint?: string, cause?: unknown]): Refused {
  const detail = cause instanceof Error ? { detail: cause.message } : {}
  return new Refused({ code: 'signature-invalid', message: `The signature on the ${what} does not hold: ${why}.`, hint, ...detail })
}
