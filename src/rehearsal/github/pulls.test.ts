// Pull requests on the fake GitHub, through Octokit.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig, TOKENS } from './octokit.rig.ts'
import type { Rig } from './octokit.rig.ts'

const PULLS = 'POST /repos/{owner}/{repo}/pulls'
const PULL = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
const MERGE = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge'
const REQUEST = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers'
const REVIEW = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews'
const at = { owner: 'acme', repo: 'oneflow' }
const first = { ...at, pull_number: 1 }

async function propose(rig: Rig, branch = 'release/v2.1.0') {
  await rig.commit(branch, { VERSION: '2.1.0\n' }, { message: 'chore: bump version to 2.1.0' })
  return rig.octokit(TOKENS.maker).request(PULLS, { ...at, title: 'Release 2.1.0', head: branch, base: 'main', body: 'Notes' })
}

test('a pull request is made, found by its head, changed and closed', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const made = await propose(rig)
  assert.equal(made.data.number, 1)
  assert.equal(made.data.mergeable, null)
  assert.equal(made.data.changed_files, 1)
  const list = (head: string) => octokit.request('GET /repos/{owner}/{repo}/pulls', { ...at, head, state: 'all' })
  assert.deepEqual((await list('acme:release/v2.1.0')).data.map((pull) => pull.number), [1])
  assert.deepEqual((await list('acme:other')).data, [])
  assert.deepEqual((await list('other')).data.length, 1, 'a head without its owner filters nothing')
  rig.later(1)
  const changed = await octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { ...first, body: 'Other', state: 'closed' })
  assert.deepEqual([changed.data.state, changed.data.body, changed.data.merged], ['closed', 'Other', false])
  assert.deepEqual((await octokit.request('GET /repos/{owner}/{repo}/pulls', at)).data, [])
  const reopened = await octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { ...first, state: 'open' })
  assert.equal(reopened.data.state, 'open')
})

test('what cannot be a pull request is refused with the reason', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  await propose(rig)
  await rig.git('update-ref', 'refs/heads/same', 'refs/heads/main')
  const refused = (head: string, base: string, words: RegExp) =>
    assert.rejects(octokit.request(PULLS, { ...at, title: 'T', head, base }), (error: { status: number; message: string }) => error.status === 422 && words.test(error.message))
  await refused('acme:release/v2.1.0', 'main', /A pull request already exists for acme:release\/v2\.1\.0\./)
  await refused('same', 'main', /No commits between main and same/)
  await refused('nowhere', 'main', /"field":"head","code":"invalid"/)
  await refused('other:release/v2.1.0', 'main', /"field":"head"/)
  await refused('same', 'nowhere', /"field":"base"/)
})

test('a pull request follows its branch and closes when the branch goes', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  await propose(rig)
  const head = await rig.commit('release/v2.1.0', { VERSION: '2.1.1\n' })
  assert.equal((await octokit.request(PULL, first)).data.head.sha, head)
  assert.equal(await rig.git('rev-parse', 'refs/pull/1/head'), head)
  await octokit.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', { ...at, ref: 'heads/release/v2.1.0' })
  const gone = (await octokit.request(PULL, first)).data
  assert.deepEqual([gone.state, gone.merged, gone.head.sha], ['closed', false, head])
})

test('a pull request whose commits were pushed to its base is merged', async () => {
  await using rig = await createRig()
  await propose(rig)
  await rig.git('update-ref', 'refs/heads/main', 'refs/heads/release/v2.1.0')
  const pull = (await rig.octokit().request(PULL, first)).data
  assert.deepEqual([pull.state, pull.merged, pull.commits], ['closed', true, 1])
})

