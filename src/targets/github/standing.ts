// Pure: where a review stands, from everything that was said in it.
import type { Review } from './shape.ts'

/** Who approved, and who is against. */
export interface Standing {
  readonly approved: readonly string[]
  readonly against: readonly string[]
}

const TRUSTED = ['OWNER', 'MEMBER', 'COLLABORATOR']

/**
 * The last verdict of each person counts; a dismissed one counts for nothing. An approval must be of this commit, by a person other than
 * the author who belongs to the repository or was asked. Changes requested by such a person block whatever commit they were about.
 */
export function reviewStanding(reviews: readonly Review[], { commit, author, asked }: { readonly commit: string; readonly author: string | undefined; readonly asked: readonly string[] }): Standing {
  const known = new Set(asked.map((login) => login.toLowerCase()))
  const last = new Map<string, Review>()
  for (const review of reviews) {
    if (review.user === null || !['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(review.state)) continue
    const person = review.user.login
    if (review.user.type === 'Bot' || person.toLowerCase() === author?.toLowerCase()) continue
    if (TRUSTED.includes(review.author_association) || known.has(person.toLowerCase())) last.set(person, review)
  }
  const people = [...last]
  return {
    approved: people.filter(([, { state, commit_id }]) => state === 'APPROVED' && commit_id === commit).map(([person]) => person),
    against: people.filter(([, { state }]) => state === 'CHANGES_REQUESTED').map(([person]) => person),
  }
}
