// A file that is signed anew each time: made again by a run whose journal is lost, it converges with what stands there already.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookOnly } from '../../world/readonly.ts'
import { githubAsset } from './asset.ts'
import { BUNDLE } from './attestation.ts'
import { githubDraft } from './draft.ts'
import { access, code, forge, KEY, once, type Forge } from './forge.rig.ts'
import { githubRelease } from './release.ts'
import { bundleText } from './supply.fixture.ts'

/** A draft with a bundle from an earlier life, and the step of a later life that has signed the same bytes again. */
async function signedTwice(here: Forge) {
  const { world, commit, artifact } = here
  const { id, uploadUrl } = await githubDraft.apply!(world, { ...access, tag: 'v1.1.0', commit, title: 'oneflow 1.1.0', notes: '', prerelease: false }, once)
  const asset = async (text: string) => githubAsset.input.parse({ ...access, release: id, uploadUrl, name: 'one.sigstore.json', mediaType: BUNDLE, ...await here.keep(text), about: [artifact.sha256] })
  const earlier = await asset(bundleText({ subject: artifact.sha256, signature: 'b25l' }))
  const later = await asset(bundleText({ subject: artifact.sha256, signature: 'dHdv' }))
  return { id, earlier, later, asset }
}

test('in the draft the later signature takes the place of the earlier one', async (t) => {
  const here = await forge(t)
  const { earlier, later } = await signedTwice(here)
  await githubAsset.apply!(here.world, earlier, once)
  assert.deepEqual(await githubAsset.probe(lookOnly(here.world), later, KEY), { state: 'absent' })
  await githubAsset.apply!(here.world, later, once)
  assert.deepEqual(here.state.releases[0]!.assets.map(({ digest }) => digest), [later.sha256])
})

test('once published the earlier signature stays and is found, since it says the same of the same bytes', async (t) => {
  const here = await forge(t)
  const { id, earlier, later } = await signedTwice(here)
  await githubAsset.apply!(here.world, earlier, once)
  await githubRelease.apply!(here.world, { ...access, release: id, tag: 'v1.1.0', latest: 'true', prerelease: false }, once)
  const seen = await githubAsset.probe(lookOnly(here.world), later, KEY)
  assert.equal(seen.state, 'present')
  assert.equal(seen.output.sha256, earlier.sha256)
})

test('a published file that says something of other bytes, or nothing at all, is somebody else\'s', async (t) => {
  for (const text of [bundleText({ subject: `sha256:${'1'.repeat(64)}` }), '{}', 'no JSON']) {
    const here = await forge(t)
    const { id, later, asset } = await signedTwice(here)
    await githubAsset.apply!(here.world, await asset(text), once)
    await githubRelease.apply!(here.world, { ...access, release: id, tag: 'v1.1.0', latest: 'true', prerelease: false }, once)
    assert.equal((await githubAsset.probe(lookOnly(here.world), later, KEY)).state, 'conflict')
  }
})

test('a file that is the same each time is never replaced', async (t) => {
  const here = await forge(t)
  const { earlier, later: { about: _, ...plain } } = await signedTwice(here)
  await githubAsset.apply!(here.world, earlier, once)
  assert.equal((await githubAsset.probe(lookOnly(here.world), plain, KEY)).state, 'conflict')
  assert.ok(githubAsset.reversal.is === 'reversible')
  await assert.rejects(githubAsset.reversal.undo(here.world, plain, undefined, once), code('artifact-changed', 'left alone'))
})
