// The caller's own account, the repository and its branches.
import { resolveObject } from '../../git/bare.ts'
import { readRules } from '../../git/rules.ts'
import { jsonReply } from '../../service.ts'
import { readCommit } from '../objects.ts'
import { Refusal } from '../refusal.ts'
import type { Route } from '../router.ts'
import { commitView } from '../views/git.ts'
import { pageLink, repositoryLink, timeText } from '../views/links.ts'
import { fullRepositoryView } from '../views/repository.ts'
import { userView } from '../views/user.ts'

/** Account, repository and branches. */
export const repositoryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/user',
    operation: 'users/get-authenticated',
    page: 'rest/users/users#get-the-authenticated-user',
    handle: async (ask) => {
      if (ask.grant === undefined) throw new Refusal(401, 'Requires authentication')
      const since = timeText(ask.state.createdAt)
      return jsonReply(200, {
        ...userView(ask, ask.grant.login),
        name: null, company: null, blog: '', location: null, email: null, hireable: null, bio: null, twitter_username: null,
        public_repos: 1, public_gists: 0, followers: 0, following: 0, created_at: since, updated_at: since,
      })
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    operation: 'repos/get',
    page: 'rest/repos/repos#get-a-repository',
    handle: async (ask) => jsonReply(200, fullRepositoryView(ask)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches/{branch}',
    operation: 'repos/get-branch',
    page: 'rest/branches/branches#get-a-branch',
    handle: async (ask) => {
      const { bare } = ask.state
      const name = ask.params['branch'] ?? ''
      const ref = `refs/heads/${name}`
      const sha = await resolveObject(bare, ref, 'commit')
      if (sha === undefined) throw new Refusal(404, 'Branch not found')
      const guarded = readRules(bare).guarded.includes(ref)
      const self = repositoryLink(ask, `/branches/${name}`)
      return jsonReply(200, {
        name,
        commit: commitView(ask, await readCommit(bare, sha)),
        _links: { self, html: pageLink(ask, `/tree/${name}`) },
        protected: guarded,
        protection: { enabled: guarded },
        protection_url: `${self}/protection`,
      })
    },
  },
]
