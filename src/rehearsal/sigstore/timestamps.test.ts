// The rehearsed timestamp authority: proved by openssl as by any client of RFC 3161, and by what it refuses.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Reply } from '../service.ts'
import { sigstoreService } from './service.ts'
import { createSigstoreState } from './state.ts'

const now = new Date('2026-11-22T10:00:00.750Z')
const service = sigstoreService(createSigstoreState({ now: () => now, tokens: [], job: { repository: 'acme/app' } }))
const folder = mkdtempSync(join(tmpdir(), 'timestamps-'))
after(() => { rmSync(folder, { recursive: true }) })

const DER = 'application/timestamp-query'
const call = (body: Uint8Array | string, { type = DER, method = 'POST', path = '/api/v1/timestamp' } = {}): Promise<Reply> => service.handle({
  method, url: new URL(`https://timestamp.sigstore.dev${path}`), headers: { 'content-type': type }, body: typeof body === 'string' ? new TextEncoder().encode(body) : body, address: (url) => url,
})
const said = ({ status, body }: Reply): readonly [number, string] => [status, (JSON.parse(String(body)) as { message: string }).message]
const file = (name: string): string => join(folder, name)
const openssl = (...args: readonly string[]): string => execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

test('openssl believes a timestamp, of its own query and with and without a certificate in it, on the clock of the rehearsal', { skip: spawnSync('openssl', ['version']).status === 0 ? false : 'there is no openssl here' }, async () => {
  writeFileSync(file('data'), 'signature')
  const [leaf = '', root = ''] = String((await call('', { method: 'GET', path: '/api/v1/timestamp/certchain' })).body).split(/(?<=-----END CERTIFICATE-----\n)/)
  writeFileSync(file('leaf.pem'), leaf)
  writeFileSync(file('root.pem'), root)
  for (const [hash, ...certificates] of [['-sha256'], ['-sha512', '-cert']] as const) {
    openssl('ts', '-query', '-data', file('data'), hash, '-no_nonce', ...certificates, '-out', file('query'))
    const { status, headers, body } = await call(readFileSync(file('query')))
    assert.deepEqual([status, headers], [201, { 'content-type': 'application/timestamp-reply' }])
    writeFileSync(file('reply'), body as Uint8Array)
    assert.match(openssl('ts', '-reply', '-in', file('reply'), '-text'), /Status: Granted\.[\s\S]*Time stamp: Nov 22 10:00:00 2026 GMT/)
    const believed = (...what: readonly string[]) => openssl('ts', '-verify', ...what, '-in', file('reply'), '-CAfile', file('root.pem'), '-untrusted', file('leaf.pem'))
    assert.match(believed('-queryfile', file('query')), /Verification: OK/)
    assert.match(believed('-data', file('data')), /Verification: OK/)
    writeFileSync(file('other'), 'another signature')
    assert.throws(() => believed('-data', file('other')), /message imprint mismatch/)
  }
})

test('what is no query, weak, cut short or of another type is refused in the words of Sigstore\'s authority', async () => {
  const hash = createHash('sha256').update('x').digest('base64')
  const json = (change: object) => call(JSON.stringify({ artifactHash: hash, hashAlgorithm: 'sha256', ...change }), { type: 'application/json' })
  assert.equal((await json({})).status, 201)
  assert.deepEqual(said(await json({ hashAlgorithm: 'sha1' })), [400, 'Weak hash algorithm in timestamp request'])
  assert.deepEqual(said(await json({ artifactHash: 'AAAA' })), [400, 'Message digest has incorrect length for specified algorithm'])
  for (const bad of [await json({ hashAlgorithm: 'md5' }), await call('no json', { type: 'application/json' }), await call('no query'), await call(Buffer.from('3036020101', 'hex'))]) {
    assert.deepEqual(said(bad), [400, 'Error generating timestamp response'])
  }
  assert.equal((await call('', { type: 'text/plain' })).status, 415)
  assert.equal((await call('', { method: 'GET' })).status, 405)
  assert.equal((await call('', { path: '/other' })).status, 404)
})
