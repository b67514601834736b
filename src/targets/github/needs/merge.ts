// Whether the pull request of a release can be merged as slipway.yaml says.
import { z } from 'zod'
import { bodyJson } from '../../../model/http.ts'
import { met, unmet, untested, type Finding } from '../../../model/need.ts'
import type { GitHubSettings } from '../settings.ts'
import type { Rules } from './rules.ts'
import type { Sight } from './sight.ts'

type Method = Exclude<GitHubSettings['merge'], 'person'>

const branch = z.object({ protected: z.boolean().default(false) })

const protection = z.object({
  required_pull_request_reviews: z.object({ required_approving_review_count: z.int().default(0) }).nullish(),
  required_linear_history: z.object({ enabled: z.boolean() }).nullish(),
  required_status_checks: z.unknown().nullish(),
  enforce_admins: z.object({ enabled: z.boolean() }).nullish(),
  lock_branch: z.object({ enabled: z.boolean() }).nullish(),
})

const pullRule = z.object({ required_approving_review_count: z.int().default(0), allowed_merge_methods: z.array(z.string()).optional() })

/** What a merge meets on its way into the main branch. */
export interface Merging {
  readonly settings: GitHubSettings & { readonly merge: Method }
  readonly mainBranch: string
  readonly rules: Rules
  /** What the right to write alone amounts to. */
  readonly right: Finding
}

/** Looks at the methods that the repository allows, at the rules of the main branch and at its protection. */
export async function lookAtMerge(sight: Sight, { settings, mainBranch, rules, right }: Merging): Promise<Finding> {
  const { merge, approvals, repository } = settings
  if (right.is === 'unmet') return right
  const { allow_merge_commit: commits, allow_squash_merge: squashes, allow_rebase_merge: rebases } = sight.repository
  if ({ merge: commits, squash: squashes, rebase: rebases }[merge] === false) return refused(`${repository} does not allow pull requests to be merged by ${merge}.`, `Allow it in the repository's settings (Pull Requests), or set \`github.merge\` to one of ${allowed(sight).join(', ') || 'those that it allows'}.`)
  if ('hidden' in rules) return untested(rules.hidden, `Look at Settings, Rules, Rulesets for what ${mainBranch} demands.`)
  for (const rule of rules.rules) {
    if (rule.type === 'update') return refused(`The ruleset «${rule.of}» lets nobody move ${mainBranch}.`, 'In Settings, Rules, Rulesets: let whoever releases bypass it, or set `github.merge` to person.')
    if (rule.type === 'merge_queue') return refused(`The ruleset «${rule.of}» merges into ${mainBranch} by a merge queue only.`, 'Set `github.merge` to person, and put the pull request into the queue by hand.')
    if (rule.type === 'required_linear_history' && merge === 'merge') return refused(`The ruleset «${rule.of}» wants a linear history of ${mainBranch}.`, 'Set `github.merge` to squash or rebase.')
    const pull = rule.type === 'pull_request' ? pullRule.safeParse(rule.parameters).data : undefined
    if (pull?.allowed_merge_methods?.includes(merge) === false) return refused(`The ruleset «${rule.of}» does not let pull requests into ${mainBranch} be merged by ${merge}.`, `Set \`github.merge\` to one of ${pull.allowed_merge_methods.join(', ')}.`)
    if (pull !== undefined && pull.required_approving_review_count > approvals) return tooFew(`The ruleset «${rule.of}»`, pull.required_approving_review_count, settings)
  }
  const kept = await protectionOf(sight, mainBranch)
  if (kept === 'hidden') return untested(`${mainBranch} is protected, and GitHub shows its protection to administrators alone`, 'Let somebody with the role Admin run this, or give the token Administration: read.')
  const count = kept?.required_pull_request_reviews?.required_approving_review_count ?? 0
  if (count > approvals) return tooFew(`The protection of ${mainBranch}`, count, settings)
  if (kept?.lock_branch?.enabled === true) return refused(`${mainBranch} is locked.`, 'Unlock it in Settings, Branches.')
  if (kept?.required_linear_history?.enabled === true && merge === 'merge') return refused(`The protection of ${mainBranch} wants a linear history.`, 'Set `github.merge` to squash or rebase.')
  const waits = kept?.required_status_checks != null || rules.rules.some(({ type }) => type === 'required_status_checks')
  return right.is === 'met' ? met(`${right.detail}; by ${merge}, with ${approvals === 1 ? '1 approval' : `${approvals} approvals`}${waits ? ', once its status checks have passed' : ''}`) : right
}

function refused(message: string, hint: string): Finding {
  return unmet({ code: 'request-refused', message, hint })
}

function tooFew(who: string, wanted: number, { approvals }: GitHubSettings): Finding {
  return unmet({ code: 'config-invalid', message: `${who} wants ${wanted === 1 ? '1 approval' : `${wanted} approvals`}, and slipway.yaml waits for ${approvals}.`, hint: `Set \`github.approvals\` to ${wanted}, so that the merge is not tried before.` })
}

function allowed({ repository }: Sight): readonly string[] {
  return [...(repository.allow_squash_merge === true ? ['squash'] : []), ...(repository.allow_merge_commit === true ? ['merge'] : []), ...(repository.allow_rebase_merge === true ? ['rebase'] : [])]
}

/** The protection of a branch of the older sort, undefined where there is none. */
async function protectionOf({ ask }: Sight, name: string): Promise<z.infer<typeof protection> | 'hidden' | undefined> {
  const path = `/branches/${name.split('/').map(encodeURIComponent).join('/')}`
  const shown = await ask(path)
  if (shown.status === 200 && branch.safeParse(bodyJson(shown)).data?.protected === false) return undefined
  const answer = await ask(`${path}/protection`)
  if (answer.status === 200) return protection.safeParse(bodyJson(answer)).data
  return answer.status === 404 && /not protected/i.test(new TextDecoder().decode(answer.body)) ? undefined : 'hidden'
}
