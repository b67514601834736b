// The headings of a changelog's sections: `## [2.1.0] - 2025-01-31 [YANKED]` and the like.
import { SlipwayError } from '../model/error.ts'
import { tryParse } from '../version/index.ts'
import type { MarkdownLine } from './lines.ts'

/** What a heading says. */
export interface Heading {
  /** Undefined for Unreleased. */
  readonly version: string | undefined
  readonly date: string | undefined
  readonly yanked: boolean
  readonly bracketed: boolean
}

const LEVEL_TWO = /^ {0,3}##[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/
const UNRELEASED = /^(?:\[unreleased\]|unreleased)$/i
const LIKE_A_VERSION = /^(?:\[[vV=]?[0-9]|[vV=]?[0-9]+\.[0-9])/
const PARTS = /^(\[?)([^\s[\]]+)(\]?)(?:[ \t]+[-\u2013\u2014][ \t]+(\S+))?(?:[ \t]+(\[YANKED\]))?$/i

/** True for a day of the calendar as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? text.split('-').map(Number) : []
  const days = [31, year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day >= 1 && day <= (days[month - 1] ?? 0)
}

function invalid(line: MarkdownLine, file: string, why: string): SlipwayError {
  return new SlipwayError({
    code: 'changelog-invalid',
    message: `The heading "${line.text.trim()}" in ${file} ${why}.`,
    hint: 'Write it as `## [2.1.0] - 2025-01-31`: a semantic version, and the day of the release as YYYY-MM-DD.',
    place: { file, line: line.number, column: 1 },
  })
}

/**
 * Reads a heading of level 2. Undefined for any other line and for headings that are no versions at all (`## Notes`). Throws
 * SlipwayError `changelog-invalid` for one that begins like a version but is none, or whose date is none.
 */
export function readHeading(line: MarkdownLine, file: string): Heading | undefined {
  const title = LEVEL_TWO.exec(line.text)?.[1]
  if (title === undefined) return undefined
  if (UNRELEASED.test(title)) return { version: undefined, date: undefined, yanked: false, bracketed: title.startsWith('[') }
  if (!LIKE_A_VERSION.test(title)) return undefined
  const [whole, open = '', version = '', close = '', date, yanked] = PARTS.exec(title) ?? []
  if (whole === undefined || (open === '') !== (close === '')) throw invalid(line, file, 'is neither a version nor a version with a date')
  if (tryParse(version) === undefined) throw invalid(line, file, `does not name a semantic version: "${version}" is none`)
  if (date !== undefined && !isDate(date)) throw invalid(line, file, `has the date "${date}", which is no day of the form YYYY-MM-DD`)
  return { version, date, yanked: yanked !== undefined, bracketed: open !== '' }
}
