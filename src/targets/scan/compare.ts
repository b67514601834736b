// The order of versions in each ecosystem that offline advisories are matched in.
import { compareAlpine } from './alpine-version.ts'
import { compareDebian } from './debian-version.ts'

/** Negative, zero or positive as `one` is earlier, equal or later; undefined when one of the texts is no version of the ecosystem. */
export type Compare = (one: string, other: string) => number | undefined

/** The order of an ecosystem (without its release), or of `SEMVER` ranges; undefined where the order is not known here. */
export type Orders = (ecosystem: string) => Compare | undefined

/** Loads the orders. */
export async function loadOrders(): Promise<Orders> {
  const [{ default: semver }, pep440] = await Promise.all([import('semver'), import('@renovatebot/pep440')])
  const bySemver: Compare = (one, other) => {
    const [a, b] = [semver.valid(wholeSemver(one)), semver.valid(wholeSemver(other))]
    return a === null || b === null ? undefined : semver.compare(a, b)
  }
  const byPep440: Compare = (one, other) => (pep440.valid(one) === null || pep440.valid(other) === null ? undefined : pep440.compare(one, other))
  const orders = new Map<string, Compare>([
    ['SEMVER', bySemver], ['npm', bySemver], ['Go', bySemver], ['crates.io', bySemver], ['PyPI', byPep440],
    ['Debian', compareDebian], ['Ubuntu', compareDebian], ['Alpine', compareAlpine], ['Wolfi', compareAlpine], ['Chainguard', compareAlpine],
  ])
  return (ecosystem) => orders.get(ecosystem)
}

/** Go and OSV leave out what is zero, and Go writes a v. */
function wholeSemver(text: string): string {
  const [, major, minor = '0', patch = '0', rest = ''] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?((?:[-+].*)?)$/.exec(text) ?? []
  return major === undefined ? '' : `${major}.${minor}.${patch}${rest}`
}
