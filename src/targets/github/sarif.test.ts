// Tests the kind github.sarif over real http against the rehearsal's GitHub.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SlipwayError } from '../../model/error.ts'
import { lookOnly } from '../../world/readonly.ts'
import { access, code, forge, KEY, once, type Forge } from './forge.rig.ts'
import { githubSarif } from './sarif.ts'
import { sarifText } from './supply.fixture.ts'

async function inputFor({ commit, keep }: Forge, text = sarifText(2)) {
  return githubSarif.input.parse({ ...access, commit, ref: 'refs/heads/main', category: 'slipway/oneflow', name: 'oneflow-1.1.0.sarif', sarif: await keep(text) })
}

test('findings are given in a category of their own and are found again', async (t) => {
  const here = await forge(t)
  const look = lookOnly(here.world)
  const input = await inputFor(here, sarifText(2, 0))
  assert.deepEqual(await githubSarif.probe(look, input, KEY), { state: 'absent' }, 'GitHub says 404 where nothing was ever analysed')
  const output = await githubSarif.apply!(here.world, input, once)
  assert.deepEqual(await githubSarif.probe(look, input, KEY), { state: 'present', output })
  assert.deepEqual(here.state.scans.map(({ commit, ref }) => [commit, ref]), [[here.commit, 'refs/heads/main']])
  assert.deepEqual(here.state.scans[0]?.analyses.map(({ category, results, tool }) => [category, results, tool.name]), [['slipway/oneflow', 2, 'Slipway (osv)'], ['slipway/oneflow/2', 0, 'Slipway (osv)']])
})

test('analyses of another commit, category, branch or outcome are not ours', async (t) => {
  const here = await forge(t)
  const look = lookOnly(here.world)
  const input = await inputFor(here)
  const more = await here.pushMore()
  for (const other of [{ commit: more }, { category: 'slipway/another' }, { ref: 'refs/heads/release/v1.1.0' }, await inputFor(here, sarifText(3))]) {
    await githubSarif.apply!(here.world, { ...input, ...other }, once)
    assert.deepEqual(await githubSarif.probe(look, input, KEY), { state: 'absent' }, JSON.stringify(other))
  }
  await githubSarif.apply!(here.world, input, once)
  assert.equal((await githubSarif.probe(look, input, KEY)).state, 'present')
})

test('an upload that GitHub has not read yet is waited for, and one that it cannot read is told', async (t) => {
  const here = await forge(t)
  const input = await inputFor(here)
  here.state.scansEnd = 'pending'
  await githubSarif.apply!(here.world, input, once)
  assert.deepEqual(await githubSarif.probe(lookOnly(here.world), input, KEY), { state: 'absent' })
  assert.ok((githubSarif.settlesWithin ?? 0) > 0)
  here.state.scansEnd = 'failed'
  await assert.rejects(githubSarif.apply!(here.world, input, once), (error: unknown) => error instanceof Error && !(error instanceof SlipwayError) && error.message.includes('could not process the submitted SARIF file'))
})

test('a token without the right and code scanning that is off are refused with both remedies', async (t) => {
  const reader = await forge(t, { grant: { login: 'reader', rights: { contents: 'write' } } })
  await assert.rejects(githubSarif.apply!(reader.world, await inputFor(reader), once), code('right-missing', 'Code scanning alerts: write'))
  await assert.rejects(githubSarif.probe(lookOnly(reader.world), await inputFor(reader), KEY), code('right-missing', 'Code scanning alerts: read'))
  const off = await forge(t)
  off.state.codeScanning = false
  await assert.rejects(githubSarif.apply!(off.world, await inputFor(off), once), code('right-missing', 'GitHub Code Security; without it leave `scan.sarif` out'))
  assert.deepEqual([reader.state.scans, off.state.scans], [[], []])
})

test('what is no SARIF is refused before anything is sent', async (t) => {
  const here = await forge(t)
  for (const text of ['no JSON', '{}', '{"version":"2.1.0","runs":[]}']) {
    await assert.rejects(githubSarif.apply!(here.world, await inputFor(here, text), once), code('scan-unreadable', 'oneflow-1.1.0.sarif'))
  }
  assert.deepEqual(here.served.calls, [])
})
