// Finds a release again that no journal knows, by planning it as it must have been planned and looking at the world.
import type { Begun } from '../plan/back.ts'
import type { Plan } from '../model/plan.ts'
import { observe } from '../engine/observe.ts'
import { SlipwayError } from '../model/error.ts'
import { gitText } from '../survey/git.ts'
import { kindsOf, type App } from './app.ts'
import { leaseOf } from './lease.ts'
import { preparePlan, publishPlan, rebuildPlan, type Landed } from './plans.ts'
import { named, type Project } from './project.ts'
import { propose, repositoryName, type ProposalBasis } from './propose.ts'
import { artifactsIn } from './release.ts'
import { runPlan } from './runs.ts'

/** What was found of a release. */
export interface Recovered {
  readonly begun: readonly Begun[]
}

/**
 * Plans the release of a version again, from the lease where there is one, else from the tag, and keeps what the world shows of it.
 * Builds run again, since the artifacts' digests are part of the publish plan. Throws SlipwayError `release-unknown`.
 */
export async function recover(app: App, project: Project, version: string): Promise<Recovered> {
  const lease = await leaseOf(app, project).read()
  const tagged = await readTag(app, project, version)
  const basis: ProposalBasis | undefined = lease?.version === version
    ? { base: lease.base, date: lease.date, author: lease.author, because: lease.because, request: { bump: { version } } }
    : tagged && { base: tagged.base, date: tagged.date, author: tagged.author, request: { bump: { version } } }
  if (basis === undefined) {
    throw new SlipwayError({
      code: 'release-unknown',
      message: `Neither the journal nor the remote knows a release ${version}: there is no tag ${named(project.git.tag, version)} and no lease.`,
      hint: '`slipway status` shows what is under way.',
    })
  }
  const proposal = await propose(app, basis)
  const planner = { repository: await repositoryName(app, project.git.remote), kinds: kindsOf(app.targets) }
  const prepared = lease?.version === version ? await begunByLooking(app, preparePlan(proposal, planner)) : []
  if (tagged === undefined) return { begun: prepared }
  const { landed } = tagged
  const built = await runPlan(app, rebuildPlan(proposal, landed, planner), { onFailure: 'stop' })
  const publish = publishPlan(proposal, { landed, artifacts: artifactsIn(built.outputs) }, planner)
  return { begun: [...prepared, ...await begunByLooking(app, publish)] }
}

interface Tagged {
  readonly landed: Landed
  readonly base: string
  readonly date: string
  readonly author: string
}

/** The annotated tag of a version on the remote; undefined when there is none. */
async function readTag({ world }: App, { git }: Project, version: string): Promise<Tagged | undefined> {
  const ref = `refs/tags/${named(git.tag, version)}`
  const [object] = (await gitText(world, ['ls-remote', git.remote, ref])).split('\t')
  if (object === undefined || object === '') return undefined
  await gitText(world, ['fetch', '--quiet', '--no-tags', git.remote, object])
  const text = await world.git(['cat-file', 'tag', object])
  const tagger = /^tagger (.*<[^>]*>) (\d+) /m.exec(text.stdout)
  if (text.code !== 0 || tagger === null) return undefined
  const [commit, tree, base] = (await gitText(world, ['rev-parse', `${object}^{commit}`, `${object}^{tree}`, `${object}^{commit}^1`])).split('\n')
  if (commit === undefined || tree === undefined || base === undefined) return undefined
  const date = `${new Date(Number(tagger[2]) * 1000).toISOString().slice(0, 19)}Z`
  return { landed: { commit, tree }, base, date, author: tagger[1] ?? '' }
}

/** Looks at every step of a plan and keeps those whose effect is there. */
async function begunByLooking(app: App, plan: Plan): Promise<readonly Begun[]> {
  const observations = await observe({ plan, kinds: kindsOf(app.targets), look: app.look })
  return observations.flatMap(({ step: id, probe, input }): Begun[] => {
    const step = plan.steps.find((each) => each.id === id)
    return step !== undefined && input !== undefined && probe.state === 'present' ? [{ plan, step, input, at: undefined }] : []
  })
}
