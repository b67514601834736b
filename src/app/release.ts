// A whole release: prepare, wait, publish. Running it again takes it up wherever it stands.
import type { Verdict } from '../model/event.ts'
import type { Objection } from '../calendar/index.ts'
import { canonicalJson, type Json } from '../model/json.ts'
import type { Exception } from '../model/exception.ts'
import type { Artifact, Fact, Plan } from '../model/plan.ts'
import { SlipwayError, type Problem } from '../model/error.ts'
import { checkBasis, contradictions } from '../survey/facts.ts'
import { fold } from '../engine/fold.ts'
import { missingTags, obstacles, surveyRemote, surveyRepository } from '../survey/repository.ts'
import { bringCommit, reaching } from '../targets/git/index.ts'
import { announce, type Told } from './announce.ts'
import { tells } from './announcements.ts'
import { kindsOf, type App } from './app.ts'
import { exceptionsFrom, objectionsOf, refuse, unsettled, type Allowance } from './exceptions.ts'
import { leaseOf, type HeldLease } from './lease.ts'
import { observed } from './observed.ts'
import { expectationsOf, preparePlan, publishPlan, rebuildPlan, type Landed, type Planner } from './plans.ts'
import { propose, repositoryName, type Proposal } from './propose.ts'
import { named, readProject, type Project } from './project.ts'
import { runPlan, runsOf, sinceRollback, type RunEnd } from './runs.ts'
import { askForSecrets, missingSecrets } from './secrets.ts'
import { fromProposal } from './telling.ts'
import { travelOf } from './travel.ts'
import type { VersionRequest } from './version.ts'

/** What a release is started with. */
export interface ReleaseRequest {
  readonly request: VersionRequest
  /** A prepare plan from a file, already read: it is run as it is, or refused. */
  readonly plan?: Plan
  /** What the release may go past. */
  readonly allowance?: Allowance
  /** `prepare` stops before anything is published, and only what preparing needs must be there; `publish` goes on with a release and begins none. */
  readonly only?: 'prepare' | 'publish'
  /** Shown what is proposed before anything is done; false means that the person said no. */
  confirm?(begun: Start): Promise<boolean>
}

/** How a release ended for now. */
export interface ReleaseEnd {
  readonly version: string
  readonly verdict: Verdict
  /** The runs driven, prepare first. */
  readonly runs: readonly RunEnd[]
  /** True when a step fetched what a user would fetch and compared it. */
  readonly fetched: boolean
  /** What became of each announcement; empty where nothing is announced, or nothing yet. */
  readonly told: readonly Told[]
}

/** A proposal with the plan that would make it, and whether it is new or was begun before. */
export interface Start {
  readonly proposal: Proposal
  readonly plan: Plan
  readonly planner: Planner
  /** True when the remote's lease says that this release was begun before. */
  readonly underWay: boolean
  /** True when whoever drove it last did not live to give its lease up: what had come out by then is not tried again, but told. */
  readonly cutOff: boolean
  /** What the calendar says against it today, and nobody has let pass. */
  readonly objections: readonly Objection[]
  /** The config of the branch as it is now, and whether the version's tag is on the remote: what is public already is brought to its end on any day. */
  readonly today: { readonly project: Project; readonly isTagged: boolean }
}

/** What a release is started from besides the version. */
export type StartOptions = Pick<ReleaseRequest, 'plan' | 'allowance'>

/**
 * Proposes a release, or finds the one that is under way. Throws SlipwayError for everything that keeps it from being planned.
 */
