// Rulesets, and the older protection of branches: what is read of them.
import { resolveObject } from '../../git/bare.ts'
import { fitsPattern, readRules } from '../../git/rules.ts'
import { jsonReply } from '../../service.ts'
import { pageReply } from '../paging.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { Ruleset } from '../state.ts'
import { nodeId, pageLink, repositoryLink, timeText } from '../views/links.ts'

/** Rules of branches and tags. */
export const ruleRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches/{branch}/protection',
    operation: 'repos/get-branch-protection',
    page: 'rest/branches/branch-protection#get-branch-protection',
    needs: { part: 'administration', level: 'read' },
    handle: async (ask) => {
      const { bare, requiredApprovals } = ask.state
      const name = ask.params['branch'] ?? ''
      const ref = `refs/heads/${name}`
      if ((await resolveObject(bare, ref, 'commit')) === undefined) throw new Refusal(404, 'Branch not found')
      if (!readRules(bare).guarded.includes(ref)) throw new Refusal(404, 'Branch not protected')
      const url = repositoryLink(ask, `/branches/${name}/protection`)
      const off = { enabled: false }
      return jsonReply(200, {
        url,
        ...(requiredApprovals === 0 ? {} : { required_pull_request_reviews: { url: `${url}/required_pull_request_reviews`, dismiss_stale_reviews: false, require_code_owner_reviews: false, require_last_push_approval: false, required_approving_review_count: requiredApprovals } }),
        required_signatures: { url: `${url}/required_signatures`, enabled: false },
        enforce_admins: { url: `${url}/enforce_admins`, enabled: false },
        required_linear_history: off, allow_force_pushes: off, allow_deletions: off, block_creations: off, required_conversation_resolution: off, lock_branch: off, allow_fork_syncing: off,
      })
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/rules/branches/{branch}',
    operation: 'repos/get-branch-rules',
    page: 'rest/repos/rules#get-rules-for-a-branch',
    handle: async (ask) => pageReply(ask, ask.state.rulesets.filter(({ target, include }) => target === 'branch' && covers(include, `refs/heads/${ask.params['branch'] ?? ''}`)).flatMap(({ id, rules }) => rules.map((rule) => ({
      ...rule, ruleset_source_type: 'Repository', ruleset_source: `${ask.state.owner}/${ask.state.repo}`, ruleset_id: id,
    }))), (rule) => rule),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/rulesets',
    operation: 'repos/get-repo-rulesets',
    page: 'rest/repos/rules#get-all-repository-rulesets',
    handle: async (ask) => {
      const targets = ask.query.get('targets')?.split(',')
      return pageReply(ask, ask.state.rulesets.filter(({ target }) => targets?.includes(target) ?? true), (ruleset) => head(ask, ruleset))
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/rulesets/{ruleset_id}',
    operation: 'repos/get-repo-ruleset',
    page: 'rest/repos/rules#get-a-repository-ruleset',
    handle: async (ask) => {
      const ruleset = ask.state.rulesets.find(({ id }) => id === Number(ask.params['ruleset_id']))
      if (ruleset === undefined) throw notFound()
      return jsonReply(200, {
        ...head(ask, ruleset),
        conditions: { ref_name: { include: [...ruleset.include], exclude: [] } },
        rules: ruleset.rules,
        current_user_can_bypass: ask.grant !== undefined && ruleset.bypass.includes(ask.grant.login) ? 'always' : 'never',
      })
    },
  },
]

function head(ask: Ask, { id, name, target }: Ruleset): Record<string, unknown> {
  const time = timeText(ask.state.createdAt)
  return {
    id, name, target, source_type: 'Repository', source: `${ask.state.owner}/${ask.state.repo}`, enforcement: 'active', node_id: nodeId('Ruleset', id),
    _links: { self: { href: repositoryLink(ask, `/rulesets/${id}`) }, html: { href: pageLink(ask, `/rules/${id}`) } },
    created_at: time, updated_at: time,
  }
}

function covers(include: readonly string[], ref: string): boolean {
  return include.some((pattern) => pattern === '~ALL' || (pattern === '~DEFAULT_BRANCH' && ref === 'refs/heads/main') || fitsPattern(pattern, ref, '[^/]*'))
}
