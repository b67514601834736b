// Package URLs (https://github.com/package-url/purl-spec): reading them, and whether one names another.

/** A package URL in its parts. */
export interface Purl {
  readonly type: string
  readonly namespace: string | undefined
  readonly name: string
  readonly version: string | undefined
  readonly qualifiers: Readonly<Record<string, string>>
  /** Canonical, without qualifiers and subpath. */
  readonly plain: string
}

/** Reads and writes package URLs. */
export interface Purls {
  /** Undefined when the text is none. */
  read(text: string): Purl | undefined
  /** The canonical text, without qualifiers and subpath. */
  write(parts: Pick<Purl, 'type' | 'namespace' | 'name' | 'version'>): string
}

/** Loads what reads and writes them. */
export async function loadPurls(): Promise<Purls> {
  const { PackageURL } = await import('packageurl-js')
  const write: Purls['write'] = ({ type, namespace, name, version }) => new PackageURL(type, namespace, name, version, undefined, undefined).toString()
  return {
    write,
    read(text) {
      try {
        const { type, namespace, name, version, qualifiers } = PackageURL.fromString(text)
        if (type === undefined || name === undefined) return undefined
        const parts = { type, namespace: namespace ?? undefined, name, version: version ?? undefined }
        const named = Object.entries(qualifiers ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
        return { ...parts, qualifiers: Object.fromEntries(named), plain: write(parts) }
      } catch {
        return undefined
      }
    },
  }
}

/** True when the pattern names the package: same type, namespace and name, and the version and qualifiers that the pattern has. */
export function namesPackage(pattern: Purl, purl: Purl): boolean {
  return pattern.type === purl.type && pattern.namespace === purl.namespace && pattern.name === purl.name
    && (pattern.version === undefined || pattern.version === purl.version)
    && Object.entries(pattern.qualifiers).every(([key, value]) => purl.qualifiers[key] === value)
}
