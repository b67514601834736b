// Which number the changes since the last release raise, and which of them decided.
import { parseHeader, subjectOf } from './commits.ts'
import { withoutReverted } from './reverts.ts'
import { parseSemVer } from './semver.ts'
import type { Commit } from './commits.ts'

/** A group of entries below one `###` heading of a changelog section; the heading is empty for text above the first. */
export interface ChangeGroup {
  readonly heading: string
  readonly entries: readonly string[]
}

/** What the changes are. */
export interface Changes {
  readonly commits: readonly Commit[]
  /** The changelog's Unreleased section. */
  readonly unreleased: { readonly groups: readonly ChangeGroup[] } | undefined
  /** The version that they come after. */
  readonly current: string
}

/** A number to raise. */
export type Level = 'major' | 'minor' | 'patch'

/** What the changes decide. */
export interface Decision {
  /** Undefined when nothing among the changes asks for a release. */
  readonly bump: Level | undefined
  /** One sentence for each commit and changelog heading that decided, in the order given; long lists are cut and say so. */
  readonly because: readonly string[]
  /** Every commit that decided. */
  readonly decidedBy: readonly { readonly sha: string; readonly subject: string }[]
}

const RANK: Readonly<Record<Level, number>> = { patch: 1, minor: 2, major: 3 }

/** Types that ask for a version. Whatever gets into the notes is worth one, so `security`, `deprecate` and `revert` are here too. */
const TYPES = new Map<string, { readonly level: Level; readonly does: string }>([
  ['feat', { level: 'minor', does: 'adds a feature' }],
  ['deprecate', { level: 'minor', does: 'deprecates something' }],
  ['fix', { level: 'patch', does: 'fixes a fault' }],
  ['perf', { level: 'patch', does: 'makes something faster' }],
  ['security', { level: 'patch', does: 'closes a security hole' }],
  ['revert', { level: 'patch', does: 'takes a released change back' }],
])

const HEADINGS = new Map<string, Level>([
  ['removed', 'major'],
  ['added', 'minor'],
  ['changed', 'minor'],
  ['deprecated', 'minor'],
  ['fixed', 'patch'],
  ['security', 'patch'],
])

const BREAKING_ENTRY = /\bBREAKING\b|\*\*[Bb]reaking\b/
const LISTED = 20

interface Reason {
  readonly level: Level
  readonly text: string
  readonly commit?: { readonly sha: string; readonly subject: string }
}

/** A subject that is safe to show: no control characters that a terminal would obey. */
function shown(subject: string): string {
  return subject.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD')
}

function commitReason(commit: Commit): Reason | undefined {
  const parsed = parseHeader(commit.message)
  if (parsed === undefined) return undefined
  const effect = parsed.breaking ? { level: 'major' as const, does: 'breaks what users rely on' } : TYPES.get(parsed.type)
  if (effect === undefined) return undefined
  const subject = shown(subjectOf(commit.message))
  return { level: effect.level, text: `${commit.sha.slice(0, 7)} "${subject}" ${effect.does}.`, commit: { sha: commit.sha, subject } }
}

function headingReason(group: ChangeGroup): Reason | undefined {
  if (group.entries.length === 0) return undefined
  const under = group.heading === '' ? '' : ` under "${shown(group.heading)}"`
  if (group.entries.some(isBreakingEntry)) return { level: 'major', text: `The changelog's Unreleased section has an entry marked as breaking${under}.` }
  const level = HEADINGS.get(group.heading.toLowerCase())
  return level === undefined ? undefined : { level, text: `The changelog's Unreleased section has entries${under}.` }
}

/** True for a changelog entry marked `BREAKING` or `**Breaking`. */
function isBreakingEntry(entry: string): boolean {
  return BREAKING_ENTRY.test(entry)
}

/** Every change that asks for a version, and for which: commits as they are given, then changelog headings. As `decideBump` counts them. */
export function askingChanges({ commits, unreleased, current }: Changes): readonly { readonly level: Level; readonly text: string }[] {
  const initial = parseSemVer(current).major === 0n
  const reasons = [...withoutReverted(commits).flatMap((commit) => commitReason(commit) ?? []), ...(unreleased?.groups ?? []).flatMap((group) => headingReason(group) ?? [])]
  return reasons.map(({ level, text }) => ({ level: withinInitialDevelopment(level, initial), text }))
}

/** SemVer item 4 lets initial development break things; by custom 0.y.z then raises y, so that `^0.y` users are spared. */
function withinInitialDevelopment(level: Level, initial: boolean): Level {
  return initial && level === 'major' ? 'minor' : level
}

/** Whole sentences for the first of the commits, and how many more there are. */
function commitSentences(reasons: readonly Reason[]): readonly string[] {
  const texts = reasons.map(({ text }) => text)
  const more = texts.length - LISTED
  return more > 0 ? [...texts.slice(0, LISTED), `${more} more ${more === 1 ? 'commit asks' : 'commits ask'} for the same.`] : texts
}

/**
 * Decides which number is raised: the greatest that a commit or a changelog heading asks for.
 *
 * - Commits: breaking raises major; `feat` and `deprecate` minor; `fix`, `perf`, `security` and `revert` patch. Commits that were
 *   taken back within the list do not count.
 * - Changelog: Removed, or an entry marked BREAKING, raises major; Added, Changed and Deprecated minor; Fixed and Security patch.
 * - While the current version is 0.y.z, what would raise major raises minor (https://semver.org/spec/v2.0.0.html#spec-item-4).
 *
 * Throws SlipwayError `version-invalid` when `current` is no version.
 */
export function decideBump(changes: Changes): Decision {
  const initial = parseSemVer(changes.current).major === 0n
  const fromCommits = withoutReverted(changes.commits).flatMap((commit) => commitReason(commit) ?? [])
  const fromHeadings = (changes.unreleased?.groups ?? []).flatMap((group) => headingReason(group) ?? [])
  let bump: Level | undefined
  for (const reason of [fromCommits, fromHeadings].flat()) {
    const level = withinInitialDevelopment(reason.level, initial)
    if (bump === undefined || RANK[level] > RANK[bump]) bump = level
  }
  if (bump === undefined) return { bump, because: [], decidedBy: [] }
  const asked = ({ level }: Reason): boolean => withinInitialDevelopment(level, initial) === bump
  const breaks = initial && [fromCommits, fromHeadings].flat().some(({ level }) => level === 'major')
  const deciding = fromCommits.filter(asked)
  return {
    bump,
    because: [
      ...commitSentences(deciding),
      ...fromHeadings.filter(asked).map(({ text }) => text),
      ...(breaks ? [`${changes.current} is initial development (0.y.z), where a breaking change raises the minor number.`] : []),
    ],
    decidedBy: deciding.flatMap(({ commit }) => commit ?? []),
  }
}
