// Releases and their files on the fake GitHub, through Octokit.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { downloadPages } from './downloads.ts'
import { safeName } from './handlers/assets.ts'
import { createRig, fetchFrom, TOKENS } from './octokit.rig.ts'
import type { Rig } from './octokit.rig.ts'

const at = { owner: 'acme', repo: 'oneflow' }
const CREATE = 'POST /repos/{owner}/{repo}/releases'
const UPDATE = 'PATCH /repos/{owner}/{repo}/releases/{release_id}'
const BY_TAG = 'GET /repos/{owner}/{repo}/releases/tags/{tag}'
const wheel = Buffer.from('the bytes of a wheel')

async function draft(rig: Rig, tag = 'v2.1.0', more: Record<string, unknown> = {}) {
  return (await rig.octokit(TOKENS.maker).request(CREATE, { ...at, tag_name: tag, name: tag, body: 'Notes', draft: true, ...more })).data
}

async function upload(rig: Rig, release: { upload_url: string }, name: string, data: Uint8Array = wheel) {
  const url = release.upload_url.replace('{?name,label}', `?name=${encodeURIComponent(name)}`)
  return rig.octokit(TOKENS.maker).request({ method: 'POST', url, data, headers: { 'content-type': 'application/octet-stream' } })
}

async function latest(rig: Rig): Promise<string> {
  return (await rig.octokit().request('GET /repos/{owner}/{repo}/releases/latest', at)).data.tag_name
}

test('a draft has no tag, is hidden from those who cannot push, and two may share a name', async () => {
  await using rig = await createRig()
  const one = await draft(rig)
  const two = await draft(rig)
  assert.notEqual(one.id, two.id)
  assert.deepEqual([one.draft, one.published_at, one.tarball_url], [true, null, null])
  assert.equal(await rig.git('tag'), '')
  const list = async (token?: string) => (await rig.octokit(token).request('GET /repos/{owner}/{repo}/releases', at)).data.length
  assert.deepEqual([await list(TOKENS.maker), await list(TOKENS.reader), await list()], [2, 0, 0])
  const hidden = rig.octokit(TOKENS.reader).request('GET /repos/{owner}/{repo}/releases/{release_id}', { ...at, release_id: one.id })
  await assert.rejects(hidden, { status: 404 })
  await assert.rejects(rig.octokit(TOKENS.maker).request(BY_TAG, { ...at, tag: 'v2.1.0' }), { status: 404 })
})

test('publishing takes the tag that is there and otherwise makes a lightweight one at the target', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const target = await rig.commit('main', { more: 'x' })
  const one = await draft(rig, 'v2.1.0', { target_commitish: target })
  rig.later(5)
  const published = (await octokit.request(UPDATE, { ...at, release_id: one.id, draft: false })).data
  assert.equal(await rig.git('cat-file', '-t', 'v2.1.0'), 'commit')
  assert.equal(await rig.git('rev-parse', 'v2.1.0'), target)
  assert.deepEqual([published.published_at, published.created_at], ['2026-03-14T09:05:00Z', '2026-03-14T09:00:00Z'])
  const tag = (await octokit.request('POST /repos/{owner}/{repo}/git/tags', { ...at, tag: 'v2.2.0', message: 'Two', object: target, type: 'commit' })).data
  await octokit.request('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: 'refs/tags/v2.2.0', sha: tag.sha })
  await octokit.request(CREATE, { ...at, tag_name: 'v2.2.0' })
  assert.equal(await rig.git('rev-parse', 'v2.2.0'), tag.sha)
  assert.equal((await octokit.request(BY_TAG, { ...at, tag: 'v2.2.0' })).data.target_commitish, 'main')
})

