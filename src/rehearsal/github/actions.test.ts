// Workflows and their runs, asked for with Octokit and held against GitHub's description.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endRun, setOff } from './actions.ts'
import { createRig, TOKENS } from './octokit.rig.ts'

const at = { owner: 'acme', repo: 'oneflow', workflow_id: 'publish.yml' }
const RUNS = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs'
const DISPATCH = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches'
const FILE = "name: Publish\non:\n  release: {types: [published]}\n  push: {tags: ['v*']}\n  workflow_dispatch: {inputs: {version: {required: true}}}\njobs: {}\n"

test('a workflow is dispatched once, its run is listed, and its job has a log', async () => {
  await using rig = await createRig()
  const commit = await rig.commit('main', { '.github/workflows/publish.yml': FILE })
  const octokit = rig.octokit(TOKENS.maker)
  assert.equal((await octokit.request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}', at)).data.state, 'active')
  const started = await octokit.request(DISPATCH, { ...at, ref: 'main', inputs: { version: '1' }, return_run_details: true } as never)
  const { workflow_run_id: id } = started.data as unknown as { workflow_run_id: number }
  const { data: { workflow_runs: [run], total_count: count } } = await octokit.request(RUNS, { ...at, event: 'workflow_dispatch', head_sha: commit })
  assert.deepEqual([count, run?.id, run?.status, run?.head_branch, run?.head_sha], [1, id, 'queued', 'main', commit])
  endRun(rig.state, rig.state.runs[0]!, { conclusion: 'failure', log: 'one\ntwo' })
  const { data: { jobs: [job] } } = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', { owner: 'acme', repo: 'oneflow', run_id: id })
  assert.deepEqual([job?.conclusion, job?.steps?.[0]?.conclusion], ['failure', 'failure'])
  await assert.rejects(octokit.request(DISPATCH, { ...at, ref: 'main', inputs: { colour: 'red' } }), /Unexpected inputs provided: \["colour"\]/)
  await assert.rejects(octokit.request(DISPATCH, { ...at, ref: 'main' }), /Required input 'version' not provided/)
  await assert.rejects(octokit.request(DISPATCH, { ...at, ref: 'v9', inputs: { version: '1' } }), /No ref found for: v9/)
  await assert.rejects(rig.octokit(TOKENS.reader).request(DISPATCH, { ...at, ref: 'main', inputs: { version: '1' } }), { status: 403 })
  await assert.rejects(octokit.request(RUNS, { ...at, workflow_id: 'other.yml' }), { status: 404 })
  assert.equal(rig.state.runs.length, 1)
})

test('releases and tags start what listens to them, but not with a job\'s own token', async () => {
  await using rig = await createRig()
  await rig.commit('main', { '.github/workflows/publish.yml': FILE })
  for (const tag of ['v1', 'other']) await rig.git('update-ref', `refs/tags/${tag}`, 'main')
  const grant = rig.state.tokens[TOKENS.maker]!
  await setOff(rig.state, { event: 'push', tag: 'v1', grant: { ...grant, startsNothing: true } })
  assert.deepEqual(rig.state.runs, [])
  await setOff(rig.state, { event: 'push', tag: 'other', grant })
  await setOff(rig.state, { event: 'push', tag: 'v1', grant })
  await rig.octokit(TOKENS.maker).request('POST /repos/{owner}/{repo}/releases', { owner: 'acme', repo: 'oneflow', tag_name: 'v1' })
  assert.deepEqual(rig.state.runs.map(({ event, branch }) => [event, branch]), [['push', 'v1'], ['release', 'v1']])
})

test('each workflow has an id of its own, which its list, its runs and its dispatch know it by, and counts its own runs', async () => {
  await using rig = await createRig()
  await rig.commit('main', { '.github/workflows/publish.yml': FILE.replace(' {required: true}', ' {}'), '.github/workflows/check.yml': 'on: workflow_dispatch\njobs: {}\n' })
  const octokit = rig.octokit(TOKENS.maker)
  const { data: { workflows, total_count: count } } = await octokit.request('GET /repos/{owner}/{repo}/actions/workflows', { owner: 'acme', repo: 'oneflow' })
  assert.equal(count, 2)
  const ids: Readonly<Record<string, number>> = Object.fromEntries(workflows.map(({ path, id }) => [path.split('/').at(-1) ?? '', id]))
  assert.deepEqual(Object.keys(ids), ['check.yml', 'publish.yml'])
  assert.notEqual(ids['check.yml'], ids['publish.yml'])
  // A file that comes before the others changes no id.
  await rig.commit('main', { '.github/workflows/a.yml': 'on: push\njobs: {}\n' })
  for (const file of ['publish.yml', 'check.yml', 'publish.yml']) await octokit.request(DISPATCH, { ...at, workflow_id: ids[file]!, ref: 'main' })
  for (const [file, id] of Object.entries(ids)) {
    assert.equal((await octokit.request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}', { ...at, workflow_id: file })).data.id, id)
    const { data: { workflow_runs: runs } } = await octokit.request(RUNS, { ...at, workflow_id: id })
    assert.deepEqual(runs.map((run) => [run.workflow_id, run.workflow_url.split('/').at(-1), run.path]), runs.map(() => [id, String(id), `.github/workflows/${file}`]))
    assert.deepEqual(runs.map((run) => run.run_number), file === 'publish.yml' ? [2, 1] : [1])
  }
})
