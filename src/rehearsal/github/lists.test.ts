// Issues and alerts on the fake GitHub, through Octokit; every answer is held against GitHub's description.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig, TOKENS } from './octokit.rig.ts'

const at = { owner: 'acme', repo: 'oneflow' }
const day = (date: number): Date => new Date(Date.UTC(2026, 2, date))

test('issues are listed with pull requests among them, by state, labels and time of change', async () => {
  await using rig = await createRig()
  const { issues, pulls } = rig.state
  issues.push({ id: 1, number: 1, author: 'mona', title: 'One', body: null, labels: ['bug', 'late'], createdAt: day(1), updatedAt: day(5), state: 'open' })
  issues.push({ id: 2, number: 2, author: 'mona', title: 'Two', body: 'b', labels: ['bug'], createdAt: day(2), updatedAt: day(2), state: 'closed' })
  const head = await rig.git('rev-parse', 'main')
  pulls.push({ id: 3, number: 3, author: 'mona', branch: 'x', createdAt: day(3), title: 'Three', body: null, base: 'main', head, baseHead: head, draft: false, state: 'open', updatedAt: day(3), closedAt: null, merged: null, requested: [], reviews: [] })
  const list = async (query: Record<string, unknown> = {}) => (await rig.octokit(TOKENS.reader).request('GET /repos/{owner}/{repo}/issues', { ...at, ...query })).data
  assert.deepEqual((await list()).map(({ number, pull_request: pull }) => [number, pull !== undefined]), [[3, true], [1, false]])
  assert.deepEqual((await list({ state: 'all', labels: 'bug' })).map(({ number }) => number), [2, 1])
  assert.deepEqual((await list({ labels: 'bug,late' })).map(({ number }) => number), [1])
  assert.deepEqual((await list({ state: 'all', since: '2026-03-03T00:00:00Z' })).map(({ number }) => number), [3, 1])
})

test('alerts need a right of their own, and a switch', async () => {
  await using rig = await createRig()
  const { state } = rig
  const read = async (what: 'code-scanning' | 'dependabot', query: Record<string, unknown> = {}, token: string = TOKENS.maker) => {
    const { data } = what === 'dependabot' ? await rig.octokit(token).request('GET /repos/{owner}/{repo}/dependabot/alerts', { ...at, ...query }) : await rig.octokit(token).request('GET /repos/{owner}/{repo}/code-scanning/alerts', { ...at, ...query })
    return data.map(({ number }) => number)
  }
  await assert.rejects(read('code-scanning'), { status: 404, message: /no analysis found/ })
  assert.deepEqual(await read('dependabot'), [])
  for (const number of [1, 2, 3, 4]) state.alerts.push({ number, by: number % 2 === 1 ? 'code-scanning' : 'dependabot', severity: 'high', title: 'Trouble', at: day(number), state: number > 2 ? 'open' : 'fixed' })
  assert.deepEqual([await read('code-scanning'), await read('dependabot')], [[3, 1], [4, 2]])
  assert.deepEqual([await read('code-scanning', { state: 'open' }), await read('dependabot', { state: 'open' })], [[3], [4]])
  await assert.rejects(read('dependabot', { page: 2 }), { status: 400 })
  for (const what of ['code-scanning', 'dependabot'] as const) await assert.rejects(read(what, {}, TOKENS.reader), { status: 403 })
  Object.assign(state, { codeScanning: false, dependabot: false })
  await assert.rejects(read('code-scanning'), { status: 403, message: /must be enabled/ })
  await assert.rejects(read('dependabot'), { status: 403, message: /are disabled/ })
})