test('a second release of a tag and a tag without a commit are refused, and nothing is left', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const one = await draft(rig)
  const two = await draft(rig)
  await octokit.request(UPDATE, { ...at, release_id: one.id, draft: false })
  await assert.rejects(octokit.request(UPDATE, { ...at, release_id: two.id, draft: false, body: 'Other' }), { status: 422, message: /"code":"already_exists","field":"tag_name"/ })
  const kept = (await octokit.request('GET /repos/{owner}/{repo}/releases/{release_id}', { ...at, release_id: two.id })).data
  assert.deepEqual([kept.draft, kept.body], [true, 'Notes'])
  await assert.rejects(octokit.request(CREATE, { ...at, tag_name: 'v3.0.0', target_commitish: 'nowhere' }), { status: 422, message: /target_commitish/ })
  assert.equal(await rig.git('tag'), 'v2.1.0')
})

test('the latest release is the one that was marked, whatever was published later', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const make = async (tag: string, more: Record<string, unknown>) => {
    await rig.commit('main', { [tag]: tag })
    return (await octokit.request(CREATE, { ...at, tag_name: tag, ...more })).data.id
  }
  await assert.rejects(latest(rig), { status: 404 })
  await make('v2.0.0', {})
  assert.equal(await latest(rig), 'v2.0.0')
  rig.later(60)
  const newest = await make('v2.1.0', { make_latest: 'true' })
  assert.equal(await latest(rig), 'v2.1.0')
  await make('v1.9.1', { make_latest: 'false' })
  await make('v2.2.0-rc.1', { prerelease: true })
  assert.equal(await latest(rig), 'v2.1.0')
  await octokit.request(UPDATE, { ...at, release_id: newest, make_latest: 'false' })
  assert.equal(await latest(rig), 'v2.0.0')
  await octokit.request(UPDATE, { ...at, release_id: newest, make_latest: 'legacy' })
  assert.equal(await latest(rig), 'v2.1.0')
  await octokit.request(UPDATE, { ...at, release_id: newest, prerelease: true, make_latest: 'false' })
  assert.equal(await latest(rig), 'v2.0.0')
  await assert.rejects(octokit.request(UPDATE, { ...at, release_id: newest, make_latest: 'true' }), { status: 422, message: /Latest release cannot be draft or prerelease\./ })
  await octokit.request('DELETE /repos/{owner}/{repo}/releases/{release_id}', { ...at, release_id: newest })
  assert.match(await rig.git('tag'), /^v2\.1\.0$/m)
})

test('files are kept with their digest, under a safe name, once', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const release = await draft(rig)
  const made = (await upload(rig, release, 'one flow-2.1.0.whl')).data
  assert.equal(made.name, 'one.flow-2.1.0.whl')
  assert.equal(made.digest, `sha256:${createHash('sha256').update(wheel).digest('hex')}`)
  assert.deepEqual([made.state, made.size], ['uploaded', wheel.byteLength])
  await assert.rejects(upload(rig, release, 'one.flow-2.1.0.whl'), { status: 422, message: /"resource":"ReleaseAsset","code":"already_exists","field":"name"/ })
  const listed = await octokit.request('GET /repos/{owner}/{repo}/releases/{release_id}/assets', { ...at, release_id: release.id })
  assert.deepEqual(listed.data.map((asset) => asset.id), [made.id])
  await octokit.request('DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}', { ...at, asset_id: made.id })
  assert.equal((await upload(rig, release, 'one.flow-2.1.0.whl')).status, 201)
})

test('names of files are made safe', () => {
  assert.equal(safeName('oneflow_ai-2.1.0-py3-none-any.whl'), 'oneflow_ai-2.1.0-py3-none-any.whl')
  assert.equal(safeName('a (b)~c.txt'), 'a.b.c.txt')
  assert.equal(safeName('.env'), 'default.env')
  assert.equal(safeName('end.'), 'end')
})

test('a broken upload leaves a starter that is in the way until it is deleted', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const release = await draft(rig)
  rig.state.leaveStarterOnce()
  await assert.rejects(upload(rig, release, 'a.whl'), { status: 502 })
  const left = (await octokit.request('GET /repos/{owner}/{repo}/releases/{release_id}/assets', { ...at, release_id: release.id })).data[0]!
  assert.deepEqual([left.state, left.size, left.digest], ['starter', 0, null])
  await assert.rejects(upload(rig, release, 'a.whl'), { status: 422, message: /already_exists/ })
  await octokit.request('DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}', { ...at, asset_id: left.id })
  assert.equal((await upload(rig, release, 'a.whl')).data.state, 'uploaded')
})

