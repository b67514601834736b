// The repository as GitHub shows it, in full and as a part of other things.
import { may } from '../access.ts'
import { nodeId, pageLink, repositoryLink, timeText } from './links.ts'
import type { Viewer } from './links.ts'
import { userView } from './user.ts'

// Addresses below the repository's own, with GitHub's URI templates.
const BELOW: readonly (readonly [string, string, string])[] = [
  ['archive_url', '', '/{archive_format}{/ref}'], ['assignees_url', '/assignees', '{/user}'], ['blobs_url', '/git/blobs', '{/sha}'],
  ['branches_url', '/branches', '{/branch}'], ['collaborators_url', '/collaborators', '{/collaborator}'], ['comments_url', '/comments', '{/number}'],
  ['commits_url', '/commits', '{/sha}'], ['compare_url', '/compare', '/{base}...{head}'], ['contents_url', '/contents', '/{+path}'],
  ['contributors_url', '/contributors', ''], ['deployments_url', '/deployments', ''], ['downloads_url', '/downloads', ''],
  ['events_url', '/events', ''], ['forks_url', '/forks', ''], ['git_commits_url', '/git/commits', '{/sha}'], ['git_refs_url', '/git/refs', '{/sha}'],
  ['git_tags_url', '/git/tags', '{/sha}'], ['hooks_url', '/hooks', ''], ['issue_comment_url', '/issues/comments', '{/number}'],
  ['issue_events_url', '/issues/events', '{/number}'], ['issues_url', '/issues', '{/number}'], ['keys_url', '/keys', '{/key_id}'],
  ['labels_url', '/labels', '{/name}'], ['languages_url', '/languages', ''], ['merges_url', '/merges', ''], ['milestones_url', '/milestones', '{/number}'],
  ['notifications_url', '/notifications', '{?since,all,participating}'], ['pulls_url', '/pulls', '{/number}'], ['releases_url', '/releases', '{/id}'],
  ['stargazers_url', '/stargazers', ''], ['statuses_url', '/statuses', '/{sha}'], ['subscribers_url', '/subscribers', ''],
  ['subscription_url', '/subscription', ''], ['tags_url', '/tags', ''], ['teams_url', '/teams', ''], ['trees_url', '/git/trees', '{/sha}'],
]

/** The repository as a part of something else. */
export function repositoryView(viewer: Viewer): Record<string, unknown> {
  const { state, grant, call } = viewer
  const open = state.pulls.filter((pull) => pull.state === 'open').length
  const time = timeText(state.createdAt)
  const push = may(grant, { part: 'contents', level: 'write' })
  const admin = may(grant, { part: 'administration', level: 'write' })
  return {
    id: 1,
    node_id: nodeId('Repository', 1),
    name: state.repo,
    full_name: `${state.owner}/${state.repo}`,
    owner: userView(viewer, state.owner),
    private: false,
    html_url: pageLink(viewer),
    description: null,
    fork: false,
    url: repositoryLink(viewer),
    ...Object.fromEntries(BELOW.map(([name, path, template]) => [name, repositoryLink(viewer, path) + template])),
    git_url: `git://github.com/${state.owner}/${state.repo}.git`,
    ssh_url: `git@github.com:${state.owner}/${state.repo}.git`,
    clone_url: call.address(`https://github.com/${state.owner}/${state.repo}.git`),
    svn_url: pageLink(viewer),
    mirror_url: null,
    homepage: null,
    language: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    default_branch: state.defaultBranch,
    open_issues: open,
    open_issues_count: open,
    is_template: false,
    topics: [],
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    has_downloads: true,
    archived: false,
    disabled: false,
    visibility: 'public',
    pushed_at: time,
    created_at: time,
    updated_at: time,
    permissions: { admin, maintain: admin, push, triage: push, pull: true },
    allow_forking: true,
    web_commit_signoff_required: false,
    license: null,
  }
}

/** The repository in full. How it may be merged is shown to those who can push. */
export function fullRepositoryView(viewer: Viewer): Record<string, unknown> {
  const { state, grant } = viewer
  const merging = {
    allow_merge_commit: state.mergeMethods.includes('merge'),
    allow_squash_merge: state.mergeMethods.includes('squash'),
    allow_rebase_merge: state.mergeMethods.includes('rebase'),
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    allow_update_branch: false,
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    merge_commit_title: 'MERGE_MESSAGE',
    merge_commit_message: 'PR_TITLE',
  }
  return {
    ...repositoryView(viewer),
    ...(may(grant, { part: 'contents', level: 'write' }) ? merging : {}),
    network_count: 0,
    subscribers_count: 0,
  }
}
