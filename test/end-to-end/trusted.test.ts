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
    const { code, stdout, stderr } = await rig.run(['release', 'minor', '--yes', '--wait', '1h'], job())
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
    const [file] = files()
    assert.ok(file?.provenance !== undefined)
    const text = JSON.stringify(file.provenance)
    const signature = /"signature":"([^"]+)"/.exec(text)?.[1] ?? ''
    file.provenance = JSON.parse(text.replace(signature, signature.replace(/^(.{12})./, (_, head: string) => `${head}${signature[12] === 'A' ? 'B' : 'A'}`))) as NonNullable<IndexFile['provenance']>
    const bad = await rig.run(['verify', '2.1.0'], job())
    assert.equal(bad.code, 1, bad.stdout + bad.stderr)
    assert.match(bad.stdout + bad.stderr, /The signature on the attestation of oneflow_ai-2\.1\.0\S+ does not hold/)
  })
})

test('the rehearsal goes through an exchange that fails now and then, with its rollback', async () => {
  await using rig = await openRig({ prepare: (project, { git }) => { trust(project, git) } })
  const { code, stdout, stderr } = await rig.run(['rehearse', 'minor', '--faults', 'unsteady-publisher'], { env: { PYPI_TOKEN: null, TESTPYPI_TOKEN: null, SLIPWAY_WORLD: null } as unknown as Record<string, string> })
  assert.equal(code, 0, stdout.slice(-3000) + stderr)
})
