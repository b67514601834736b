// A Keep a Changelog document: its sections and links, each with its place in the text, which itself is kept as it is.
import { SlipwayError } from '../model/error.ts'
import { groupsOf } from './entries.ts'
import { readHeading } from './heading.ts'
import { markdownLines } from './lines.ts'
import { linkReferences } from './links.ts'
import { assertOrder } from './order.ts'
import type { ChangeGroup } from '../version/index.ts'
import type { LinkReference } from './links.ts'
import type { MarkdownLine } from './lines.ts'

/** One version's part of a changelog, or the Unreleased one. Offsets are into the document's content. */
export interface ChangelogSection {
  /** Undefined for Unreleased. */
  readonly version: string | undefined
  /** `YYYY-MM-DD`; undefined where the heading has none. */
  readonly date: string | undefined
  readonly yanked: boolean
  /** True when the heading has the name in square brackets. */
  readonly bracketed: boolean
  /** 1-based line of the heading. */
  readonly line: number
  /** Where the heading begins. */
  readonly start: number
  /** Where the heading's text ends, before its line end. */
  readonly headingEnd: number
  /** After the section: where the next heading of level 1 or 2, the links at the bottom or the end of the text begins. */
  readonly end: number
  /** What stands below the heading, byte for byte but for the empty lines around it. */
  readonly body: string
  readonly groups: readonly ChangeGroup[]
}

/** A parsed changelog. */
export interface Changelog {
  /** Its path, for errors. */
  readonly file: string
  /** The whole text, as it was given. */
  readonly content: string
  /** The line end that the document uses. */
  readonly newline: '\n' | '\r\n'
  /** In the order of the document. */
  readonly sections: readonly ChangelogSection[]
  readonly links: readonly LinkReference[]
}

function without(file: string, what: string, hint: string): SlipwayError {
  return new SlipwayError({ code: 'changelog-invalid', message: `${file} is not a changelog in the form of Keep a Changelog: it has no ${what}.`, hint, place: { file, line: 1 } })
}

/** The body without the empty lines around it; indentation of its first line belongs to it. */
function trimmedLines(text: string): string {
  return text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd()
}

function sectionsOf(file: string, content: string, lines: readonly MarkdownLine[]): readonly ChangelogSection[] {
  const bounds = lines.filter((line) => line.kind === 'text' && /^ {0,3}##?(?:[ \t]|$)/.test(line.text))
  const bottom = bottomOf(content, lines)
  return bounds.flatMap((line, index) => {
    const heading = readHeading(line, file)
    if (heading === undefined) return []
    const end = bounds[index + 1]?.start ?? bottom
    const inside = lines.filter(({ start }) => start > line.start && start < end)
    const groups = groupsOf(inside)
    return [{ ...heading, line: line.number, start: line.start, headingEnd: line.start + line.text.length, end, body: trimmedLines(content.slice(line.end, end)), groups }]
  })
}

/** Where the links at the bottom begin: the last lines that are links or empty. */
function bottomOf(content: string, lines: readonly MarkdownLine[]): number {
  const isBottom = (line: MarkdownLine): boolean => line.kind === 'text' && (line.text.trim() === '' || linkReferences([line]).length > 0)
  const before = lines.findLastIndex((line) => !isBottom(line))
  return lines.slice(before + 1).find((line) => line.text.trim() !== '')?.start ?? content.length
}

/**
 * Parses a changelog after https://keepachangelog.com/en/1.1.0/. Headings within code and comments do not count. Throws SlipwayError
 * `changelog-invalid` with the line for a missing title, no version headings, a heading that begins like a version but is none, a
 * date that is none, versions that stand twice or not newest first.
 */
export function parseChangelog(file: string, content: string): Changelog {
  const lines = markdownLines(content)
  const firstHeading = lines.find((line) => line.kind === 'text' && /^ {0,3}#{1,6}(?:[ \t]|$)/.test(line.text))
  if (firstHeading === undefined || !/^ {0,3}#[ \t]+\S/.test(firstHeading.text)) throw without(file, 'title', 'Begin it with the line `# Changelog`.')
  const sections = sectionsOf(file, content, lines)
  if (sections.length === 0) throw without(file, 'heading of a version', 'Add the line `## [Unreleased]` below the introduction, with what changed below it.')
  assertOrder(file, sections)
  const newline = /\r?\n/.exec(content)?.[0] === '\r\n' ? '\r\n' : '\n'
  return { file, content, newline, sections, links: linkReferences(lines) }
}

/** The Unreleased section. Throws SlipwayError `changelog-no-unreleased` with the lines to add. */
export function unreleasedOf(changelog: Changelog): ChangelogSection {
  const [first] = changelog.sections
  if (first !== undefined && first.version === undefined) return first
  const { file } = changelog
  const above = first === undefined ? '' : ` above line ${first.line} (\`${changelog.content.slice(first.start, first.headingEnd)}\`)`
  throw new SlipwayError({
    code: 'changelog-no-unreleased',
    message: `${file} has no Unreleased section, so it is unknown which changes belong to the next version.`,
    hint: `Add these lines${above}:\n\n## ${first?.bracketed === false ? 'Unreleased' : '[Unreleased]'}\n\n### Added\n\n- What is new.\n`,
    place: { file, ...(first === undefined ? {} : { line: first.line }) },
  })
}

/** The section of a version, if there is one. */
export function sectionOf(changelog: Changelog, version: string): ChangelogSection | undefined {
  return changelog.sections.find((section) => section.version === version)
}

/** A version's section without its heading. Throws SlipwayError `changelog-invalid` when the document has none. */
export function notesOf(changelog: Changelog, version: string): string {
  const section = sectionOf(changelog, version)
  if (section !== undefined) return section.body
  throw new SlipwayError({
    code: 'changelog-invalid',
    message: `${changelog.file} has no section for ${version}.`,
    hint: `Add a section with the heading \`## [${version}] - YYYY-MM-DD\`.`,
    place: { file: changelog.file },
  })
}
