// Who is let in to a registry, and how clients are told to ask.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { image, MANIFEST, sendTo, sha256 } from './registry.rig.ts'
import type { Got, Send } from './registry.rig.ts'
import { plantTag } from './arrange.ts'
import { registryRules } from './rules.ts'
import type { RegistryRules } from './rules.ts'
import { registryService } from './service.ts'
import { createRegistryState, makePrivate, storeBlob } from './state.ts'
import type { RegistryState, RegistryToken } from './state.ts'

const TOKENS: readonly RegistryToken[] = [
  { token: 'owner', user: 'acme', may: 'all' }, { token: 'team', may: ['acme/*'], reads: [] }, { token: 'reader', may: [] }, { token: 'outsider', may: ['other/app'], reads: ['other/app'] },
]

interface Rig {
  readonly state: RegistryState
  readonly send: Send
  readonly clock: { now: Date }
}

function rig(rules: RegistryRules, host = 'ghcr.io'): Rig {
  const clock = { now: new Date('2026-01-01T00:00:00Z') }
  const state = createRegistryState({ host, rules, now: () => clock.now, tokens: TOKENS })
  return { state, clock, send: sendTo(registryService({ state }), host) }
}

const basic = (token: string, user = 'acme'): string => `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`
const said = ({ status, code }: Got): string => `${status} ${code ?? ''}`.trim()
const upload = '/v2/acme/app/blobs/uploads/'

async function bearer({ send }: Rig, scope: string, authorization?: string): Promise<string> {
  const got = await send('GET', `/token?service=ghcr.io&scope=${scope}`, authorization === undefined ? {} : { headers: { authorization } })
  assert.equal(got.status, 200)
  return `Bearer ${(JSON.parse(Buffer.from(got.bytes).toString()) as { token: string }).token}`
}

const asking = (authorization: string, more: Record<string, string> = {}) => ({ headers: { authorization, ...more } })

