// Makes the plans of a release from a proposal. Pure but for the repository's name.
import type { Exception } from '../model/exception.ts'
import type { AnyKind } from '../model/kind.ts'
import type { Artifact, Fact, Plan, Release } from '../model/plan.ts'
import type { Expectation, Phase, PublishContext, ReleaseContext, StepDraft } from '../model/target.ts'
import { assemble } from '../plan/assemble.ts'
import type { ActiveTarget } from './project.ts'
import { prepareContext, type Proposal } from './propose.ts'

/** What every plan of a release is made with. */
export interface Planner {
  /** The remote's address, without credentials. */
  readonly repository: string
  readonly kinds: ReadonlyMap<string, AnyKind>
}

/** A commit with its tree. */
export interface Landed {
  readonly commit: string
  readonly tree: string
}

/** What a publish plan is made from, besides the proposal. */
export interface Built {
  readonly landed: Landed
  readonly artifacts: readonly Artifact[]
  /** What was observed for the targets that asked. */
  readonly seen: readonly Fact[]
}

/** What must be so in the world before this release may begin. */
export function expectationsOf(proposal: Proposal): readonly Expectation[] {
  const { context, base, project, edited } = proposal
  const mainHead: Expectation = {
    ask: 'git.ref',
    about: { remote: context.remote, ref: `refs/heads/${context.mainBranch}` },
    saw: base,
    otherwise: () => ({ code: 'plan-stale', message: `${context.remote}/${context.mainBranch} is no longer at ${base.slice(0, 12)}.`, hint: `Run \`git pull --ff-only ${context.remote} ${context.mainBranch}\` and plan again.` }),
  }
  const expected = project.active.flatMap(({ target, settings }) => target.expects(context, settings))
  // Where nothing has to be edited no release branch is pushed: one that is there is an earlier attempt's, which was merged.
  const branch = `refs/heads/${context.releaseBranch}`
  return [mainHead, ...expected.filter(({ about }) => edited || about['ref'] !== branch)]
}

/** The prepare plan: from the proposed commit to a merged one. When nothing has to be edited it only proves and builds. */
export function preparePlan(proposal: Proposal, planner: Planner): Plan {
  const drafts = draftsOf(proposal.project.active, (each) => each.target.prepare(prepareContext(proposal, planner.repository), each.settings))
  return assemble({
    stage: 'prepare',
    subject: { repository: planner.repository, commit: proposal.commit.commit, tree: proposal.commit.tree },
    date: proposal.context.date,
    releases: [proposal.context.release],
    artifacts: [],
    basis: expectationsOf(proposal).map(({ ask, about, saw }) => ({ ask, about, saw })),
    ...excepted(proposal.exceptions.filter(({ stage }) => stage === 'prepare')),
    drafts: proposal.edited ? drafts : drafts.filter(onlyProves),
  }, planner.kinds)
}

/**
 * Checks and builds again: on a merged tree that is not the one that was proposed, or on the proposed one whose artifacts were lost. What is built must not
 * depend on which commit brought the tree in, so an unchanged tree is built as the proposed commit.
 */
export function rebuildPlan(proposal: Proposal, landed: Landed, planner: Planner): Plan {
  return provingPlan(proposal, landed, { planner, keep: onlyProves })
}

/** Makes the artifacts again and proves nothing: of the plan that builds again, what an artifact comes from. */
export function remakePlan(proposal: Proposal, landed: Landed, planner: Planner): Plan {
  return provingPlan(proposal, landed, { planner, keep: (draft) => onlyProves(draft) && draft.yields?.some((each) => each !== 'evidence') === true })
}

function provingPlan(proposal: Proposal, landed: Landed, { planner, keep }: { readonly planner: Planner; readonly keep: (draft: StepDraft) => boolean }): Plan {
  const commit = landed.tree === proposal.commit.tree ? proposal.commit : { ...proposal.commit, ...landed }
  const context = { ...prepareContext(proposal, planner.repository), commit }
  return assemble({
    stage: 'prepare',
    subject: { repository: planner.repository, ...landed },
    date: proposal.context.date,
    releases: [proposal.context.release],
    artifacts: [],
    basis: [],
    drafts: draftsOf(proposal.project.active, (each) => each.target.prepare(context, each.settings)).filter(keep),
  }, planner.kinds)
}

/** The publish plan: names every artifact by digest. */
export function publishPlan(proposal: Proposal, built: Built, planner: Planner): Plan {
  const { landed, artifacts, seen } = built
  const context = { ...proposal.context, release: published(proposal.context, landed), commit: landed, artifacts, seen, ...excepted(proposal.exceptions) }
  return assemble({
    stage: 'publish',
    subject: { repository: planner.repository, ...landed },
    date: proposal.context.date,
    releases: [context.release],
    artifacts,
    basis: seen,
    ...excepted(proposal.exceptions),
    drafts: publishDrafts(proposal.project.active, context),
  }, planner.kinds)
}

/** A plan that goes past nothing is what it would be without a calendar. */
function excepted(exceptions: readonly Exception[]): Pick<Plan, 'exceptions'> {
  return exceptions.length === 0 ? {} : { exceptions }
}

/** The release as the publish plan names it. Why this version was chosen stands in the prepare plan and is not repeated. */
function published(context: ReleaseContext, landed: Landed): Release {
  return { ...context.release, because: [`Prepared and merged as ${landed.commit}.`] }
}

/** Every target's share, each made with a view of those before it. */
function publishDrafts(active: readonly ActiveTarget[], context: Omit<PublishContext, 'earlier'>): readonly StepDraft[] {
  const drafts: StepDraft[] = []
  for (const { target, settings } of active) drafts.push(...target.publish({ ...context, earlier: [...drafts] }, settings))
  return drafts
}

function draftsOf(active: readonly ActiveTarget[], share: (each: ActiveTarget) => readonly StepDraft[]): readonly StepDraft[] {
  return active.flatMap(share)
}

/** The parts of the prepare plan that change nothing outside. */
const PROVES: readonly Phase[] = ['make', 'pack', 'test', 'inventory', 'scan']

function onlyProves(draft: StepDraft): boolean {
  return PROVES.includes(draft.phase)
}
