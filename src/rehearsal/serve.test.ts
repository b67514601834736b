// Tests of the served world.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
import { faultPlan } from './faults.ts'
import type { FaultRule } from './faults.ts'
import { serve } from './serve.ts'
import type { ServeOptions } from './serve.ts'
import { jsonReply } from './service.ts'
import type { Service } from './service.ts'

/** A service that counts what took effect and tells what it saw. */
function counter(): Service & { effects: string[] } {
  const effects: string[] = []
  return {
    effects,
    hosts: ['api.example.org', 'example.org'],
    async handle(call) {
      if (call.url.pathname === '/boom') throw new Error('the service broke')
      if (call.method !== 'GET') effects.push(`${call.method} ${call.url.href} ${Buffer.from(call.body).toString()}`)
      return { ...jsonReply(201, { saw: call.url.href, x: call.headers['x-test'], next: call.address('https://api.example.org/next{?page}') }, { 'x-own': 'yes' }), reason: 'Made – here' }
    },
  }
}

async function serving(options: Partial<ServeOptions> & { rules?: readonly FaultRule[] } = {}): Promise<{ world: Awaited<ReturnType<typeof serve>>; service: ReturnType<typeof counter>; faults: ReturnType<typeof faultPlan> }> {
  const service = counter()
  const faults = faultPlan(options.rules ?? [])
  return { service, faults, world: await serve({ services: [service], faults, ...options }) }
}

const rule = (more: Partial<FaultRule> & Pick<FaultRule, 'does'>): FaultRule => ({ host: 'api.example.org', path: '/', times: 1, ...more })

test('a service is called at its public address and gives loopback addresses', async () => {
  const { world, service } = await serving()
  await using _ = world
  const answer = await fetch(world.address('https://api.example.org/a%20b?c=d'), { method: 'POST', body: 'hello', headers: { 'x-test': 'seen' } })
  assert.equal(answer.status, 201)
  assert.equal(answer.statusText, 'Made ? here')
  assert.equal(answer.headers.get('x-own'), 'yes')
  assert.deepEqual(await answer.json(), { saw: 'https://api.example.org/a%20b?c=d', x: 'seen', next: `${world.origin}/api.example.org/next{?page}` })
  assert.deepEqual(service.effects, ['POST https://api.example.org/a%20b?c=d hello'])
  assert.deepEqual(world.calls, [{ method: 'POST', url: 'https://api.example.org/a%20b?c=d', status: 201 }])
  assert.deepEqual(world.routes, { 'api.example.org': `${world.origin}/api.example.org`, 'example.org': `${world.origin}/example.org` })
})

test('only addresses of known hosts are mapped', async () => {
  const { world } = await serving()
  await using _ = world
  for (const same of ['https://elsewhere.org/x', 'git@example.org:a/b.git', 'not an address', 'https://example.org.evil.com/']) assert.equal(world.address(same), same)
  assert.equal(world.address('https://example.org'), `${world.origin}/example.org/`)
  assert.equal((await fetch(`${world.origin}/elsewhere.org/x`)).status, 404)
  assert.deepEqual(world.calls, [])
})

test('HEAD has the headers of GET and no body', async () => {
  const { world } = await serving()
  await using _ = world
  const [head, get] = [await fetch(`${world.origin}/example.org/`, { method: 'HEAD' }), await fetch(`${world.origin}/example.org/`)]
  assert.equal(head.headers.get('content-length'), get.headers.get('content-length'))
  assert.equal(await head.text(), '')
  assert.deepEqual(world.calls.map((call) => call.method), ['HEAD', 'GET'])
})

test('a service that throws is a 500 with its message', async () => {
  const { world } = await serving()
  await using _ = world
  const answer = await fetch(`${world.origin}/example.org/boom`)
  assert.equal(answer.status, 500)
  assert.equal(await answer.text(), 'the service broke')
})

test('a taken port is an error that names it', async () => {
  const { world } = await serving()
  await using _ = world
  const port = Number(new URL(world.origin).port)
  await assert.rejects(serving({ port }), (error: Error & { code?: string }) => error.code === 'port-taken' && error.message.includes(String(port)))
})

test('nothing answers after close, and closing twice is fine', async () => {
  const { world } = await serving()
  await world.close()
  await world.close()
  await assert.rejects(fetch(`${world.origin}/example.org/`))
})

