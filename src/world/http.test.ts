// Tests of World.http against real servers on loopback: bodies, redirects, routes.
import assert from 'node:assert/strict'
import { buffer, text } from 'node:stream/consumers'
import { test } from 'node:test'
import { bodyText } from '../model/http.ts'
import { SlipwayError } from '../model/error.ts'
import { openHttp } from './http.ts'
import { serve } from './test-rig.ts'
import type { Body } from '../model/world.ts'

const http = openHttp({ version: '1.2.3' })

test('a body is sent with its length and progress ends at the whole of it', async () => {
  await using server = await serve((request, response) => {
    void text(request).then((got) => response.end(JSON.stringify([request.headers['content-length'], request.headers['transfer-encoding'] ?? null, request.headers['user-agent'], got])))
  })
  const told: number[] = []
  const answer = await http({ method: 'POST', url: server.url, body: 'hüllo', progress: (done, total) => told.push(done, total) })
  assert.deepEqual(JSON.parse(bodyText(answer)), ['6', null, 'slipway/1.2.3', 'hüllo'])
  assert.deepEqual(told, [6, 6])
})

test('a write without a body says that its length is zero', async () => {
  await using server = await serve((request, response) => response.end(String(request.headers['content-length'])))
  assert.equal(bodyText(await http({ method: 'POST', url: server.url })), '0')
  assert.equal(bodyText(await http({ method: 'GET', url: server.url })), 'undefined')
})

test('a body is taken no faster than the other side reads it', async () => {
  let given = 0
  let got = 0
  let lead = 0
  const piece = Buffer.alloc(1024 * 1024)
  const body: Body = { length: 128 * piece.length, async *open() { for (; given < 128; given += 1) yield piece } }
  await using server = await serve((request, response) => {
    request.on('data', (data: Buffer) => {
      got += data.length
      lead = Math.max(lead, given * piece.length - got)
    })
    request.on('end', () => response.end())
  })
  assert.equal((await http({ method: 'PUT', url: server.url, body })).status, 200)
  assert.equal(got, body.length)
  // What lies between is in the kernel's buffers, a few megabytes.
  assert.ok(lead < 32 * piece.length, `${lead} bytes were taken before anybody read them`)
})

test('an early refusal is read whole and ends the sending', async () => {
  for (let turn = 0; turn < 20; turn += 1) {
    await using server = await serve((_request, response) => {
      response.writeHead(413, 'Too large for us', { connection: 'close' })
      response.end('at most 1 MB')
    })
    let given = 0
    const body: Body = { length: 1024 ** 3, async *open() { for (; given < 1024; given += 1) yield Buffer.alloc(1024 * 1024) } }
    const answer = await http({ method: 'POST', url: server.url, body })
    assert.deepEqual([answer.status, answer.reason, bodyText(answer)], [413, 'Too large for us', 'at most 1 MB'])
    assert.ok(given < 512, `${given} MiB were still sent`)
  }
})

test('a success that comes early does not cut the body short', async () => {
  let got = 0
  await using server = await serve((request, response) => {
    response.writeHead(200)
    response.flushHeaders()
    void buffer(request).then((all) => {
      got = all.length
      response.end()
    })
  })
  const body: Body = { length: 8 * 1024 * 1024, async *open() { for (let at = 0; at < 8; at += 1) yield Buffer.alloc(1024 * 1024) } }
  assert.equal((await http({ method: 'PUT', url: server.url, body })).status, 200)
  assert.equal(got, body.length)
})

test('a body that fails or has another length never completes at the server, and its own error comes out', async () => {
  let complete = 0
  await using server = await serve((request, response) => {
    request.on('error', () => undefined)
    request.on('data', () => undefined)
    request.on('end', () => {
      complete += 1
      response.end()
    })
  })
  const failing: Body = { length: 10, async *open() { yield Buffer.from('12345'); throw new SlipwayError({ code: 'artifact-changed', message: 'changed' }) } }
  await assert.rejects(http({ method: 'POST', url: server.url, body: failing }), { code: 'artifact-changed' })
  for (const length of [4, 6]) {
    const wrong: Body = { length, async *open() { yield Buffer.from('12345') } }
    await assert.rejects(http({ method: 'POST', url: server.url, body: wrong }), /request body of/)
  }
  assert.equal(complete, 0)
})

