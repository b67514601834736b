// Stand-ins for the people on the other side: they review and press the merge button.
import { mergePull } from './merge.ts'
import { notFound } from './refusal.ts'
import type { GithubState, MergeMethod, Pull, Review } from './state.ts'

/** What people may do to a pull request by its number. `by` is a reviewer's login, the first reviewer's when missing. */
export interface People {
  approve(pull: number, by?: string): void
  requestChanges(pull: number, words?: string, by?: string): void
  merge(pull: number, method?: MergeMethod, by?: string): Promise<string>
}

/** The people of a repository. */
export function createPeople(state: () => GithubState): People {
  const reviewer = (login: string | undefined) => {
    const chosen = login ?? state().reviewers[0]
    if (chosen === undefined) throw new Error('The repository has no reviewers.')
    return chosen
  }
  return {
    approve: (number, by) => {
      addReview(state(), findPull(state(), number), { author: reviewer(by), state: 'APPROVED', body: '' })
    },
    requestChanges: (number, words, by) => {
      addReview(state(), findPull(state(), number), { author: reviewer(by), state: 'CHANGES_REQUESTED', body: words ?? 'Please have another look.' })
    },
    merge: (number, method, by) => mergePull(state(), findPull(state(), number), { method: method ?? 'merge', by: reviewer(by) }),
  }
}

/** A pull request by its number. Throws 404. */
export function findPull(state: GithubState, number: number): Pull {
  const pull = state.pulls.find((candidate) => candidate.number === number)
  if (pull === undefined) throw notFound()
  return pull
}

/** Records a review of the head that is known; whoever was asked for it is asked no longer. */
export function addReview(state: GithubState, pull: Pull, said: Pick<Review, 'author' | 'state' | 'body'> & { readonly commit?: string | undefined }): Review {
  const review: Review = { id: state.nextId(), author: said.author, state: said.state, body: said.body, commit: said.commit ?? pull.head, at: state.now() }
  pull.reviews.push(review)
  pull.requested = pull.requested.filter((login) => login !== said.author)
  pull.updatedAt = review.at
  return review
}