export async function start(app: App, request: VersionRequest, { plan, allowance = {} }: StartOptions = {}): Promise<Start> {
  const repository = await surveyRepository(app.look)
  const here = await readProject(app.look, repository.head, app.targets)
  const upstream = { remote: here.git.remote, branch: here.git.branch, tag: here.git.tag, token: here.git.token }
  // Both questions go to the remote at once; what is wrong with the remote itself is told by the first.
  const reading = leaseOf(app, here).read()
  reading.catch(() => undefined)
  const { head, tags } = await surveyRemote(app.look, upstream)
  const planner: Planner = { repository: await repositoryName(app, here.git.remote), kinds: kindsOf(app.targets) }
  const lease = await reading
  if (lease === undefined && typeof request.bump === 'object') await refuseReleased(app, request.bump.version)
  if (lease !== undefined) {
    const asked = plan?.releases[0].to ?? (typeof request.bump === 'object' ? request.bump.version : lease.version)
    if (asked !== lease.version) throw leaseOf(app, here).otherRelease(lease)
    if (lease.bump === 'rollback' || await isGoingBack(app, lease.version)) throw goingBack(lease.version)
    await refuseWithoutTags(app, { ...here.git, tags, version: lease.version })
    const proposal = await propose(app, { base: lease.base, date: lease.date, author: lease.author, request: { bump: { version: lease.version } }, because: lease.because, exceptions: lease.exceptions })
    const today = { project: here, isTagged: tags.includes(proposal.context.tag) }
    const { objections, exceptions } = settled(app, { proposal, today, allowance, stage: 'publish' })
    return { proposal: { ...proposal, exceptions }, plan: preparePlan(proposal, planner), planner, underWay: true, cutOff: lease.holder !== null, objections, today }
  }
  const [first, ...more] = await obstacles(app.look, repository, { ...upstream, head })
  if (first !== undefined) {
    await refuseMade(app, repository.head, first)
    throw new SlipwayError(first, ...more)
  }
  const date = plan?.date ?? `${app.world.now().toISOString().slice(0, 19)}Z`
  const wanted: VersionRequest = plan === undefined ? request : { bump: { version: plan.releases[0].to } }
  const proposed = await propose(app, { base: repository.head, date, author: repository.author, request: wanted, ...(plan === undefined ? {} : { because: plan.releases[0].because, exceptions: plan.exceptions }) })
  const today = { project: here, isTagged: false }
  // A plan in a file is run as it was approved: what it does not go past, nothing lets pass.
  const { objections, exceptions } = settled(app, { proposal: proposed, today, allowance: plan === undefined ? allowance : {}, stage: 'prepare' })
  const proposal: Proposal = { ...proposed, exceptions }
  await refuseWithoutTags(app, { ...here.git, tags, version: proposal.context.release.to })
  const fresh = preparePlan(proposal, planner)
  if (plan !== undefined && plan.digest !== fresh.digest) throw stale(plan, fresh, here.git.branch)
  return { proposal, plan: fresh, planner, underWay: false, cutOff: false, objections, today }
}

/** Makes a release, as far as it goes now. */
export async function release(app: App, options: ReleaseRequest): Promise<ReleaseEnd> {
  const begun = await start(app, options.request, options)
  refuse(begun.objections, begun.proposal.context.release.to, begun.underWay ? 'under-way' : options.plan === undefined ? 'command' : 'file')
  const { proposal, plan, underWay } = begun
  const version = proposal.context.release.to
  await askForSecrets(app, proposal.project)
  if (!underWay) {
    if (options.only === 'publish') throw new SlipwayError({ code: 'nothing-to-release', message: 'No release is under way that could be published.', hint: 'Prepare one first: `slipway release --prepare`.' })
    if (options.only === undefined) requireSecrets(app, proposal)
    const [first, ...more] = await contradictions(app, expectationsOf(proposal))
    if (first !== undefined) throw new SlipwayError(first, ...more)
    if (options.confirm !== undefined && !(await options.confirm(begun))) return { version, verdict: { is: 'interrupted' }, runs: [], fetched: false, told: [] }
  }
  const lease = await leaseOf(app, proposal.project).take({ proposal })
  if (lease.lease.base !== proposal.base || lease.lease.date !== proposal.context.date || lease.lease.author !== proposal.context.author) {
    await lease.giveUp('keep')
    throw new SlipwayError({ code: 'lease-held', message: `Somebody else began the release of ${version} while this one was being read.`, hint: `Nothing was begun here. Run \`slipway release ${version}\` again to go on with theirs.` })
  }
  if (!underWay) {
    try {
      await checkBasis(app, plan.basis)
    } catch (error) {
      await lease.giveUp('end')
      throw error
    }
  }
  const made = await throughBoth(app, { ...begun, lease, allowance: options.plan === undefined ? options.allowance ?? {} : {}, ...(options.only === undefined ? {} : { only: options.only }) })
  const end: ReleaseEnd = { ...made, told: made.verdict.is === 'done' ? await tell(app, { proposal, lease, end: made }) : [] }
  await lease.giveUp(isOver(end) ? 'end' : 'keep')
  return end
}

