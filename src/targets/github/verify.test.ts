// Tests the kind github.verify over real http against the rehearsal's GitHub.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { SlipwayError } from '../../model/error.ts'
import { lookOnly } from '../../world/readonly.ts'
import { githubAsset } from './asset.ts'
import { githubDraft } from './draft.ts'
import { access, code, forge, KEY, once, type Forge } from './forge.rig.ts'
import { githubRelease } from './release.ts'
import { githubVerify } from './verify.ts'

/** A release with two files, published or not, and the input that verifies it. */
async function released(here: Forge, { publish = true }: { readonly publish?: boolean } = {}) {
  const { world, commit, artifact } = here
  const note = { name: 'one+1.1.0 notes.txt', mediaType: 'text/plain', ...await here.keep('notes') }
  const { id, uploadUrl } = await githubDraft.apply!(world, { ...access, tag: 'v1.1.0', commit, title: 'oneflow 1.1.0', notes: '', prerelease: false }, once)
  for (const { name, mediaType, size, sha256 } of [artifact, note]) await githubAsset.apply!(world, { ...access, release: id, uploadUrl, name, mediaType, size, sha256 }, once)
  if (publish) await githubRelease.apply!(world, { ...access, release: id, tag: 'v1.1.0', latest: 'true', prerelease: false }, once)
  return githubVerify.input.parse({ ...access, tag: 'v1.1.0', files: [artifact, note].map(({ name, sha256, size }) => ({ name, sha256, size })) })
}

const doubt = (words: string) => (error: unknown) => error instanceof Error && !(error instanceof SlipwayError) && error.message.includes(words)

/** Puts other bytes under a file, as whoever broke into the store would, or as whoever replaced the asset. */
function tamper({ state }: Forge, digest: 'old' | 'new'): string {
  const bytes = Buffer.from('bytes of somebody')
  const asset = state.releases[0]!.assets[0]!
  const sha256 = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  Object.assign(asset, { bytes, ...(digest === 'new' ? { digest: sha256 } : {}) })
  return sha256
}

test('every file is fetched as anybody fetches it, and what was proved is known afterwards', async (t) => {
  const here = await forge(t)
  const input = await released(here)
  const before = here.served.calls.length
  assert.deepEqual(await githubVerify.probe(lookOnly(here.world), input, KEY), { state: 'absent' })
  const seen: (readonly [number, number])[] = []
  const output = await githubVerify.apply!(here.world, input, { ...once, progress: (done, total) => { seen.push([done, total]) } })
  assert.deepEqual(output, { evidence: [{ title: 'GitHub release v1.1.0 of acme/oneflow downloaded', passed: true, detail: 'byte for byte: one-1.1.0.tar.gz, one+1.1.0 notes.txt' }] })
  assert.deepEqual(seen.at(-1), [23, 23])
  assert.deepEqual(here.served.calls.slice(before).filter(({ url }) => url.includes('/download/')).map(({ url }) => url), [
    'https://github.com/acme/oneflow/releases/download/v1.1.0/one-1.1.0.tar.gz', 'https://github.com/acme/oneflow/releases/download/v1.1.0/one%2B1.1.0.notes.txt',
  ])
  assert.equal(here.served.calls.slice(before).some(({ url }) => url.includes('api.github.com') && url.includes('/releases/assets/')), false, 'no token was needed')
  assert.deepEqual(await githubVerify.probe(lookOnly(here.world), input, KEY), { state: 'present', output })
})

test('a changed byte is caught, with evidence or without', async (t) => {
  const here = await forge(t)
  const input = await released(here)
  await githubVerify.apply!(here.world, input, once)
  const found = tamper(here, 'old')
  await assert.rejects(githubVerify.apply!(here.world, input, once), code('verify-failed', found))
  await assert.rejects(githubVerify.apply!(here.world, input, once), code('verify-failed', `one-1.1.0.tar.gz was fetched with ${found} (17 bytes), but ${here.artifact.sha256} (18 bytes) was built`))
})

test('a file that was replaced is seen before anything is fetched', async (t) => {
  const here = await forge(t)
  const input = await released(here)
  const found = tamper(here, 'new')
  const probe = await githubVerify.probe(lookOnly(here.world), input, KEY)
  assert.ok(probe.state === 'conflict' && probe.found.includes(found) && probe.found.includes(here.artifact.sha256), JSON.stringify(probe))
  await assert.rejects(githubVerify.apply!(here.world, input, once), code('verify-failed', found))
})

test('a release that is no more than a draft, and a file that is not there, are looked for again', async (t) => {
  const here = await forge(t)
  const input = await released(here, { publish: false })
  const look = lookOnly(here.world)
  assert.deepEqual(await githubVerify.probe(look, input, KEY), { state: 'unknown', why: 'acme/oneflow shows no release v1.1.0 yet', blind: false })
  await assert.rejects(githubVerify.apply!(here.world, input, once), doubt('no release v1.1.0'))
  const [release] = here.state.releases
  await githubRelease.apply!(here.world, { ...access, release: release!.id, tag: 'v1.1.0', latest: 'true', prerelease: false }, once)
  const [asset] = release!.assets.splice(0, 1)
  const probe = await githubVerify.probe(look, input, KEY)
  assert.ok(probe.state === 'unknown' && probe.why.endsWith('does not list one-1.1.0.tar.gz yet'), JSON.stringify(probe))
  await assert.rejects(githubVerify.apply!(here.world, input, once), doubt('does not list one-1.1.0.tar.gz'))
  release!.assets.push(asset!)
  await githubVerify.apply!(here.world, input, once)
})

test('the files of a private repository are fetched with the token, and the evidence says so', async (t) => {
  const here = await forge(t, { pages: false })
  const input = await released(here)
  const { evidence } = await githubVerify.apply!(here.world, input, once)
  assert.equal(evidence[0]?.title, 'GitHub release v1.1.0 of acme/oneflow downloaded with a token: it is not public')
  const found = tamper(here, 'old')
  await assert.rejects(githubVerify.apply!(here.world, input, once), code('verify-failed', found))
})

test('a file that nobody serves is looked for again', async (t) => {
  const here = await forge(t, { pages: false })
  const input = await released(here)
  const { http } = here.world
  const losing = { ...here.world, http: async (request: Parameters<typeof http>[0]) => (request.url.includes('/releases/assets/') ? { ...await http({ ...request, method: 'HEAD' }), status: 404 } : http(request)) }
  await assert.rejects(githubVerify.apply!(losing, input, once), doubt('GitHub does not serve it'))
  const failing = { ...here.world, http: async (request: Parameters<typeof http>[0]) => (request.url.includes('/download/') ? { status: 503, reason: 'Busy', headers: {}, body: new Uint8Array() } : http(request)) }
  await assert.rejects(githubVerify.apply!(failing, input, once), doubt('answered 503'))
})

test('a release without files is seen to be published', async (t) => {
  const here = await forge(t)
  const input = { ...await released(here), files: [] }
  assert.deepEqual((await githubVerify.apply!(here.world, input, once)).evidence.map(({ detail }) => detail), ['it is published; it has no files of this release'])
  assert.equal(githubVerify.describe(input).byHand.length, 1)
})
