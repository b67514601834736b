// Reads a bundle and verifies all of it: certificate, log, signature, subject, and who signed.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { parseJson, type Json } from '../../model/json.ts'
import type { Digest } from '../../model/plan.ts'
import { againstPolicy, type Policy, type Signer } from '../signing/policy.ts'
import { STATEMENT_MEDIA, STATEMENT_TYPE } from '../signing/envelope.ts'
import { PREDICATE_TYPE } from './statement.ts'

/** What a bundle must prove. */
export interface Wanted {
  /** Of the artifact that it is about. */
  readonly digest: Digest
  /** The artifact in words, for errors; its digest when left out. */
  readonly name?: string
  readonly policy: Policy
  /** What signatures are verified against, a TrustedRoot document. */
  readonly trustedRoot: Json
}

/** What a bundle has proved. */
export interface Proved {
  /** Who signed. */
  readonly signer: Signer
  /** The subjects' names. */
  readonly subjects: readonly string[]
  /** The SLSA provenance. */
  readonly predicate: Readonly<Record<string, unknown>>
  /** When the log took the entry in. */
  readonly loggedAt: Date
}

const statementShape = z.object({
  _type: z.literal(STATEMENT_TYPE),
  predicateType: z.string(),
  subject: z.array(z.object({ name: z.string().default(''), digest: z.record(z.string(), z.string()) })),
  predicate: z.record(z.string(), z.unknown()),
})
const sourceShape = z.object({ buildDefinition: z.object({ externalParameters: z.object({ ref: z.string().optional() }) }) })

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

/** Verifies a bundle without asking anybody. Throws Refused `signature-invalid`, which names the part that does not hold. */
export async function verifyBundle(text: string, wanted: Wanted): Promise<Proved> {
  const name = wanted.name ?? wanted.digest
  const { identity, content, loggedAt } = await verifyParts(text, { ...wanted, name })
  const why = againstPolicy(identity, wanted.policy)
  if (why !== undefined) throw invalid(name, why, 'If that signer is right, correct the policy under "provenance" in slipway.yaml; if not, do not use the artifact.')
  const { predicate, subjects } = readStatement(content, { ...wanted, name })
  return { signer: identity, subjects, predicate, loggedAt }
}

interface Verified {
  readonly identity: Signer
  readonly content: { readonly payload: Buffer; readonly payloadType: string }
  readonly loggedAt: Date
}

async function verifyParts(text: string, { name, trustedRoot }: Wanted & { readonly name: string }): Promise<Verified> {
  // CommonJS: bundled, they have a default export alone.
  const [{ default: { bundleFromJSON, isBundleWithDsseEnvelope } }, { default: { toSignedEntity, toTrustMaterial, Verifier } }, { default: { TrustedRoot } }] = await Promise.all([
    import('@sigstore/bundle'), import('@sigstore/verify'), import('@sigstore/protobuf-specs'),
  ])
  try {
    const bundle = bundleFromJSON(JSON.parse(text))
    if (!isBundleWithDsseEnvelope(bundle)) throw invalid(name, 'it holds no statement')
    const envelope = bundle.content.dsseEnvelope
    if (envelope.signatures.length !== 1) throw invalid(name, `it has ${envelope.signatures.length} signatures instead of one`)
    const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(trustedRoot)), { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 1 })
    const { identity } = verifier.verify(toSignedEntity(bundle))
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
    throw invalid(name, PARTS[code] ?? 'it cannot be read as a Sigstore bundle', undefined, error)
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

function readStatement({ payload, payloadType }: Verified['content'], { name, digest, policy }: Wanted & { readonly name: string }): Pick<Proved, 'predicate' | 'subjects'> {
  if (payloadType !== STATEMENT_MEDIA) throw invalid(name, `what it signs is of the type ${payloadType} and no statement`)
  const read = statementShape.safeParse(parseJson(payload.toString('utf8')))
  if (!read.success) throw invalid(name, 'what it signs is no in-toto statement')
  const { predicateType, subject, predicate } = read.data
  if (predicateType !== PREDICATE_TYPE) throw invalid(name, `it states ${predicateType} and not ${PREDICATE_TYPE}`)
  if (!subject.some(({ digest: { sha256 } }) => `sha256:${sha256}` === digest)) throw invalid(name, `it is about ${subject.map((one) => one.name).join(', ') || 'nothing'} with another digest`)
  const ref = sourceShape.safeParse(predicate).data?.buildDefinition.externalParameters.ref
  if (policy.ref !== undefined && ref !== policy.ref) throw invalid(name, `it states that ${ref ?? 'no tag'} was released and not ${policy.ref}`)
  return { predicate, subjects: subject.map((one) => one.name) }
}

const HINT = 'Do not use the artifact before you know who changed it or its signature.'

function invalid(...[name, why, hint = HINT, cause]: readonly [name: string, why: string, hint?: string, cause?: unknown]): Refused {
  const detail = cause instanceof Error ? { detail: cause.message } : {}
  return new Refused({ code: 'signature-invalid', message: `The signature on the provenance of ${name} does not hold: ${why}.`, hint, ...detail })
}
