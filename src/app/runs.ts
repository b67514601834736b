// Runs in the journal: finding the one for a plan, and driving it under a claim.
import type { Claim, Entry, Journal, Outcome, RunRecord } from '../model/entry.ts'
import type { RunEvent, Verdict } from '../model/event.ts'
import type { Json } from '../model/json.ts'
import { announces, type Plan } from '../model/plan.ts'
import type { Clock } from '../model/world.ts'
import { SlipwayError } from '../model/error.ts'
import { drive, type Policy } from '../engine/drive.ts'
import { fold } from '../engine/fold.ts'
import { kindsOf, type App } from './app.ts'
import type { Travel } from './travel.ts'

/** Milliseconds a claim holds without a sign of life; a driver that is gone from this machine is noticed at once. */
const CLAIM_TTL = 60 * 60_000

/** How a plan's run ended for now. */
export interface RunEnd {
  readonly run: string
  readonly verdict: Verdict
  /** Outputs of settled steps, by step. */
  readonly outputs: ReadonlyMap<string, Json>
}

/** How a plan's run is driven. */
export interface RunOptions {
  readonly onFailure: Policy['onFailure']
  /** A sign of life, asked for before every sleep and every attempt. */
  readonly beat?: () => Promise<void>
  /** The journal at the remote, where it travels. */
  readonly travel?: Travel | undefined
  /** Ends that are told again, and no reason for a new run. A run that is open or done is taken up in any case. */
  readonly takesUp?: readonly Outcome[]
  /** True when a run that is done is no answer, since what it made is lost. */
  readonly anew?: boolean
  /** How long is waited, where that is not the app's own. */
  readonly patience?: Policy['patience']
}

/** Opens a run for a plan, or takes up the one that is open, and drives it. Throws SlipwayError `run-claimed` when another driver is at it. */
export async function runPlan(app: App, plan: Plan, options: RunOptions): Promise<RunEnd> {
  const { run, resumed } = await openRun(app.journal, plan, [...(options.anew === true ? [] : ['done' as const]), ...options.takesUp ?? []])
  const claim = await app.journal.claim(run, app.driver, CLAIM_TTL)
  if (claim === undefined) {
    const last = (await app.journal.read(run)).findLast((entry) => entry.type === 'opened')
    throw new SlipwayError({ code: 'run-claimed', message: `Another Slipway is driving the run ${run} at this moment${last?.type === 'opened' ? ` (${processOf(last.driver)}, since ${last.at})` : ''}.`, hint: 'Wait for it, or stop it there; `slipway status` shows how far it is.' })
  }
  const { ask } = app
  // The comment tells of the release, and an announcement changes nothing of it.
  const comment = announces(plan) ? undefined : app.comment
  const tell = (event: RunEvent): void => {
    app.tell(event)
    comment?.hear(event)
  }
  tell({ type: 'run', run, plan, resumed })
  // Before this driver is on record: what was in flight elsewhere has landed by now, wherever it was begun.
  await options.travel?.bring(claim, plan)
  const first = await opened(app, claim, plan)
  const alive = signOfLife(app, claim, options.beat)
  const beat = async (): Promise<void> => {
    await alive()
    await comment?.bring()
  }
  const verdict = await drive({
    run,
    plan,
    kinds: kindsOf(app.targets),
    world: app.world,
    look: app.look,
    clock: beating(app.clock, beat),
    journal: {
      ...app.journal,
      // However long a step or a person took: nothing is begun under a claim or a lease that has run out.
      async append(claimed, entry) {
        if (entry.type === 'begun') await beat()
        const written = await app.journal.append(claimed, entry)
        await options.travel?.sent(run, plan, entry)
        return written
      },
    },
    claim: first,
    policy: { ...app.policy, onFailure: options.onFailure, ...(options.patience === undefined ? {} : { patience: options.patience }) },
    signal: app.signal,
    ...(ask === undefined ? {} : {
      async ask(gate: string, asked: Plan) {
        comment?.atGate(gate, asked)
        await comment?.bring()
        return ask(gate, asked)
      },
    }),
    tell,
  })
  await app.journal.release(claim)
  tell({ type: 'verdict', run, verdict })
  await comment?.bring()
  return { run, verdict, outputs: outputsOf(plan, await app.journal.read(run)) }
}

/** A driver without what only tells it from processes that are gone. */
function processOf(driver: string): string {
  return driver.replace(/ pid (\d+)(?: start \d+ space \d*)?$/, ', process $1')
}

/** What the settled steps of a run returned. */
export function outputsOf(plan: Plan, entries: readonly Entry[]): ReadonlyMap<string, Json> {
  const state = fold(plan, entries)
  return new Map([...state.steps].flatMap(([id, step]) => step.output === undefined ? [] : [[id, step.output] as const]))
}

/** Runs of a version, newest first, but for its announcements. */
export async function runsOf(journal: Journal, version: string): Promise<readonly RunRecord[]> {
  return (await everyRunOf(journal, version)).filter(({ plan }) => !announces(plan))
}

/** Runs of a version's announcements, each for one channel, newest first. */
export async function announcementRuns(journal: Journal, version: string): Promise<readonly RunRecord[]> {
  return (await everyRunOf(journal, version)).filter(({ plan }) => announces(plan))
}

async function everyRunOf(journal: Journal, version: string): Promise<readonly RunRecord[]> {
  return (await journal.runs()).filter(({ plan }) => plan.releases.some((release) => release.to === version))
}

/** Of the runs of a version, newest first, those since it was last rolled back: all that came before is over. */
export function sinceRollback(records: readonly RunRecord[]): readonly RunRecord[] {
  const undone = records.findIndex(({ plan, closed }) => plan.stage === 'rollback' && closed === 'rolled-back')
  return undone < 0 ? records : records.slice(0, undone)
}

async function openRun(journal: Journal, plan: Plan, takesUp: readonly Outcome[]): Promise<{ run: string; resumed: boolean }> {
  const version = plan.releases[0].to
  const records = await everyRunOf(journal, version)
  const same = (record: RunRecord): boolean => record.plan.digest === plan.digest
  const earlier = records.filter(same)
  const [newest] = sinceRollback(records).filter(same)
  const usable = newest !== undefined && (newest.closed === undefined || takesUp.includes(newest.closed)) ? newest : undefined
  if (usable !== undefined) return { run: usable.run, resumed: true }
  const name = `${version}/${plan.stage}/${plan.digest.slice('sha256:'.length, 'sha256:'.length + 12)}`
  const run = earlier.length === 0 ? name : `${name}-${earlier.length + 1}`
  await journal.open(run, plan)
  return { run, resumed: false }
}

async function opened({ journal, driver }: App, claim: Claim, plan: Plan): Promise<Claim> {
  await journal.append(claim, { type: 'opened', plan: plan.digest, driver })
  return claim
}

/** Renews the claim when a quarter of its time is over, and asks for the caller's own sign of life. */
function signOfLife({ journal, clock }: App, claim: Claim, more: (() => Promise<void>) | undefined): () => Promise<void> {
  let renewed = clock.now().getTime()
  return async () => {
    await more?.()
    if (clock.now().getTime() - renewed < CLAIM_TTL / 4) return
    await journal.renew(claim, CLAIM_TTL)
    renewed = clock.now().getTime()
  }
}

/** A clock that gives a sign of life before every sleep. */
function beating(clock: Clock, beat: () => Promise<void>): Clock {
  return {
    now: () => clock.now(),
    async sleep(ms, signal) {
      await beat()
      await clock.sleep(ms, signal)
    },
  }
}
