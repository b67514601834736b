// Advisories in OSV's form (https://ossf.github.io/osv-schema/), and what they say about one package.
import { z } from 'zod'
import { normalName } from '../../model/python-name.ts'
import type { Compare, Orders } from './compare.ts'
import { baseScore } from './cvss.ts'
import { isIn } from './ecosystem.ts'
import { bestFirst, type Found } from './finding.ts'
import type { Package } from './sbom.ts'
import { ofScore, ofWord, rank, type Severity } from './severity.ts'

const list = <T extends z.ZodType>(item: T) => z.array(item).nullish().transform((items) => items ?? [])

const rating = z.object({ type: z.string(), score: z.string() })

const affected = z.object({
  package: z.object({ ecosystem: z.string(), name: z.string() }).nullish(),
  ranges: list(z.object({ type: z.string(), events: list(z.record(z.string(), z.string())) })),
  versions: list(z.string()),
  severity: list(rating),
})

/** An advisory, as much of it as is used here. */
export const advisory = z.object({
  id: z.string().min(1),
  withdrawn: z.string().nullish(),
  aliases: list(z.string()),
  upstream: list(z.string()),
  summary: z.string().nullish(),
  details: z.string().nullish(),
  severity: list(rating),
  affected: list(affected),
  database_specific: z.looseObject({ severity: z.unknown().optional() }).nullish(),
})

/** An advisory, as much of it as is used here. */
export type Advisory = z.infer<typeof advisory>

type Affected = Advisory['affected'][number]
type Range = Affected['ranges'][number]

/** True when the advisory speaks of the package at all, in any version of any release of it. */
export function speaksOf({ affected: all }: Advisory, { place }: Package): boolean {
  return all.some((entry) => isNamed(entry, { ...place, release: undefined }))
}

/** The finding, or undefined where the advisory's versions and ranges leave this version out. */
export function matchOffline(of: Advisory, at: Package, orders: Orders): Found | undefined {
  const entries = of.affected.filter((entry) => isNamed(entry, at.place) && holds(entry, at, orders))
  return entries.length === 0 || of.withdrawn ? undefined : foundIn(of, entries, { at, orders })
}

/**
 * The finding of an advisory that OSV's API has matched already. Asked about a distribution's package, it looks at every release: what is true
 * of other releases only is undefined here.
 */
export function matchAnswered(of: Advisory, at: Package, orders: Orders): Found | undefined {
  if (of.withdrawn) return undefined
  const everywhere = of.affected.filter((entry) => isNamed(entry, { ...at.place, release: undefined }))
  const here = everywhere.filter((entry) => isNamed(entry, at.place))
  if (at.place.release === undefined || everywhere.every((entry) => !entry.package?.ecosystem.includes(':'))) return foundIn(of, here, { at, orders })
  const holding = here.filter((entry) => orders(at.place.ecosystem) === undefined || holds(entry, at, orders))
  return holding.length === 0 ? undefined : foundIn(of, holding, { at, orders })
}

/** True when `version` is between the range's events; false, too, where the versions have no known order. */
export function isBetween({ events }: Pick<Range, 'events'>, version: string, compare: Compare): boolean {
  const all = events.flatMap((event) => Object.entries(event).map(([sort, at]) => ({ sort, at })))
  const limits = all.filter(({ sort }) => sort === 'limit')
  if (limits.length > 0 && !limits.some(({ at }) => at === '*' || (compare(version, at) ?? 0) < 0)) return false
  const order = ({ at }: { at: string }, other: { at: string }): number => (at === '0' ? -1 : 0) - (other.at === '0' ? -1 : 0) || (compare(at, other.at) ?? 0)
  return all.filter(({ sort }) => sort !== 'limit').toSorted((one, other) => order(one, other) || Number(one.sort === 'introduced') - Number(other.sort === 'introduced'))
    .reduce((inside, { sort, at }) => {
      const difference = at === '0' ? 1 : compare(version, at)
      if (difference === undefined) return inside
      if (sort === 'introduced') return inside || difference >= 0
      return sort === 'fixed' ? inside && difference < 0 : sort === 'last_affected' ? inside && difference <= 0 : inside
    }, false)
}

