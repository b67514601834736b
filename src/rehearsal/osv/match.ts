// Which advisories of the rehearsal's OSV are about a package in a version.
import type { OsvDocument } from './state.ts'

/** A package as a query names it; `ecosystem` without its release finds every release. */
export interface Subject {
  readonly ecosystem: string
  readonly name: string
  readonly version: string | undefined
}

const ECOSYSTEMS: Readonly<Record<string, string>> = {
  pypi: 'PyPI', npm: 'npm', golang: 'Go', cargo: 'crates.io', maven: 'Maven', gem: 'RubyGems', nuget: 'NuGet', composer: 'Packagist',
  'deb/debian': 'Debian', 'deb/ubuntu': 'Ubuntu', 'apk/alpine': 'Alpine',
}

/** The package of a package URL: undefined when it is malformed, null when it is of a sort that has no advisories. */
export function subjectOf(purl: string): Subject | null | undefined {
  const [, type = '', path = '', version] = /^pkg:([a-z][a-z0-9.+-]*)\/([^@?#]+)(?:@([^?#]+))?(?:\?[^#]*)?(?:#.*)?$/i.exec(purl) ?? []
  if (type === '' || /%(?![0-9A-Fa-f]{2})/.test(purl)) return undefined
  const parts = path.split('/').map(decodeURIComponent)
  const ecosystem = ECOSYSTEMS[type.toLowerCase()] ?? ECOSYSTEMS[`${type.toLowerCase()}/${parts[0] ?? ''}`]
  if (ecosystem === undefined) return null
  const named = ['deb', 'apk'].includes(type.toLowerCase()) ? parts.slice(1) : parts
  return { ecosystem, name: named.join(ecosystem === 'Maven' ? ':' : '/'), version: version === undefined ? undefined : decodeURIComponent(version) }
}

/** True when the advisory is about the package in this version; any version when none is asked for. */
export function isAbout({ affected = [], withdrawn }: OsvDocument, { ecosystem, name, version }: Subject): boolean {
  if (withdrawn !== undefined) return false
  return affected.some((entry) => {
    const own = entry.package.ecosystem
    if (own !== ecosystem && (ecosystem.includes(':') || own.split(':')[0] !== ecosystem)) return false
    if (normal(entry.package.name, ecosystem) !== normal(name, ecosystem)) return false
    if (version === undefined || entry.versions?.includes(version) === true) return true
    return entry.ranges?.some(({ type, events }) => type !== 'GIT' && isBetween(events, version)) === true
  })
}

function normal(name: string, ecosystem: string): string {
  return ecosystem === 'PyPI' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name
}

/** The events stand in the order of their versions, as OSV's own exports have them. */
function isBetween(events: readonly Readonly<Record<string, string>>[], version: string): boolean {
  let inside = false
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined && (introduced === '0' || compare(version, introduced) >= 0)) inside = true
    if (fixed !== undefined && compare(version, fixed) >= 0) inside = false
    if (last !== undefined && compare(version, last) > 0) inside = false
  }
  return inside
}

/** Part by part, numbers as numbers: right for plain versions, which are all that a rehearsal has. */
function compare(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}
