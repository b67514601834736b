// Pure: what the lease on a remote says, as the message of a commit.
import { z } from 'zod'
import { canonicalJson } from '../../model/json.ts'
import { dateShape, exceptionShape, objectShape, personShape } from './shape.ts'

/** The format that this program writes and the only one it reads. */
export const LEASE_FORMAT = 'slipway.lease/1'

const leaseShape = z.strictObject({
  format: z.literal(LEASE_FORMAT),
  name: z.string(),
  version: z.string(),
  /** The commit of the main branch that the release is made from. */
  base: objectShape,
  /** The release's own date. */
  date: dateShape,
  /** `Name <mail>` of who makes the release. */
  author: personShape,
  because: z.array(z.string()),
  /** What was asked for: `minor`, `auto`, a version. */
  bump: z.exactOptional(z.string()),
  /** What was observed of the world for the publish plan: with it that plan can be made again, whatever has been moved since. */
  seen: z.exactOptional(z.array(z.strictObject({ ask: z.string(), about: z.record(z.string(), z.json()), saw: z.json() }))),
  /** What the release goes past, and why: with it both plans can be made again. */
  exceptions: z.exactOptional(z.array(exceptionShape)),
  /** Who drives the release now; null while nobody does and it waits to be picked up. */
  holder: z.strictObject({ id: z.string(), host: z.string(), since: dateShape, until: dateShape }).nullable(),
})

/** The release that is under way in a repository, and who drives it. */
export type Lease = Readonly<z.infer<typeof leaseShape>>

/** The release that a lease is for: all of it but the holder. */
export type LeaseRecord = Omit<Lease, 'format' | 'holder'>

/** The lease as canonical JSON. */
export function leaseText(lease: Lease): string {
  return canonicalJson(lease)
}

/** Reads the message of a lease commit, undefined when it is not a lease of this format. */
export function parseLease(message: string): Lease | undefined {
  try {
    return leaseShape.parse(JSON.parse(message))
  } catch {
    return undefined
  }
}