test('credentials and unknown headers stay at the origin when a read is redirected elsewhere', async () => {
  await using other = await serve((request, response) => response.end(JSON.stringify(request.headers)))
  await using server = await serve((request, response) => {
    if (request.url === '/end') return void response.end(JSON.stringify(request.headers))
    response.writeHead(302, { location: request.url === '/near' ? '/end' : `${other.url}/` })
    response.end()
  })
  const headers = { Authorization: 'Bearer x', Cookie: 'a=b', 'Private-Token': 't', 'X-Own': 'y', Accept: 'text/plain' }
  const far = JSON.parse(bodyText(await http({ method: 'GET', url: `${server.url}/far`, headers }))) as Record<string, string>
  const near = JSON.parse(bodyText(await http({ method: 'GET', url: `${server.url}/near`, headers }))) as Record<string, string>
  assert.deepEqual([far['authorization'], far['cookie'], far['private-token'], far['x-own'], far['accept']], [undefined, undefined, undefined, undefined, 'text/plain'])
  assert.deepEqual([near['authorization'], near['private-token'], near['x-own']], ['Bearer x', 't', 'y'])
})

test('a redirect of a write is an answer like any other, and a read follows five at most', async () => {
  let asked = 0
  await using server = await serve((_request, response) => {
    asked += 1
    response.writeHead(307, { location: '/again?token=hidden' })
    response.end()
  })
  assert.equal((await http({ method: 'POST', url: server.url, body: 'x' })).status, 307)
  assert.equal(asked, 1)
  await assert.rejects(http({ method: 'GET', url: server.url }), (error: Error) => /redirected more than 5 times/.test(error.message) && !error.message.includes('hidden'))
  assert.equal(asked, 7)
})

test('a route serves a public host, and the redirects of the server are seen as public ones', async () => {
  const asked: string[] = []
  await using server = await serve((request, response) => {
    asked.push(`${request.url} ${request.headers['authorization']}`)
    if (request.url === '/pypi.org/a') response.writeHead(301, { location: '/b?x=1' })
    if (request.url === '/pypi.org/b?x=1') response.writeHead(301, { location: `${server.url}/pypi.org/c` })
    if (request.url === '/pypi.org/c') response.writeHead(301, { location: 'http://pypi.org/d' })
    response.end()
  })
  const routed = openHttp({ version: '1', routes: { 'pypi.org': `${server.url}/pypi.org` } })
  await assert.rejects(routed({ method: 'GET', url: 'https://pypi.org/a', headers: { authorization: 'Basic z' } }), /pypi\.org redirected from https to http/)
  assert.deepEqual(asked, ['/pypi.org/a Basic z', '/pypi.org/b?x=1 Basic z', '/pypi.org/c Basic z'])
})

test('a read survives a kept connection that the server has closed; a write never uses one', async () => {
  const sockets = new Set<unknown>()
  const turnedAway: (string | undefined)[] = []
  await using server = await serve((request, response) => {
    // Every connection answers once; its second request meets a closed door.
    if (sockets.has(request.socket)) {
      turnedAway.push(request.method)
      return void request.socket.destroy()
    }
    sockets.add(request.socket)
    response.end('ok')
  })
  const kept = openHttp({ version: '1' })
  for (const method of ['GET', 'GET', 'POST', 'POST', 'GET'] as const) assert.equal(bodyText(await kept({ method, url: server.url })), 'ok')
  assert.equal(sockets.size, 5)
  assert.ok(turnedAway.length > 0 && turnedAway.every((method) => method === 'GET'), turnedAway.join(' '))
})

