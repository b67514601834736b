// Tests where a review stands, case by case.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Review } from './shape.ts'
import { reviewStanding } from './standing.ts'

const HEAD = 'a'.repeat(40)
const OLD = 'b'.repeat(40)

function said(login: string | null, state: string, { commit = HEAD, as = 'COLLABORATOR', type = 'User' } = {}): Review {
  return { user: login === null ? null : { login, type }, state, commit_id: commit, author_association: as }
}

const cases: readonly { readonly reason: string; readonly reviews: readonly Review[]; readonly approved?: readonly string[]; readonly against?: readonly string[] }[] = [
  { reason: 'nobody said anything', reviews: [] },
  { reason: 'two people approved the head', reviews: [said('ada', 'APPROVED'), said('bob', 'APPROVED')], approved: ['ada', 'bob'] },
  { reason: 'one person counts once', reviews: [said('ada', 'APPROVED'), said('ada', 'APPROVED')], approved: ['ada'] },
  { reason: 'an approval of an older commit does not count', reviews: [said('ada', 'APPROVED', { commit: OLD })] },
  { reason: 'the author does not review', reviews: [said('Maker', 'APPROVED'), said('maker', 'CHANGES_REQUESTED')] },
  { reason: 'a comment takes nothing back', reviews: [said('ada', 'APPROVED'), said('ada', 'COMMENTED')], approved: ['ada'] },
  { reason: 'the last word counts', reviews: [said('ada', 'CHANGES_REQUESTED'), said('ada', 'APPROVED')], approved: ['ada'] },
  { reason: 'the last word counts the other way too', reviews: [said('ada', 'APPROVED'), said('ada', 'CHANGES_REQUESTED')], against: ['ada'] },
  { reason: 'changes requested of an older commit still block', reviews: [said('ada', 'CHANGES_REQUESTED', { commit: OLD }), said('bob', 'APPROVED')], approved: ['bob'], against: ['ada'] },
  { reason: 'a dismissed review counts for nothing', reviews: [said('ada', 'APPROVED'), said('bob', 'DISMISSED')], approved: ['ada'] },
  { reason: 'a dismissed last word leaves none', reviews: [said('ada', 'APPROVED'), said('ada', 'DISMISSED')] },
  { reason: 'a stranger on a public repository neither approves nor blocks', reviews: [said('eve', 'APPROVED', { as: 'NONE' }), said('mallory', 'CHANGES_REQUESTED', { as: 'CONTRIBUTOR' })] },
  { reason: 'whoever was asked counts', reviews: [said('Asked', 'APPROVED', { as: 'NONE' })], approved: ['Asked'] },
  { reason: 'programs do not review', reviews: [said('bot', 'APPROVED', { type: 'Bot' })] },
  { reason: 'deleted accounts do not count', reviews: [said(null, 'APPROVED')] },
]

for (const { reason, reviews, approved = [], against = [] } of cases) {
  test(reason, () => {
    assert.deepEqual(reviewStanding(reviews, { commit: HEAD, author: 'maker', asked: ['asked'] }), { approved, against })
  })
}
