// Milestones as GitHub shows them.
import type { Milestone } from '../state.ts'
import { nodeId, pageLink, repositoryLink, timeOrNull, timeText } from './links.ts'
import type { Viewer } from './links.ts'
import { userView } from './user.ts'

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
