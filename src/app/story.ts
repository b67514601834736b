// The story of one release so far, from the journal: what its runs did, and what they wait for.
import type { Entry, RunRecord } from '../model/entry.ts'
import type { Verdict, Waiting } from '../model/event.ts'
import type { Plan, Release } from '../model/plan.ts'
import { commentPlaceIn, type CommentPlace } from '../targets/github/index.ts'
import type { App } from './app.ts'
import { outputsOf, runsOf } from './runs.ts'

export { COMMENT_LIMIT } from '../targets/github/index.ts'

/** One run with all that is written of it. */
export interface StoryRun {
  readonly plan: Plan
  readonly entries: readonly Entry[]
}

/** A release from the run that opened its pull request on, oldest first. */
export interface Story {
  readonly release: Release
  readonly runs: readonly StoryRun[]
  readonly waits: readonly Waiting[]
  /** How the last drive ended; undefined while one is at it. */
  readonly verdict: Verdict | undefined
}

/** The story of a version with the pull request that it belongs to; undefined while there is none. */
export async function storyOf({ journal }: Pick<App, 'journal'>, version: string): Promise<{ readonly place: CommentPlace; readonly story: Omit<Story, 'waits' | 'verdict'> } | undefined> {
  const runs: StoryRun[] = []
  let place: CommentPlace | undefined
  for (const { run, plan } of sinceThen(await runsOf(journal, version))) {
    const entries = await journal.read(run)
    runs.unshift({ plan, entries })
    const opens = plan.steps.some(({ kind }) => kind === 'github.pull')
    if (plan.stage === 'prepare' && !opens) continue
    const found = commentPlaceIn(plan, outputsOf(plan, entries))
    if (plan.stage === 'prepare') {
      place = found
      break
    }
    if (plan.stage === 'rollback') place ??= found
  }
  const [release] = runs.find(({ plan }) => plan.stage === 'prepare')?.plan.releases ?? runs[0]?.plan.releases ?? []
  return place === undefined || release === undefined ? undefined : { place, story: { release, runs } }
}

/** Runs, newest first, up to a rollback that came before them: what that took back is another story. */
function sinceThen(records: readonly RunRecord[]): readonly RunRecord[] {
  const before = records.findIndex(({ plan, closed }, at) => at > 0 && plan.stage === 'rollback' && closed === 'rolled-back' && records[at - 1]?.plan.stage !== 'rollback')
  return before < 0 ? records : records.slice(0, before)
}
