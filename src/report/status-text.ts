// Where a release stands, for people: journal and world side by side, and what to run next.
import type { Entry } from '../model/entry.ts'
import type { RunStatus, Status, StepStatus } from '../app/status.ts'
import { commands, type Paint } from './paint.ts'
import { titled } from './plan-text.ts'
import { indented } from './problems.ts'
import { bytesText, probeWords, shortDigest, stageWord } from './words.ts'
import { padded, widthOf } from './width.ts'
import { nextCommands } from './next.ts'

/** A status with a table for each run. */
export function statusText(status: Status, paint: Paint): string {
  const { version, lease, runs } = status
  const next = `${paint.cyan('→')} ${commands(paint, nextCommands(status).join('\n  '))}`
  if (version === undefined) return `Nothing is under way, and the journal here knows no release.\n\n${next}`
  return [
    paint.bold(runs[0]?.record.plan.releases.map(({ name, to }) => `${name} ${to}`).join(', ') ?? version),
    leaseLine(lease, paint),
    ...(runs.length === 0 ? ['The journal here knows no run of it.'] : runs.map((run) => runText(run, paint))),
    next,
  ].join('\n\n')
}

function leaseLine(lease: Status['lease'], paint: Paint): string {
  if (lease === undefined) return 'The remote has no release on record as under way.'
  const holder = lease.holder === null ? 'nobody drives it now' : `driven on ${lease.holder.host} since ${timeText(lease.holder.since)}, held until ${timeText(lease.holder.until)}`
  const doing = lease.bump === 'rollback' ? 'is being taken back' : 'is under way'
  return `The remote has ${paint.bold(`${lease.name} ${lease.version}`)} on record, which ${doing}: ${holder}.`
}

function runText(run: RunStatus, paint: Paint): string {
  const { plan, closed } = run.record
  const state = closed === undefined ? paint.yellow('open') : closed === 'rolled-back' ? 'rolled back' : closed
  const head = `${paint.bold(stageWord(plan.stage))}, ${state}${run.way === 'undo' && plan.stage !== 'rollback' ? ', going back' : ''}  ${paint.dim(`opened ${timeText(run.record.openedAt)}`)}`
  const artifacts = plan.stage === 'publish' && closed === undefined
    ? [indented(titled('Artifacts', plan.artifacts.map(({ name, size, sha256 }) => `${name}, ${bytesText(size)}, ${sha256}`), paint), 2)]
    : []
  return [
    head,
    `  plan ${plan.digest}`,
    ...table(['step', 'journal', 'world'], run.steps.map((step) => [step.title, step.journal, worldCell(step, run.way, paint)]), paint),
    ...(run.last === undefined ? [] : [`  last: ${entryWords(run.last, run.steps)}, ${timeText(run.last.at)}`]),
    ...artifacts,
  ].join('\n')
}

/** What journal and world do not agree on is what a person looks for. */
function worldCell({ journal, world }: StepStatus, way: RunStatus['way'], paint: Paint): string {
  const words = probeWords(world)
  if (world.state === 'conflict') return paint.red(words)
  const forward = way === 'apply' && (journal === 'done' || journal === 'found') && (world.state === 'absent' || world.state === 'withdrawn')
  const back = journal === 'undone' && world.state === 'present'
  return forward || back ? paint.yellow(`${words} (the journal says otherwise)`) : words
}

function table(head: readonly string[], rows: readonly (readonly string[])[], paint: Paint): readonly string[] {
  const widths = head.map((title, column) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column] ?? ''))))
  const line = (cells: readonly string[]): string => `  ${cells.map((cell, column) => column === cells.length - 1 ? cell : padded(cell, widths[column] ?? 0)).join('  ')}`
  return [paint.dim(line(head)), ...rows.map(line)]
}

/** An entry of the journal in words. */
export function entryWords(entry: Entry, steps: readonly Pick<StepStatus, 'step' | 'title'>[]): string {
  const titleOf = (id: string): string => steps.find(({ step }) => step === id)?.title ?? id
  switch (entry.type) {
    case 'opened': return 'the run was taken up'
    case 'begun': return `${entry.way === 'undo' ? 'taking back was begun' : 'begun'}: ${titleOf(entry.step)} (attempt ${entry.attempt})`
    case 'settled': return `${entry.way === 'undo' ? 'taken back' : entry.how === 'found' ? 'found' : 'done'}: ${titleOf(entry.step)}`
    case 'failed': return `${entry.certain ? 'refused' : 'in doubt'}: ${titleOf(entry.step)}: ${entry.problem.message}`
    case 'stuck': return `stopped: ${titleOf(entry.step)}: ${entry.why}`
    case 'gate': return `the plan ${shortDigest(entry.plan)} was ${entry.verdict} by ${entry.by}`
    case 'turned': return `the run turned back: ${entry.why}`
    case 'closed': return entry.outcome === 'done' ? 'everything is done' : entry.outcome === 'rolled-back' ? 'everything was taken back' : 'it failed and left nothing outside'
  }
}

/** A time as people write it: `2026-03-01 12:00:05 UTC`. */
export function timeText(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`
}
