// Which ecosystem of OSV a package URL belongs to, and the name that the package has there (https://ossf.github.io/osv-schema/#affectedpackage-field).
import { normalName } from '../../model/python-name.ts'
import type { Purl } from './purl.ts'

/** A package as OSV knows it. */
export interface Place {
  /** `PyPI`, `Debian`; without the release. */
  readonly ecosystem: string
  /** The release of a distribution: `12`, `22.04`, `v3.20`; undefined where there is none or it is not known. */
  readonly release: string | undefined
  /** As advisories name the package: of a distribution, its source package. */
  readonly name: string
}

const LANGUAGES: Readonly<Record<string, { readonly ecosystem: string; readonly between?: string }>> = {
  pypi: { ecosystem: 'PyPI' }, npm: { ecosystem: 'npm' }, golang: { ecosystem: 'Go' }, maven: { ecosystem: 'Maven', between: ':' }, cargo: { ecosystem: 'crates.io' },
  gem: { ecosystem: 'RubyGems' }, composer: { ecosystem: 'Packagist' }, nuget: { ecosystem: 'NuGet' }, hex: { ecosystem: 'Hex' }, pub: { ecosystem: 'Pub' },
  hackage: { ecosystem: 'Hackage' }, cran: { ecosystem: 'CRAN' }, swift: { ecosystem: 'SwiftURL' },
}

const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  'deb/debian': 'Debian', 'deb/ubuntu': 'Ubuntu', 'apk/alpine': 'Alpine', 'apk/wolfi': 'Wolfi', 'apk/chainguard': 'Chainguard',
  'rpm/redhat': 'Red Hat', 'rpm/rocky-linux': 'Rocky Linux', 'rpm/almalinux': 'AlmaLinux', 'rpm/opensuse': 'openSUSE', 'rpm/suse': 'SUSE',
}

/** What distributions call themselves where OSV's package URLs have another name. */
const NAMESPACES: Readonly<Record<string, string>> = { 'rpm/rhel': 'redhat', 'rpm/rocky': 'rocky-linux' }

const CODENAMES: Readonly<Record<string, string>> = {
  buster: '10', bullseye: '11', bookworm: '12', trixie: '13', forky: '14', focal: '20.04', jammy: '22.04', noble: '24.04',
}

/** Where OSV keeps the package; undefined for a sort of package that it does not know. `distro` is what the SBOM says of the whole image. */
export function placeOf(purl: Purl, distro?: string): Place | undefined {
  const language = LANGUAGES[purl.type]
  if (language !== undefined) {
    const name = purl.type === 'pypi' ? normalName(purl.name) : purl.name
    return { ecosystem: language.ecosystem, release: undefined, name: purl.namespace === undefined ? name : `${purl.namespace}${language.between ?? '/'}${name}` }
  }
  const ecosystem = DISTRIBUTIONS[`${purl.type}/${namespaceOf(purl) ?? ''}`]
  if (ecosystem === undefined) return undefined
  return { ecosystem, release: releaseOf(ecosystem, purl.qualifiers['distro'] ?? distro), name: sourceOf(purl).name }
}

/** The package as OSV is asked about it. */
export function askedFor(purl: Purl): Pick<Purl, 'type' | 'namespace' | 'name' | 'version'> {
  return { type: purl.type, namespace: namespaceOf(purl), ...sourceOf(purl) }
}

function namespaceOf({ type, namespace }: Purl): string | undefined {
  return NAMESPACES[`${type}/${namespace ?? ''}`] ?? namespace
}

/** The source package of a distribution's package, by the qualifier `upstream` (`openssl`, `openssl@3.0.11-1`); the package itself without one. */
export function sourceOf({ type, name, version, qualifiers }: Purl): { readonly name: string; readonly version: string | undefined } {
  const [source = '', of] = (qualifiers['upstream'] ?? '').split('@')
  return source === '' || type === 'rpm' ? { name, version } : { name: source, version: of ?? version }
}

/** True when an advisory's ecosystem (`Debian:12`, `Ubuntu:22.04:LTS`, `PyPI`) is the package's, as far as both name a release. */
export function isIn({ ecosystem, release }: Place, written: string): boolean {
  const [base, of] = written.split(':')
  return base === ecosystem && (of === undefined || release === undefined || of === release)
}

function releaseOf(ecosystem: string, distro: string | undefined): string | undefined {
  const text = distro?.toLowerCase().replace(/^[a-z]+-(?=.)/, '') ?? ''
  const number = CODENAMES[text.split('/')[0] ?? ''] ?? text
  if (ecosystem === 'Debian') return /^\d+/.exec(number)?.[0]
  if (ecosystem === 'Ubuntu') return /^\d+\.\d+/.exec(number)?.[0]
  const alpine = ecosystem === 'Alpine' ? /^v?(\d+\.\d+)/.exec(number)?.[1] : undefined
  return alpine === undefined ? undefined : `v${alpine}`
}
