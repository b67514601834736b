// What the calendar says against a release, and what it goes past all the same because somebody said so.
import { dayOf, objectionsTo, type Objection } from '../calendar/index.ts'
import type { Config } from '../config/index.ts'
import { SlipwayError, type ErrorCode, type Problem } from '../model/error.ts'
import type { Exception } from '../model/exception.ts'
import type { Release } from '../model/plan.ts'

/** What whoever starts a release lets it go past. */
export interface Allowance {
  /** Lines that have ended, or that get security fixes only. */
  readonly force?: boolean
  /** Why it is made in a freeze; goes with force where there is both. */
  readonly reason?: string
}

/** Everything that the calendar says against a release today. */
export function objectionsOf({ support, schedule }: Pick<Config, 'support' | 'schedule'>, { to, from }: Pick<Release, 'to' | 'from'>, now: Date): readonly Objection[] {
  return objectionsTo({ lines: support?.lines ?? [], freezes: schedule?.freezes ?? [] }, { version: to, from: from ?? undefined, day: dayOf(now) })
}

/** The objections that no exception settles. */
export function unsettled(objections: readonly Objection[], exceptions: readonly Exception[]): readonly Objection[] {
  return objections.filter(({ rule, of }) => !exceptions.some((each) => each.rule === rule && each.of === of))
}

/** The exceptions that an allowance makes of objections; none for those that it does not let pass. */
export function exceptionsFrom(objections: readonly Objection[], { force, reason }: Allowance, stage: Exception['stage']): readonly Exception[] {
  return objections.filter(({ rule }) => rule === 'freeze' ? reason !== undefined : force === true).map(({ rule, of }) => ({ rule, of, reason: reason ?? null, stage }))
}

const CODES: Readonly<Record<Objection['rule'], ErrorCode>> = { 'freeze': 'release-frozen', 'line-ended': 'line-ended', 'line-security': 'line-security-only' }

/** How a release came to the objections: freshly, by a plan in a file, or on the way. */
export type AskedBy = 'command' | 'file' | 'under-way'

/** A problem for each objection, with what to do: wait, or say that it is meant. */
export function objectionProblems(objections: readonly Objection[], version: string, by: AskedBy): readonly Problem[] {
  return objections.map(({ rule, message, instead }) => {
    const option = rule === 'freeze' ? '--reason "WHY"' : '--force'
    const go = by === 'file' ? `make the plan anew with \`slipway plan ${version} ${option} --out FILE\`` : `\`slipway release ${version} ${option}\``
    const kept = by === 'under-way' ? ' What was done so far is kept.' : ''
    return { code: CODES[rule], message, hint: `${instead}${kept} To release all the same: ${go}, which stands in the plan.` }
  })
}

/** Throws SlipwayError `release-frozen`, `line-ended` or `line-security-only` when there are objections. */
export function refuse(objections: readonly Objection[], version: string, by: AskedBy): void {
  const [first, ...more] = objectionProblems(objections, version, by)
  if (first !== undefined) throw new SlipwayError(first, ...more)
}
