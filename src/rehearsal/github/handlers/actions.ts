// GitHub Actions: workflows, their runs with jobs and logs, and starting one by hand.
import type { JsonObject } from '../../../model/json.ts'
import { resolveObject } from '../../git/bare.ts'
import { jsonReply, type Call, type Reply } from '../../service.ts'
import { knownWorkflows, look, mapping, runAgain, startRun, workflowsAt, type Workflow } from '../actions.ts'
import { flagField, neededText } from '../fields.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Ask, Route } from '../router.ts'
import type { GithubState, WorkflowRun } from '../state.ts'
import { pageLink, repositoryLink } from '../views/links.ts'
import { jobView, runView, workflowView } from '../views/run.ts'

/** The host that logs come from. */
export const LOG_HOST = 'productionresultssa0.blob.core.windows.net'

const READ = { part: 'actions', level: 'read' } as const
const WRITE = { part: 'actions', level: 'write' } as const
const WORKFLOWS = '/repos/{owner}/{repo}/actions/workflows'
const WORKFLOW = `${WORKFLOWS}/{workflow_id}`

/** Workflows and runs. */
export const actionRoutes: readonly Route[] = [
  { method: 'GET', path: WORKFLOWS, operation: 'actions/list-repo-workflows', page: 'rest/actions/workflows#list-repository-workflows', needs: READ, handle: listWorkflows },
  { method: 'GET', path: WORKFLOW, operation: 'actions/get-workflow', page: 'rest/actions/workflows#get-a-workflow', needs: READ, handle: async (ask) => jsonReply(200, workflowView(ask, await askedWorkflow(ask))) },
  { method: 'GET', path: `${WORKFLOW}/runs`, operation: 'actions/list-workflow-runs', page: 'rest/actions/workflow-runs#list-workflow-runs-for-a-workflow', needs: READ, handle: listRuns },
  { method: 'POST', path: `${WORKFLOW}/dispatches`, operation: 'actions/create-workflow-dispatch', page: 'rest/actions/workflows#create-a-workflow-dispatch-event', needs: WRITE, handle: dispatch },
  {
    method: 'GET', path: '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs', operation: 'actions/list-jobs-for-workflow-run', page: 'rest/actions/workflow-jobs#list-jobs-for-a-workflow-run', needs: READ,
    handle: async (ask) => jsonReply(200, { total_count: 1, jobs: [jobView(ask, askedRun(ask))] }),
  },
  {
    method: 'POST', path: '/repos/{owner}/{repo}/actions/runs/{run_id}/rerun', operation: 'actions/re-run-workflow', page: 'rest/actions/workflow-runs#re-run-a-workflow', needs: WRITE,
    handle: async (ask) => {
      runAgain(ask.state, askedRun(ask))
      return jsonReply(201, {})
    },
  },
  {
    method: 'GET', path: '/repos/{owner}/{repo}/actions/jobs/{job_id}/logs', operation: 'actions/download-job-logs-for-workflow-run', page: 'rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run', needs: READ,
    handle: async (ask) => {
      const run = ask.state.runs.find(({ job }) => job === Number(ask.params['job_id']))
      if (run?.status !== 'completed') throw notFound()
      return { status: 302, headers: { location: ask.call.address(`https://${LOG_HOST}/actions-results/${run.job}.txt`) } }
    },
  },
]

/** The log of a job, each line with its time; whoever has the address may read it. */
export function storedLog(state: GithubState, call: Call): Reply {
  const run = state.runs.find(({ job }) => call.url.pathname === `/actions-results/${job}.txt`)
  if (run === undefined || call.method !== 'GET') return { status: 404, body: '' }
  const text = run.log.split('\n').map((line) => `${run.updatedAt.toISOString()} ${line}\n`).join('')
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: `\uFEFF${text}` }
}

/** The workflow in a request's path, by its id or the name of its file. */
async function askedWorkflow({ state, params }: Ask): Promise<Workflow> {
  const asked = params['workflow_id'] ?? ''
  const found = (await knownWorkflows(state)).find(({ id, file }) => asked === String(id) || asked === file)
  if (found === undefined) throw notFound()
  return found
}

function askedRun({ state, params }: Ask): WorkflowRun {
  const run = state.runs.find(({ id }) => id === Number(params['run_id']))
  if (run === undefined) throw notFound()
  return run
}

async function listWorkflows(ask: Ask): Promise<Reply> {
  const all = await knownWorkflows(ask.state)
  return jsonReply(200, { total_count: all.length, workflows: onPage(ask, all).map((each) => workflowView(ask, each)) })
}

/** The page of a list that is asked for. */
function onPage<T>({ query }: Ask, all: readonly T[]): readonly T[] {
  const size = Math.min(100, Number(query.get('per_page') ?? 30))
  const page = Number(query.get('page') ?? 1)
  return all.slice((page - 1) * size, page * size)
}

async function listRuns(ask: Ask): Promise<Reply> {
  const { state, query } = ask
  const { file } = await askedWorkflow(ask)
  const is = (name: string, value: string | null): boolean => query.get(name) === null || query.get(name) === value
  const fitting = state.runs.filter((run) => run.workflow === file && is('event', run.event) && is('head_sha', run.commit) && is('branch', run.branch))
  const runs = (await Promise.all(fitting.map(look))).filter((run) => is('status', run.status)).toReversed()
  return jsonReply(200, { total_count: runs.length, workflow_runs: await Promise.all(onPage(ask, runs).map((run) => runView(ask, run))) })
}

async function dispatch(ask: Ask): Promise<Reply> {
  const { state, body } = ask
  const known = await askedWorkflow(ask)
  const ref = neededText(body, 'ref').replace(/^refs\/(?:heads|tags)\//, '')
  const commit = await resolveObject(state.bare, `refs/heads/${ref}`, 'commit') ?? await resolveObject(state.bare, `refs/tags/${ref}`, 'commit')
  if (commit === undefined) throw new Refusal(422, `No ref found for: ${ref}`)
  const workflow = (await workflowsAt(state.bare, commit)).find(({ file }) => file === known.file)
  if (workflow?.on.has('workflow_dispatch') !== true) throw new Refusal(422, 'Workflow does not have \'workflow_dispatch\' trigger')
  if (state.actions.disabled.includes(known.file)) throw new Refusal(422, 'Cannot trigger a \'workflow_dispatch\' on a disabled workflow')
  refuseInputs(workflow, (body['inputs'] ?? {}) as JsonObject)
  const run = startRun(state, { workflow, event: 'workflow_dispatch', branch: ref, commit, actor: ask.grant?.login ?? '' })
  if (flagField(body, 'return_run_details') !== true) return { status: 204 }
  return jsonReply(200, { workflow_run_id: run.id, run_url: repositoryLink(ask, `/actions/runs/${run.id}`), html_url: pageLink(ask, `/actions/runs/${run.id}`) })
}

function refuseInputs({ on }: Workflow, given: JsonObject): void {
  const known = mapping(mapping(on.get('workflow_dispatch'))['inputs'])
  const unexpected = Object.keys(given).filter((name) => !Object.hasOwn(known, name))
  if (unexpected.length > 0) throw new Refusal(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`)
  const missing = Object.entries(known).find(([name, input]) => mapping(input)['required'] === true && mapping(input)['default'] === undefined && !Object.hasOwn(given, name))
  if (missing !== undefined) throw new Refusal(422, `Required input '${missing[0]}' not provided`)
}
