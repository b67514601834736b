// Issues as GitHub shows them.
import type { Issue } from '../state.ts'
import { nodeId, pageLink, repositoryLink, timeText, type Viewer } from './links.ts'
import { milestoneView } from './milestone.ts'
import { association, userView } from './user.ts'

/** What stands in a list of issues. */
export interface Listed extends Issue {
  readonly isPull: boolean
}

/** An issue, or a pull request in a list of issues. */
export function issueView(viewer: Viewer, issue: Listed): Record<string, unknown> {
  const url = repositoryLink(viewer, `/issues/${issue.number}`)
  const page = pageLink(viewer, `/${issue.isPull ? 'pull' : 'issues'}/${issue.number}`)
  const milestone = viewer.state.milestones.find(({ number }) => number === issue.milestone)
  const updated = issue.updatedAt ?? issue.createdAt
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    url,
    repository_url: repositoryLink(viewer, ''),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: issue.number,
    state: issue.state,
    title: issue.title,
    body: issue.body ?? null,
    user: userView(viewer, issue.author),
    labels: issue.labels.map((name, at) => ({ id: at + 1, node_id: nodeId('Label', at + 1), url: repositoryLink(viewer, `/labels/${encodeURIComponent(name)}`), name, description: null, color: 'ededed', default: false })),
    assignee: null,
    assignees: [],
    milestone: milestone === undefined ? null : milestoneView(viewer, milestone),
    locked: false,
    comments: 0,
    closed_at: issue.state === 'closed' ? timeText(updated) : null,
    created_at: timeText(issue.createdAt),
    updated_at: timeText(updated),
    author_association: association(viewer, issue.author),
    ...(issue.isPull ? { pull_request: { url: repositoryLink(viewer, `/pulls/${issue.number}`), html_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch` } } : {}),
  }
}
