// Files of a branch, read and written with Octokit and held against GitHub's description.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig, TOKENS } from './octokit.rig.ts'

const ROUTE = '/repos/{owner}/{repo}/contents/{path}'
const of = { owner: 'acme', repo: 'oneflow' }
const base64 = (text: string): string => Buffer.from(text).toString('base64')

test('a file is made, changed where it is as it was read, and read again', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const at = { ...of, path: 'docs/news.atom' }
  await assert.rejects(octokit.request(`GET ${ROUTE}`, { ...at, ref: 'main' }), { status: 404 })
  const made = await octokit.request(`PUT ${ROUTE}`, { ...at, branch: 'main', message: 'Tell of one', content: base64('größer\n'.repeat(20)) })
  assert.equal(made.status, 201)
  const { data } = await octokit.request(`GET ${ROUTE}`, { ...at, ref: 'main' })
  const { sha, content } = data as unknown as { sha: string; content: string }
  assert.equal(Buffer.from(content, 'base64').toString(), 'größer\n'.repeat(20))
  await assert.rejects(octokit.request(`PUT ${ROUTE}`, { ...at, branch: 'main', message: 'no', content: base64('no') }), { status: 422, message: /"sha" wasn't supplied/ })
  await assert.rejects(octokit.request(`PUT ${ROUTE}`, { ...at, branch: 'main', message: 'no', content: base64('no'), sha: 'a'.repeat(40) }), { status: 409 })
  assert.equal((await octokit.request(`PUT ${ROUTE}`, { ...at, branch: 'main', message: 'Tell of two', content: base64('two'), sha })).status, 200)
  assert.equal(await rig.git('show', 'main:docs/news.atom'), 'two')
  assert.equal(await rig.git('log', '-2', '--format=%s', 'main'), 'Tell of two\nTell of one')
  await assert.rejects(octokit.request(`PUT ${ROUTE}`, { ...at, branch: 'none', message: 'no', content: base64('no') }), { status: 404 })
  await assert.rejects(rig.octokit(TOKENS.reader).request(`PUT ${ROUTE}`, { ...at, branch: 'main', message: 'no', content: base64('no'), sha }), { status: 403 })
})