function isNamed({ package: named }: Affected, place: Package['place']): boolean {
  if (named === undefined || named === null || !isIn(place, named.ecosystem)) return false
  return (place.ecosystem === 'PyPI' ? normalName(named.name) : named.name) === place.name
}

function holds(entry: Affected, at: Package, orders: Orders): boolean {
  const own = orders(at.place.ecosystem)
  if (entry.versions.some((version) => version === at.source || own?.(version, at.source) === 0)) return true
  return entry.ranges.some((range) => {
    const compare = orderOf(range, at, orders)
    // A version that is none in its ecosystem has no place in any range.
    return compare?.(at.source, at.source) === 0 && isBetween(range, at.source, compare)
  })
}

function orderOf({ type }: Range, { place }: Package, orders: Orders): Compare | undefined {
  return type === 'SEMVER' ? orders('SEMVER') : type === 'ECOSYSTEM' ? orders(place.ecosystem) : undefined
}

function foundIn(of: Advisory, entries: readonly Affected[], { at, orders }: { readonly at: Package; readonly orders: Orders }): Found {
  // Distributions name the one CVE that they speak of as their upstream; several are a bundle, in which none is another's name.
  const [id = of.id, ...aliases] = bestFirst([of.id, ...of.aliases, ...(of.upstream.length === 1 ? of.upstream : [])])
  const fixed = fixedIn(entries, at, orders)
  return {
    id, aliases, package: nameOf(at), version: at.version, purl: at.purl.plain,
    ...ratingOf(of, entries), ...(fixed === undefined ? {} : { fixed }), summary: summaryOf(of), in: [...at.in],
  }
}

/** The package's own name, which for a distribution's package is not the one that advisories use. */
function nameOf({ purl, place }: Package): string {
  return ['deb', 'apk', 'rpm'].includes(purl.type) ? purl.name : place.name
}

/** The first version after this one that no longer has it. */
function fixedIn(entries: readonly Affected[], at: Package, orders: Orders): string | undefined {
  const all = entries.flatMap(({ ranges }) => ranges.flatMap((range) => {
    const compare = orderOf(range, at, orders)
    const known = compare?.(at.source, at.source) === 0
    return range.type === 'GIT' ? [] : range.events.flatMap(({ fixed }) => (fixed !== undefined && (!known || (compare(at.source, fixed) ?? -1) < 0) ? [{ fixed, compare }] : []))
  }))
  return all.toSorted((one, other) => one.compare?.(one.fixed, other.fixed) ?? 0)[0]?.fixed
}

function ratingOf(of: Advisory, entries: readonly Affected[]): { severity: Severity; score?: number } {
  const ratings = [...entries.flatMap((entry) => entry.severity), ...of.severity]
  const scores = ratings.flatMap(({ score }) => baseScore(score) ?? [])
  const score = scores.toSorted((one, other) => other - one)[0]
  if (score !== undefined) return { severity: ofScore(score), score }
  const words = [ofWord(of.database_specific?.severity), ...ratings.filter(({ type }) => type === 'Ubuntu').map((one) => ofWord(one.score))]
  const rated = words.filter((word) => word !== 'unknown').toSorted((one, other) => rank(other) - rank(one))[0]
  // A vector of CVSS 4 says that somebody has rated it, in a way that is not reckoned here: it must not pass for less than it may be.
  return { severity: rated ?? (ratings.some(({ score }) => score.startsWith('CVSS:4')) ? 'high' : 'unknown') }
}

function summaryOf({ summary, details }: Advisory): string {
  const line = (summary || details || '').split('\n').find((text) => text.trim() !== '')?.trim() ?? ''
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}