/** Announces what is out. It keeps the lease until then, so that whoever takes up what was cut off announces it too. */
async function tell(app: App, { proposal, lease, end }: { readonly proposal: Proposal; readonly lease: HeldLease; readonly end: Made }): Promise<readonly Told[]> {
  const last = end.runs.at(-1)?.run
  const record = tells(proposal.project) ? (await app.journal.runs()).find(({ run }) => run === last) : undefined
  if (record === undefined || app.signal.aborted) return []
  const { telling, sure } = await fromProposal(app, proposal, record)
  return announce(app, telling, { sure, beat: () => lease.renew() })
}

type Made = Omit<ReleaseEnd, 'told'>

async function throughBoth(app: App, { proposal, plan, planner, cutOff, today, lease, allowance, only }: Start & { lease: HeldLease; allowance: Allowance; only?: 'prepare' | 'publish' }): Promise<Made> {
  const version = proposal.context.release.to
  const { config, git } = proposal.project
  const { onFailure } = config.policy
  const takesUp = cutOff ? ['rolled-back' as const] : []
  const travel = travelOf(app, proposal.project)
  const drive = async (each: Plan, anew = false) => runPlan(app, await stored(app, each), { onFailure, takesUp, anew, travel, beat: () => lease.renew() })
  const runs: RunEnd[] = [await drive(plan)]
  const prepared = runs[0]
  if (prepared === undefined || prepared.verdict.is !== 'done') return { version, verdict: verdictOf(runs), runs, fetched: false }

  if (only === 'prepare') return { version, verdict: { is: 'waiting', for: [{ step: 'publish', for: 'it is merged, and whoever publishes goes on from here' }] }, runs, fetched: false }

  const landed = landedIn(plan, prepared.outputs) ?? { commit: proposal.commit.commit, tree: proposal.commit.tree }
  let built = prepared
  const build = async (anew: boolean): Promise<boolean> => {
    // GitHub made it, and nobody has pulled yet.
    await reaching(git.remote, () => bringCommit(app.world, { remote: git.remote, token: { $secret: git.token } }, landed.commit))
    built = await drive(rebuildPlan(proposal, landed, planner), anew)
    runs.push(built)
    return built.verdict.is === 'done'
  }
  const ended = async (): Promise<Made> => ({ version, verdict: await afterMerge(app, verdictOf(runs), prepared.run), runs, fetched: fetches(proposal) })
  if (landed.tree !== proposal.commit.tree && !(await build(false))) return ended()
  // Builds are reproducible: what the store has lost is made again, and has the same digest.
  const kept = await Promise.all(artifactsIn(built.outputs).map(({ sha256 }) => app.look.artifacts.has(sha256)))
  if (kept.includes(false) && !(await build(true))) return ended()
  const exceptions = await exceptionsNow(app, { proposal, today, lease, allowance })
  const seen = lease.lease.seen === undefined ? await rememberSeen(app, { proposal, lease }) : lease.lease.seen as readonly Fact[]
  runs.push(await drive(publishPlan({ ...proposal, exceptions }, { landed, artifacts: artifactsIn(built.outputs), seen }, planner)))
  return ended()
}

