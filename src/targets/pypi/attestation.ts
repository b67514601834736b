// An attestation of a file as indexes keep it (https://peps.python.org/pep-0740/), made of a Sigstore bundle and verified as one.
import { z } from 'zod'
import { canonicalJson, parseJson, type Json } from '../../model/json.ts'
import type { Digest } from '../../model/plan.ts'
import { STATEMENT_MEDIA, STATEMENT_TYPE } from '../signing/envelope.ts'
import { BUNDLE_MEDIA } from '../signing/bundle.ts'
import { againstPolicy, type Policy } from '../signing/policy.ts'
import { invalid, verifyParts } from '../signing/verified.ts'

/** What the statement says: this file was published (https://docs.pypi.org/attestations/publish/v1/). */
export const PUBLISHED = 'https://docs.pypi.org/attestations/publish/v1'

/** A file by its name and bytes. */
export interface Subject {
  readonly name: string
  readonly sha256: Digest
}

/** The statement that is signed about a file, in canonical JSON. */
export function publishStatement({ name, sha256 }: Subject): string {
  return canonicalJson({ _type: STATEMENT_TYPE, subject: [{ name, digest: { sha256: sha256.slice('sha256:'.length) } }], predicateType: PUBLISHED, predicate: {} })
}

const bundleShape = z.object({
  verificationMaterial: z.object({ certificate: z.object({ rawBytes: z.string() }), tlogEntries: z.array(z.unknown()) }),
  dsseEnvelope: z.object({ payload: z.string(), signatures: z.tuple([z.object({ sig: z.string() })]) }),
})

const attestation = z.object({
  version: z.literal(1),
  verification_material: z.object({ certificate: z.string(), transparency_entries: z.array(z.unknown()).min(1) }),
  envelope: z.object({ statement: z.string(), signature: z.string() }),
})

const statementShape = z.object({
  _type: z.literal(STATEMENT_TYPE),
  predicateType: z.string(),
  subject: z.tuple([z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })]),
})

/** The attestation that a bundle amounts to, as JSON. */
export function attestationText(bundle: string): string {
  const { verificationMaterial: { certificate, tlogEntries }, dsseEnvelope: { payload, signatures: [{ sig }] } } = bundleShape.parse(JSON.parse(bundle))
  return JSON.stringify({
    version: 1,
    verification_material: { certificate: certificate.rawBytes, transparency_entries: tlogEntries },
    envelope: { statement: payload, signature: sig },
  })
}

/** What an attestation must prove. */
export interface Wanted extends Subject {
  readonly policy: Policy
  /** What signatures are verified against, a TrustedRoot document. */
  readonly trustedRoot: Json
}

/** Verifies an attestation without asking anybody, and tells who signed. Throws Refused `signature-invalid`, which names the part that does not hold. */
export async function verifyAttestation(found: unknown, { name, sha256, policy, trustedRoot }: Wanted): Promise<string> {
  const what = `attestation of ${name}`
  const read = attestation.safeParse(found)
  if (!read.success) throw invalid(what, 'it is no attestation of version 1')
  const { identity, content } = await verifyParts(asBundle(read.data), { what, trustedRoot })
  const why = againstPolicy(identity, policy)
  if (why !== undefined) throw invalid(what, why, 'If that signer is right, look at the remote of the repository; if not, do not use the file.')
  const statement = statementShape.safeParse(parseJson(content.payload.toString('utf8')))
  if (!statement.success) throw invalid(what, 'what it signs is no statement about one file')
  const { predicateType, subject: [subject] } = statement.data
  if (predicateType !== PUBLISHED) throw invalid(what, `it states ${predicateType} and not ${PUBLISHED}`)
  if (subject.name !== name || `sha256:${subject.digest.sha256}` !== sha256) throw invalid(what, `it is about ${subject.name} with ${subject.digest.sha256.slice(0, 12)}…`)
  return identity.identity ?? ''
}

/** What an attestation states, undefined for what is none; nothing of it is verified. */
export function statedIn(found: unknown): string | undefined {
  const read = attestation.safeParse(found)
  return read.success ? statementShape.safeParse(parseJson(Buffer.from(read.data.envelope.statement, 'base64').toString('utf8'))).data?.predicateType : undefined
}

function asBundle({ verification_material: { certificate, transparency_entries: tlogEntries }, envelope: { statement, signature } }: z.infer<typeof attestation>): string {
  return JSON.stringify({
    mediaType: BUNDLE_MEDIA,
    verificationMaterial: { certificate: { rawBytes: certificate }, tlogEntries },
    dsseEnvelope: { payload: statement, payloadType: STATEMENT_MEDIA, signatures: [{ sig: signature }] },
  })
}
