// The workflow files of a project beside what they would be if they were written now.
import type { App } from './app.ts'
import { readSigned, WORKFLOW_PATHS, workflowsFor, type WorkflowFile, type WorkflowOptions } from './ci-workflows.ts'
import { projectHere, readHere } from './here.ts'

/** How a file stands: as it would be written, written by an older config, changed by a person, somebody's own, or not there. */
export type WorkflowStanding = 'right' | 'missing' | 'drifted' | 'changed' | 'changed-and-drifted' | 'foreign'

/** A file as it would be written, and how the one in the folder stands to it. */
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
  return is === 'missing' || is === 'drifted' || is === 'changed-and-drifted'
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
  const verifySchedule = asked.verifySchedule ?? scheduleIn(files.get(verify)) ?? (known?.unverified === true ? 'none' : undefined)
  const wanted = workflowsFor(project, { uses, environment: asked.environment ?? known?.environment ?? 'release', ...(schedule === undefined ? {} : { schedule }), ...(verifySchedule === undefined ? {} : { verifySchedule }) })
  return wanted.map((file) => ({ ...file, now: files.get(file.path), is: standing(file.text, files.get(file.path)) }))
}

function scheduleIn(text: string | undefined): string | undefined {
  return /^ {4}- cron: '((?:[^']|'')*)'$/m.exec(text ?? '')?.[1]?.replaceAll("''", "'")
}
