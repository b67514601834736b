// Pull requests, reviews and comments as GitHub shows them.
import type { PullLook } from '../pull-life.ts'
import type { Comment, Pull, Review } from '../state.ts'
import { nodeId, pageLink, repositoryLink, timeOrNull, timeText } from './links.ts'
import type { Viewer } from './links.ts'
import { repositoryView } from './repository.ts'
import { association, userView } from './user.ts'

/** A pull request in a list. */
export function pullView(viewer: Viewer, pull: Pull): Record<string, unknown> {
  const self = repositoryLink(viewer, `/pulls/${pull.number}`)
  const issue = repositoryLink(viewer, `/issues/${pull.number}`)
  const page = pageLink(viewer, `/pull/${pull.number}`)
  const links = {
    self,
    html: page,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${self}/comments`,
    review_comment: `${repositoryLink(viewer, '/pulls/comments')}{/number}`,
    commits: `${self}/commits`,
    statuses: repositoryLink(viewer, `/statuses/${pull.head}`),
  }
  return {
    url: self,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userView(viewer, pull.author),
    body: pull.body,
    created_at: timeText(pull.createdAt),
    updated_at: timeText(pull.updatedAt),
    closed_at: timeOrNull(pull.closedAt),
    merged_at: timeOrNull(pull.merged?.at ?? null),
    merge_commit_sha: pull.merged?.commit ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: pull.requested.map((login) => userView(viewer, login)),
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: endView(viewer, pull.branch, pull.head),
    base: endView(viewer, pull.base, pull.baseHead),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: association(viewer, pull.author),
    auto_merge: null,
    active_lock_reason: null,
  }
}

/** A pull request in full, with what was seen of its branches. */
export function fullPullView(viewer: Viewer, pull: Pull, look: PullLook): Record<string, unknown> {
  return {
    ...pullView(viewer, pull),
    merged: pull.merged !== null,
    mergeable: look.mergeable,
    rebaseable: look.mergeable,
    mergeable_state: look.mergeableState,
    merged_by: pull.merged === null ? null : userView(viewer, pull.merged.by),
    comments: viewer.state.comments.filter((comment) => comment.number === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: look.commits,
    additions: look.additions,
    deletions: look.deletions,
    changed_files: look.changedFiles,
  }
}

/** A review. */
export function reviewView(viewer: Viewer, pull: Pull, review: Review): Record<string, unknown> {
  const page = pageLink(viewer, `/pull/${pull.number}#pullrequestreview-${review.id}`)
  const self = repositoryLink(viewer, `/pulls/${pull.number}`)
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: userView(viewer, review.author),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: self,
    author_association: association(viewer, review.author),
    _links: { html: { href: page }, pull_request: { href: self } },
    submitted_at: timeText(review.at),
    commit_id: review.commit,
  }
}

/** A comment on a pull request. */
export function commentView(viewer: Viewer, comment: Comment): Record<string, unknown> {
  return {
    url: repositoryLink(viewer, `/issues/comments/${comment.id}`),
    html_url: pageLink(viewer, `/pull/${comment.number}#issuecomment-${comment.id}`),
    issue_url: repositoryLink(viewer, `/issues/${comment.number}`),
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: userView(viewer, comment.author),
    created_at: timeText(comment.at),
    updated_at: timeText(comment.updatedAt),
    body: comment.body,
    author_association: association(viewer, comment.author),
  }
}

function endView(viewer: Viewer, ref: string, sha: string): Record<string, unknown> {
  return { label: `${viewer.state.owner}:${ref}`, ref, sha, user: userView(viewer, viewer.state.owner), repo: repositoryView(viewer) }
}
