// The kinds github.merge and github.merged: the pull request is merged by this program, or waited for until a person merges it.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind, type Probe } from '../../model/kind.ts'
import type { Look } from '../../model/world.ts'
import { afterwards, github } from './client.ts'
import { lookAtPull, spoiled } from './pull-look.ts'
import { accessShape, commitShape, idShape, type Access } from './shape.ts'
import { TOKEN, wordOf } from './words.ts'

const waiting = z.strictObject({ ...accessShape, pull: idShape, commit: commitShape })

const merging = z.strictObject({ ...waiting.shape, method: z.enum(['merge', 'squash', 'rebase']), title: z.string().min(1) })

const output = z.strictObject({ commit: commitShape, tree: commitShape })

type Merged = z.infer<typeof output>

/** Merges the pull request if its head is still the release commit. The output is what the main branch got. */
export const githubMerge = defineKind<z.infer<typeof merging>, Merged>({
  kind: 'github.merge',
  input: merging,
  output,
  reversal: { is: 'final', because: 'the history of the main branch is not rewritten; a pull request can revert the change' },
  examples: ({ repository, release }) => [{
    repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN, pull: 1, commit: release.commit, method: 'squash', title: release.message.split('\n', 1)[0] ?? '',
  }],
  describe: ({ repository, pull, commit, method, title }) => ({
    apply: `Merge pull request ${pull} in ${repository} (${method}) if its head is still ${commit.slice(0, 12)}.`,
    undo: 'Not undone; a pull request that reverts it takes the change back.',
    byHand: [`gh pr merge ${pull} --repo ${repository} --${method} --match-head-commit ${commit}${method === 'rebase' ? '' : ` --subject ${wordOf(title)}`}`],
  }),
  probe: (look, input) => lookForMerge(look, input),
  async apply(world, { pull, commit, method, title, ...access }) {
    const merged = await notYet(github(world, access).write(
      'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
      { pull_number: pull, sha: commit, merge_method: method, ...(method === 'rebase' ? {} : { commit_title: title }) },
      { to: `merge pull request ${pull}`, right: 'Contents: write', shape: z.object({ sha: commitShape }) },
    ))
    return afterwards(() => commitOf(world, access, merged.sha))
  },
})

/**
 * A merge that GitHub does not make now (405, 409: checks are pending, the base has moved a moment ago) is asked for again: closing a
 * reviewed pull request for it would throw the review away.
 */
async function notYet<T>(merge: Promise<T>): Promise<T> {
  try {
    return await merge
  } catch (error) {
    if (error instanceof Refused && error.code === 'request-refused') throw new Error(`GitHub does not merge it yet: ${error.problems[0].detail ?? error.message}`, { cause: error })
    throw error
  }
}

/** Waits until a person has merged the pull request. */
export const githubMerged = defineKind<z.infer<typeof waiting>, Merged>({
  kind: 'github.merged',
  input: waiting,
  output,
  reversal: { is: 'none', leaves: 'what a person merged; a pull request can revert it' },
  examples: ({ repository, release }) => [{ repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN, pull: 1, commit: release.commit }],
  describe: ({ repository, pull }) => ({
    apply: `Wait until a person has merged pull request ${pull} in ${repository}.`,
    undo: 'Nothing to take back: it only waits.',
    byHand: [`gh pr merge ${pull} --repo ${repository}`],
  }),
  async probe(look, input) {
    const probe = await lookForMerge(look, input)
    return probe.state === 'absent' ? { state: 'absent', missing: `a person has to merge ${probe.url}` } : probe
  },
})

async function lookForMerge(look: Look, { pull: number, commit, ...access }: z.infer<typeof waiting>): Promise<Exclude<Probe<Merged>, { state: 'absent' }> | { readonly state: 'absent'; readonly url: string }> {
  const pull = await lookAtPull(look, access, number)
  if (pull.merged_at !== null) {
    if (pull.merge_commit_sha === null) return { state: 'unknown', why: `GitHub does not tell yet what ${pull.html_url} was merged as`, blind: false }
    return { state: 'present', output: await commitOf(look, access, pull.merge_commit_sha) }
  }
  const found = spoiled(pull, commit)
  return found === undefined ? { state: 'absent', url: pull.html_url } : { state: 'conflict', found }
}

async function commitOf(look: Look, access: Access, commit: string): Promise<Merged> {
  const shape = z.object({ sha: commitShape, tree: z.object({ sha: commitShape }) })
  const found = await github(look, access).read('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { commit_sha: commit }, shape)
  if (found === undefined) throw new Error(`GitHub does not show the commit ${commit} yet`)
  return { commit, tree: found.tree.sha }
}
