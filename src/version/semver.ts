// Semantic versions: reading, writing and precedence, exactly as SemVer 2.0.0 says.
import { SlipwayError } from '../model/error.ts'

/** A version in parts. The numbers are bigints, because SemVer sets no limit to them. See https://semver.org/spec/v2.0.0.html. */
export interface SemVer {
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  /** Identifiers after `-`; empty for a final version. */
  readonly prerelease: readonly string[]
  /** Identifiers after `+`; they never count in precedence. */
  readonly build: readonly string[]
}

const NUMBER = /^(?:0|[1-9][0-9]*)$/
const DIGITS = /^[0-9]+$/
const IDENTIFIER = /^[0-9A-Za-z-]+$/

/** True for an identifier that SemVer compares as a number. */
export function isNumeric(identifier: string): boolean {
  return DIGITS.test(identifier)
}

function cut(text: string, mark: string): readonly [string, string | undefined] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function identifierFault(part: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  for (const identifier of text.split('.')) {
    if (identifier === '') return `its ${part} has an empty identifier`
    if (!IDENTIFIER.test(identifier)) return `"${identifier}" in its ${part} has a character other than letters, digits and hyphens`
    if (part === 'prerelease' && isNumeric(identifier) && !NUMBER.test(identifier)) return `the number ${identifier} in its prerelease has a leading zero`
  }
  return undefined
}

function coreFault(core: string): string | undefined {
  const numbers = core.split('.')
  const wrong = numbers.find((number) => !NUMBER.test(number))
  if (wrong !== undefined && isNumeric(wrong)) return `the number ${wrong} has a leading zero`
  if (numbers.length !== 3) return `it has ${numbers.length} of the three numbers MAJOR.MINOR.PATCH`
  return wrong === undefined ? undefined : `"${wrong}" is not a number`
}

function read(text: string): SemVer | string {
  if (text === '') return 'it is empty'
  if (/\s/.test(text)) return 'it holds white space'
  if (/^[vV=]/.test(text)) return `the leading "${text.charAt(0)}" is not part of a version`
  const [rest, build] = cut(text, '+')
  const [core, prerelease] = cut(rest, '-')
  const fault = coreFault(core) ?? identifierFault('prerelease', prerelease) ?? identifierFault('build metadata', build)
  if (fault !== undefined) return fault
  const [major = '0', minor = '0', patch = '0'] = core.split('.')
  return {
    major: BigInt(major),
    minor: BigInt(minor),
    patch: BigInt(patch),
    prerelease: prerelease?.split('.') ?? [],
    build: build?.split('.') ?? [],
  }
}

/** Reads a version. Throws SlipwayError `version-invalid` with the reason; `v1.2.3` is a tag, not a version. */
export function parseSemVer(text: string): SemVer {
  const version = read(text)
  if (typeof version !== 'string') return version
  throw new SlipwayError({
    code: 'version-invalid',
    message: `"${text}" is not a semantic version: ${version}.`,
    hint: 'Write it as MAJOR.MINOR.PATCH, for example 2.1.0 or 2.1.0-rc.1.',
  })
}

/** Reads a version, or gives undefined when the text is none. */
export function tryParse(text: string): SemVer | undefined {
  const version = read(text)
  return typeof version === 'string' ? undefined : version
}

/** The version as text, build metadata included. */
export function formatSemVer(version: SemVer): string {
  const prerelease = version.prerelease.length > 0 ? `-${version.prerelease.join('.')}` : ''
  const build = version.build.length > 0 ? `+${version.build.join('.')}` : ''
  return `${version.major}.${version.minor}.${version.patch}${prerelease}${build}`
}

type Order = -1 | 0 | 1

function order<T extends bigint | number | string>(a: T, b: T): Order {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function compareIdentifiers(a: string, b: string): Order {
  const numeric = isNumeric(a)
  if (numeric !== isNumeric(b)) return numeric ? -1 : 1
  // Without leading zeros the longer number is the greater one, whatever its size.
  return numeric ? order(a.length, b.length) || order(a, b) : order(a, b)
}

function comparePrereleases(a: readonly string[], b: readonly string[]): Order {
  if (a.length === 0) return b.length === 0 ? 0 : 1
  if (b.length === 0) return -1
  for (const [index, identifier] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    const difference = compareIdentifiers(identifier, other)
    if (difference !== 0) return difference
  }
  return order(a.length, b.length)
}

/**
 * Precedence after SemVer item 11: negative when `a` comes before `b`, 0 when neither does; build metadata is ignored.
 * Throws SlipwayError `version-invalid` on a text that is no version.
 */
export function compareSemVer(a: SemVer | string, b: SemVer | string): Order {
  const left = typeof a === 'string' ? parseSemVer(a) : a
  const right = typeof b === 'string' ? parseSemVer(b) : b
  return (
    order(left.major, right.major) ||
    order(left.minor, right.minor) ||
    order(left.patch, right.patch) ||
    comparePrereleases(left.prerelease, right.prerelease)
  )
}

/** True when the version has a prerelease part. Throws SlipwayError `version-invalid` on a text that is no version. */
export function isPrerelease(version: SemVer | string): boolean {
  return (typeof version === 'string' ? parseSemVer(version) : version).prerelease.length > 0
}
