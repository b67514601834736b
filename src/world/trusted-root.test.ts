// Tests of the trusted root: given, asked for, or kept from before.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SlipwayError } from '../model/error.ts'
import { openTrustedRoot } from './trusted-root.ts'

const folder = mkdtempSync(join(tmpdir(), 'slipway-root-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const ROOT = { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1', tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] }
const unheard = async (): Promise<never> => { throw new Error('no such host name') }
const isError = (code: string, detail?: string) => (error: unknown): boolean => error instanceof SlipwayError && error.code === code && error.problems[0].detail === detail && error.problems[0].hint !== undefined

test('a given root is used as it is, and nobody is asked', async () => {
  assert.deepEqual(await openTrustedRoot({ given: JSON.stringify(ROOT), cache: folder, ask: unheard })(), ROOT)
  for (const given of ['', '{', '[]', 'null', '{}', '{"tlogs":[]}']) await assert.rejects(openTrustedRoot({ given, cache: folder, ask: unheard })(), isError('usage'))
})

test('the public root is asked for once', async () => {
  const asked: string[] = []
  const root = openTrustedRoot({ cache: folder, ask: async (cache) => { asked.push(cache); return ROOT } })
  assert.deepEqual([await root(), await root()], [ROOT, ROOT])
  assert.deepEqual(asked, [folder])
})

test('without an answer the last root that was kept counts, and without one there is an error that says so', async () => {
  const root = openTrustedRoot({ cache: folder, ask: unheard })
  await assert.rejects(root(), isError('remote-unreachable', 'no such host name'))
  const targets = join(folder, 'tuf-repo-cdn.sigstore.dev', 'targets')
  mkdirSync(targets, { recursive: true })
  writeFileSync(join(targets, 'trusted_root.json'), 'half a fi')
  await assert.rejects(root(), isError('remote-unreachable', 'no such host name'))
  writeFileSync(join(targets, 'trusted_root.json'), JSON.stringify(ROOT))
  assert.deepEqual(await root(), ROOT)
})
