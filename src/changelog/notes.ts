// Release notes made from Conventional Commits, for a release whose changelog section nobody wrote.
import { parseHeader, withoutReverted } from '../version/index.ts'
import { markdownText } from './markdown-text.ts'
import type { Commit, CommitHeader } from '../version/index.ts'

/** The headings of Keep a Changelog, in the order in which notes show them. */
export const HEADINGS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'] as const

type HeadingName = (typeof HEADINGS)[number]

const BY_TYPE = new Map<string, HeadingName>([
  ['feat', 'Added'],
  ['perf', 'Changed'],
  ['deprecate', 'Deprecated'],
  ['fix', 'Fixed'],
  ['security', 'Security'],
])

function headingOf(commit: CommitHeader): HeadingName | undefined {
  if (commit.breaking) return 'Changed'
  // A released feature that is taken back is gone; anything else that is taken back is another change.
  if (commit.type === 'revert') return /^feat\b/i.test(commit.description) ? 'Removed' : 'Changed'
  const heading = BY_TYPE.get(commit.type)
  return heading !== undefined && commit.scope?.toLowerCase() === 'security' ? 'Security' : heading
}

function entryOf(commit: CommitHeader): string {
  const breaking = commit.breaking ? '**Breaking:** ' : ''
  const scope = commit.scope === undefined ? '' : `**${markdownText(commit.scope)}:** `
  const revert = commit.type === 'revert' ? 'Revert ' : ''
  const note = commit.breakingNote === undefined ? '' : `\n  ${markdownText(commit.breakingNote)}`
  return `- ${breaking}${scope}${revert}${markdownText(commit.description)}${note}`
}

/**
 * Markdown with one entry per commit that users notice, in the order given, below the headings of Keep a Changelog: `feat` is Added,
 * `perf` Changed, `deprecate` Deprecated, `fix` Fixed, `security` as type or scope Security, `revert` Removed for a feature and
 * Changed for the rest; a breaking commit of any type is Changed and marked. Other commits, and those that were taken back within
 * the list, are left out. Empty when nothing remains; no line end at the end.
 */
export function notesFromCommits(commits: readonly Commit[]): string {
  const entries = withoutReverted(commits).flatMap(({ message }) => {
    const commit = parseHeader(message)
    const heading = commit === undefined ? undefined : headingOf(commit)
    return commit === undefined || heading === undefined ? [] : [{ heading, text: entryOf(commit) }]
  })
  const byHeading = Map.groupBy(entries, ({ heading }) => heading)
  return HEADINGS.flatMap((heading) => {
    const group = byHeading.get(heading)
    return group === undefined ? [] : [`### ${heading}\n\n${group.map(({ text }) => text).join('\n')}`]
  }).join('\n\n')
}