/** What the calendar says against a proposal today, apart from what the release goes past already or is let go past now. */
function settled({ world }: Pick<App, 'world'>, { proposal, today, allowance, stage }: Pick<Start, 'proposal' | 'today'> & { readonly allowance: Allowance; readonly stage: Exception['stage'] }): Pick<Start, 'objections'> & Pick<Proposal, 'exceptions'> {
  const against = today.isTagged ? [] : unsettled(objectionsOf(today.project.config, proposal.context.release, world.now()), proposal.exceptions)
  const more = exceptionsFrom(against, allowance, stage)
  return { objections: unsettled(against, more), exceptions: [...proposal.exceptions, ...more] }
}

/**
 * Asks the calendar once more before anything is published, since preparing may have taken days, and puts on record what the release goes past.
 * Throws SlipwayError as `refuse` does, with the lease left to whoever goes on later.
 */
async function exceptionsNow(app: App, { proposal, today, lease, allowance }: Pick<Start, 'proposal' | 'today'> & { readonly lease: HeldLease; readonly allowance: Allowance }): Promise<readonly Exception[]> {
  const known = lease.lease.exceptions ?? []
  const { objections, exceptions } = settled(app, { proposal: { ...proposal, exceptions: known }, today, allowance, stage: 'publish' })
  if (objections.length > 0) {
    await lease.giveUp('keep')
    refuse(objections, proposal.context.release.to, 'under-way')
  }
  return exceptions.length === known.length ? known : lease.except(exceptions)
}

/** Observes the world for the publish plan, and puts it on record at the remote before anything is published. */
async function rememberSeen(app: App, { proposal, lease }: { readonly proposal: Proposal; readonly lease: HeldLease }): Promise<readonly Fact[]> {
  const seen = await observed(app, proposal)
  return seen.length === 0 ? [] : lease.remember(seen)
}

/** The verdict of a run after the merge, as one of the whole release: what was merged before stays, whether publishing failed or was taken back. */
async function afterMerge({ journal }: App, verdict: Verdict, prepared: string): Promise<Verdict> {
  if (verdict.is === 'failed') return { ...verdict, over: false }
  if (verdict.is !== 'rolled-back') return verdict
  const record = (await journal.runs()).find(({ run }) => run === prepared)
  if (record === undefined) return verdict
  const { steps } = fold(record.plan, await journal.read(prepared))
  const kept = record.plan.steps.filter(({ id, reversal }) => reversal !== 'none' && steps.get(id)?.apply.settled === 'did')
  return { ...verdict, remains: [...verdict.remains, ...kept.map(({ id }) => ({ step: id, what: 'done before publishing began, and kept for the next run' }))] }
}

/**
 * The plan of an open run of the same version and stage, when a newer Slipway would plan it otherwise; else the plan itself. What the release goes past since then
 * makes another plan of it, to be approved anew, as long as the open run has begun nothing outside.
 */
async function stored({ journal }: App, plan: Plan): Promise<Plan> {
  const open = sinceRollback(await runsOf(journal, plan.releases[0].to)).find((record) => record.closed === undefined && record.plan.stage === plan.stage && record.plan.subject.tree === plan.subject.tree)
  if (open === undefined) return plan
  const { steps } = fold(open.plan, await journal.read(open.run))
  const isBegun = open.plan.steps.some(({ id, reversal }) => reversal !== 'none' && (steps.get(id)?.apply.attempts ?? 0) > 0)
  return isBegun || canonicalJson(open.plan.exceptions as unknown as Json ?? []) === canonicalJson(plan.exceptions as unknown as Json ?? []) ? open.plan : plan
}

/** True when a target that is on fetches what it published, as a user would. */
function fetches({ project }: Proposal): boolean {
  return project.active.some(({ target }) => target.kinds.some(({ kind }) => kind.endsWith('.verify')))
}

/** The commit and tree that the release landed as: what the last step that returned such says, which is the one that merged. */
export function landedIn(plan: Plan, outputs: ReadonlyMap<string, Json>): Landed | undefined {
  for (const { id } of plan.steps.toReversed()) {
    const output = outputs.get(id) ?? null
    if (isObject(output) && typeof output['commit'] === 'string' && typeof output['tree'] === 'string') return { commit: output['commit'], tree: output['tree'] }
  }
  return undefined
}

