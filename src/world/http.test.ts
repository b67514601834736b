// Tests of World.http against real servers on loopback.
import assert from 'node:assert/strict'
import net from 'node:net'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { test } from 'node:test'
import { bodyText } from '../model/http.ts'
import { Refused, SlipwayError } from '../model/error.ts'
import { openHttp } from './http.ts'
import { serve, temporaryFolder } from './test-rig.ts'
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

test('network failures are plain errors that name the host and neither path nor query', async () => {
  const gone = await serve(() => undefined)
  await gone[Symbol.asyncDispose]()
  await using dropping = await serve((request) => request.socket.destroy())
  const routed = openHttp({ version: '1', routes: { 'upload.pypi.org': gone.url, 'drop.example': dropping.url } })
  for (const [host, words] of [['upload.pypi.org', 'could not reach upload.pypi.org: connection refused'], ['drop.example', 'drop.example closed the connection before it had answered (ECONNRESET)']]) {
    await assert.rejects(routed({ method: 'POST', url: `https://${host}/path?token=hidden`, body: 'x' }), (error: Error) => {
      assert.equal(error.message, words)
      assert.equal(error instanceof SlipwayError, false)
      return !JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('hidden')
    })
  }
  await assert.rejects(http({ method: 'GET', url: 'https://user:hidden@example.org/' }), (error: Error) => !error.message.includes('hidden'))
})

test('silence ends a request, before the answer and in the middle of it', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/half') response.write('half')
  })
  const hasty = openHttp({ version: '1', limits: { idle: 50 } })
  for (const path of ['/none', '/half']) await assert.rejects(hasty({ method: 'GET', url: server.url + path }), /was silent for 0\.05 s/)
})

test('a connection that does not come to stand is given up', async () => {
  // Accepts TCP and never answers the TLS greeting.
  const mute = net.createServer(() => undefined)
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const { port } = mute.address() as { port: number }
  try {
    await assert.rejects(openHttp({ version: '1', limits: { connect: 50 } })({ method: 'GET', url: `https://127.0.0.1:${port}/` }), /could not reach .*: no connection within 0\.05 s/)
  } finally {
    mute.close()
  }
})

test('an abort ends a request in flight, and one that waits for its turn', async () => {
  let arrived = () => undefined as void
  const arrival = new Promise<void>((resolve) => { arrived = resolve })
  await using server = await serve(() => arrived())
  const one = openHttp({ version: '1', perHost: 1 })
  const first = new AbortController()
  const second = new AbortController()
  const flying = one({ method: 'GET', url: server.url, signal: first.signal })
  const waiting = one({ method: 'GET', url: server.url, signal: second.signal })
  await arrival
  second.abort()
  await assert.rejects(waiting, { name: 'AbortError' })
  first.abort()
  await assert.rejects(flying, /interrupted/)
})

test('an answer that is larger than the limit, or breaks off, is an error', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/large') return void response.end(Buffer.alloc(2000))
    response.writeHead(200, { 'content-length': '100' })
    response.write('part', () => response.destroy())
  })
  const small = openHttp({ version: '1', limits: { answer: 1000 } })
  await assert.rejects(small({ method: 'GET', url: `${server.url}/large` }), /larger than 1000 bytes/)
  await assert.rejects(small({ method: 'GET', url: `${server.url}/part` }), /broke off in the middle/)
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

test('a certificate that nobody here vouches for is refused, and NODE_EXTRA_CA_CERTS is the remedy', async (context) => {
  await using folder = await temporaryFolder()
  const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')]
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' })
  } catch {
    return context.skip('openssl, which makes the certificate, is not installed')
  }
  let asked = 0
  await using server = await serve((_request, response) => {
    asked += 1
    response.end('seen')
  }, { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') })
  await assert.rejects(http({ method: 'POST', url: `${server.url}/?token=hidden`, body: 'secret' }), (error: unknown) => {
    assert.ok(error instanceof Refused)
    assert.equal(error.code, 'certificate-refused')
    assert.match(error.message, /127\.0\.0\.1:\d+ was refused: it is self-signed/)
    assert.match(error.problems[0].hint ?? '', /NODE_EXTRA_CA_CERTS/)
    return true
  })
  assert.equal(asked, 0)
  const script = `import { openHttp } from ${JSON.stringify(new URL('http.ts', import.meta.url).href)}
    const answer = await openHttp({ version: '1' })({ method: 'GET', url: ${JSON.stringify(server.url)} })
    process.stdout.write(Buffer.from(answer.body))`
  const { launch } = await import('./process.ts')
  const child = await launch({ program: process.execPath, args: ['--input-type=module', '-e', script], folder: folder.path, env: { NODE_EXTRA_CA_CERTS: cert }, limit: 1e6, leftovers: 'killed' })
  assert.deepEqual([child.code, child.stdout], [0, 'seen'])
})