test('the bytes of a file come from the store, for everybody once it is published', async () => {
  await using rig = await createRig()
  const release = await draft(rig)
  const made = (await upload(rig, release, 'a.whl')).data
  const fetchIt = fetchFrom(rig.service)
  const sent = await fetchIt(made.url, { headers: { accept: 'application/octet-stream', authorization: `Bearer ${TOKENS.maker}` } })
  assert.equal(sent.status, 302)
  assert.deepEqual(Buffer.from(await (await fetchIt(sent.headers.get('location')!)).arrayBuffer()), wheel)
  const pages = downloadPages(rig.state)
  const page = (url: string) => pages({ method: 'GET', url: new URL(url), headers: {}, body: new Uint8Array(), address: (same) => same })
  assert.equal(await page(made.browser_download_url), undefined)
  const published = (await rig.octokit(TOKENS.maker).request(UPDATE, { ...at, release_id: release.id, draft: false })).data
  assert.equal(published.assets[0]!.browser_download_url, 'https://github.com/acme/oneflow/releases/download/v2.1.0/a.whl')
  assert.equal((await page(published.assets[0]!.browser_download_url))?.status, 302)
})

test('an immutable release keeps its files and its tag, and its name is used up', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const setting = { ...at }
  await assert.rejects(octokit.request('GET /repos/{owner}/{repo}/immutable-releases', setting), { status: 404 })
  await octokit.request('PUT /repos/{owner}/{repo}/immutable-releases', setting)
  assert.deepEqual((await octokit.request('GET /repos/{owner}/{repo}/immutable-releases', setting)).data, { enabled: true, enforced_by_owner: false })
  const release = await draft(rig)
  const asset = (await upload(rig, release, 'a.whl')).data
  const published = (await octokit.request(UPDATE, { ...at, release_id: release.id, draft: false })).data
  assert.equal(published.immutable, true)
  await assert.rejects(upload(rig, release, 'b.whl'), { status: 422, message: /Cannot upload assets to an immutable release/ })
  await assert.rejects(octokit.request('DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}', { ...at, asset_id: asset.id }), { status: 422, message: /Cannot delete asset from an immutable release/ })
  await assert.rejects(octokit.request(UPDATE, { ...at, release_id: release.id, draft: true }), { status: 422 })
  const edited = (await octokit.request(UPDATE, { ...at, release_id: release.id, body: 'Better', prerelease: true, make_latest: 'false' })).data
  assert.deepEqual([edited.body, edited.prerelease, edited.immutable], ['Better', true, true])
  const remove = () => octokit.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', { ...at, ref: 'tags/v2.1.0' })
  await assert.rejects(remove(), { status: 422, message: /Repository rule violations found\n\nCannot delete this tag/ })
  await octokit.request('DELETE /repos/{owner}/{repo}/releases/{release_id}', { ...at, release_id: release.id })
  await remove()
  await octokit.request('DELETE /repos/{owner}/{repo}/immutable-releases', setting)
  await assert.rejects(octokit.request(CREATE, { ...at, tag_name: 'v2.1.0' }), { status: 422, message: /tag_name was used by an immutable release.*Published releases must have a valid tag/ })
  const sha = await rig.git('rev-parse', 'main')
  await assert.rejects(octokit.request('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: 'refs/tags/v2.1.0', sha }), { status: 422, message: /creations being restricted/ })
  assert.equal(await rig.git('tag'), '')
})

test('releases that were published before the setting stay open', async () => {
  await using rig = await createRig()
  const release = await draft(rig)
  await rig.octokit(TOKENS.maker).request(UPDATE, { ...at, release_id: release.id, draft: false })
  rig.state.setImmutable(true)
  assert.equal((await upload(rig, release, 'late.whl')).status, 201)
})
