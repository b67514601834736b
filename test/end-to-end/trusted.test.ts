// A whole release without a stored token for the index: exchanged, attested, read back, and a tampered attestation found.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { IndexFile } from '../../src/rehearsal/pypi/state.ts'
import { openRig, type Rig, type RunOptions } from '../support/rig.ts'

function trust(project: string, git: (args: readonly string[]) => string): void {
  const file = join(project, 'slipway.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^pypi:\n/m, 'pypi:\n  auth: trusted\n'))
  git(['commit', '--quiet', '--all', '--message', 'chore: publish by the identity of the job'])
}

describe('a release by a trusted publisher', () => {
  let rig: Rig
  before(async () => { rig = await openRig({ prepare: (project, { git }) => { trust(project, git) } }) })
  after(() => rig[Symbol.asyncDispose]())
  const job = (): Required<Pick<RunOptions, 'env'>> => ({ env: { ...rig.world.identity, PYPI_TOKEN: null, TESTPYPI_TOKEN: null } })
  const files = () => [...(rig.world.pypi.projects.get('oneflow-ai')?.releases.values() ?? [])].flatMap((release): { -readonly [Key in keyof IndexFile]: IndexFile[Key] }[] => release.files)

  test('is refused before it begins where there is no identity', async () => {
    const { code, stderr, stdout } = await rig.run(['release', 'minor', '--yes'], { env: { ...job().env, ACTIONS_ID_TOKEN_REQUEST_URL: null, ACTIONS_ID_TOKEN_REQUEST_TOKEN: null } as unknown as Record<string, string> })
    assert.equal(code, 2, stdout + stderr)
    assert.match(stderr, /ACTIONS_ID_TOKEN_REQUEST_TOKEN is not set.*as a trusted publisher/s)
    assert.deepEqual(files(), [])
  })

  test('uploads with tokens that the index gives, each file with an attestation that is read back', async () => {
    // Who uploads is then seen when the publish plan is made, in this job.
    const config = join(rig.project, 'slipway.yaml')
    writeFileSync(config, readFileSync(config, 'utf8').replace('auth: trusted', 'auth: auto'))
    rig.git(['commit', '--quiet', '--all', '--message', 'chore: publish as the job can'])
    rig.git(['push', '--quiet', 'origin', 'main'])
    const { code, stdout, stderr } = await rig.run(['release', 'minor', '--yes', '--wait', '1h', '--journal', 'remote'], job())
    assert.equal(code, 0, stdout + stderr)
    assert.deepEqual(files().map(({ provenance }) => provenance?.attestation_bundles[0]?.attestations.length), [1, 1])
    assert.equal(rig.world.sigstore.entries.size, 2)
    const minted = rig.world.pypi.tokens.filter(({ publisher }) => publisher !== undefined)
    assert.equal(minted.length, 1)
    for (const { token } of minted) assert.ok(!(stdout + stderr).includes(token))
    const served = rig.world.served.calls.filter(({ url }) => url.endsWith('/provenance')).map(({ status }) => status)
    assert.deepEqual(served, [200, 200])
  })

  test('verifies again for whoever asks, and a tampered attestation does not', async () => {
    const sound = await rig.run(['verify', '2.1.0'], job())
    assert.equal(sound.code, 0, sound.stdout + sound.stderr)
    const clone = join(rig.folder, 'stranger')
    rig.git(['clone', '--quiet', rig.world.remote, clone])
    const nobody = { folder: clone, env: { PYPI_TOKEN: null, TESTPYPI_TOKEN: null } }
    const elsewhere = await rig.run(['verify', '2.1.0', '--json'], nobody)
    assert.equal(elsewhere.code, 0, elsewhere.stdout + elsewhere.stderr)
    assert.equal(elsewhere.stdout.match(/attestation of oneflow_ai-2\.1\.0\S+: signed by https:/g)?.length, 2, elsewhere.stdout)
    const [file] = files()
    assert.ok(file?.provenance !== undefined)
    const text = JSON.stringify(file.provenance)
    const signature = /"signature":"([^"]+)"/.exec(text)?.[1] ?? ''
    file.provenance = JSON.parse(text.replace(signature, signature.replace(/^(.{12})./, (_, head: string) => `${head}${signature[12] === 'A' ? 'B' : 'A'}`))) as NonNullable<IndexFile['provenance']>
    const bad = await rig.run(['verify', '2.1.0'], job())
    assert.equal(bad.code, 1, bad.stdout + bad.stderr)
    const words = /The signature on the attestation of oneflow_ai-2\.1\.0\S+ does not hold/
    assert.match(bad.stdout + bad.stderr, words)
    const worse = await rig.run(['verify', '2.1.0'], nobody)
    assert.equal(worse.code, 1, worse.stdout + worse.stderr)
    assert.match(worse.stdout + worse.stderr, words)
  })
})

test('the rehearsal goes through an exchange that fails now and then, with its rollback', async () => {
  await using rig = await openRig({ prepare: (project, { git }) => { trust(project, git) } })
  const { code, stdout, stderr } = await rig.run(['rehearse', 'minor', '--faults', 'unsteady-publisher'], { env: { PYPI_TOKEN: null, TESTPYPI_TOKEN: null, SLIPWAY_WORLD: null } as unknown as Record<string, string> })
  assert.equal(code, 0, stdout.slice(-3000) + stderr)
})
