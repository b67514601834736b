// Names and versions as Python packaging writes them: PEP 503 names, PEP 440 versions, Python's quotes.

/** The normalised name of a project: https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase()
}

/** A version of https://packaging.python.org/en/latest/specifications/version-specifiers/ in its parts. */
export interface Pep440 {
  /** As Python's `str(Version(…))` writes it. */
  readonly text: string
  readonly local: string | undefined
  readonly prerelease: boolean
  /** Orders versions when compared part by part. */
  readonly key: readonly number[]
}

const GRAMMAR = new RegExp([
  '^v?(?:(\\d+)!)?(\\d+(?:\\.\\d+)*)',
  '(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\\d+)?)?',
  '(?:-(\\d+)|[-_.]?(post|rev|r)[-_.]?(\\d+)?)?',
  '(?:[-_.]?(dev)[-_.]?(\\d+)?)?',
  '(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
].join(''), 'i')

/** Reads a version; undefined when it is none. */
export function pep440(text: string): Pep440 | undefined {
  const parts = GRAMMAR.exec(text.trim())
  if (parts === null) return undefined
  const [, epoch = '0', release = '0', preWord, preNumber = '0', bare, postWord, postNumber = '0', devWord, devNumber = '0', local] = parts
  const pre = preWord === undefined ? undefined : ({ a: 'a', b: 'b', alpha: 'a', beta: 'b' } as Record<string, string>)[preWord.toLowerCase()] ?? 'rc'
  const post = bare ?? (postWord === undefined ? undefined : postNumber)
  const numbers = release.split('.').map(Number)
  const written = [
    Number(epoch) === 0 ? '' : `${Number(epoch)}!`,
    numbers.join('.'),
    pre === undefined ? '' : `${pre}${Number(preNumber)}`,
    post === undefined ? '' : `.post${Number(post)}`,
    devWord === undefined ? '' : `.dev${Number(devNumber)}`,
    local === undefined ? '' : `+${local.toLowerCase().replace(/[-_]/g, '.')}`,
  ]
  return {
    text: written.join(''),
    local,
    prerelease: pre !== undefined || devWord !== undefined,
    key: [
      Number(epoch),
      ...Array.from({ length: 8 }, (_, index) => numbers[index] ?? 0),
      // A development release of nothing else comes before every prerelease, a final release after all of them.
      pre === undefined ? (devWord !== undefined && post === undefined ? -1 : 3) : ['a', 'b', 'rc'].indexOf(pre), Number(preNumber),
      post === undefined ? -1 : Number(post),
      devWord === undefined ? Infinity : Number(devNumber),
    ],
  }
}

/** What two spellings of one version share: `2.1` and `2.1.0` are the same release. */
export function canonicalVersion(text: string): string {
  const version = pep440(text)
  return version === undefined ? text : [...version.key, version.local ?? ''].join(',')
}

/** Orders version texts, older first; what is no version comes first. */
export function compareVersions(one: string, other: string): number {
  const left = pep440(one)?.key ?? []
  const right = pep440(other)?.key ?? []
  const index = right.findIndex((part, at) => part !== (left[at] ?? -Infinity))
  return index < 0 ? 0 : (left[index] ?? -Infinity) - (right[index] ?? 0)
}

/** A text as Python's `repr` shows it. */
export function pythonText(text: string): string {
  const escaped = text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, "\\'")}'`
}

/** What the name of a distribution file says, undefined when it is no wheel's or sdist's name. */
export function fileNameParts(filename: string): { readonly name: string; readonly version: string; readonly type: 'sdist' | 'bdist_wheel' } | undefined {
  const wheel = /^([^-]+)-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/.exec(filename)
  const sdist = /^(.+)-([^-]+)\.tar\.gz$/.exec(filename)
  const [, name, version] = wheel ?? sdist ?? []
  return name === undefined || version === undefined ? undefined : { name, version, type: wheel === null ? 'sdist' : 'bdist_wheel' }
}
