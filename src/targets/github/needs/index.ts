// What a release needs of GitHub: the repository, and each right apart, tried where that changes nothing.
import { z } from 'zod'
import { SlipwayError } from '../../../model/error.ts'
import { met, unmet, untested, type Finding, type Need, type NeedContext } from '../../../model/need.ts'
import { webAddressOf } from '../../../model/web-address.ts'
import type { World } from '../../../model/world.ts'
import { accessOf, type GitHubSettings } from '../settings.ts'
import { trouble } from '../trouble.ts'
import { bodyJson } from '../../../model/http.ts'
import { lookAtMerge } from './merge.ts'
import { byRules } from './refs.ts'
import { rulesOfBranch, rulesOfTag } from './rules.ts'
import { openSight, problemOf, type Sight } from './sight.ts'

/** A name for what has no version yet; rules are asked about it. */
const SAMPLE = '1.0.0'

/** Why nothing is known of the rest, where the first look has failed already. */
const UNSEEN = 'GitHub has not shown the repository, as said above'

/** The needs of the github target. */
export function githubNeeds(context: NeedContext, settings: GitHubSettings): readonly Need[] {
  const access = accessOf(settings)
  const { repository } = settings
  const { mainBranch, tagPattern, releaseBranchPattern } = context
  const [tag, branch] = [tagPattern, releaseBranchPattern].map((pattern) => pattern.replaceAll('{version}', SAMPLE)) as [string, string]
  let opened: Promise<Sight> | undefined
  const sight = (world: World): Promise<Sight> => opened ??= openSight(world, access)
  const right = (of: Need['of'], title: string, look: (sight: Sight) => Promise<Finding>): Need => ({
    of,
    title,
    async look(world) {
      const seen = world.hasSecret(settings.token) ? await sight(world).catch(() => undefined) : undefined
      return seen === undefined ? untested(world.hasSecret(settings.token) ? UNSEEN : unopened(settings)) : look(seen)
    },
  })
  const tagged = `the tag ${tagPattern}`
  const branched = `the branch ${releaseBranchPattern}`
  return [
    ...sameRepository(context, settings),
    { of: 'forward', title: `see ${repository} on GitHub`, look: async (world) => world.hasSecret(settings.token) ? lookAtRepository(await sight(world), settings) : untested(unopened(settings)) },
    right('forward', `make ${branched} in ${repository}`, async (seen) => byRules(await rulesOfBranch(seen, branch), { what: branched, name: branch, is: 'creation', repository }, await contents(seen, settings))),
    right('forward', `make ${tagged} in ${repository}`, async (seen) => byRules(await rulesOfTag(seen, tag), { what: tagged, name: tag, is: 'creation', repository }, await contents(seen, settings))),
    right('forward', 'open the pull request, ask for its review, and keep its comment', async (seen) => pulls(seen, settings)),
    ...(settings.merge === 'person' ? [] : [right('forward', 'merge the pull request', async (seen) => lookAtMerge(seen, { settings: { ...settings, merge: settings.merge === 'person' ? 'squash' : settings.merge }, mainBranch, rules: await rulesOfBranch(seen, mainBranch), right: await contents(seen, settings) }))]),
    right('forward', 'create the release and upload its files', async (seen) => contents(seen, settings)),
    right('forward', 'know whether releases are immutable', async (seen) => immutable(seen)),
    ...(settings.attestations && context.active.some(({ name }) => name === 'provenance') ? [right('forward', 'give signed provenance to GitHub\'s attestations', async (seen) => hiddenRight(seen, 'attestations: write', settings))] : []),
    ...(uploadsFindings(context) ? [right('forward', 'upload findings to code scanning', async (seen) => codeScanning(seen, settings))] : []),
    right('back', `delete ${tagged}`, async (seen) => byRules(await rulesOfTag(seen, tag), { what: tagged, name: tag, is: 'deletion', repository }, await contents(seen, settings))),
    right('back', `delete ${branched}`, async (seen) => byRules(await rulesOfBranch(seen, branch), { what: branched, name: branch, is: 'deletion', repository }, await contents(seen, settings))),
    right('back', 'make the release a draft again, and delete it', async (seen) => undoRelease(seen, settings)),
    right('back', 'close the pull request', async (seen) => pulls(seen, settings)),
  ]
}

function unopened({ token }: GitHubSettings): string {
  return `${token} has no value, as said above`
}

/** Where the remote's address tells which repository it is, it must be the one of slipway.yaml. */
function sameRepository({ remote, repository: address }: NeedContext, { repository, api }: GitHubSettings): readonly Need[] {
  const host = new URL(api).host.replace(/^api\./, '')
  const page = URL.parse(webAddressOf(address) ?? '')
  if (page === null) return []
  return [{
    of: 'files',
    title: `the remote ${remote} is ${repository}`,
    look: async () => page.host === host && page.pathname.slice(1).toLowerCase() === repository.toLowerCase()
      ? met(address)
      : unmet({ code: 'config-invalid', message: `The remote ${remote} is ${page.host}${page.pathname}, and slipway.yaml releases to ${repository} on ${host}.`, hint: `Correct \`github.repository\` in slipway.yaml, or the address with \`git remote set-url ${remote} URL\`.` }),
  }]
}

