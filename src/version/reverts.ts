// Commits that were taken back within the same range: neither they nor what took them back is news.
import type { Commit } from './commits.ts'

// What `git revert` writes; the sha may be abbreviated by hand.
const REVERTS = /^This reverts commit ([0-9a-f]{7,64})\b/gm
const SHORT = 7

/** The abbreviated names of the commits that a message says it takes back. */
function revertedBy(message: string): readonly string[] {
  if (!message.includes('This reverts commit ')) return []
  return [...message.matchAll(REVERTS)].map((match) => match[1] ?? '')
}

function samePrefix(sha: string, name: string): boolean {
  return sha.startsWith(name) || name.startsWith(sha)
}

/**
 * The commits without those that another commit of the list takes back (`This reverts commit <sha>`), and without that other
 * commit; taking back a taking back brings the first one back. The order stays.
 */
export function withoutReverted(commits: readonly Commit[]): readonly Commit[] {
  const reverters = commits.filter((commit) => commit.message.includes('This reverts commit '))
  if (reverters.length === 0) return commits
  const byShort = Map.groupBy(commits, (commit) => commit.sha.slice(0, SHORT))
  const takenBackBy = new Map<Commit, Commit[]>()
  const takesBack = new Set<Commit>()
  for (const reverter of reverters) {
    const found = revertedBy(reverter.message).map((name) => byShort.get(name.slice(0, SHORT))?.find((commit) => commit !== reverter && samePrefix(commit.sha, name)))
    for (const commit of found) if (commit !== undefined) takenBackBy.set(commit, [...(takenBackBy.get(commit) ?? []), reverter])
    if (found.length > 0 && !found.includes(undefined)) takesBack.add(reverter)
  }
  const known = new Map<Commit, boolean>()
  const isTakenBack = (commit: Commit): boolean => {
    const before = known.get(commit)
    if (before !== undefined) return before
    // Ends a circle of commits that name each other, which only hand-written messages can hold.
    known.set(commit, false)
    const answer = (takenBackBy.get(commit) ?? []).some((reverter) => !isTakenBack(reverter))
    known.set(commit, answer)
    return answer
  }
  return commits.filter((commit) => !takesBack.has(commit) && !isTakenBack(commit))
}
