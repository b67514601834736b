// What merging a pull request leaves in git.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig, TOKENS } from './octokit.rig.ts'
import type { Rig } from './octokit.rig.ts'

const MERGE = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge'
const PULL = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
const first = { owner: 'acme', repo: 'oneflow', pull_number: 1 }
const twice = 'line\n'.repeat(10)

async function propose(rig: Rig, ...messages: readonly string[]): Promise<string> {
  let head = ''
  for (const [index, message] of messages.entries()) head = await rig.commit('work', { [`file-${index}`]: message }, { message })
  await rig.octokit(TOKENS.maker).request('POST /repos/{owner}/{repo}/pulls', { owner: 'acme', repo: 'oneflow', title: 'The work', head: 'work', base: 'main' })
  return head
}

const log = (rig: Rig, format: string, ...range: readonly string[]) => rig.git('log', `--format=${format}`, ...range)

test('a merge commit has both heads as parents and the merged tree', async () => {
  await using rig = await createRig()
  const base = await rig.git('rev-parse', 'main')
  const head = await propose(rig, 'One')
  const { data } = await rig.octokit(TOKENS.maker).request(MERGE, { ...first, sha: head })
  assert.equal(await rig.git('rev-parse', 'main'), data.sha)
  assert.equal(await log(rig, '%P|%s|%b|%an|%cn|%cI', '-1', 'main'), `${base} ${head}|Merge pull request #1 from acme/work|The work|mona|GitHub|2026-03-14T09:00:00+00:00`)
  assert.equal(await rig.git('rev-parse', 'main^{tree}'), await rig.git('rev-parse', 'work^{tree}'))
  const pull = (await rig.octokit().request(PULL, first)).data
  assert.deepEqual([pull.merged, pull.merge_commit_sha, pull.merged_by?.login, pull.state], [true, data.sha, 'mona', 'closed'])
})

test('a squash of one commit keeps its words, of several lists them', async () => {
  await using single = await createRig()
  const base = await single.git('rev-parse', 'main')
  await propose(single, 'One\n\nWhy so.')
  await single.octokit(TOKENS.maker).request(MERGE, { ...first, merge_method: 'squash' })
  assert.equal(await log(single, '%P|%B', '-1', 'main'), `${base}|One (#1)\n\nWhy so.\n\nCo-authored-by: Mona <mona@example.org>`)
  await using several = await createRig()
  await propose(several, 'One', 'Two')
  await several.octokit(TOKENS.maker).request(MERGE, { ...first, merge_method: 'squash' })
  assert.equal(await log(several, '%B', '-1', 'main'), 'The work (#1)\n\n* One\n\n* Two\n\n---------\n\nCo-authored-by: Mona <mona@example.org>')
  assert.equal(await several.git('rev-parse', 'main^{tree}'), await several.git('rev-parse', 'work^{tree}'))
})

test('a squash takes the title and the message that were asked for', async () => {
  await using rig = await createRig()
  await propose(rig, 'One')
  await rig.octokit(TOKENS.maker).request(MERGE, { ...first, merge_method: 'squash', commit_title: 'Release', commit_message: 'Notes' })
  assert.equal(await log(rig, '%B', '-1', 'main'), 'Release\n\nNotes')
})

test('a rebase writes every commit anew on top of the base', async () => {
  await using rig = await createRig()
  await propose(rig, 'One', 'Two')
  const other = await rig.commit('main', { 'README.md': 'Other\n' })
  await rig.octokit(TOKENS.maker).request(MERGE, { ...first, merge_method: 'rebase' })
  assert.equal(await log(rig, '%s|%an|%cn', `${other}..main`), 'Two|Mona|mona\nOne|Mona|mona')
  assert.equal(await rig.git('show', 'main:README.md'), 'Other')
  assert.equal(await rig.git('show', 'main:file-1'), 'Two')
})

test('changes to different lines of one file are merged, and a deletion is kept', async () => {
  await using rig = await createRig()
  await rig.commit('main', { text: `${twice}end\n`, gone: 'x' })
  await rig.commit('work', { text: `begin\n${twice}end\n`, gone: null })
  await rig.commit('main', { text: `${twice}END\n` })
  await propose(rig, 'One')
  assert.equal((await rig.octokit().request(PULL, first)).data.mergeable, true)
  await rig.octokit(TOKENS.maker).request(MERGE, first)
  assert.equal(await rig.git('show', 'main:text'), `begin\n${twice}END`)
  assert.equal(await rig.git('ls-tree', '--name-only', 'main'), 'README.md\nVERSION\nfile-0\ntext')
})

test('a conflict cannot be merged in any way and leaves main alone', async () => {
  await using rig = await createRig()
  await rig.commit('work', { VERSION: '3.0.0\n' })
  const base = await rig.commit('main', { VERSION: '2.0.1\n' })
  await propose(rig, 'One')
  const pull = (await rig.octokit().request(PULL, first)).data
  assert.deepEqual([pull.mergeable, pull.mergeable_state], [false, 'dirty'])
  const merge = (merge_method: 'merge' | 'squash' | 'rebase') => rig.octokit(TOKENS.maker).request(MERGE, { ...first, merge_method })
  await assert.rejects(merge('merge'), { status: 405, message: /Pull Request is not mergeable/ })
  await assert.rejects(merge('squash'), { status: 405, message: /Pull Request is not mergeable/ })
  await assert.rejects(merge('rebase'), { status: 405, message: /This branch can't be rebased/ })
  assert.equal(await rig.git('rev-parse', 'main'), base)
})

test('a merge is refused when the head has moved, twice, as a draft, or by a way that is off', async () => {
  await using rig = await createRig({ mergeMethods: ['merge'] })
  const octokit = rig.octokit(TOKENS.maker)
  await propose(rig, 'One')
  await assert.rejects(octokit.request(MERGE, { ...first, sha: '0'.repeat(40) }), { status: 409, message: /Head branch was modified\. Review and try the merge again\./ })
  await assert.rejects(octokit.request(MERGE, { ...first, merge_method: 'squash' }), { status: 405, message: /Squash merges are not allowed on this repository\./ })
  await octokit.request(MERGE, first)
  await assert.rejects(octokit.request(MERGE, first), { status: 405, message: /Pull Request is not mergeable/ })
  await rig.commit('draft', { d: 'd' })
  await octokit.request('POST /repos/{owner}/{repo}/pulls', { owner: 'acme', repo: 'oneflow', title: 'D', head: 'draft', base: 'main', draft: true })
  await assert.rejects(octokit.request(MERGE, { ...first, pull_number: 2 }), { status: 405, message: /still a draft/ })
})

test('a person presses the merge button', async () => {
  await using rig = await createRig({ requiredApprovals: 1 })
  await propose(rig, 'One')
  rig.state.people.approve(1)
  const sha = await rig.state.people.merge(1, 'squash')
  assert.equal(await rig.git('rev-parse', 'main'), sha)
  assert.equal((await rig.octokit().request(PULL, first)).data.merged_by?.login, 'rita')
})