test('reviews decide whether a merge is allowed', async () => {
  await using rig = await createRig({ requiredApprovals: 1 })
  const octokit = rig.octokit(TOKENS.maker)
  await propose(rig)
  const refused = (words: RegExp) => assert.rejects(octokit.request(MERGE, first), (error: { status: number; message: string }) => error.status === 405 && words.test(error.message))
  await refused(/At least 1 approving review is required by reviewers with write access\./)
  assert.equal((await octokit.request(PULL, first)).data.mergeable_state, 'blocked')
  const asked = await octokit.request(REQUEST, { ...first, reviewers: ['rita'] })
  assert.deepEqual(asked.data.requested_reviewers?.map((user) => user.login), ['rita'])
  rig.state.people.requestChanges(1, 'Not yet.')
  await refused(/approving review/)
  const review = await rig.octokit(TOKENS.reviewer).request(REVIEW, { ...first, event: 'APPROVE', body: 'Good.' })
  assert.equal(review.data.state, 'APPROVED')
  const listed = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', first)
  assert.deepEqual(listed.data.map((one) => one.state), ['CHANGES_REQUESTED', 'APPROVED'])
  assert.deepEqual((await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', first)).data.users, [])
  assert.equal((await octokit.request(MERGE, first)).data.merged, true)
})

test('nobody reviews their own pull request, and only collaborators are asked', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  await propose(rig)
  await assert.rejects(octokit.request(REVIEW, { ...first, event: 'APPROVE' }), /Can not approve your own pull request/)
  await assert.rejects(octokit.request(REQUEST, { ...first, reviewers: ['mona'] }), /Review cannot be requested from pull request author\./)
  await assert.rejects(octokit.request(REQUEST, { ...first, reviewers: ['stranger'] }), /Reviews may only be requested from collaborators\..*acme\/oneflow repository/)
})

test('a stand-in approves as soon as it is asked', async () => {
  await using rig = await createRig({ requiredApprovals: 1 })
  rig.state.autoReview = true
  const octokit = rig.octokit(TOKENS.maker)
  await propose(rig)
  await octokit.request(REQUEST, { ...first, reviewers: ['rita'] })
  assert.equal((await octokit.request(PULL, first)).data.mergeable_state, 'clean')
})

test('where nobody is asked, stand-ins come of themselves, as many as are needed', async () => {
  await using rig = await createRig({ requiredApprovals: 1 })
  rig.state.autoReview = true
  rig.state.reviewsUnasked = true
  await propose(rig)
  assert.equal((await rig.octokit(TOKENS.maker).request(PULL, first)).data.mergeable_state, 'clean')
  assert.equal(rig.state.pulls[0]?.reviews.length, 1)
})

test('comments are made, listed, changed and deleted', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  await propose(rig)
  const CHANGE = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}'
  const made = await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...at, issue_number: 1, body: 'Shipped.' })
  const list = () => octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...at, issue_number: 1 })
  assert.deepEqual((await list()).data.map((comment) => comment.body), ['Shipped.'])
  rig.later(1)
  const changed = await octokit.request(CHANGE, { ...at, comment_id: made.data.id, body: 'Taken back.' })
  assert.deepEqual([changed.data.id, changed.data.body, changed.data.created_at], [made.data.id, 'Taken back.', made.data.created_at])
  assert.notEqual(changed.data.updated_at, changed.data.created_at)
  await assert.rejects(octokit.request(CHANGE, { ...at, comment_id: made.data.id, body: 'x'.repeat(65_537) }), { status: 422, message: /Body is too long \(maximum is 65536 characters\)/ })
  await assert.rejects(rig.octokit(TOKENS.reader).request(CHANGE, { ...at, comment_id: made.data.id, body: 'x' }), { status: 403 })
  await octokit.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...at, comment_id: made.data.id })
  assert.deepEqual((await list()).data, [])
  await assert.rejects(octokit.request(CHANGE, { ...at, comment_id: made.data.id, body: 'x' }), { status: 404 })
})

test('lists come in pages that link to each other', async () => {
  await using rig = await createRig()
  for (const branch of ['a', 'b', 'c']) await propose(rig, branch)
  const page = (number: number) => rig.octokit().request('GET /repos/{owner}/{repo}/pulls', { ...at, per_page: 2, page: number })
  const one = await page(1)
  assert.deepEqual(one.data.map((pull) => pull.number), [3, 2])
  assert.equal(one.headers.link, '<https://api.github.com/repos/acme/oneflow/pulls?per_page=2&page=2>; rel="next", <https://api.github.com/repos/acme/oneflow/pulls?per_page=2&page=2>; rel="last"')
  const two = await page(2)
  assert.deepEqual(two.data.map((pull) => pull.number), [1])
  assert.match(two.headers.link ?? '', /page=1>; rel="prev".*page=1>; rel="first"/)
})
