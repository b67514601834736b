// Registries at the root of the world's origin, and uploads that break off.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultPlan } from '../faults.ts'
import type { FaultRule } from '../faults.ts'
import { serve } from '../serve.ts'
import type { Served } from '../serve.ts'
import type { Service } from '../service.ts'
import { contentsOf } from './arrange.ts'
import { closing, sendOver, sha256 } from './registry.rig.ts'
import type { Send } from './registry.rig.ts'
import { registryRules } from './rules.ts'
import type { RegistryRules } from './rules.ts'
import { registryService } from './service.ts'
import { createRegistryState } from './state.ts'
import type { RegistryState } from './state.ts'

const plain: Service = { hosts: ['example.org'], handle: async (call) => ({ status: 200, headers: { location: '/v2/here' }, body: call.url.href }) }
const tokens = [{ token: 'right', may: 'all' }] as const
const octets = { 'content-type': 'application/octet-stream' }

async function serving(rules: Readonly<Record<string, RegistryRules>>, faults: readonly FaultRule[] = []): Promise<AsyncDisposable & { readonly world: Served; readonly send: Send; readonly states: readonly RegistryState[] }> {
  const states = Object.entries(rules).map(([host, its]) => createRegistryState({ host, rules: its, tokens }))
  const world = await serve({ services: [plain, ...states.map((state) => registryService({ state }))], faults: faultPlan(faults) })
  return { world, states, send: sendOver(world.origin), [Symbol.asyncDispose]: world.close }
}

const open = { ...registryRules.oci, auth: 'none' } as const

test('the ping sends clients to a token service, which is that of the host in the scope', async () => {
  await using the = await serving({ 'ghcr.io': registryRules.ghcr, 'registry-1.docker.io': registryRules.hub })
  const { origin } = the.world
  const ping = await the.send('GET', '/v2/')
  assert.deepEqual([ping.status, ping.code], [401, 'UNAUTHORIZED'])
  assert.equal(ping.headers['www-authenticate'], `Bearer realm="${origin}/v2/token",service="${origin.slice('http://'.length)}"`)
  const authorization = `Basic ${Buffer.from('acme:right').toString('base64')}`
  for (const [host, realm] of [['ghcr.io', 'https://ghcr.io/token'], ['registry-1.docker.io', 'https://auth.docker.io/token']] as const) {
    const scope = `scope=repository:${host}/acme/app:pull,push`
    const answer = await the.send('GET', `/v2/token?${scope}`, { headers: { authorization } })
    assert.equal(the.world.calls.at(-1)?.url, `${realm}?${scope}`)
    const { token } = JSON.parse(Buffer.from(answer.bytes).toString())
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await the.send('GET', '/v2/', { headers })).status, 200)
    const opened = await the.send('POST', `/v2/${host}/acme/app/blobs/uploads/`, { headers })
    assert.equal(opened.status, 202)
    assert.equal((await the.send('PUT', closing(opened.headers['location']!, sha256('blob')), { body: 'blob', headers: { ...octets, ...headers } })).status, 201)
  }
  assert.deepEqual(the.states.map((state) => Object.keys(contentsOf(state))), [['acme/app'], ['acme/app']])
  assert.equal((await the.send('GET', '/v2/token', { headers: { authorization: 'Basic d3Jvbmc6d3Jvbmc=' } })).code, 'DENIED')
})

test('paths in answers are those of the root there, and the public ones elsewhere', async () => {
  await using the = await serving({ 'ghcr.io': open })
  const rooted = await the.send('POST', '/v2/ghcr.io/acme/app/blobs/uploads/')
  assert.match(rooted.headers['location']!, /^\/v2\/ghcr\.io\/acme\/app\/blobs\/uploads\//)
  const hosted = await the.send('POST', '/ghcr.io/v2/acme/app/blobs/uploads/')
  assert.match(hosted.headers['location']!, /^\/v2\/acme\/app\/blobs\/uploads\//)
  assert.deepEqual(the.world.calls.map(({ method, url, status }) => `${method} ${url} ${status}`), Array(2).fill('POST https://ghcr.io/v2/acme/app/blobs/uploads/ 202'))
  assert.equal((await the.send('GET', '/example.org/x')).headers['location'], '/v2/here')
})

test('a root without challenges is that of the first registry, and without registries there is none', async () => {
  await using none = await serving({ 'ghcr.io': open })
  assert.equal((await none.send('GET', '/v2/')).status, 200)
  assert.match(Buffer.from((await none.send('GET', '/v2/r.example.org/acme/app/tags/list')).bytes).toString(), /No registry r\.example\.org is served here; known are ghcr\.io/)
  await using basic = await serving({ 'ghcr.io': { ...registryRules.oci, auth: 'basic' } })
  assert.equal((await basic.send('GET', '/v2/')).headers['www-authenticate'], 'Basic realm="ghcr.io"')
  await using nothing = await serving({})
  assert.equal((await nothing.send('GET', '/v2/')).status, 404)
})

test('a chunk that breaks off in the middle is half there, and the upload goes on from that', async () => {
  await using the = await serving({ 'ghcr.io': open }, [{ host: 'ghcr.io', method: 'PATCH', path: '/v2/', times: 1, does: 'cut-upload' }])
  const location = (await the.send('POST', '/v2/ghcr.io/acme/app/blobs/uploads/')).headers['location']!
  await assert.rejects(the.send('PATCH', location, { body: 'hello world', headers: { ...octets, 'content-range': '0-10' } }))
  assert.equal((await the.send('GET', location)).headers['range'], '0-4')
  assert.equal((await the.send('PATCH', location, { body: ' world', headers: { ...octets, 'content-range': '5-10' } })).status, 202)
  assert.equal((await the.send('PUT', closing(location, sha256('hello world')))).status, 201)
})

test('a blob that breaks off in one request is not there', async () => {
  await using the = await serving({ 'ghcr.io': open }, [{ host: 'ghcr.io', method: 'PUT', path: '/v2/', times: 1, does: 'cut-upload' }])
  const location = (await the.send('POST', '/v2/ghcr.io/acme/app/blobs/uploads/')).headers['location']!
  await assert.rejects(the.send('PUT', closing(location, sha256('hello')), { body: 'hello world', headers: octets }))
  assert.deepEqual(contentsOf(the.states[0]!), {})
})
