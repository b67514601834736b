// The form of a version that Python packages carry, for exactly those versions that keep their order there.
import { SlipwayError } from '../model/error.ts'
import { isNumeric, parseSemVer, tryParse } from './semver.ts'
import type { SemVer } from './semver.ts'

const LETTERS: ReadonlyMap<string, string> = new Map([['alpha', 'a'], ['beta', 'b'], ['rc', 'rc']])
const RC_SPELLINGS = ['c', 'pre', 'preview']
const POST_SPELLINGS = ['post', 'r', 'rev']

function core(version: SemVer): string {
  return `${version.major}.${version.minor}.${version.patch}`
}

function prereleaseFault(version: SemVer): string | undefined {
  const [stage = '', count] = version.prerelease
  if (isNumeric(stage)) return `it would become the post-release ${core(version)}.post${stage}, which sorts after ${core(version)}`
  const word = /^([A-Za-z]+)-?[0-9]*$/.exec(stage)?.[1]?.toLowerCase() ?? stage
  if (POST_SPELLINGS.includes(word)) return `"${stage}" means a post-release to Python, which sorts after ${core(version)}`
  if (RC_SPELLINGS.includes(word)) return `"${stage}" means a release candidate to Python, so it would collide with ${core(version)}-rc.${count ?? '0'}`
  if (word === 'dev') return `a dev release sorts before alpha in Python, but "${stage}" sorts after beta in SemVer`
  const letter = LETTERS.get(stage)
  if (letter === undefined) return `Python has no prerelease called "${stage}"`
  if (count === undefined) return `its prerelease has no number, and Python would read it as ${core(version)}${letter}0`
  if (version.prerelease.length > 2 || !isNumeric(count)) return `Python allows one number after "${stage}", and nothing else`
  return undefined
}

function fault(version: SemVer): string | undefined {
  if (version.build.length > 0) return `"+${version.build.join('.')}" would become a local version, which PyPI refuses`
  return version.prerelease.length === 0 ? undefined : prereleaseFault(version)
}

/**
 * The PEP 440 form: 2.1.0-alpha.1, -beta.2 and -rc.3 become 2.1.0a1, 2.1.0b2 and 2.1.0rc3; a final version stays.
 * Throws SlipwayError `version-unmappable` with the reason for every other version, `version-invalid` when it is none.
 * See https://packaging.python.org/en/latest/specifications/version-specifiers/.
 */
export function toPep440(version: string): string {
  const parsed = parseSemVer(version)
  const reason = fault(parsed)
  if (reason !== undefined) {
    throw new SlipwayError({
      code: 'version-unmappable',
      message: `The version ${version} has no form that Python packages can carry: ${reason}.`,
      hint: `Use ${core(parsed)}, or a prerelease of the form ${core(parsed)}-alpha.1, ${core(parsed)}-beta.1 or ${core(parsed)}-rc.1.`,
    })
  }
  const [stage = '', count = ''] = parsed.prerelease
  return `${core(parsed)}${LETTERS.get(stage) ?? ''}${count}`
}

/** The PEP 440 form, or undefined when the version has none. Throws SlipwayError `version-invalid` when it is no version. */
export function tryPep440(version: string): string | undefined {
  return fault(parseSemVer(version)) === undefined ? toPep440(version) : undefined
}

const STAGES: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', rc: 'rc' }
const PEP440 = /^([0-9]+\.[0-9]+\.[0-9]+)(?:(a|b|rc)([0-9]+))?$/

/** The semantic version whose PEP 440 form this is, or undefined when there is none. */
export function fromPep440(text: string): string | undefined {
  const [, numbers, letter, count] = PEP440.exec(text) ?? []
  if (numbers === undefined) return undefined
  const version = letter === undefined ? numbers : `${numbers}-${STAGES[letter] ?? ''}.${count ?? ''}`
  return tryParse(version) === undefined ? undefined : version
}
