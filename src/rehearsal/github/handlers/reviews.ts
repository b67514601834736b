// Reviews of pull requests, and requests for them.
import { jsonReply } from '../../service.ts'
import { listField, textField, wordField } from '../fields.ts'
import { pageReply } from '../paging.ts'
import { addReview } from '../people.ts'
import { Refusal, unsupported } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { Review } from '../state.ts'
import { pullView, reviewView } from '../views/pull.ts'
import { userView } from '../views/user.ts'
import { askedPull } from './pulls.ts'

const PROPOSE = { part: 'pull_requests', level: 'write' } as const
const SAID = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const

/** Reviews. */
export const reviewRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
    operation: 'pulls/list-requested-reviewers',
    page: 'rest/pulls/review-requests#get-all-requested-reviewers-for-a-pull-request',
    handle: async (ask) => {
      const pull = await askedPull(ask)
      return jsonReply(200, { users: pull.requested.map((login) => userView(ask, login)), teams: [] })
    },
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
    operation: 'pulls/request-reviewers',
    page: 'rest/reference/pulls#request-reviewers-for-a-pull-request',
    needs: PROPOSE,
    handle: async (ask) => {
      const pull = await askedPull(ask)
      if (listField(ask.body, 'team_reviewers').length > 0) throw unsupported('reviews by teams')
      const asked = listField(ask.body, 'reviewers')
      if (asked.includes(pull.author)) throw new Refusal(422, 'Review cannot be requested from pull request author.')
      if (!asked.every((login) => ask.state.reviewers.includes(login))) throw new Refusal(422, strangers(ask))
      pull.requested = [...new Set([...pull.requested, ...asked])]
      pull.updatedAt = ask.state.now()
      const reply = jsonReply(201, pullView(ask, pull))
      if (ask.state.autoReview) for (const login of asked) addReview(ask.state, pull, { author: login, state: 'APPROVED', body: '' })
      return reply
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/reviews',
    operation: 'pulls/list-reviews',
    page: 'rest/pulls/reviews#list-reviews-for-a-pull-request',
    handle: async (ask) => {
      const pull = await askedPull(ask)
      return pageReply(ask, pull.reviews, (review) => reviewView(ask, pull, review))
    },
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/reviews',
    operation: 'pulls/create-review',
    page: 'rest/pulls/reviews#create-a-review-for-a-pull-request',
    needs: PROPOSE,
    handle: async (ask) => {
      const pull = await askedPull(ask)
      const event = wordField(ask.body, 'event', ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'])
      if (event === undefined) throw unsupported('reviews that are not submitted')
      if (ask.body['comments'] !== undefined) throw unsupported('comments on lines')
      const author = ask.grant?.login ?? ''
      const own = { APPROVE: 'Can not approve your own pull request', REQUEST_CHANGES: 'Can not request changes on your own pull request', COMMENT: undefined }[event]
      if (author === pull.author && own !== undefined) throw new Refusal(422, 'Unprocessable Entity', [own])
      const said: Pick<Review, 'author' | 'state' | 'body'> = { author, state: SAID[event], body: textField(ask.body, 'body') ?? '' }
      const review = addReview(ask.state, pull, { ...said, commit: textField(ask.body, 'commit_id') })
      return jsonReply(200, reviewView(ask, pull, review))
    },
  },
]

function strangers(ask: Ask): string {
  const repository = `${ask.state.owner}/${ask.state.repo}`
  return `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${repository} repository.`
}