async function lookAtRepository({ repository, scopes, ends }: Sight, settings: GitHubSettings): Promise<Finding> {
  if (repository.full_name.toLowerCase() !== settings.repository.toLowerCase()) return unmet({ code: 'config-invalid', message: `${settings.repository} is called ${repository.full_name} now.`, hint: 'Set `github.repository` in slipway.yaml to its new name.' })
  if (repository.archived) return unmet({ code: 'right-missing', message: `${settings.repository} is archived: nobody can write to it.`, hint: 'Take it out of the archive in its settings.' })
  const token = scopes === undefined ? '' : `; the token has the scopes ${scopes.join(', ') || '(none)'}`
  return met(`${repository.private ? 'private' : 'public'}, default branch ${repository.default_branch}${token}${ends === undefined ? '' : `; it ends ${ends}`}`)
}

/**
 * Whether the token may write contents. Asked by a draft of release notes, which GitHub makes for those who may write and keeps nowhere
 * (https://docs.github.com/rest/releases/releases#generate-release-notes-content-for-a-release).
 */
async function contents(sight: Sight, settings: GitHubSettings): Promise<Finding> {
  const lacks = lacking(sight, settings, 'Contents: write')
  if (lacks !== undefined) return lacks
  const answer = await sight.ask('/releases/generate-notes', { tag_name: 'slipway-doctor' })
  if (answer.status === 200) return met('the token may write contents')
  const problem = trouble({ status: answer.status, headers: answer.headers, body: bodyJson(answer) }, accessOf(settings), { to: 'write contents', reads: false, right: 'Contents: write' })
  if (!(problem instanceof SlipwayError)) return untested(`GitHub gave no answer (${answer.status})`)
  return problem.code === 'request-refused' ? untested(`GitHub does not tell (${answer.status})`) : unmet(problem.problems[0])
}

/** What role and scopes keep the token from writing anything; undefined when nothing is known against it. */
function lacking({ repository, scopes }: Sight, { token, repository: name }: GitHubSettings, right: string): Finding | undefined {
  if (!repository.permissions.push) {
    return unmet({ code: 'right-missing', message: `The token in ${token} may not write to ${name}.`, hint: `Take a token of somebody with the role Write, with the right «${right}» for ${name}.` })
  }
  if (scopes === undefined || scopes.includes('repo') || (!repository.private && scopes.includes('public_repo'))) return undefined
  return unmet({ code: 'right-missing', message: `The token in ${token} has the scopes ${scopes.join(', ') || '(none)'}, which do not let it write to ${name}.`, hint: `Make one with the scope ${repository.private ? 'repo' : 'public_repo (or repo)'}, or a fine-grained one with «${right}».` })
}

async function pulls(sight: Sight, settings: GitHubSettings): Promise<Finding> {
  const listed = await sight.ask('/pulls?per_page=1')
  if (listed.status === 403 || listed.status === 404) return unmet({ ...problemOf(listed, accessOf(settings)).problems[0], hint: `Give it the right «Pull requests: write» for ${settings.repository}.` })
  return hiddenRight(sight, 'Pull requests: write', settings)
}

/** A right that only the scopes of a classic token tell. */
function hiddenRight(sight: Sight, right: string, settings: GitHubSettings): Finding {
  const lacks = lacking(sight, settings, right)
  if (lacks !== undefined) return lacks
  if (sight.scopes !== undefined) return met(`the token has the scope ${sight.scopes.includes('repo') ? 'repo' : 'public_repo'}`)
  return untested(`GitHub does not tell what else this sort of token may do`, `Make sure that the token in ${settings.token} has «${right}» (in a workflow: \`permissions\` of the job).`)
}

async function immutable(sight: Sight): Promise<Finding> {
  const answer = await sight.ask('/immutable-releases')
  const on = z.object({ enabled: z.boolean() }).safeParse(bodyJson(answer)).data?.enabled
  if (answer.status === 200 && on !== undefined) return met(on ? 'they are: once published, a release can be deleted, but its tag\'s name is spent' : 'they are not')
  if (answer.status === 404 && sight.repository.permissions.admin) return met('they are not')
  return untested('only administrators are told', 'Give the token Administration: read to have it told; the release works either way.')
}

async function undoRelease(sight: Sight, settings: GitHubSettings): Promise<Finding> {
  const writes = await contents(sight, settings)
  if (writes.is !== 'met') return writes
  const setting = await immutable(sight)
  return setting.is === 'met' && setting.detail.startsWith('they are:') ? met(`${writes.detail}; an immutable release is deleted, and the name of its tag is spent`) : writes
}

/** True when the scan is set to upload what it finds. */
function uploadsFindings({ active }: NeedContext): boolean {
  return z.object({ sarif: z.literal(true) }).safeParse(active.find(({ name }) => name === 'scan')?.settings).success
}

async function codeScanning(sight: Sight, settings: GitHubSettings): Promise<Finding> {
  const answer = await sight.ask('/code-scanning/analyses?per_page=1')
  const words = String(z.object({ message: z.string() }).safeParse(bodyJson(answer)).data?.message ?? '')
  if (/not enabled|must be enabled|disabled/i.test(words)) return unmet({ code: 'request-refused', message: `Code scanning is not switched on for ${settings.repository}.`, hint: 'Switch it on in Settings, Advanced Security, or set `scan.sarif` to false.', detail: words })
  if (answer.status === 403) return unmet({ code: 'right-missing', message: `The token in ${settings.token} may not read code scanning of ${settings.repository}.`, hint: `Give it the right «Code scanning alerts: write» (in a workflow: security-events: write).`, detail: words })
  if (sight.scopes?.some((scope) => scope === 'repo' || scope === 'security_events') === true) return met('the token has a scope for it')
  return hiddenRight(sight, 'Code scanning alerts: write', settings)
}
