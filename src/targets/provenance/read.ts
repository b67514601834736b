// Reads a bundle and verifies all of it: certificate, log, timestamp, signature, subject, and who signed.
import { z } from 'zod'
import { parseJson, type Json } from '../../model/json.ts'
import type { Digest } from '../../model/plan.ts'
import { againstPolicy, type Policy, type Signer } from '../signing/policy.ts'
import { STATEMENT_MEDIA, STATEMENT_TYPE } from '../signing/envelope.ts'
import { invalid, verifyParts, type Verified } from '../signing/verified.ts'
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
  /** True where a trusted authority must have attested the time. */
  readonly timestamped?: boolean
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

/** Verifies a bundle without asking anybody. Throws Refused `signature-invalid`, which names the part that does not hold. */
export async function verifyBundle(text: string, wanted: Wanted): Promise<Proved> {
  const what = `provenance of ${wanted.name ?? wanted.digest}`
  const { identity, content, loggedAt } = await verifyParts(text, { what, trustedRoot: wanted.trustedRoot, timestamped: wanted.timestamped === true })
  const why = againstPolicy(identity, wanted.policy)
  if (why !== undefined) throw invalid(what, why, 'If that signer is right, correct the policy under "provenance" in slipway.yaml; if not, do not use the artifact.')
  const { predicate, subjects } = readStatement(content, { ...wanted, what })
  return { signer: identity, subjects, predicate, loggedAt }
}

function readStatement({ payload, payloadType }: Verified['content'], { what, digest, policy }: Wanted & { readonly what: string }): Pick<Proved, 'predicate' | 'subjects'> {
  if (payloadType !== STATEMENT_MEDIA) throw invalid(what, `what it signs is of the type ${payloadType} and no statement`)
  const read = statementShape.safeParse(parseJson(payload.toString('utf8')))
  if (!read.success) throw invalid(what, 'what it signs is no in-toto statement')
  const { predicateType, subject, predicate } = read.data
  if (predicateType !== PREDICATE_TYPE) throw invalid(what, `it states ${predicateType} and not ${PREDICATE_TYPE}`)
  if (!subject.some(({ digest: { sha256 } }) => `sha256:${sha256}` === digest)) throw invalid(what, `it is about ${subject.map((one) => one.name).join(', ') || 'nothing'} with another digest`)
  const ref = sourceShape.safeParse(predicate).data?.buildDefinition.externalParameters.ref
  if (policy.ref !== undefined && ref !== policy.ref) throw invalid(what, `it states that ${ref ?? 'no tag'} was released and not ${policy.ref}`)
  return { predicate, subjects: subject.map((one) => one.name) }
}
