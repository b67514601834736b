// Who may do what on the fake GitHub, how it refuses, and that it is held against GitHub's own description.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gitPasswords } from './access.ts'
import { conforming, operations } from './conform.fixture.ts'
import { createRig, fetchFrom, TOKENS } from './octokit.rig.ts'
import { routes } from './routes.ts'
import { githubService } from './service.ts'

const at = { owner: 'acme', repo: 'oneflow' }

test('every route is an operation of the description, documented where it says', () => {
  for (const route of routes) {
    const operation = operations.get(`${route.method} ${route.path}`)
    assert.equal(operation?.operationId, route.operation)
    assert.equal(operation?.externalDocs.url, `https://docs.github.com/${route.page}`)
    assert.equal(new URL(operation?.servers?.[0]?.url ?? 'https://api.github.com').hostname, route.host ?? 'api.github.com')
  }
  assert.equal(operations.size, routes.length)
})

test('a wrong token is refused even for what is public', async () => {
  await using rig = await createRig()
  await assert.rejects(rig.octokit('wrong').request('GET /repos/{owner}/{repo}', at), { status: 401, message: /Bad credentials/ })
  assert.equal((await rig.octokit().request('GET /repos/{owner}/{repo}', at)).data.default_branch, 'main')
})

test('a token without the right gets 403, nobody gets 401, and neither changes anything', async () => {
  await using rig = await createRig()
  const draft = { ...at, tag_name: 'v2.1.0' }
  await assert.rejects(rig.octokit(TOKENS.reader).request('POST /repos/{owner}/{repo}/releases', draft), { status: 403, message: /Resource not accessible by personal access token/ })
  await assert.rejects(rig.octokit().request('POST /repos/{owner}/{repo}/releases', draft), { status: 401, message: /Requires authentication/ })
  await assert.rejects(rig.octokit(TOKENS.reader).request('GET /repos/{owner}/{repo}/immutable-releases', at), { status: 403 })
  assert.deepEqual(rig.state.releases, [])
  assert.equal(await rig.git('tag'), '')
})

test('the rights of a token are seen in the repository and its name in the account', async () => {
  await using rig = await createRig()
  const rights = async (token: string) => (await rig.octokit(token).request('GET /repos/{owner}/{repo}', at)).data.permissions
  assert.deepEqual(await rights(TOKENS.maker), { admin: true, maintain: true, push: true, triage: true, pull: true })
  assert.equal((await rights(TOKENS.reader))?.push, false)
  assert.equal((await rig.octokit(TOKENS.reader).request('GET /user')).data.login, 'rolf')
})

test('git asks the same tokens', async () => {
  await using rig = await createRig()
  const may = gitPasswords(rig.state)
  assert.deepEqual([may(TOKENS.maker), may(TOKENS.reader), may('wrong'), may('constructor'), may(undefined)], [true, 'reading', false, false, false])
})

test('errors name their status and their page', async () => {
  await using rig = await createRig()
  const answer = await fetchFrom(rig.service)('https://api.github.com/repos/acme/oneflow/releases/tags/v9')
  assert.equal(answer.status, 404)
  assert.deepEqual(await answer.json(), {
    message: 'Not Found',
    documentation_url: 'https://docs.github.com/rest/releases/releases#get-a-release-by-tag-name',
    status: '404',
  })
  const elsewhere = await fetchFrom(rig.service)('https://api.github.com/repos/acme/other')
  assert.equal(elsewhere.status, 404)
})

test('requests are counted by the hour and refused beyond the limit', async () => {
  await using rig = await createRig({ rateLimit: 2 })
  const ask = () => rig.octokit(TOKENS.maker).request('GET /repos/{owner}/{repo}', at)
  assert.equal((await ask()).headers['x-ratelimit-remaining'], '1')
  const second = (await ask()).headers
  assert.deepEqual([second['x-ratelimit-remaining'], second['x-ratelimit-reset']], ['0', String(Date.UTC(2026, 2, 14, 10) / 1000)])
  await assert.rejects(ask(), { status: 403, message: /API rate limit exceeded/ })
  rig.later(60)
  assert.equal((await ask()).headers['x-ratelimit-remaining'], '1')
})

test('another version of the API is refused', async () => {
  await using rig = await createRig()
  const ask = (version: string) => rig.octokit().request('GET /repos/{owner}/{repo}', { ...at, headers: { 'x-github-api-version': version } })
  assert.equal((await ask('2022-11-28')).headers['x-github-api-version-selected'], '2022-11-28')
  await assert.rejects(ask('2026-03-10'), { status: 400 })
})

