// Runs of a workflow as GitHub shows them (https://docs.github.com/rest/actions/workflow-runs).
import { z } from 'zod'
import { Refused, SlipwayError } from '../../model/error.ts'
import { bodyText } from '../../model/http.ts'
import type { Look } from '../../model/world.ts'
import { lastLines } from '../checks/output.ts'
import { github } from '../github/client.ts'
import { accessShape, commitShape, idShape, type Access } from '../github/shape.ts'

/** What names the runs of one release: every kind of this folder takes it. */
export const runsShape = {
  ...accessShape,
  /** The name of the file in .github/workflows. */
  workflow: z.string(),
  tag: z.string().min(1),
  /** The commit that the tag leads to. */
  commit: commitShape,
}

/** What names the runs of one release. */
export interface Asked extends Access {
  readonly workflow: string
  readonly tag: string
  readonly commit: string
}

const runAnswer = z.object({
  id: idShape,
  html_url: z.string(),
  event: z.string(),
  head_branch: z.string().nullable(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  run_attempt: z.int().default(1),
})

/** A run, with what its latest attempt came to. */
export type Run = z.infer<typeof runAnswer>

const jobAnswer = z.object({
  id: idShape,
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  html_url: z.string().nullable(),
  steps: z.array(z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable() })).default([]),
})

type Job = z.infer<typeof jobAnswer>

const WORKFLOW = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}'

/** The workflow's state (`active`, `disabled_manually`), null where GitHub knows no such workflow on the default branch. */
export async function workflowState(look: Look, access: Access, workflow: string): Promise<string | null> {
  const found = await github(look, access).read(`GET ${WORKFLOW}`, { workflow_id: workflow }, z.object({ state: z.string() }))
  return found?.state ?? null
}

/** The runs that one of these events started at the release's tag, newest first. Throws Refused `workflow-missing`. */
export async function runsOf(look: Look, { workflow, tag, commit, ...access }: Asked, events: readonly string[]): Promise<readonly Run[]> {
  const answer = await github(look, access).read(`GET ${WORKFLOW}/runs`, { workflow_id: workflow, head_sha: commit, per_page: 100 }, z.object({ workflow_runs: z.array(runAnswer) }))
  if (answer === undefined) throw missing(access, workflow)
  return answer.workflow_runs.filter(({ event, head_branch }) => events.includes(event) && head_branch === tag).toSorted((one, other) => other.id - one.id)
}

/** GitHub knows no such workflow. */
export function missing({ repository, token }: Access, workflow: string): Refused {
  return new Refused({
    code: 'workflow-missing',
    message: `GitHub shows no workflow ${workflow} in ${repository} to the token in ${token.$secret}.`,
    hint: `Merge .github/workflows/${workflow} into the default branch, and give the token the right «Actions: read».`,
  })
}

/** What the latest attempt is at, in words: the jobs that are done and the step that is at work. */
export async function progressOf(look: Look, access: Access, run: Run): Promise<string> {
  const jobs = await jobsOf(look, access, run)
  const done = jobs.filter(({ status }) => status === 'completed').length
  const now = jobs.filter(({ status }) => status === 'in_progress').map(({ name, steps }) => {
    const step = steps.find(({ status }) => status === 'in_progress')?.name
    return step === undefined ? name : `${name}, ${step}`
  })
  const at = now.length > 0 ? `: ${now.join('; ')}` : ''
  return `${(run.status ?? 'queued').replaceAll('_', ' ')}${jobs.length === 0 ? '' : ` (${done} of ${jobs.length} jobs done)`}${at}`
}

/** What made a run fail, with the end of the log where GitHub still has it. */
export async function failureOf(look: Look, asked: Asked, run: Run): Promise<SlipwayError> {
  const { workflow, repository } = asked
  const failed = (await jobsOf(look, asked, run)).filter(({ conclusion }) => conclusion !== null && !['success', 'skipped', 'neutral'].includes(conclusion))
  const where = failed.map(({ name, steps, html_url }) => {
    const step = steps.find(({ conclusion }) => conclusion === 'failure')?.name
    return `the job ${name}${step === undefined ? '' : `, at its step "${step}"`}${html_url === null ? '' : ` (${html_url})`}`
  })
  const [job] = failed
  const log = job === undefined ? undefined : await logOf(look, asked, job)
  return new SlipwayError({
    code: 'workflow-failed',
    message: `The workflow ${workflow} ended with ${run.conclusion ?? 'nothing'}: ${where.length === 0 ? run.html_url : where.join('; ')}.`,
    hint: `Mend the cause and run it again (\`gh run rerun ${run.id} --failed --repo ${repository}\`), then run the same command again: the latest attempt counts.`,
    ...(log === undefined ? {} : { detail: log }),
  })
}

async function jobsOf(look: Look, access: Access, { id }: Run): Promise<readonly Job[]> {
  const answer = await github(look, access).read('GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', { run_id: id, filter: 'latest', per_page: 100 }, z.object({ jobs: z.array(jobAnswer) }))
  return answer?.jobs ?? []
}

/** The end of a job's log, without the time at the head of each line; undefined where it is not to be had. */
async function logOf(look: Look, { api, repository, token }: Access, { id }: Job): Promise<string | undefined> {
  const url = `${api.replace(/\/$/, '')}/repos/${repository}/actions/jobs/${id}/logs`
  try {
    const answer = await look.secret(token.$secret, (value) => look.http({ method: 'GET', url, headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${value}`, 'user-agent': 'slipway', 'x-github-api-version': '2022-11-28' } }))
    return answer.status === 200 ? lastLines(bodyText(answer).replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /gm, ''), 12) : undefined
  } catch {
    return undefined
  }
}
