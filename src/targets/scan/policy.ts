// The policy: which findings stop a release, and which are let through and why.
import { z } from 'zod'
import { normalName } from '../../model/python-name.ts'
import { namesOf, worstFirst, type Finding, type Found } from './finding.ts'
import { namesPackage, type Purls } from './purl.ts'
import { rank, THRESHOLDS } from './severity.ts'

/** One finding that is let through on purpose. */
export const ignored = z.strictObject({
  id: z.string().trim().min(1).describe('The vulnerability, by any of its names: CVE-2026-0001.'),
  reason: z.string().trim().min(1).describe('Why the release may have it.'),
  until: z.iso.date('A day is written as 2027-01-31.').exactOptional().describe('The last day on which this counts; for ever when left out.'),
  package: z.string().min(1).exactOptional().describe('Only in this package, by its name or package URL.'),
})

/** What decides whether a finding stops a release. */
export const policy = {
  fail: z.enum(THRESHOLDS),
  fixedOnly: z.boolean(),
  ignore: z.array(ignored),
}

/** What decides whether a finding stops a release. */
export type Policy = z.infer<z.ZodObject<typeof policy>>

type Ignored = z.infer<typeof ignored>

/** True from the day after the last one. `date` is the release's own, ISO 8601 in UTC. */
export function isOver({ until }: Ignored, date: string): boolean {
  return until !== undefined && date.slice(0, 10) > until
}

/** What judging a finding needs besides the policy. */
export interface Judge {
  readonly policy: Policy
  /** The release's own date, which is the clock here. */
  readonly date: string
  /** Why a finding does not concern what is released. */
  readonly excuse: (found: Found) => string | undefined
  readonly purls: Purls
}

/** What the policy says of each finding, worst first. */
export function judged(all: readonly Found[], judge: Judge): readonly Finding[] {
  return all.toSorted(worstFirst).map((found) => ({ ...found, ...standingOf(found, judge) }))
}

function standingOf(found: Found, { policy: { fail, fixedOnly, ignore }, date, excuse, purls }: Judge): Pick<Finding, 'standing' | 'why'> {
  const meant = ignore.find((one) => !isOver(one, date) && isMeant(one, found, purls))
  if (meant !== undefined) return { standing: 'ignored', why: meant.until === undefined ? meant.reason : `until ${meant.until}: ${meant.reason}` }
  const excused = excuse(found)
  if (excused !== undefined) return { standing: 'not-affected', why: excused }
  if (rank(found.severity) < rank(fail)) return { standing: 'below' }
  return fixedOnly && found.fixed === undefined ? { standing: 'unfixed', why: 'no version has a fix' } : { standing: 'stops' }
}

function isMeant({ id, package: of }: Ignored, found: Found, purls: Purls): boolean {
  if (!namesOf(found).some((name) => name.toUpperCase() === id.toUpperCase())) return false
  if (of === undefined) return true
  const [pattern, purl] = [purls.read(of), purls.read(found.purl)]
  if (pattern !== undefined) return purl !== undefined && namesPackage({ ...pattern, qualifiers: {} }, purl)
  return [found.package, purl?.name].some((name) => name !== undefined && normalName(name) === normalName(of))
}
