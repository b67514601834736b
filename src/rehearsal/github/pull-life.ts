// Keeps pull requests in step with their branches, and looks at what merging one would do.
import { git, isAncestor } from '../git/bare.ts'
import { mergedTree } from './merging.ts'
import type { GithubState, Pull } from './state.ts'

/** What is seen of a pull request's branches. */
export interface PullLook {
  /** Null for one that is no longer open. */
  readonly mergeable: boolean | null
  readonly mergeableState: 'clean' | 'dirty' | 'blocked' | 'draft' | 'unknown'
  readonly commits: number
  readonly additions: number
  readonly deletions: number
  readonly changedFiles: number
}

/**
 * Follows the branches of every open pull request: the head moves with its branch, a branch that is gone closes it, and
 * one whose commits have been pushed to its base is merged.
 */
export async function refreshPulls(state: GithubState): Promise<void> {
  const open = state.pulls.filter((pull) => pull.state === 'open')
  if (open.length === 0) return
  const branches = await readBranches(state.bare)
  for (const pull of open) await refreshPull(state, pull, branches)
}

/** The commit of every branch, by its short name. */
export async function readBranches(bare: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await git(bare, ['for-each-ref', '--format=%(objectname) %(refname:strip=2)', 'refs/heads'])).split('\n')
  return new Map(lines.filter((line) => line !== '').map((line) => [line.slice(41), line.slice(0, 40)]))
}

/** Keeps the head of a pull request under the name that GitHub gives it, whatever happens to its branch. */
export async function keepHead(state: GithubState, pull: Pull): Promise<void> {
  await git(state.bare, ['update-ref', `refs/pull/${pull.number}/head`, pull.head])
}

/** Closes a pull request now. */
export function closePull(state: GithubState, pull: Pull): void {
  pull.state = 'closed'
  pull.closedAt = state.now()
  pull.updatedAt = pull.closedAt
}

/** How many approvals count: the last word of each reviewer who has write access. */
export function approvals(state: GithubState, pull: Pull): { readonly approved: number; readonly refused: boolean } {
  const words = new Map<string, string>()
  for (const review of pull.reviews) {
    if (review.state !== 'COMMENTED' && state.reviewers.includes(review.author)) words.set(review.author, review.state)
  }
  const last = [...words.values()]
  return { approved: last.filter((word) => word === 'APPROVED').length, refused: last.includes('CHANGES_REQUESTED') }
}

/** True while the reviews do not allow a merge. */
export function needsReview(state: GithubState, pull: Pull): boolean {
  const { approved, refused } = approvals(state, pull)
  return state.requiredApprovals > 0 && (approved < state.requiredApprovals || refused)
}

/** What is seen of a pull request after its branches were followed. */
export async function lookAtPull(state: GithubState, pull: Pull): Promise<PullLook> {
  const commits = Number(await git(state.bare, ['rev-list', '--count', `${pull.baseHead}..${pull.head}`]))
  const changes = (await git(state.bare, ['diff', '--numstat', `${pull.baseHead}...${pull.head}`])).split('\n').filter((line) => line !== '')
  const counts = changes.map((line) => line.split('\t').slice(0, 2).map((count) => (count === '-' ? 0 : Number(count))))
  const mergeable = pull.state === 'open' ? (await mergedTree(state.bare, pull.baseHead, pull.head)) !== undefined : null
  return {
    mergeable,
    mergeableState: mergeableState(state, pull, mergeable),
    commits,
    additions: counts.reduce((sum, [added = 0]) => sum + added, 0),
    deletions: counts.reduce((sum, [, deleted = 0]) => sum + deleted, 0),
    changedFiles: changes.length,
  }
}

function mergeableState(state: GithubState, pull: Pull, mergeable: boolean | null): PullLook['mergeableState'] {
  if (mergeable === null) return 'unknown'
  if (!mergeable) return 'dirty'
  if (pull.draft) return 'draft'
  return needsReview(state, pull) ? 'blocked' : 'clean'
}

async function refreshPull(state: GithubState, pull: Pull, branches: ReadonlyMap<string, string>): Promise<void> {
  const head = branches.get(pull.branch)
  const base = branches.get(pull.base)
  if (head === undefined || base === undefined) {
    closePull(state, pull)
    return
  }
  if (head !== pull.head) {
    pull.head = head
    pull.updatedAt = state.now()
    await keepHead(state, pull)
  }
  if (base === pull.baseHead) return
  if (await isAncestor(state.bare, head, base)) {
    closePull(state, pull)
    pull.merged = { commit: base, by: pull.author, at: state.now() }
    return
  }
  pull.baseHead = base
}