test('an answer of any size is taken piece by piece, and a refusal is kept as it is', async () => {
  const piece = Buffer.alloc(1024 * 1024, 'x')
  await using server = await serve((request, response) => {
    if (request.url === '/gone') {
      response.writeHead(404)
      response.end('not here')
      return
    }
    let left = 80
    const more = (): void => {
      while (left > 0) {
        left -= 1
        if (!response.write(piece)) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  })
  let size = 0
  const take = (taken: Uint8Array): void => { size += taken.length }
  const answer = await http({ method: 'GET', url: server.url, take })
  assert.deepEqual([answer.status, answer.body.length, size], [200, 0, 80 * piece.length])
  const gone = await http({ method: 'GET', url: new URL('/gone', server.url).href, take })
  assert.deepEqual([gone.status, bodyText(gone), size], [404, 'not here', 80 * piece.length])
})

test('credentials go to known hosts over https alone, whatever asks for them', async () => {
  await using server = await serve((request, response) => response.end(request.headers['authorization'] ?? 'nothing'))
  const careful = openHttp({ version: '1', routes: { 'api.github.com': server.url }, trusted: ['api.github.com'] })
  const headers = { authorization: 'Bearer precious' }
  assert.equal(bodyText(await careful({ method: 'GET', url: 'https://api.github.com/user', headers })), 'Bearer precious')
  for (const url of ['https://evil.invalid/user', 'http://evil.invalid/user']) {
    await assert.rejects(careful({ method: 'POST', url, headers, body: '{}' }), (error) => error instanceof SlipwayError && error.code === 'request-refused' && !error.message.includes('precious'))
  }
  // Who listens on this machine is not known by its address.
  const unrouted = openHttp({ version: '1', trusted: ['api.github.com'] })
  await assert.rejects(unrouted({ method: 'GET', url: server.url, headers }), (error) => error instanceof SlipwayError && error.code === 'request-refused')
  const local = openHttp({ version: '1', trusted: [new URL(server.url).host] })
  assert.equal(bodyText(await local({ method: 'GET', url: server.url, headers })), 'Bearer precious')
})

test('a rehearsal reaches nothing that it does not serve', async () => {
  await using server = await serve((_request, response) => response.end('served'))
  const closed = openHttp({ version: '1', routes: { 'pypi.org': server.url }, reach: 'routed' })
  assert.equal(bodyText(await closed({ method: 'GET', url: 'https://pypi.org/simple/' })), 'served')
  await assert.rejects(closed({ method: 'POST', url: 'https://devpi.invalid/upload', body: 'x' }), { code: 'request-refused' })
})

test('a whole top-level domain among the trusted hosts trusts nobody', async () => {
  for (const trusted of ['.com', '.', '*', '']) {
    const careful = openHttp({ version: '1', trusted: [trusted] })
    await assert.rejects(careful({ method: 'GET', url: 'https://evil.com/', headers: { authorization: 'Bearer x' }, signal: AbortSignal.abort() }), { code: 'request-refused' }, trusted)
  }
  const named = openHttp({ version: '1', trusted: ['.acme.com'] })
  await assert.rejects(named({ method: 'GET', url: 'https://notacme.com/', headers: { authorization: 'Bearer x' }, signal: AbortSignal.abort() }), { code: 'request-refused' })
  await assert.rejects(named({ method: 'GET', url: 'https://eu.acme.com/', headers: { authorization: 'Bearer x' }, signal: AbortSignal.abort() }), (error: unknown) => !(error instanceof SlipwayError))
})

test('an answer without an end is left, and a name with a line break in it is no header', async () => {
  await using server = await serve((_request, response) => {
    const more = (): void => { if (!response.destroyed) response.write('x'.repeat(65_536), () => { setImmediate(more) }) }
    more()
  })
  await assert.rejects(openHttp({ version: '1', limits: { answer: 1_000_000 } })({ method: 'GET', url: server.url }), /is larger than 1000000 bytes/)
  await assert.rejects(http({ method: 'GET', url: server.url, headers: { 'if-none-match': 'a\r\nauthorization: Bearer x' } }), /Invalid character in header/)
})

test('a redirect from https to http is not followed, not even on the same host', async () => {
  const seen: string[] = []
  await using server = await serve((request, response) => {
    seen.push(request.headers.authorization ?? 'nothing')
    response.writeHead(302, { location: 'http://api.github.com/elsewhere' })
    response.end()
  })
  const routed = openHttp({ version: '1', routes: { 'api.github.com': server.url } })
  await assert.rejects(routed({ method: 'GET', url: 'https://api.github.com/', headers: { authorization: 'Bearer x' } }), /redirected from https to http/)
  assert.deepEqual(seen, ['Bearer x'])
})
