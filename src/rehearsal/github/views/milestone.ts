// Milestones and issues as GitHub shows them.
import type { Issue, Milestone } from '../state.ts'
import { nodeId, pageLink, repositoryLink, timeOrNull, timeText } from './links.ts'
import type { Viewer } from './links.ts'
import { association, userView } from './user.ts'

/** A milestone with the number of its issues. */
export function milestoneView(viewer: Viewer, milestone: Milestone): Record<string, unknown> {
  const self = repositoryLink(viewer, `/milestones/${milestone.number}`)
  const own = viewer.state.issues.filter((issue) => issue.milestone === milestone.number)
  const open = own.filter(({ state }) => state === 'open').length
  return {
    url: self,
    html_url: pageLink(viewer, `/milestone/${milestone.number}`),
    labels_url: `${self}/labels`,
    id: milestone.id,
    node_id: nodeId('Milestone', milestone.id),
    number: milestone.number,
    state: milestone.state,
    title: milestone.title,
    description: milestone.description,
    creator: userView(viewer, milestone.creator),
    open_issues: open,
    closed_issues: own.length - open,
    created_at: timeText(milestone.createdAt),
    updated_at: timeText(milestone.updatedAt),
    closed_at: milestone.state === 'closed' ? timeText(milestone.updatedAt) : null,
    due_on: timeOrNull(milestone.dueOn),
  }
}

/** An issue in a list. */
export function issueView(viewer: Viewer, issue: Issue): Record<string, unknown> {
  const self = repositoryLink(viewer, `/issues/${issue.number}`)
  const milestone = viewer.state.milestones.find(({ number }) => number === issue.milestone)
  return {
    url: self,
    repository_url: repositoryLink(viewer),
    labels_url: `${self}/labels{/name}`,
    comments_url: `${self}/comments`,
    events_url: `${self}/events`,
    html_url: pageLink(viewer, `/issues/${issue.number}`),
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    number: issue.number,
    title: issue.title,
    user: userView(viewer, issue.author),
    labels: issue.labels.map((name) => ({ name })),
    state: issue.state,
    locked: false,
    assignee: null,
    milestone: milestone === undefined ? null : milestoneView(viewer, milestone),
    comments: 0,
    created_at: timeText(issue.createdAt),
    updated_at: timeText(issue.createdAt),
    closed_at: null,
    author_association: association(viewer, issue.author),
    body: null,
  }
}
