// Milestones and issues, asked for with Octokit and held against GitHub's description.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig, TOKENS } from './octokit.rig.ts'

const at = { owner: 'acme', repo: 'oneflow' }
const MILESTONES = '/repos/{owner}/{repo}/milestones'

test('a milestone is opened, listed, changed and closed, and its title is its own', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const opened = await octokit.request(`POST ${MILESTONES}`, { ...at, title: '2.2.0', due_on: '2026-03-08T06:59:00Z' })
  assert.equal(opened.data.due_on, '2026-03-07T08:00:00Z', 'the day of Pacific time')
  await octokit.request(`POST ${MILESTONES}`, { ...at, title: 'someday' })
  await assert.rejects(octokit.request(`POST ${MILESTONES}`, { ...at, title: '2.2.0' }), /already_exists/)
  await assert.rejects(octokit.request(`POST ${MILESTONES}`, { ...at, title: '3', due_on: 'soon' }), { status: 422 })
  await assert.rejects(rig.octokit(TOKENS.reader).request(`POST ${MILESTONES}`, { ...at, title: '3' }), { status: 403 })
  await octokit.request(`PATCH ${MILESTONES}/{milestone_number}`, { ...at, milestone_number: 1, state: 'closed' })
  await assert.rejects(octokit.request(`PATCH ${MILESTONES}/{milestone_number}`, { ...at, milestone_number: 9, state: 'closed' }), { status: 404 })
  const titles = async (state: 'open' | 'all'): Promise<readonly string[]> => (await octokit.request(`GET ${MILESTONES}`, { ...at, state })).data.map(({ title }) => title)
  assert.deepEqual([await titles('open'), await titles('all')], [['someday'], ['2.2.0', 'someday']])
})

test('issues are listed by their labels, the newest first', async () => {
  await using rig = await createRig()
  const issue = (number: number, labels: readonly string[], state: 'open' | 'closed') => ({ id: rig.state.nextId(), number, author: 'mona', title: `Issue ${number}`, labels, createdAt: rig.state.now(), state })
  rig.state.issues.push(issue(1, ['bug', 'a'], 'open'), issue(2, ['bug'], 'closed'), issue(3, ['bug'], 'open'), issue(4, [], 'open'))
  const list = async (labels: string): Promise<readonly number[]> => (await rig.octokit().request('GET /repos/{owner}/{repo}/issues', { ...at, labels })).data.map(({ number }) => number)
  assert.deepEqual([await list('bug'), await list('bug,a'), await list('none')], [[3, 1], [1], []])
})
