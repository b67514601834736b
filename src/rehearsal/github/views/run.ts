// Workflows, their runs and jobs as GitHub shows them.
import { workflowId, type Workflow } from '../actions.ts'
import { readCommit } from '../objects.ts'
import type { WorkflowRun } from '../state.ts'
import { nodeId, pageLink, repositoryLink, timeText, type Viewer } from './links.ts'
import { repositoryView } from './repository.ts'
import { userView } from './user.ts'

/** A workflow. */
export function workflowView(viewer: Viewer, { id, file, name }: Workflow): Record<string, unknown> {
  const since = timeText(viewer.state.createdAt)
  return {
    id, node_id: nodeId('Workflow', id), name, path: `.github/workflows/${file}`, state: viewer.state.actions.disabled.includes(file) ? 'disabled_manually' : 'active', created_at: since, updated_at: since,
    url: repositoryLink(viewer, `/actions/workflows/${id}`), html_url: pageLink(viewer, `/blob/${viewer.state.defaultBranch}/.github/workflows/${file}`), badge_url: pageLink(viewer, `/workflows/${encodeURIComponent(name)}/badge.svg`),
  }
}

/** A run. */
export async function runView(viewer: Viewer, run: WorkflowRun): Promise<Record<string, unknown>> {
  const self = repositoryLink(viewer, `/actions/runs/${run.id}`)
  const { tree, message, author, committer } = await readCommit(viewer.state.bare, run.commit)
  return {
    id: run.id, node_id: nodeId('WorkflowRun', run.id), name: run.name, head_branch: run.branch, head_sha: run.commit, path: `.github/workflows/${run.workflow}`,
    display_title: message.split('\n', 1)[0], run_number: run.number, run_attempt: run.attempt, event: run.event, status: run.status, conclusion: run.conclusion, workflow_id: workflowId(run.workflow),
    check_suite_id: run.id, check_suite_node_id: nodeId('CheckSuite', run.id), url: self, html_url: pageLink(viewer, `/actions/runs/${run.id}`), pull_requests: [],
    created_at: timeText(run.createdAt), updated_at: timeText(run.updatedAt), run_started_at: timeText(run.createdAt),
    actor: userView(viewer, run.actor), triggering_actor: userView(viewer, run.actor),
    jobs_url: `${self}/jobs`, logs_url: `${self}/logs`, check_suite_url: repositoryLink(viewer, `/check-suites/${run.id}`), artifacts_url: `${self}/artifacts`,
    cancel_url: `${self}/cancel`, rerun_url: `${self}/rerun`, previous_attempt_url: null, workflow_url: repositoryLink(viewer, `/actions/workflows/${workflowId(run.workflow)}`),
    head_commit: { id: run.commit, tree_id: tree, message, timestamp: timeText(new Date(committer.date)), author: { name: author.name, email: author.email }, committer: { name: committer.name, email: committer.email } },
    repository: repositoryView(viewer), head_repository: repositoryView(viewer),
  }
}

/** The one job of a run. */
export function jobView(viewer: Viewer, run: WorkflowRun): Record<string, unknown> {
  const done = run.status === 'completed'
  const started = timeText(run.createdAt)
  const ended = done ? timeText(run.updatedAt) : null
  return {
    id: run.job, node_id: nodeId('CheckRun', run.job), run_id: run.id, run_url: repositoryLink(viewer, `/actions/runs/${run.id}`), run_attempt: run.attempt, head_sha: run.commit, head_branch: run.branch,
    workflow_name: run.name, name: 'publish', url: repositoryLink(viewer, `/actions/jobs/${run.job}`), html_url: pageLink(viewer, `/actions/runs/${run.id}/job/${run.job}`), status: run.status, conclusion: run.conclusion,
    created_at: started, started_at: started, completed_at: ended, check_run_url: repositoryLink(viewer, `/check-runs/${run.job}`), labels: ['ubuntu-latest'],
    runner_id: 1, runner_name: 'GitHub Actions 1', runner_group_id: 0, runner_group_name: 'GitHub Actions',
    steps: [{ name: 'Publish', status: run.status, conclusion: run.conclusion, number: 1, started_at: started, completed_at: ended }],
  }
}