test('faults before the effect leave no effect, a dropped answer leaves one', async () => {
  const cases = [['refuse', 0], ['hang-before', 0], ['drop-after', 1]] as const
  for (const [does, effects] of cases) {
    const { world, service, faults } = await serving({ rules: [rule({ does })] })
    await using _ = world
    await assert.rejects(fetch(`${world.origin}/api.example.org/x`, { method: 'POST', body: 'b' }), does)
    assert.equal(service.effects.length, effects)
    assert.deepEqual(world.calls.map((call) => call.status), [0])
    assert.deepEqual(faults.fired.map((hit) => `${hit.method} ${hit.url}`), ['POST https://api.example.org/x'])
    assert.equal((await fetch(`${world.origin}/api.example.org/x`)).status, 201)
  }
})

test('a cut upload hands over half of the body and tells the length of the whole', async () => {
  const seen: unknown[] = []
  const service: Service = { hosts: ['example.org'], handle: async (call) => (seen.push([call.headers['content-length'], Buffer.from(call.body).toString()]), { status: 200 }) }
  await using world = await serve({ services: [service], faults: faultPlan([rule({ host: 'example.org', does: 'cut-upload' })]) })
  await assert.rejects(fetch(`${world.origin}/example.org/`, { method: 'PUT', body: '12345' }))
  assert.equal((await fetch(`${world.origin}/example.org/`, { method: 'PUT', body: '12345' })).status, 200)
  assert.deepEqual(seen, [['5', '12'], ['5', '12345']])
  assert.deepEqual(world.calls.map((call) => call.status), [0, 200])
})

test('a status fault answers in place of the service', async () => {
  const { world, service } = await serving({ rules: [rule({ does: { status: 429, reason: 'Slow down', headers: { 'retry-after': '1' }, body: 'later' } })] })
  await using _ = world
  const answer = await fetch(`${world.origin}/api.example.org/x`, { method: 'POST' })
  assert.deepEqual([answer.status, answer.statusText, answer.headers.get('retry-after'), await answer.text()], [429, 'Slow down', '1', 'later'])
  assert.deepEqual(service.effects, [])
})

test('a hook is told before and after the effect, and may cut there', async () => {
  const moments: string[] = []
  const seen: number[] = []
  const { world, service } = await serving({
    onCall(call, moment) {
      moments.push(`${moment} ${call.method} ${call.url}`)
      seen.push(service.effects.length)
      return moment === 'before' && call.url.endsWith('cut-before') ? 'cut' : moment === 'after' && call.url.endsWith('cut-after') ? 'cut' : undefined
    },
  })
  await using _ = world
  const send = (path: string): Promise<Response> => fetch(`${world.origin}/example.org/${path}`, { method: 'POST' })
  await send('fine')
  assert.deepEqual(moments, ['before POST https://example.org/fine', 'after POST https://example.org/fine'])
  await assert.rejects(send('cut-before'))
  await assert.rejects(send('cut-after'))
  assert.deepEqual(seen, [0, 1, 1, 1, 2])
})

test('a client may be killed around the effect, and the world lives on', async () => {
  for (const [moment, effects] of [['before', 0], ['after', 1]] as const) {
    let kill = (): void => undefined
    const { world, service } = await serving({
      onCall(call, now) {
        if (now !== moment || !call.url.endsWith('/die')) return undefined
        kill()
        return 'cut'
      },
    })
    await using _ = world
    const client = spawn(process.execPath, ['-e', `fetch('${world.origin}/example.org/die', { method: 'POST' })`], { stdio: 'ignore' })
    kill = () => void client.kill('SIGKILL')
    const [, signal] = await once(client, 'exit')
    assert.equal(signal, 'SIGKILL')
    assert.equal(service.effects.length, effects)
    assert.equal((await fetch(`${world.origin}/example.org/`)).status, 201)
  }
})

test('a request that is broken off has no effect', async () => {
  const { world, service } = await serving()
  await using _ = world
  const half = request(`${world.origin}/example.org/half`, { method: 'POST', headers: { 'content-length': 10 } })
  half.on('error', () => undefined)
  await new Promise<void>((resolve) => half.write('12345', () => resolve()))
  half.destroy()
  assert.equal((await fetch(`${world.origin}/example.org/`)).status, 201)
  assert.deepEqual(service.effects, [])
})
