// workflow.run: follows the run that the release, its tag or Slipway started, and explains one that never begins.
import { z } from 'zod'
import { defineKind, type Probe } from '../../model/kind.ts'
import type { Look } from '../../model/world.ts'
import { github } from '../github/client.ts'
import { idShape } from '../github/shape.ts'
import { TOKEN } from '../github/words.ts'
import { failureOf, progressOf, runsOf, runsShape } from './runs.ts'

const input = z.strictObject({
  ...runsShape,
  /** The event that starts it; a run that somebody starts by hand on the same tag counts too. */
  event: z.enum(['release', 'push', 'workflow_dispatch']),
  /** Milliseconds after the release was published in which its run may begin. */
  wait: z.int().positive(),
})
const output = z.strictObject({ run: idShape, url: z.string(), attempt: z.int().positive(), conclusion: z.literal('success') })

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

const CAUSES = { release: 'the published release', push: 'the pushed tag', workflow_dispatch: 'its dispatch' } as const

/** A run that ends green. It proves nothing of what arrived: that is looked at apart. Throws SlipwayError `workflow-failed`. */
export const workflowRun = defineKind<Input, Output>({
  kind: 'workflow.run',
  input,
  output,
  reversal: { is: 'none' },
  examples: ({ repository, tag, release }) => [{
    repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN, workflow: 'publish.yml', tag, commit: release.commit, event: 'push', wait: 600_000,
  }],
  describe: ({ workflow, repository, event, tag }) => ({
    apply: `Follow the run of ${workflow} in ${repository} that ${CAUSES[event]} ${tag} starts, until it ends.`,
    undo: 'Nothing to take back: it only waits.',
    byHand: [byHand({ workflow, repository, tag })],
  }),
  async probe(look, asked) {
    const runs = await runsOf(look, asked, [asked.event, 'workflow_dispatch'])
    // Of several runs the one that published is the one that counts: the index takes every file once.
    const green = runs.find(({ status, conclusion }) => status === 'completed' && conclusion === 'success')
    if (green !== undefined) return { state: 'present', output: { run: green.id, url: green.html_url, attempt: green.run_attempt, conclusion: 'success' } }
    const under = runs.find(({ status }) => status !== 'completed')
    if (under !== undefined) return { state: 'absent', missing: `${asked.workflow} is ${await progressOf(look, asked, under)}, ${under.html_url}`, by: 'machine' }
    const [last] = runs
    if (last !== undefined) throw await failureOf(look, asked, last)
    return unbegun(look, asked)
  },
})

function byHand({ workflow, repository, tag }: Pick<Input, 'workflow' | 'repository' | 'tag'>): string {
  return `gh workflow run ${workflow} --repo ${repository} --ref ${tag}`
}

/** No run yet: either it may still come, or nothing is going to start one, which a person is told with the remedy. */
async function unbegun(look: Look, asked: Input): Promise<Probe<Output>> {
  const { workflow, event, tag, wait } = asked
  if (event === 'workflow_dispatch') return { state: 'absent', missing: `GitHub shows no run of ${workflow} for ${tag} yet`, by: 'machine' }
  if (event === 'push') return { state: 'absent', missing: `GitHub shows no run of ${workflow} for the pushed tag ${tag} yet. ${await remedy(look, asked)}`, by: 'machine' }
  const since = await publishedAt(look, asked)
  if (since === undefined) return { state: 'absent', missing: `the release ${tag} is not published yet`, by: 'machine' }
  if (look.now().getTime() - since.getTime() < wait) return { state: 'absent', missing: `${workflow} has not begun yet; the release was published at ${since.toISOString()}`, by: 'machine' }
  return { state: 'absent', missing: `${workflow} was never started: the release ${tag} was published at ${since.toISOString()}, and GitHub shows no run of it. ${await remedy(look, asked)}` }
}

/** When GitHub published the release, by its own clock. */
async function publishedAt(look: Look, asked: Input): Promise<Date | undefined> {
  const release = await github(look, asked).read('GET /repos/{owner}/{repo}/releases/tags/{tag}', { tag: asked.tag }, z.object({ published_at: z.iso.datetime() }))
  return release === undefined ? undefined : new Date(release.published_at)
}

/** Why nothing starts, as far as the token tells, and what a person does. */
async function remedy(look: Look, { token, ...asked }: Input): Promise<string> {
  const own = look.hasSecret(token.$secret) && await look.secret(token.$secret, async (value) => isInstallationToken(value))
  const why = own ? TRIGGERS_NOTHING(token.$secret) : `See that ${asked.workflow} is switched on, and that the filters under its "on" let ${asked.tag} through.`
  return `${why} Start it by hand (\`${byHand(asked)}\`; it needs workflow_dispatch under "on") and run the same command again.`
}

/** True for a token of an installation: a job's own, or one that an App has made (https://github.blog/engineering/behind-githubs-new-authentication-token-formats). */
export function isInstallationToken(value: string): boolean {
  return value.startsWith('ghs_')
}

/** What a job's own token means for workflows (https://docs.github.com/actions/security-for-github-actions/security-guides/automatic-token-authentication). */
export function TRIGGERS_NOTHING(secret: string): string {
  return `The token in ${secret} is one of an installation (ghs_): if it is the GITHUB_TOKEN of a job, releases and tags made with it start no workflow. A personal access token, or the token of an App of your own, does start them.`
}
