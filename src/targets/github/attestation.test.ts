// Tests the kind github.attestation over real http against the rehearsal's GitHub.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookOnly } from '../../world/readonly.ts'
import { githubAttestation } from './attestation.ts'
import { access, code, forge, KEY, once, type Forge } from './forge.rig.ts'
import { bundleText } from './supply.fixture.ts'

async function inputFor({ artifact, keep }: Forge, text = bundleText({ subject: artifact.sha256 })) {
  return githubAttestation.input.parse({ ...access, subject: artifact.sha256, name: 'one-1.1.0.tar.gz.sigstore.json', bundle: await keep(text) })
}

test('a bundle is given once and is found again by what was signed', async (t) => {
  const here = await forge(t)
  const look = lookOnly(here.world)
  const input = await inputFor(here)
  assert.deepEqual(await githubAttestation.probe(look, input, KEY), { state: 'absent' })
  const output = await githubAttestation.apply!(here.world, input, once)
  assert.deepEqual(await githubAttestation.probe(look, input, 'another key'), { state: 'present', output }, 'whoever gave it')
  assert.deepEqual(here.state.attestations.map(({ subjects }) => subjects), [[here.artifact.sha256]])
  // GitHub may write a bundle anew.
  const [kept] = here.state.attestations
  const { dsseEnvelope, ...rest } = kept!.bundle as { dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] } }
  const { payload, payloadType, signatures } = dsseEnvelope
  here.state.attestations[0] = { ...kept!, bundle: { dsseEnvelope: { signatures: signatures.map(({ sig }) => ({ sig })), payloadType, payload }, ...rest } }
  assert.deepEqual(await githubAttestation.probe(look, input, KEY), { state: 'present', output })
})

test('an attestation of somebody else about the same bytes is not ours, on whatever page it stands', async (t) => {
  const here = await forge(t)
  const look = lookOnly(here.world)
  const input = await inputFor(here)
  const foreign = await inputFor(here, bundleText({ subject: here.artifact.sha256, signature: 'b3RoZXI=' }))
  await githubAttestation.apply!(here.world, foreign, once)
  assert.deepEqual(await githubAttestation.probe(look, input, KEY), { state: 'absent' })
  const output = await githubAttestation.apply!(here.world, input, once)
  for (let count = 0; count < 120; count++) here.state.attestations.push({ ...here.state.attestations[0]!, id: 1000 + count })
  assert.deepEqual(await githubAttestation.probe(look, input, KEY), { state: 'present', output }, 'ours is on the second page')
  assert.equal(here.served.calls.filter(({ url }) => url.includes('after=')).length, 1)
})

test('attestations that are listed but not shown leave it open whether ours is among them', async (t) => {
  const here = await forge(t)
  const input = await inputFor(here)
  await githubAttestation.apply!(here.world, input, once)
  const { http } = here.world
  const hiding = { ...here.world, http: async (request: Parameters<typeof http>[0]) => {
    const answer = await http(request)
    return { ...answer, body: new TextEncoder().encode(new TextDecoder().decode(answer.body).replace(/"bundle":\{.*?\}\]\}\},/s, '')) }
  } }
  const probe = await githubAttestation.probe(hiding, input, KEY)
  assert.ok(probe.state === 'unknown' && probe.blind, JSON.stringify(probe))
})

test('a token or a repository without the right is refused with both remedies', async (t) => {
  const reader = await forge(t, { grant: { login: 'reader', rights: { contents: 'write' } } })
  const remedy = 'Attestations: write» for acme/oneflow, or check that `github.repository` is right. In a workflow it is the permission `attestations: write`. Attestations of a private repository need an Enterprise plan; without it set `github.attestations: false`'
  await assert.rejects(githubAttestation.apply!(reader.world, await inputFor(reader), once), code('right-missing', remedy))
  const owner = await forge(t)
  owner.state.attestable = false
  await assert.rejects(githubAttestation.apply!(owner.world, await inputFor(owner), once), code('right-missing', 'user-owned private repositories'))
  assert.deepEqual([reader.state.attestations, owner.state.attestations], [[], []])
})

test('what is no signed statement is refused before anything is sent', async (t) => {
  const here = await forge(t)
  for (const text of ['{}', 'no JSON', JSON.stringify({ messageSignature: {} })]) {
    await assert.rejects(githubAttestation.apply!(here.world, await inputFor(here, text), once), code('signature-invalid', 'one-1.1.0.tar.gz.sigstore.json'))
  }
  const missing = { ...await inputFor(here), bundle: { sha256: `sha256:${'0'.repeat(64)}` as const, size: 3 } }
  await assert.rejects(githubAttestation.apply!(here.world, missing, once), code('artifact-missing'))
  assert.deepEqual(here.served.calls, [])
})
