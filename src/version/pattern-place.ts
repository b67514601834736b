// Versions in any file, found by a literal text with {version} in it.
import { SlipwayError } from '../model/error.ts'
import { VERSION_END, VERSION_START, VERSION_TEXT, literalSource } from './version-text.ts'
import type { Reading, Spot } from './spot.ts'

/** Literal texts; `{version}` stands for the version. */
export interface Pattern {
  /** May stand several times in the file, and hold `{version}` several times. */
  readonly search: string
  /** What the found text becomes; `search` when left out. */
  readonly replace?: string | undefined
}

const MARK = '{version}'

/** Throws SlipwayError `config-invalid` when a text of the pattern lacks `{version}`. */
function assertMarked(pattern: Pattern, file: string): void {
  for (const [key, text] of Object.entries(pattern) as [string, string | undefined][]) {
    if ((key !== 'search' && key !== 'replace') || text === undefined || text.includes(MARK)) continue
    throw new SlipwayError({
      code: 'config-invalid',
      message: `The ${key} text ${JSON.stringify(text)} for ${file} does not hold ${MARK}.`,
      hint: `Put ${MARK} where the version stands in that text.`,
    })
  }
}

/** A line end in the pattern stands for the file's own line ends. */
function literal(text: string): string {
  return literalSource(text).replaceAll(/\r?\n/g, String.raw`\r?\n`)
}

function finder(search: string): RegExp {
  const parts = search.split(MARK).map(literal)
  const before = search.startsWith(MARK) ? VERSION_START : ''
  const after = search.endsWith(MARK) ? VERSION_END : ''
  return new RegExp(`${before}${parts.join(`(${VERSION_TEXT})`)}${after}`, 'dgu')
}

function spotsOf(match: RegExpExecArray, pattern: Pattern): readonly Spot[] {
  const groups = match.slice(1)
  if (pattern.replace !== undefined) {
    const template = match[0].includes('\r\n') ? pattern.replace.replaceAll(/\r?\n/g, '\r\n') : pattern.replace
    // One edit replaces the whole, so versions that differ among each other are told together and match nothing.
    const written = new Set(groups).size === 1 ? (groups[0] ?? '') : groups.join(' and ')
    return [{ start: match.index, end: match.index + match[0].length, written, form: 'semver', template }]
  }
  return groups.map((written, index) => {
    const [start = 0, end = 0] = match.indices?.[index + 1] ?? []
    return { start, end, written, form: 'semver' as const }
  })
}

/**
 * Every match of the pattern that holds one of the accepted texts; when none does, every match, so that the caller can say what they
 * hold instead. Throws SlipwayError `config-invalid` when the pattern lacks `{version}`.
 */
export function readPattern(content: string, pattern: Pattern, context: { readonly file: string; readonly accepted: readonly string[] }): Reading {
  assertMarked(pattern, context.file)
  const matches = [...content.matchAll(finder(pattern.search))]
  const holding = matches.filter((match) => match.slice(1).every((written) => context.accepted.includes(written)))
  const spots = (holding.length > 0 ? holding : matches).flatMap((match) => spotsOf(match, pattern))
  return spots.length > 0 ? { spots } : { spots, why: { clause: `the text ${JSON.stringify(pattern.search)} does not stand in it` } }
}
