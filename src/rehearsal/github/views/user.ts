// People as GitHub shows them.
import { createHash } from 'node:crypto'
import { apiLink, nodeId } from './links.ts'
import type { Viewer } from './links.ts'

/** A person in short. */
export function userView(viewer: Viewer, login: string): Record<string, unknown> {
  const id = userId(login)
  const self = apiLink(viewer, `/users/${login}`)
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: viewer.call.address(`https://avatars.githubusercontent.com/u/${id}?v=4`),
    gravatar_id: '',
    url: self,
    html_url: viewer.call.address(`https://github.com/${login}`),
    followers_url: `${self}/followers`,
    following_url: `${self}/following{/other_user}`,
    gists_url: `${self}/gists{/gist_id}`,
    starred_url: `${self}/starred{/owner}{/repo}`,
    subscriptions_url: `${self}/subscriptions`,
    organizations_url: `${self}/orgs`,
    repos_url: `${self}/repos`,
    events_url: `${self}/events{/privacy}`,
    received_events_url: `${self}/received_events`,
    type: 'User',
    user_view_type: 'public',
    site_admin: false,
  }
}

/** The mail address that GitHub writes into commits made on its side. */
export function userMail(login: string): string {
  return `${userId(login)}+${login}@users.noreply.github.com`
}

/** How somebody belongs to the repository. */
export function association(viewer: Viewer, login: string): 'OWNER' | 'COLLABORATOR' | 'CONTRIBUTOR' {
  if (login === viewer.state.owner) return 'OWNER'
  const writes = Object.values(viewer.state.tokens).some((grant) => grant.login === login && grant.rights.contents === 'write')
  return writes || viewer.state.reviewers.includes(login) ? 'COLLABORATOR' : 'CONTRIBUTOR'
}

// The same login has the same id in every rehearsal.
function userId(login: string): number {
  return createHash('sha256').update(login).digest().readUInt32BE() >>> 4
}
