// Where a release stands: what the journal wrote and what the world shows.
import type { Entry, RunRecord } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { Probe } from '../model/kind.ts'
import type { ReversalClass } from '../model/plan.ts'
import { fold, type StepState } from '../engine/fold.ts'
import { observe } from '../engine/observe.ts'
import { surveyRepository } from '../survey/repository.ts'
import type { Lease } from '../targets/git/index.ts'
import { kindsOf, type App } from './app.ts'
import { leaseOf } from './lease.ts'
import { readProject } from './project.ts'
import { outputsOf, runsOf } from './runs.ts'

/** One step: what the journal says and what a look at the world says. */
export interface StepStatus {
  readonly step: string
  readonly title: string
  readonly journal: 'not begun' | 'begun' | 'done' | 'found' | 'undone'
  readonly world: Probe<Json>
}

/** One run with its steps. */
export interface RunStatus {
  readonly record: RunRecord
  readonly way: 'apply' | 'undo'
  readonly steps: readonly StepStatus[]
  /** The last thing that stopped it, if that is the last thing that happened. */
  readonly last: Entry | undefined
}

/** Where a version stands. */
export interface Status {
  readonly version: string | undefined
  /** The release that the remote's lease has on record. */
  readonly lease: Lease | undefined
  readonly runs: readonly RunStatus[]
}

/** Looks at a version; without one at the release under way, or the newest that the journal knows. */
export async function status(app: App, version?: string): Promise<Status> {
  const repository = await surveyRepository(app.look)
  const project = await readProject(app.look, repository.head, app.targets)
  const lease = await leaseOf(app, project).read()
  const wanted = version ?? lease?.version ?? (await app.journal.runs())[0]?.plan.releases[0].to
  if (wanted === undefined) return { version: undefined, lease, runs: [] }
  const records = (await runsOf(app.journal, wanted)).toReversed()
  const takenBack = (since: number): ReadonlySet<string> => new Set(records.slice(since + 1).filter(({ plan, closed }) => plan.stage === 'rollback' && closed === 'rolled-back').flatMap(({ plan }) => plan.steps.filter(({ reversal }) => reversal !== 'final').map(({ id }) => id)))
  return { version: wanted, lease, runs: await Promise.all(records.map(async (record, index) => runStatus(app, record, takenBack(index)))) }
}

/** `undone` holds the steps that a later run took back. */
async function runStatus(app: App, record: RunRecord, undone: ReadonlySet<string>): Promise<RunStatus> {
  const { plan, run } = record
  const entries = await app.journal.read(run)
  const state = fold(plan, entries)
  const outputs = outputsOf(plan, entries)
  const seen = await observe({ plan, kinds: kindsOf(app.targets), look: app.look, known: (id) => outputs.get(id) })
  /** What was verified of a release that was taken back holds no more, and nobody expects it to. */
  const holdsNoMore = (reversal: ReversalClass, probe: Probe<Json> | undefined): boolean => undone.size > 0 && reversal === 'none' && probe?.state !== 'present'
  const steps = plan.steps.map((step, index): StepStatus => ({
    step: step.id,
    title: step.title,
    journal: undone.has(step.id) || holdsNoMore(step.reversal, seen[index]?.probe) ? 'undone' : journalWord(state.steps.get(step.id), plan.stage === 'rollback'),
    world: seen[index]?.probe ?? { state: 'unknown', why: 'it was not looked at', blind: false },
  }))
  return { record, way: state.way, steps, last: entries.at(-1) }
}

function journalWord(state: StepState | undefined, back: boolean): StepStatus['journal'] {
  if (state === undefined) return 'not begun'
  if (state.undo.settled !== undefined) return 'undone'
  if (back) return state.undo.attempts > 0 ? 'begun' : 'not begun'
  if (state.apply.settled === 'did') return 'done'
  if (state.apply.settled === 'found') return 'found'
  return state.apply.attempts > 0 ? 'begun' : 'not begun'
}
