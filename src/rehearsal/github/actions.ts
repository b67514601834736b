// Workflows of the repository and their runs: which events start them, and what becomes of a run.
import { createHash } from 'node:crypto'
import { parse } from 'yaml'
import { git, resolveObject, tryGit } from '../git/bare.ts'
import type { GithubState, Grant, WorkflowRun } from './state.ts'

/** A workflow as a commit holds it. */
export interface Workflow {
  readonly id: number
  /** `pypi-publish.yml` */
  readonly file: string
  readonly name: string
  /** Events and their filters; undefined for a file that is no workflow. */
  readonly on: ReadonlyMap<string, unknown>
}

const FOLDER = '.github/workflows/'

/** The id of a workflow, which its file keeps: another for each, and the same in every commit. */
export function workflowId(file: string): number {
  return 100_000_000 + createHash('sha256').update(file).digest().readUInt32BE() % 100_000_000
}

/** The workflows that a commit holds, by name. */
export async function workflowsAt(bare: string, commit: string): Promise<readonly Workflow[]> {
  const listed = await tryGit(bare, ['ls-tree', '--name-only', commit, FOLDER])
  const paths = listed.stdout.toString().split('\n').filter((path) => /\.ya?ml$/.test(path))
  return Promise.all(paths.map(async (path) => readWorkflow(path.slice(FOLDER.length), await git(bare, ['cat-file', 'blob', `${commit}:${path}`]))))
}

/** The workflows that GitHub knows: those of the default branch. */
export async function knownWorkflows(state: GithubState): Promise<readonly Workflow[]> {
  const head = await resolveObject(state.bare, `refs/heads/${state.defaultBranch}`, 'commit')
  return head === undefined ? [] : workflowsAt(state.bare, head)
}

function readWorkflow(file: string, text: string): Workflow {
  const document = mapping(parse(text))
  const on = document['on']
  const events = typeof on === 'string' ? [[on, null] as const] : Array.isArray(on) ? on.map((event) => [String(event), null] as const) : Object.entries(mapping(on))
  return { id: workflowId(file), file, name: typeof document['name'] === 'string' ? document['name'] : `${FOLDER}${file}`, on: new Map(events) }
}

/** An event of the repository that may start workflows. */
export interface Event {
  readonly event: 'release' | 'push'
  readonly tag: string
  readonly grant: Grant | undefined
}

/** Starts every workflow that the event starts. What a job's own token does starts none. */
export async function setOff(state: GithubState, { event, tag, grant }: Event): Promise<void> {
  if (grant?.startsNothing === true || state.actions.fault === 'silent') return
  const commit = await resolveObject(state.bare, `refs/tags/${tag}`, 'commit')
  if (commit === undefined) return
  for (const workflow of await workflowsAt(state.bare, commit)) {
    if (!workflow.on.has(event) || !lets(event, mapping(workflow.on.get(event)), tag)) continue
    startRun(state, { workflow, event, branch: tag, commit, actor: grant?.login ?? '' })
    if (state.actions.fault === 'twice') startRun(state, { workflow, event, branch: tag, commit, actor: grant?.login ?? '' })
  }
}

/** Whether the filters of an event let a tag through; patterns know `*` and `**`. */
function lets(event: Event['event'], filter: Readonly<Record<string, unknown>>, tag: string): boolean {
  if (event === 'release') return filter['types'] === undefined || texts(filter['types']).includes('published')
  if (filter['tags'] === undefined) return filter['branches'] === undefined
  return texts(filter['tags']).some((pattern) => new RegExp(`^${pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('**', '\0').replaceAll('*', '[^/]*').replaceAll('\0', '.*')}$`).test(tag))
}

/** Runs and jobs count on their own, far from the ids of everything else. */
const [FIRST_RUN, FIRST_JOB] = [30_000_000_000, 80_000_000_000]

const working = new WeakMap<WorkflowRun, Promise<void>>()

/** Makes a run and lets the repository's runner work on it; without a runner it stays in the queue. */
export function startRun(state: GithubState, about: Pick<WorkflowRun, 'event' | 'branch' | 'commit' | 'actor'> & { readonly workflow: Workflow }): WorkflowRun {
  const { workflow, ...rest } = about
  const now = state.now()
  const nth = state.runs.length + 1
  const number = state.runs.filter((run) => run.workflow === workflow.file).length + 1
  const again = state.runs.some((run) => run.workflow === workflow.file && run.commit === about.commit)
  const run: WorkflowRun = {
    ...rest, id: FIRST_RUN + nth, job: FIRST_JOB + nth, workflow: workflow.file, name: workflow.name, number,
    createdAt: now, updatedAt: now, attempt: 1, status: 'queued', conclusion: null, log: '', again,
  }
  state.runs.push(run)
  work(state, run)
  return run
}

/** Another attempt of a run that has ended. */
export function runAgain(state: GithubState, run: WorkflowRun): void {
  Object.assign(run, { attempt: run.attempt + 1, status: 'queued', conclusion: null, log: '', updatedAt: state.now() })
  work(state, run)
}

function work(state: GithubState, run: WorkflowRun): void {
  const { runner } = state.actions
  if (runner === undefined) return
  run.status = 'in_progress'
  working.set(run, runner(run).then(
    (log) => { endRun(state, run, { conclusion: 'success', log }) },
    (error: unknown) => { endRun(state, run, { conclusion: 'failure', log: error instanceof Error ? error.message : String(error) }) },
  ))
}

/** Ends a run. */
export function endRun(state: GithubState, run: WorkflowRun, end: Pick<WorkflowRun, 'conclusion' | 'log'>): void {
  Object.assign(run, { ...end, status: 'completed', updatedAt: state.now() })
}

const seen = new WeakSet<WorkflowRun>()

/** Whoever looks for the first time sees a run at work; the next look waits for its end, so that nobody has to sleep. */
export async function look(run: WorkflowRun): Promise<WorkflowRun> {
  if (!seen.has(run)) {
    seen.add(run)
    return { ...run }
  }
  await working.get(run)
  return run
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []
}

/** A mapping as such; anything else as an empty one. */
export function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : {}
}