test('the challenge says where to ask for which token', async () => {
  const ghcr = rig(registryRules.ghcr)
  const ping = await ghcr.send('GET', '/v2/')
  assert.deepEqual([said(ping), ping.headers['www-authenticate']], ['401 UNAUTHORIZED', 'Bearer realm="https://ghcr.io/token",service="ghcr.io"'])
  assert.equal((await ghcr.send('POST', upload)).headers['www-authenticate'], 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:acme/app:pull,push"')
  assert.equal((await ghcr.send('GET', '/v2/acme/app/tags/list')).headers['www-authenticate'], 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:acme/app:pull"')
  const hub = rig(registryRules.hub, 'registry-1.docker.io')
  assert.equal((await hub.send('GET', '/v2/')).headers['www-authenticate'], 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"')
  assert.equal((await hub.send('GET', 'https://auth.docker.io/token?service=registry.docker.io')).status, 200)
  assert.equal((await hub.send('GET', 'https://auth.docker.io/v2/')).status, 404)
})

test('a password gives a token that opens what was asked for, for a while', async () => {
  const the = rig(registryRules.ghcr)
  const token = await bearer(the, 'repository:acme/app:pull,push', basic('owner'))
  assert.equal((await the.send('GET', '/v2/', asking(token))).status, 200)
  assert.equal((await the.send('POST', upload, asking(token))).status, 202)
  const elsewhere = await the.send('POST', '/v2/acme/other/blobs/uploads/', asking(token))
  assert.equal(said(elsewhere), '401 UNAUTHORIZED')
  assert.match(elsewhere.headers['www-authenticate']!, /scope="repository:acme\/other:pull,push",error="insufficient_scope"/)
  the.clock.now = new Date('2026-01-01T00:06:00Z')
  const late = await the.send('POST', upload, asking(token))
  assert.equal(said(late), '401 UNAUTHORIZED')
  assert.match(late.headers['www-authenticate']!, /error="invalid_token"/)
})

test('scopes are taken with the host before the name, several at once, and with a star', async () => {
  const the = rig({ ...registryRules.ghcr, deletes: 'tags' })
  const token = await bearer(the, 'repository:ghcr.io/acme/app:push&scope=repository:acme/b:pull%20repository:acme/c:*', basic('owner'))
  assert.equal((await the.send('POST', upload, asking(token))).status, 202)
  assert.equal(said(await the.send('GET', '/v2/acme/app/tags/list', asking(token))), '401 UNAUTHORIZED')
  assert.equal(said(await the.send('GET', '/v2/acme/b/tags/list', asking(token))), '404 NAME_UNKNOWN')
  assert.equal(said(await the.send('DELETE', '/v2/acme/c/manifests/1.0', asking(token))), '404 MANIFEST_UNKNOWN')
})

test('a wrong password is refused at the token service, and so is a token that nobody gave', async () => {
  const the = rig(registryRules.ghcr)
  for (const authorization of [basic('wrong'), basic('owner', 'somebody'), 'Basic', 'Bearer owner']) {
    assert.equal(said(await the.send('GET', '/token?scope=repository:acme/app:pull', asking(authorization))), '403 DENIED', authorization)
    assert.equal(said(await rig({ ...registryRules.ghcr, wrongPassword: 'UNAUTHORIZED' }).send('GET', '/token?scope=repository:acme/app:pull', asking(authorization))), '401 UNAUTHORIZED', authorization)
  }
  for (const authorization of ['Bearer owner', basic('owner')]) assert.equal(said(await the.send('POST', upload, asking(authorization))), '401 UNAUTHORIZED', authorization)
  assert.equal(said(await the.send('POST', '/token')), '405 UNSUPPORTED')
  assert.equal(the.state.repositories.size, 0)
})

test('who has no right is denied, and nothing changes', async () => {
  const the = rig(registryRules.ghcr)
  for (const [token, wanted] of [['reader', '403 DENIED'], ['outsider', '403 DENIED'], ['team', '202']] as const) {
    const given = await bearer(the, 'repository:acme/app:pull,push', basic(token, 'anybody'))
    assert.equal(said(await the.send('POST', upload, asking(given))), wanted, token)
  }
  const given = await bearer(the, 'repository:acme/app:pull', basic('outsider', 'anybody'))
  assert.equal(said(await the.send('GET', '/v2/acme/app/tags/list', asking(given))), '403 DENIED')
})

test('everybody reads what is public, with a token that everybody is given or with none', async () => {
  const read = (the: Rig, more: Record<string, string> = {}): Promise<Got> => the.send('GET', '/v2/acme/app/manifests/1.0', { headers: { accept: MANIFEST, ...more } })
  const ghcr = rig(registryRules.ghcr)
  plantTag(ghcr.state, 'acme/app', { tag: '1.0' })
  assert.equal(said(await read(ghcr)), '401 UNAUTHORIZED')
  const token = await bearer(ghcr, 'repository:acme/app:pull,push')
  assert.equal((await read(ghcr, { authorization: token })).status, 200)
  assert.equal(said(await ghcr.send('POST', upload, asking(token))), '401 UNAUTHORIZED')
  const oci = rig(registryRules.oci)
  plantTag(oci.state, 'acme/app', { tag: '1.0' })
  assert.equal((await read(oci)).status, 200)
  assert.equal(said(await oci.send('POST', upload)), '401 UNAUTHORIZED')
  makePrivate(oci.state, 'acme/app')
  assert.equal(said(await read(oci)), '401 UNAUTHORIZED')
  assert.equal(said(await read(oci, { authorization: await bearer(oci, 'repository:acme/app:pull') })), '401 UNAUTHORIZED')
  for (const [who, wanted] of [['owner', '200'], ['team', '200'], ['reader', '200'], ['outsider', '403 DENIED']] as const) {
    assert.equal(said(await read(oci, { authorization: await bearer(oci, 'repository:acme/app:pull', basic(who)) })), wanted, who)
  }
})

test('a blob is mounted only from where it may be read', async () => {
  const the = rig(registryRules.ghcr)
  storeBlob(the.state, 'acme/base', Buffer.from('blob'))
  const mount = (authorization: string): Promise<Got> => the.send('POST', `${upload}?mount=${sha256('blob')}&from=ghcr.io/acme/base`, asking(authorization))
  assert.equal((await mount(await bearer(the, 'repository:acme/app:push', basic('owner')))).status, 202)
  assert.equal((await mount(await bearer(the, 'repository:acme/app:push&scope=repository:acme/base:pull', basic('owner')))).status, 201)
})

test('a registry without a token service takes the password on each request', async () => {
  const the = rig({ ...registryRules.oci, auth: 'basic' })
  const ping = await the.send('GET', '/v2/')
  assert.deepEqual([said(ping), ping.headers['www-authenticate']], ['401 UNAUTHORIZED', 'Basic realm="ghcr.io"'])
  assert.equal((await the.send('GET', '/v2/', asking(basic('owner')))).status, 200)
  assert.equal((await the.send('POST', upload, asking(basic('owner')))).status, 202)
  assert.equal(said(await the.send('POST', upload, asking(basic('wrong')))), '401 UNAUTHORIZED')
  assert.equal(said(await the.send('POST', upload)), '401 UNAUTHORIZED')
  assert.equal(said(await the.send('POST', upload, asking(basic('reader')))), '403 DENIED')
  plantTag(the.state, 'acme/app', { tag: '1.0' })
  const accept = { headers: { accept: MANIFEST } }
  assert.equal((await the.send('GET', '/v2/acme/app/manifests/1.0', accept)).status, 200)
  makePrivate(the.state, 'acme/app')
  assert.equal(said(await the.send('GET', '/v2/acme/app/manifests/1.0', accept)), '401 UNAUTHORIZED')
  assert.equal((await the.send('GET', '/token')).status, 404)
})

test('nobody in particular pushes or deletes nothing', async () => {
  const the = rig(registryRules.ghcr)
  const { manifest } = image('one')
  assert.equal(said(await the.send('PUT', '/v2/acme/app/manifests/1.0', { body: manifest, headers: { 'content-type': MANIFEST } })), '401 UNAUTHORIZED')
  assert.equal(said(await the.send('DELETE', '/v2/acme/app/manifests/1.0')), '401 UNAUTHORIZED')
  assert.equal(the.state.repositories.size, 0)
})
