// Turning the Unreleased section of a changelog into the section of a version.
import { SlipwayError } from '../model/error.ts'
import { parseSemVer } from '../version/index.ts'
import { linkEdits } from './compare-links.ts'
import { notesOf, parseChangelog, sectionOf, unreleasedOf } from './document.ts'
import { isDate } from './heading.ts'
import { standsAbove } from './order.ts'
import type { TextEdit } from './compare-links.ts'
import type { Changelog, ChangelogSection } from './document.ts'

/** The release of a version in a changelog. */
export interface ChangelogRelease {
  /** Path of the changelog, for errors. */
  readonly file: string
  readonly content: string
  readonly version: string
  /** The day of the release, `YYYY-MM-DD`. */
  readonly date: string
  /** The name of a version's tag, e.g. `v2.1.0`. */
  tag(version: string): string
  /** Markdown to use when Unreleased has no entries. */
  readonly notes?: string | undefined
}

/** A changelog after a release. */
export interface ReleasedChangelog {
  readonly content: string
  /** The new section without its heading. */
  readonly notes: string
}

function assertNew(changelog: Changelog, { version, date }: ChangelogRelease): void {
  const { file } = changelog
  const taken = sectionOf(changelog, version)
  const newest = changelog.sections.find((section) => section.version !== undefined)
  const blocking = taken ?? (newest !== undefined && !standsAbove({ version, date }, newest) ? newest : undefined)
  if (blocking === undefined) return
  throw new SlipwayError({
    code: 'version-not-greater',
    message: taken !== undefined ? `${file} has a section for ${version} already.` : `The version ${version} does not come after ${blocking.version ?? ''}, the newest in ${file}.`,
    hint: 'Choose a greater version, or correct the changelog.',
    place: { file, line: blocking.line, column: 1 },
  })
}

/** True when a section says nothing: empty headings and comments at most. */
export function isEmptySection(section: Pick<ChangelogSection, 'groups'>): boolean {
  return section.groups.every(({ entries }) => entries.length === 0)
}

function heading(changelog: Changelog, unreleased: ChangelogSection, { version, date }: ChangelogRelease): string {
  const { bracketed } = changelog.sections.find((section) => section.version !== undefined) ?? unreleased
  return `## ${bracketed ? `[${version}]` : version} - ${date}`
}

/** The entries stay where they are: the new heading slips in between them and the Unreleased one. */
function adopt(changelog: Changelog, unreleased: ChangelogSection, release: ChangelogRelease): TextEdit {
  const { newline } = changelog
  return { start: unreleased.headingEnd, end: unreleased.headingEnd, text: newline + newline + heading(changelog, unreleased, release) }
}

/** An Unreleased section without entries stays whole, with its empty headings and comments; the new section comes below it. */
function addBelow(changelog: Changelog, unreleased: ChangelogSection, release: ChangelogRelease): TextEdit {
  const { content, newline } = changelog
  const notes = (release.notes ?? '').trim().replaceAll(/\r?\n/g, newline)
  const section = heading(changelog, unreleased, release) + (notes === '' ? '' : newline + newline + notes)
  const before = content.slice(0, unreleased.end)
  const gap = before.endsWith('\n') ? (/\n[ \t]*\r?\n$/.test(before) ? '' : newline) : newline + newline
  const isLast = unreleased.end === content.length
  return { start: unreleased.end, end: unreleased.end, text: gap + section + (isLast ? (before.endsWith('\n') ? newline : '') : newline + newline) }
}

function applyEdits(content: string, edits: readonly TextEdit[]): string {
  // From the bottom up, so that offsets stay true; of two at one place the later in the list comes later in the text.
  return edits.toSorted((a, b) => a.start - b.start).reduceRight((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), content)
}

/**
 * Releases a version in a changelog: what is Unreleased becomes its section, a fresh Unreleased heading stays above, and links follow
 * in the shape that they have; every other character stays. Throws SlipwayError `changelog-invalid`, `changelog-no-unreleased`,
 * `version-invalid`, or `version-not-greater` when the changelog has that version or a later one already.
 */
export function releaseChangelog(release: ChangelogRelease): ReleasedChangelog {
  parseSemVer(release.version)
  if (!isDate(release.date)) throw new Error(`"${release.date}" is not a day of the form YYYY-MM-DD`)
  const changelog = parseChangelog(release.file, release.content)
  const unreleased = unreleasedOf(changelog)
  assertNew(changelog, release)
  const section = isEmptySection(unreleased) ? addBelow(changelog, unreleased, release) : adopt(changelog, unreleased, release)
  const content = applyEdits(release.content, [section, ...linkEdits(changelog, release)])
  return { content, notes: notesOf(parseChangelog(release.file, content), release.version) }
}
