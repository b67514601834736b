// The workflow files of a project beside what they would be if they were written now.
import type { App } from './app.ts'
import { readSigned, WORKFLOW_PATHS, workflowsFor, type WorkflowFile, type WorkflowOptions } from './ci-workflows.ts'
import { projectHere, readHere } from './here.ts'

/** How a file stands: as it would be written, written by an older config, changed by a person, somebody's own, or not there; or there and not wanted any more. */
export type WorkflowStanding = 'right' | 'missing' | 'drifted' | 'changed' | 'changed-and-drifted' | 'foreign' | 'surplus' | 'changed-and-surplus'

/** A file as it would be written, and how the one in the folder stands to it. One that is not wanted has no text. */
export interface ComparedWorkflow extends WorkflowFile {
  readonly is: WorkflowStanding
  /** What is there now. */
  readonly now: string | undefined
}

/** How one file stands to what would be written. */
export function standing(wanted: string, now: string | undefined): WorkflowStanding {
  if (now === undefined) return 'missing'
  if (now === wanted) return 'right'
  const there = readSigned(now)
  if (there === undefined) return 'foreign'
  const same = there.digest === readSigned(wanted)?.digest
  if (there.changed) return same ? 'changed' : 'changed-and-drifted'
  return 'drifted'
}

/** True where a release may run otherwise than slipway.yaml says: what `slipway ci github --check` and `slipway doctor` report. */
export function isDrift(is: WorkflowStanding): boolean {
  return is !== 'right' && is !== 'changed' && is !== 'foreign'
}

/** Compares every workflow of the project. Undefined when there are none yet and nobody says which action they would use. */
export async function compareWorkflows(app: App, asked: Partial<WorkflowOptions>): Promise<readonly ComparedWorkflow[] | undefined> {
  const project = await projectHere(app)
  const files = new Map<string, string | undefined>()
  for (const path of WORKFLOW_PATHS) files.set(path, await readHere(app, path))
  const [known] = [...files.values()].flatMap((text) => { const read = text === undefined ? undefined : readSigned(text); return read === undefined ? [] : [read] })
  const uses = asked.uses ?? known?.uses
  if (uses === undefined) return undefined
  const [prepare, , verify] = WORKFLOW_PATHS
  const schedule = asked.schedule ?? scheduleIn(files.get(prepare))
  const verifySchedule = asked.verifySchedule ?? (known?.unverified === true ? 'none' : scheduleIn(files.get(verify)))
  const wanted = workflowsFor(project, { uses, environment: asked.environment ?? known?.environment ?? 'release', ...(schedule === undefined ? {} : { schedule }), ...(verifySchedule === undefined ? {} : { verifySchedule }) })
  const unwanted = WORKFLOW_PATHS.filter((path) => wanted.every((file) => file.path !== path))
  return [
    ...wanted.map((file) => ({ ...file, now: files.get(file.path), is: standing(file.text, files.get(file.path)) })),
    ...unwanted.flatMap((path) => surplus(path, files.get(path))),
  ]
}

/** A file of Slipway's that nobody wants any more; one of somebody else's is none of ours, whatever it is called. */
function surplus(path: string, now: string | undefined): readonly ComparedWorkflow[] {
  const there = now === undefined ? undefined : readSigned(now)
  return there === undefined ? [] : [{ path, text: '', now, is: there.changed ? 'changed-and-surplus' : 'surplus' }]
}

function scheduleIn(text: string | undefined): string | undefined {
  return /^ {4}- cron: '((?:[^']|'')*)'$/m.exec(text ?? '')?.[1]?.replaceAll("''", "'")
}
