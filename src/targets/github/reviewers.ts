// The kind github.reviewers: asks people to review the release's pull request.
import { z } from 'zod'
import { defineKind } from '../../model/kind.ts'
import { github } from './client.ts'
import { lookAtPull, lookAtReviews } from './pull-look.ts'
import { accessShape, idShape } from './shape.ts'
import { TOKEN } from './words.ts'

const input = z.strictObject({ ...accessShape, pull: idShape, reviewers: z.array(z.string().min(1)).min(1) })

const output = z.strictObject({ asked: z.array(z.string()) })

/** Requests for review; whoever has reviewed already counts as asked. */
export const githubReviewers = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'github.reviewers',
  input,
  output,
  reversal: { is: 'none' },
  examples: ({ repository }) => [{ repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN, pull: 1, reviewers: ['release-reviewer'] }],
  describe: ({ repository, pull, reviewers }) => ({
    apply: `Ask ${reviewers.join(', ')} to review pull request ${pull} in ${repository}.`,
    undo: 'Nothing to take back: the requests end when the pull request is closed.',
    byHand: [`gh pr edit ${pull} --repo ${repository} --add-reviewer ${reviewers.join(',')}`],
  }),
  async probe(look, { pull: number, reviewers, ...access }) {
    const pull = await lookAtPull(look, access, number)
    const reached = new Set((pull.requested_reviewers ?? []).map(({ login }) => login.toLowerCase()))
    for (const { user } of await lookAtReviews(look, access, number)) if (user !== null) reached.add(user.login.toLowerCase())
    if (pull.merged_at !== null || reviewers.every((login) => reached.has(login.toLowerCase()))) return { state: 'present', output: { asked: reviewers } }
    return pull.state === 'open' ? { state: 'absent' } : { state: 'conflict', found: `${pull.html_url} was closed without being merged` }
  },
  async apply(world, { pull, reviewers, ...access }) {
    await github(world, access).write(
      'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
      { pull_number: pull, reviewers },
      { to: `ask ${reviewers.join(', ')} for a review`, right: 'Pull requests: write', shape: z.unknown() },
    )
    return { asked: reviewers }
  },
})
