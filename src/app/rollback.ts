// Takes a release back: everything that its runs began, in a plan of its own.
import type { Claim, RunRecord } from '../model/entry.ts'
import type { Verdict } from '../model/event.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Plan } from '../model/plan.ts'
import type { LeaseRecord } from '../targets/git/index.ts'
import { SlipwayError } from '../model/error.ts'
import { fold, isOurs, type RunState } from '../engine/fold.ts'
import { observe } from '../engine/observe.ts'
import { resolveInput } from '../engine/resolve.ts'
import { rollbackPlan, type Begun } from '../plan/back.ts'
import { remoteText } from '../survey/git.ts'
import { surveyRepository } from '../survey/repository.ts'
import { announce, type Told } from './announce.ts'
import { tells, type Telling } from './announcements.ts'
import { kindsOf, type App } from './app.ts'
import { leaseOf, seenOnRecord } from './lease.ts'
import { named, readProject, type Project } from './project.ts'
import { recall } from './recall.ts'
import { askForSecrets } from './secrets.ts'
import { toldOf } from './telling.ts'
import { recover, type Recovered } from './recover.ts'
import { travelOf } from './travel.ts'
import { runPlan, runsOf, sinceRollback, type RunEnd } from './runs.ts'

/** What a rollback is started with. */
export interface RollbackRequest {
  readonly version: string
  /** Shown the plan back before anything is done; `recovered` tells that the journal did not know the release. */
  confirm?(plan: Plan, recovered: boolean): Promise<boolean>
}

/** How a rollback ended for now. */
export interface RollbackEnd {
  readonly version: string
  readonly verdict: Verdict
  readonly run: RunEnd | undefined
  /** What became of each announcement: what could be deleted is taken back, what cannot is corrected. */
  readonly told: readonly Told[]
}

/** Milliseconds the runs that are taken back are kept from being driven forward. */
const CLAIM_TTL = 60 * 60_000

/** Rolls a version back, as far as it goes now. Run again it takes an unfinished rollback up. Throws SlipwayError `release-unknown`. */
export async function rollback(app: App, { version, confirm }: RollbackRequest): Promise<RollbackEnd> {
  const repository = await surveyRepository(app.look)
  const project = await readProject(app.look, repository.head, app.targets)
  await askForSecrets(app, project)
  const records = await runsOf(app.journal, version)
  const unfinished = records.find(({ plan, closed }) => plan.stage === 'rollback' && closed === undefined)
  const forward = latest(records)
  const known = forward.length > 0 && await knowsAll(app, project, { version, forward })
  // A rollback that is complete is looked at again: whoever asks twice gets an answer that was observed twice.
  const doneBefore = forward.length > 0 ? undefined : records.find(({ plan, closed }) => plan.stage === 'rollback' && closed === 'rolled-back')
  const recovered: Recovered | undefined = known || unfinished !== undefined || doneBefore !== undefined ? undefined : await recover(app, project, version)
  const begun = together(await begunIn(app, forward), recovered?.begun ?? [])
  const date = `${app.world.now().toISOString().slice(0, 19)}Z`
  const plan = unfinished?.plan ?? doneBefore?.plan ?? rollbackPlan(begun, date)
  if (plan === undefined && recovered?.goingBack === true) {
    // All was seen to be gone; the run that took it back did not live to give the lease up.
    await (await leaseOf(app, project).takeFor({ ...recovered.record, bump: 'rollback' })).giveUp('end')
    return { version, verdict: { is: 'rolled-back', why: 'it was asked for', problems: [], remains: [] }, run: undefined, told: [] }
  }
  if (plan === undefined) {
    throw new SlipwayError({ code: 'release-unknown', message: `Nothing of ${version} was begun, so there is nothing to take back.`, hint: '`slipway status` shows what is under way.' })
  }
  if (confirm !== undefined && !(await confirm(plan, recovered !== undefined))) return { version, verdict: { is: 'interrupted' }, run: undefined, told: [] }

  const lease = await leaseOf(app, project).takeFor({ ...(recovered?.record ?? recordOf(records, plan, repository.author)), bump: 'rollback' })
  const held = await holdAll(app, forward)
  // The announcements came last, so they go first: nobody is sent to what is being taken away.
  const telling = await tellingFor(app, project, version)
  const taken = telling === undefined ? [] : await recall(app, telling, { beat: () => lease.renew() })
  const end = await runPlan(app, plan, { onFailure: 'stop', beat: () => lease.renew() })
  const over = end.verdict.is === 'rolled-back'
  for (const { claim, record } of held) {
    if (over && record.closed === undefined) {
      await app.journal.append(claim, { type: 'closed', outcome: 'rolled-back' })
      await travelOf(app, project)?.sent(record.run, record.plan, { type: 'closed', outcome: 'rolled-back' })
    }
    await app.journal.release(claim)
  }
  const corrected = telling === undefined || !over ? [] : await correct(app, telling, { taken, beat: () => lease.renew() })
  await lease.giveUp(over ? 'end' : 'keep')
  return { version, verdict: end.verdict, run: end, told: [...taken, ...corrected] }
}

/** What was announced of a version; undefined where nothing is, or where nobody can tell any more what it was. */
async function tellingFor(app: App, project: Project, version: string): Promise<(Telling & { readonly project: Project }) | undefined> {
  if (!tells(project)) return undefined
  try {
    return await toldOf(app, project, version)
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    return undefined
  }
}

