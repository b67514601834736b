// Finds a release again that no journal knows, by planning it as it must have been planned and looking at the world.
import type { Begun } from '../plan/back.ts'
import type { Json } from '../model/json.ts'
import type { Exception } from '../model/exception.ts'
import type { Fact, Plan } from '../model/plan.ts'
import { observe } from '../engine/observe.ts'
import { SlipwayError } from '../model/error.ts'
import { remoteText, gitText } from '../survey/git.ts'
import { kindsOf, type App } from './app.ts'
import { bringCommit, exceptionsIn, seenIn, type LeaseRecord } from '../targets/git/index.ts'
import { exceptionsOnRecord, leaseOf, seenOnRecord } from './lease.ts'
import { observed } from './observed.ts'
import { preparePlan, publishPlan, rebuildPlan, type Landed } from './plans.ts'
import { named, type Project } from './project.ts'
import { propose, repositoryName, type ProposalBasis } from './propose.ts'
import { artifactsIn, landedIn } from './release.ts'
import { runPlan, runsOf, sinceRollback } from './runs.ts'

/** What was found of a release. */
export interface Recovered {
  readonly begun: readonly Begun[]
  /** What the release was made from. */
  readonly record: Omit<LeaseRecord, 'bump'>
  /** True when the remote's lease says that it was being taken back. */
  readonly goingBack: boolean
}

/**
 * Plans the release of a version again, from the lease where there is one, else from the tag, and keeps what the world shows of it.
 * Builds run again, since the artifacts' digests are part of the publish plan. Throws SlipwayError `release-unknown` or `in-doubt`.
 */
export async function recover(app: App, project: Project, version: string): Promise<Recovered> {
  const lease = await leaseOf(app, project).read()
  const tagged = await readTag(app, project, version)
  const basis: ProposalBasis | undefined = lease?.version === version
    ? { base: lease.base, date: lease.date, author: lease.author, because: lease.because, exceptions: lease.exceptions, request: { bump: { version } } }
    : tagged && { base: tagged.base, date: tagged.date, author: tagged.author, exceptions: tagged.exceptions, request: { bump: { version } } }
  if (basis === undefined) {
    throw new SlipwayError({
      code: 'release-unknown',
      message: `Neither the journal nor the remote knows a release ${version}: there is no tag ${named(project.git.tag, version)} and no lease.`,
      hint: '`slipway status` shows what is under way.',
    })
  }
  const proposal = await propose(app, basis)
  const { release } = proposal.context
  const record: Recovered['record'] = { name: release.name, version, base: basis.base, date: basis.date, author: basis.author, because: [...release.because], ...exceptionsOnRecord(proposal.exceptions) }
  const goingBack = lease?.version === version && lease.bump === 'rollback'
  const planner = { repository: await repositoryName(app, project.git.remote), kinds: kindsOf(app.targets) }
  const prepare = preparePlan(proposal, planner)
  const prepared = lease?.version === version ? await lookAt(app, prepare) : { begun: [], outputs: new Map<string, Json>() }
  const landed = tagged?.landed ?? landedIn(prepare, prepared.outputs)
  if (landed === undefined) return { begun: prepared.begun, record, goingBack }
  const published = sinceRollback(await runsOf(app.journal, version)).find(({ plan }) => plan.stage === 'publish')?.plan
  // A run that was begun elsewhere and taken up here is known here by its plan: nothing has to be built to look for it.
  if (published !== undefined) return { begun: [...prepared.begun, ...(await lookAt(app, published)).begun], record: { ...record, ...seenOnRecord(published.basis) }, goingBack }
  const built = await runPlan(app, rebuildPlan(proposal, landed, planner), { onFailure: 'stop' })
  if (built.verdict.is !== 'done') {
    throw new SlipwayError({
      code: 'in-doubt',
      message: `The packages of ${version} could not be built again, so nobody here can tell which files at the index are this release's.`,
      hint: `Nothing was taken back. Run \`slipway rollback ${version}\` where the release was made, or mend the build and run it again.`,
      ...(built.verdict.is === 'failed' ? { detail: built.verdict.problems.map(({ message }) => message).join('\n') } : {}),
    })
  }
  const onRecord = lease?.version === version ? lease.seen as readonly Fact[] | undefined : undefined
  const seen = onRecord ?? tagged?.seen ?? await observed(app, proposal)
  const publish = publishPlan(proposal, { landed, artifacts: artifactsIn(built.outputs), seen }, planner)
  return { begun: [...prepared.begun, ...(await lookAt(app, publish)).begun], record: { ...record, ...seenOnRecord(seen) }, goingBack }
}

