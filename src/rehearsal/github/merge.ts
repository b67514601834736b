// Merges a pull request, or says as GitHub does why not.
import { git } from '../git/bare.ts'
import { mergedTree, rebased } from './merging.ts'
import { readCommit, writeCommit } from './objects.ts'
import type { Commit, Maker } from './objects.ts'
import { approvals, closePull, needsReview, refreshPulls } from './pull-life.ts'
import { Refusal } from './refusal.ts'
import type { GithubState, MergeMethod, Pull } from './state.ts'
import { timeText } from './views/links.ts'
import { userMail } from './views/user.ts'

/** How to merge. */
export interface MergeWish {
  readonly method: MergeMethod
  readonly by: string
  /** The head that the caller has seen; another one is refused. */
  readonly sha?: string | undefined
  readonly title?: string | undefined
  readonly message?: string | undefined
}

const DISALLOWED: Readonly<Record<MergeMethod, string>> = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
}

/** Merges and returns the commit that the base branch is at afterwards. Throws a Refusal of status 405 or 409. */
export async function mergePull(state: GithubState, pull: Pull, wish: MergeWish): Promise<string> {
  await refreshPulls(state)
  if (pull.state === 'closed') throw new Refusal(405, 'Pull Request is not mergeable')
  if (wish.sha !== undefined && wish.sha !== pull.head) throw new Refusal(409, 'Head branch was modified. Review and try the merge again.')
  if (pull.draft) throw new Refusal(405, 'Pull Request is still a draft')
  if (!state.mergeMethods.includes(wish.method)) throw new Refusal(405, DISALLOWED[wish.method])
  if (needsReview(state, pull)) throw new Refusal(405, reviewText(state, pull))
  const from = pull.baseHead
  const commit = await METHODS[wish.method](state, pull, wish)
  try {
    await git(state.bare, ['update-ref', `refs/heads/${pull.base}`, commit, from])
  } catch {
    throw new Refusal(405, 'Base branch was modified. Review and try the merge again.')
  }
  closePull(state, pull)
  pull.merged = { commit, by: wish.by, at: state.now() }
  return commit
}

const METHODS: Readonly<Record<MergeMethod, (state: GithubState, pull: Pull, wish: MergeWish) => Promise<string>>> = {
  merge: async (state, pull, wish) => writeCommit(state.bare, {
    tree: await treeOrRefuse(state, pull),
    parents: [pull.baseHead, pull.head],
    author: person(state, wish.by),
    committer: github(state),
    message: join(wish.title ?? `Merge pull request #${pull.number} from ${state.owner}/${pull.branch}`, wish.message ?? pull.title),
  }),
  squash: async (state, pull, wish) => {
    const tree = await treeOrRefuse(state, pull)
    const words = squashWords(pull, await commitsOf(state, pull))
    return writeCommit(state.bare, {
      tree,
      parents: [pull.baseHead],
      author: person(state, pull.author),
      committer: github(state),
      message: join(wish.title ?? words.title, wish.message ?? words.message),
    })
  },
  rebase: async (state, pull, wish) => {
    const top = await rebased(state.bare, { base: pull.baseHead, head: pull.head }, person(state, wish.by))
    if (top === undefined) throw new Refusal(405, "This branch can't be rebased")
    return top
  },
}

async function treeOrRefuse(state: GithubState, pull: Pull): Promise<string> {
  const tree = await mergedTree(state.bare, pull.baseHead, pull.head)
  if (tree === undefined) throw new Refusal(405, 'Pull Request is not mergeable')
  return tree
}

async function commitsOf(state: GithubState, pull: Pull): Promise<readonly Commit[]> {
  const listed = await git(state.bare, ['rev-list', '--reverse', '--no-merges', `${pull.baseHead}..${pull.head}`])
  return Promise.all(listed.split('\n').filter((line) => line !== '').map((sha) => readCommit(state.bare, sha)))
}

// One commit keeps its own words; several are listed under the title of the pull request.
function squashWords(pull: Pull, commits: readonly Commit[]): { title: string; message: string } {
  const [only] = commits
  const others = new Map(commits.map(({ author }) => [author.email, `Co-authored-by: ${author.name} <${author.email}>`]))
  others.delete(userMail(pull.author))
  const credits = [...others.values()].join('\n')
  if (commits.length === 1 && only !== undefined) {
    return { title: `${subject(only)} (#${pull.number})`, message: join(only.message.split('\n').slice(1).join('\n').trim(), credits) }
  }
  const list = commits.map((commit) => `* ${commit.message.trim()}`).join('\n\n')
  return { title: `${pull.title} (#${pull.number})`, message: credits === '' ? list : `${list}\n\n---------\n\n${credits}` }
}

function reviewText(state: GithubState, pull: Pull): string {
  const needed = state.requiredApprovals
  if (approvals(state, pull).approved >= needed) return 'Changes have been requested by reviewers with write access.'
  return needed === 1
    ? 'At least 1 approving review is required by reviewers with write access.'
    : `At least ${needed} approving reviews are required by reviewers with write access.`
}

function subject(commit: Commit): string {
  return commit.message.split('\n')[0] ?? ''
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

function person(state: GithubState, login: string): Maker {
  return { name: login, email: userMail(login), date: timeText(state.now()) }
}

function github(state: GithubState): Maker {
  return { name: 'GitHub', email: 'noreply@github.com', date: timeText(state.now()) }
}
