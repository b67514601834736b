// Packages as the components of an SBOM: each once, with its package URL and all files that told of it.
import { distroText } from './distro.ts'
import { licenceReader, type Licence } from './licence.ts'
import type { Distro, Package, Source } from './package.ts'

/** One component. */
export interface Component {
  /** Its name in the document: the package URL where it has one. */
  readonly ref: string
  readonly from: Source
  readonly purl: string | undefined
  readonly group: string | undefined
  readonly name: string
  readonly version: string | undefined
  readonly licence: Licence | undefined
  /** Files that told of it, sorted. */
  readonly paths: readonly string[]
}

/** Types of package URLs (https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst). */
const TYPES: Readonly<Record<Source, string>> = { dpkg: 'deb', apk: 'apk', rpm: 'rpm', pypi: 'pypi', npm: 'npm', go: 'golang' }

/** What distributions are called where package URLs know them under another name than `os-release`. */
const NAMESPACES: Readonly<Record<string, string>> = { rhel: 'redhat', 'opensuse-leap': 'opensuse', 'opensuse-tumbleweed': 'opensuse', sles: 'suse' }

/** The components that these packages are, sorted by their name in the document. */
export async function componentsOf(packages: readonly (Package & { readonly path?: string })[], distro: Distro | undefined): Promise<readonly Component[]> {
  const { PackageURL } = await import('packageurl-js')
  const licenceOf = await licenceReader()
  const found = new Map<string, Component>()
  // The order of files must not decide which spelling of a name is taken.
  for (const one of packages.toSorted((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1))) {
    const { group, name } = nameParts(one)
    const purl = textOf(() => new PackageURL(TYPES[one.from], namespaceOf(one, distro) ?? group, name, one.version, qualifiers(one, distro)).toString())
    const ref = purl ?? `${one.from}:${one.name}@${one.version ?? ''}`
    const before = found.get(ref)
    found.set(ref, {
      ref, from: one.from, purl,
      group: before?.group ?? group,
      name: before?.name ?? name,
      version: one.version,
      licence: before?.licence ?? (one.licence === undefined ? undefined : licenceOf(one.licence)),
      paths: one.path === undefined ? [] : [...before?.paths ?? [], one.path],
    })
  }
  return [...found.values()].map((one) => ({ ...one, paths: [...new Set(one.paths)].toSorted() })).toSorted((one, other) => (one.ref < other.ref ? -1 : 1))
}

function orderOf({ path = '', name, version = '' }: Package & { readonly path?: string }): string {
  return [path, name, version].join('\0')
}

function nameParts({ from, name }: Package): { readonly group: string | undefined; readonly name: string } {
  const slash = from === 'npm' || from === 'go' ? name.lastIndexOf('/') : -1
  return slash === -1 ? { group: undefined, name } : { group: name.slice(0, slash), name: name.slice(slash + 1) }
}

function namespaceOf({ from }: Package, distro: Distro | undefined): string | undefined {
  if (from !== 'dpkg' && from !== 'apk' && from !== 'rpm') return undefined
  if (distro === undefined) return from === 'dpkg' ? 'debian' : from === 'apk' ? 'alpine' : undefined
  return NAMESPACES[distro.id] ?? distro.id
}

function qualifiers({ from, arch, epoch, upstream }: Package, distro: Distro | undefined): Record<string, string> | undefined {
  const ofSystem = distro !== undefined && (from === 'dpkg' || from === 'apk' || from === 'rpm')
  const all = {
    ...(arch === undefined ? {} : { arch }),
    ...(ofSystem ? { distro: distroText(distro) } : {}),
    ...(epoch === undefined ? {} : { epoch }),
    ...(upstream === undefined ? {} : { upstream }),
  }
  return Object.keys(all).length === 0 ? undefined : all
}

/** Undefined for what can have no package URL, such as a name with characters that its type forbids. */
function textOf(make: () => string): string | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