/** What the annotated tag of a release tells of it. */
export interface Tagged {
  readonly landed: Landed
  readonly base: string
  readonly date: string
  readonly author: string
  /** What was observed for the publish plan, as the tag's message tells it. */
  readonly seen: readonly Fact[] | undefined
  /** What the release went past. */
  readonly exceptions: readonly Exception[] | undefined
}

/** The annotated tag of a version on the remote; undefined when there is none. */
export async function readTag({ world }: Pick<App, 'world'>, { git }: Project, version: string): Promise<Tagged | undefined> {
  const ref = `refs/tags/${named(git.tag, version)}`
  const [object] = (await remoteText(world, git.token, [git.remote, ref])).split('\t')
  if (object === undefined || object === '') return undefined
  await bringCommit(world, { remote: git.remote, token: { $secret: git.token } }, object)
  const text = await world.git(['cat-file', 'tag', object])
  const tagger = /^tagger (.*<[^>]*>) (\d+) /m.exec(text.stdout)
  if (text.code !== 0 || tagger === null) return undefined
  const [commit, tree, base] = (await gitText(world, ['rev-parse', `${object}^{commit}`, `${object}^{tree}`, `${object}^{commit}^1`])).split('\n')
  if (commit === undefined || tree === undefined || base === undefined) return undefined
  const date = `${new Date(Number(tagger[2]) * 1000).toISOString().slice(0, 19)}Z`
  return { landed: { commit, tree }, base, date, author: tagger[1] ?? '', seen: seenIn(text.stdout), exceptions: exceptionsIn(text.stdout) }
}

/**
 * Looks at every step of a plan and keeps those whose effect is there. Throws SlipwayError `in-doubt` when one cannot be told or is
 * something else: what is left out of a rollback would be called rolled back.
 */
async function lookAt(app: App, plan: Plan): Promise<{ readonly begun: readonly Begun[]; readonly outputs: ReadonlyMap<string, Json> }> {
  const observations = await observe({ plan, kinds: kindsOf(app.targets), look: app.look })
  const byId = new Map(plan.steps.map((step) => [step.id, step]))
  const doubts = observations.flatMap(({ step: id, probe }): string[] => {
    if (byId.get(id)?.reversal === 'none') return []
    if (probe.state === 'conflict') return [`${id}: ${probe.found}`]
    return probe.state === 'unknown' ? [`${id}: ${probe.why}`] : []
  })
  if (doubts.length > 0) {
    throw new SlipwayError({
      code: 'in-doubt',
      message: `The journal here does not know all of this release, and what the world shows of it leaves ${doubts.length === 1 ? 'a doubt' : 'doubts'}.`,
      hint: 'Nothing was taken back. Run it again where the release was made, or when every service answers; `docs/targets.md` names the way back by hand.',
      detail: doubts.join('\n'),
    })
  }
  const begun = observations.flatMap(({ step: id, probe, input }): Begun[] => {
    const step = byId.get(id)
    return step !== undefined && input !== undefined && probe.state === 'present' ? [{ plan, step, input, at: undefined }] : []
  })
  return { begun, outputs: new Map(observations.flatMap(({ step, probe }) => probe.state === 'present' ? [[step, probe.output] as const] : [])) }
}