/** Tells of the withdrawal where the announcement stays. */
async function correct(app: App, telling: Telling & { readonly project: Project }, { taken, beat }: { readonly taken: readonly Told[]; readonly beat: () => Promise<void> }): Promise<readonly Told[]> {
  const stays = taken.filter(({ is }) => is === 'stays').map(({ channel }) => channel)
  if (stays.length === 0) return []
  return announce(app, { ...telling, context: { ...telling.context, about: 'withdrawal' } }, { only: stays, sure: true, beat })
}

/**
 * What the release was made from, for the lease: with it the release can be planned again and found, should this journal be lost too
 * before everything is taken back.
 */
function recordOf(records: readonly RunRecord[], back: Plan, author: string): Omit<LeaseRecord, 'bump'> {
  const prepare = records.find(({ plan }) => plan.stage === 'prepare' && plan.basis.length > 0)?.plan
  const [release] = prepare?.releases ?? back.releases
  const seen = records.find(({ plan }) => plan.stage === 'publish')?.plan.basis
  const base = prepare?.basis.find(({ ask }) => ask === 'git.ref')?.saw
  const committed = prepare?.steps.map(({ input }) => fieldOf(input, 'author')).find((name) => name !== undefined)
  return {
    name: release.name,
    version: release.to,
    base: typeof base === 'string' ? base : back.subject.commit,
    date: prepare?.date ?? back.date,
    author: committed ?? author,
    because: [...release.because],
    ...seenOnRecord(seen ?? []),
  }
}

function fieldOf(input: Json, field: string): string | undefined {
  const value = input !== null && typeof input === 'object' && !Array.isArray(input) ? (input as JsonObject)[field] : undefined
  return typeof value === 'string' ? value : undefined
}

/**
 * True when the runs here began all that there is of a release. A step that was merely found was begun by a run elsewhere, and so was
 * the publishing of a release that is tagged while no run here published it.
 */
async function knowsAll({ journal, look }: App, { git }: Project, { version, forward }: { readonly version: string; readonly forward: readonly RunRecord[] }): Promise<boolean> {
  for (const { run, plan } of forward) {
    const state = fold(plan, await journal.read(run))
    if (plan.steps.some((step) => step.reversal !== 'none' && state.steps.get(step.id)?.apply.settled === 'found')) return false
  }
  if (forward.some(({ plan }) => plan.stage === 'publish')) return true
  return (await remoteText(look, git.token, [git.remote, `refs/tags/${named(git.tag, version)}`])) === ''
}

/** The newest forward runs of a version that were not taken back already, prepare first. */
function latest(records: readonly RunRecord[]): readonly RunRecord[] {
  return sinceRollback(records).filter(({ plan, closed }) => plan.stage !== 'rollback' && closed !== 'rolled-back' && closed !== 'failed').toReversed()
}

/** What the journal began and what the world shows, each step once; what is seen is surer than what was begun. */
function together(begun: readonly Begun[], seen: readonly Begun[]): readonly Begun[] {
  const ids = new Set(seen.map(({ step }) => step.id))
  return [...begun.filter(({ step }) => !ids.has(step.id)), ...seen]
}

async function begunIn(app: App, forward: readonly RunRecord[]): Promise<readonly Begun[]> {
  const all = await Promise.all(forward.map(async ({ run, plan }) => {
    const state = fold(plan, await app.journal.read(run))
    const there = await setOffIn(app, plan, state)
    return plan.steps.flatMap((step): Begun[] => {
      const at = state.steps.get(step.id)
      if (at === undefined || !isOurs(at)) return there.filter((each) => each.step === step)
      return [{ plan, step, input: resolveInput(step.input, (id) => state.steps.get(id)?.output), at: new Date(at.apply.last).toISOString() }]
    })
  }))
  return all.flat()
}

/** What begun steps have set off and nobody has waited for, as far as it is there: a workflow may publish and fail all the same. */
async function setOffIn({ look, targets }: App, plan: Plan, state: RunState): Promise<readonly Begun[]> {
  const isBegun = (id: string): boolean => {
    const at = state.steps.get(id)
    return at !== undefined && isOurs(at)
  }
  const started = new Set(plan.steps.filter(({ id }) => isBegun(id)).flatMap(({ starts = [] }) => starts))
  const steps = plan.steps.filter(({ id }) => started.has(id) && !isBegun(id))
  const kinds = kindsOf(targets)
  const seen = await observe({ plan: { ...plan, steps }, kinds, look, known: (id) => state.steps.get(id)?.output })
  return seen.flatMap(({ step: id, input, probe }): Begun[] => {
    const step = steps.find((each) => each.id === id)
    if (step === undefined || input === undefined || probe.state === 'absent' || probe.state === 'withdrawn') return []
    // A tag that is neither where it was nor at what arrived is none that the workflow has moved for this release.
    if (probe.state !== 'present' && kinds.get(step.kind)?.apply !== undefined) return []
    return [{ plan, step, input, at: undefined }]
  })
}

/** Claims every run that is taken back, so that nobody drives it forward meanwhile. */
async function holdAll(app: App, forward: readonly RunRecord[]): Promise<readonly { readonly record: RunRecord; readonly claim: Claim }[]> {
  const held: { record: RunRecord; claim: Claim }[] = []
  for (const record of forward) {
    const claim = await app.journal.claim(record.run, app.driver, CLAIM_TTL)
    if (claim === undefined) throw new SlipwayError({ code: 'run-claimed', message: `Another Slipway is driving the run ${record.run} at this moment.`, hint: 'Stop it there, then roll back.' })
    held.push({ record, claim })
  }
  return held
}
