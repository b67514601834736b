// Tests of what World.http says when no answer comes, against real servers on loopback that fail in every way.
import assert from 'node:assert/strict'
import net from 'node:net'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Refused, SlipwayError } from '../model/error.ts'
import { launch } from './process.ts'
import { openHttp } from './http.ts'
import { serve, temporaryFolder } from './test-rig.ts'

const http = openHttp({ version: '1.2.3' })

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
  const child = await launch({ program: process.execPath, args: ['--input-type=module', '-e', script], folder: folder.path, env: { NODE_EXTRA_CA_CERTS: cert }, limit: 1e6, leftovers: 'killed' })
  assert.deepEqual([child.code, child.stdout], [0, 'seen'])
})
