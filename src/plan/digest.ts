// The digest of a plan and of any JSON value.
import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '../model/json.ts'
import { PLAN_FORMAT, type Digest, type Plan } from '../model/plan.ts'

/** SHA-256 over the canonical JSON text (RFC 8785) of a value. */
export function digestOf(value: Json): Digest {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`
}

/** A plan without what sealing adds. */
export type UnsealedPlan = Omit<Plan, 'format' | 'digest'>

/** Completes a plan with its format and its digest. */
export function seal(plan: UnsealedPlan): Plan {
  const body = { format: PLAN_FORMAT, ...plan }
  return { ...body, digest: digestOf(body as unknown as Json) } as Plan
}

/** The digest that a plan ought to carry. */
export function expectedDigest(plan: Plan): Digest {
  const { digest: _, ...body } = plan
  return digestOf(body as unknown as Json)
}
