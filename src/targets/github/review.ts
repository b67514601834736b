// The kind github.review: waits until enough people have approved the release commit.
import { z } from 'zod'
import { defineKind } from '../../model/kind.ts'
import { lookAtPull, lookAtReviews, spoiled } from './pull-look.ts'
import { accessShape, commitShape, idShape } from './shape.ts'
import { reviewStanding } from './standing.ts'
import { TOKEN } from './words.ts'

const input = z.strictObject({ ...accessShape, pull: idShape, commit: commitShape, approvals: z.int().positive(), reviewers: z.array(z.string()) })

const output = z.strictObject({ approvedBy: z.array(z.string()) })

/** The review of the pull request; whoever merges it earlier ends the wait too. */
export const githubReview = defineKind<z.infer<typeof input>, z.infer<typeof output>>({
  kind: 'github.review',
  input,
  output,
  reversal: { is: 'none' },
  examples: ({ repository, release }) => [{
    repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN, pull: 1, commit: release.commit, approvals: 1, reviewers: ['release-reviewer'],
  }],
  describe: ({ repository, pull, approvals }) => ({
    apply: `Wait for ${approvals === 1 ? 'an approval' : `${approvals} approvals`} of pull request ${pull} in ${repository}.`,
    undo: 'Nothing to take back: it only waits.',
    byHand: [`gh pr review ${pull} --repo ${repository} --approve`],
  }),
  async probe(look, { pull: number, commit, approvals, reviewers, ...access }) {
    const pull = await lookAtPull(look, access, number)
    const { approved, against } = reviewStanding(await lookAtReviews(look, access, number), { commit, author: pull.user?.login, asked: reviewers })
    const output = { approvedBy: [...approved] }
    if (pull.merged_at !== null) return { state: 'present', output }
    const found = spoiled(pull, commit)
    if (found !== undefined) return { state: 'conflict', found }
    if (against.length > 0) return { state: 'absent', missing: `${against.join(', ')} requested changes, ${pull.html_url}` }
    if (approved.length >= approvals) return { state: 'present', output }
    const asked = reviewers.length === 0 ? 'nobody has been asked' : `${reviewers.join(', ')} ${reviewers.length === 1 ? 'has' : 'have'} been asked`
    return { state: 'absent', missing: `${approvals - approved.length} of ${approvals} approvals missing: ${asked}, ${pull.html_url}` }
  },
})