test('bodies that are no JSON or of a wrong type are refused', async () => {
  await using rig = await createRig()
  const post = async (body: string) => {
    const answer = await fetchFrom(rig.service)('https://api.github.com/repos/acme/oneflow/releases', { method: 'POST', body, headers: { authorization: `token ${TOKENS.maker}` } })
    return [answer.status, (await answer.json() as { message: string }).message]
  }
  assert.deepEqual(await post('{'), [400, 'Problems parsing JSON'])
  assert.deepEqual(await post('{}'), [422, 'Invalid request.\n\n"tag_name" wasn\'t supplied.'])
  assert.deepEqual(await post('{"tag_name":1}'), [422, "Invalid request.\n\nFor 'properties', 1 is not of type string."])
  assert.equal((await post('{"tag_name":"v1","generate_release_notes":true}'))[0], 501)
})

test('refs are made, moved forwards only, and deleted', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const old = await rig.git('rev-parse', 'main')
  const sha = await rig.commit('main', { more: 'x' })
  const make = (ref: string, hash = old) => octokit.request('POST /repos/{owner}/{repo}/git/refs', { ...at, ref, sha: hash })
  const move = (ref: string, hash: string, force = false) => octokit.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', { ...at, ref, sha: hash, force })
  const read = async (ref: string) => (await octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...at, ref })).data.object
  await make('refs/heads/release/v2.1.0')
  assert.equal((await read('heads/release/v2.1.0')).sha, old)
  await assert.rejects(make('refs/heads/release/v2.1.0'), { status: 422, message: /Reference already exists/ })
  await assert.rejects(make('refs/tags/x', '1'.repeat(40)), { status: 422, message: /Object does not exist/ })
  await assert.rejects(make('tags/x'), { status: 422, message: /three slash-separated components/ })
  await move('heads/release/v2.1.0', sha)
  await assert.rejects(move('heads/release/v2.1.0', old), { status: 422, message: /Update is not a fast forward/ })
  await assert.rejects(move('heads/main', old, true), { status: 422, message: /Cannot force-push to this branch/ })
  const matching = await octokit.request('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', { ...at, ref: 'heads/rel' })
  assert.deepEqual(matching.data.map((ref) => ref.ref), ['refs/heads/release/v2.1.0'])
  await octokit.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', { ...at, ref: 'heads/release/v2.1.0' })
  await assert.rejects(read('heads/release/v2.1.0'), { status: 404 })
  await assert.rejects(octokit.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', { ...at, ref: 'heads/release/v2.1.0' }), { status: 422, message: /Reference does not exist/ })
})

test('annotated tags, commits and branches are read back', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const sha = await rig.git('rev-parse', 'main')
  const tagger = { name: 'Mona', email: 'mona@example.org', date: '2026-03-14T08:00:00Z' }
  const made = (await octokit.request('POST /repos/{owner}/{repo}/git/tags', { ...at, tag: 'v1', message: 'One\n\nNotes', object: sha, type: 'commit', tagger })).data
  const read = (await octokit.request('GET /repos/{owner}/{repo}/git/tags/{tag_sha}', { ...at, tag_sha: made.sha })).data
  assert.deepEqual([read.tag, read.object.sha, read.tagger], ['v1', sha, tagger])
  const commit = (await octokit.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { ...at, commit_sha: sha })).data
  assert.equal(commit.tree.sha, await rig.git('rev-parse', 'main^{tree}'))
  const branch = (await octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', { ...at, branch: 'main' })).data
  assert.deepEqual([branch.commit.sha, branch.protected], [sha, true])
  await assert.rejects(octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', { ...at, branch: 'no/such' }), { status: 404, message: /Branch not found/ })
})

test('a request or an answer that GitHub does not describe is found', async () => {
  await using rig = await createRig()
  const whole = githubService(rig.state)
  const broken = conforming({
    hosts: whole.hosts,
    handle: async (call) => {
      const reply = await whole.handle(call)
      return { ...reply, body: String(reply.body).replace('"archived":false', '"archived":"no"') }
    },
  })
  await assert.rejects(fetchFrom(broken)('https://api.github.com/repos/acme/oneflow'), /repos\/get, 200\) is not as GitHub describes it:\nanswer\/archived: must be boolean/)
  const ask = fetchFrom(rig.service)
  await assert.rejects(ask('https://api.github.com/repos/acme/oneflow/pulls?head_branch=x'), /head_branch is not a parameter/)
  await assert.rejects(ask('https://api.github.com/repos/acme/oneflow/pulls?per_page=many'), /must be integer/)
  const body = JSON.stringify({ tag_name: 'v1', drafty: true })
  await assert.rejects(ask('https://api.github.com/repos/acme/oneflow/releases', { method: 'POST', body, headers: { authorization: `token ${TOKENS.maker}` } }), /request: must NOT have additional properties.*drafty/)
})