/** Every artifact that a build step returned. */
export function artifactsIn(outputs: ReadonlyMap<string, Json>): readonly Artifact[] {
  return [...outputs.values()].flatMap((output) => isObject(output) && Array.isArray(output['artifacts']) ? output['artifacts'] as unknown as readonly Artifact[] : [])
}

/** Throws SlipwayError `behind-remote` when the remote has version tags that are not here; that of the release itself may be its own. */
async function refuseWithoutTags({ look }: App, { remote, tag, tags, version }: { readonly remote: string; readonly tag: string; readonly tags: readonly string[]; readonly version: string }): Promise<void> {
  const [first, ...more] = await missingTags(look, { remote, tags: tags.filter((each) => each !== named(tag, version)) })
  if (first !== undefined) throw new SlipwayError(first, ...more)
}

/** Throws SlipwayError `nothing-to-release` for a version that the journal knows to be out. */
async function refuseReleased({ journal }: App, version: string): Promise<void> {
  const newest = (await runsOf(journal, version)).find(({ plan, closed }) => plan.stage !== 'prepare' && closed !== 'failed')
  if (newest?.plan.stage !== 'publish' || newest.closed !== 'done') return
  throw new SlipwayError({ code: 'nothing-to-release', message: `${version} is released already; its run ${newest.run} is done.`, hint: `\`slipway status ${version}\` shows it, \`slipway rollback ${version}\` takes it back.` })
}

/** Throws SlipwayError `nothing-to-release` when this very commit lies behind its remote because it was released: the last run only did not live to tell. */
async function refuseMade(app: App, head: string, obstacle: Problem): Promise<void> {
  if (obstacle.code !== 'behind-remote') return
  const made = (await app.journal.runs()).find(({ plan }) => plan.stage === 'prepare' && plan.basis.some(({ ask, saw }) => ask === 'git.ref' && saw === head))
  if (made !== undefined) await refuseReleased(app, made.plan.releases[0].to)
}

/** True when the journal has a rollback of the version that is not finished. */
async function isGoingBack({ journal }: App, version: string): Promise<boolean> {
  return (await runsOf(journal, version)).some(({ plan, closed }) => plan.stage === 'rollback' && closed === undefined)
}

function goingBack(version: string): SlipwayError {
  return new SlipwayError({ code: 'lease-held', message: `${version} is being rolled back; that is not finished yet.`, hint: `Finish it with \`slipway rollback ${version}\`.` })
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function verdictOf(runs: readonly RunEnd[]): Verdict {
  return runs.at(-1)?.verdict ?? { is: 'interrupted' }
}

/** True when nothing of the release is left to be taken up: it is out, or everything was taken back. What was merged waits to be published. */
function isOver({ verdict, runs }: ReleaseEnd): boolean {
  return verdict.is === 'done' || (verdict.is === 'rolled-back' && runs.length === 1) || (verdict.is === 'failed' && verdict.over)
}

function requireSecrets(app: App, { project }: Proposal): void {
  const [first, ...more] = missingSecrets(app, project)
  if (first !== undefined) throw new SlipwayError(first, ...more)
}

function stale(plan: Plan, fresh: Plan, branch: string): SlipwayError {
  const [then, now] = [plan, fresh].map(({ basis }) => basis.find(({ ask, about }) => ask === 'git.ref' && about['ref'] === `refs/heads/${branch}`)?.saw)
  const moved = then !== now
    ? `it was made when ${branch} was at ${short(then)}, and now it is at ${short(now)}`
    : plan.subject.commit === fresh.subject.commit ? 'the targets would plan it otherwise now' : 'who commits here, or why the version is chosen, has changed since'
  return new SlipwayError({ code: 'plan-stale', message: `The plan ${plan.digest} is stale: ${moved}.`, hint: 'Nothing was begun. Make it again with `slipway plan --out FILE`.' })
}

function short(commit: Json | undefined): string {
  return typeof commit === 'string' ? commit.slice(0, 12) : 'no commit'
}
