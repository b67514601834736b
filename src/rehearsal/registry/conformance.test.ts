// The same requests to the rehearsal's registry and to Debian's docker-registry: where both speak the protocol they must say the same.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { serve } from '../serve.ts'
import { closing, image, INDEX, indexOver, MANIFEST, pushBlob, pushManifest, sendOver, sha256 } from './registry.rig.ts'
import type { Got, Send } from './registry.rig.ts'
import { registryRules } from './rules.ts'
import { registryService } from './service.ts'
import { createRegistryState } from './state.ts'

const NAME = 'ghcr.io/acme/app'
const OTHER = 'ghcr.io/acme/other'

test('requests are answered as docker-registry answers them', { skip: spawnSync('docker-registry', ['--version']).error === undefined ? false : 'docker-registry is not installed' }, async () => {
  const state = createRegistryState({ host: 'ghcr.io', rules: { ...registryRules.oci, auth: 'none', deletes: 'digests', referrers: false, locations: 'absolute', singlePost: false } })
  await using world = await serve({ services: [registryService({ state })] })
  await using registry = await dockerRegistry()
  const [ours, theirs] = [await conversation(sendOver(world.origin)), await conversation(sendOver(registry.origin))]
  assert.ok(theirs.length > 30)
  assert.deepEqual(ours, theirs)
})

/** A whole life of an image, one line for each answer. */
async function conversation(send: Send): Promise<readonly string[]> {
  const lines: string[] = []
  const say = async (title: string, asked: Promise<Got>, headers: readonly string[] = []): Promise<Got> => {
    const got = await asked
    lines.push([title, got.status, got.code ?? '', ...headers.map((name) => `${name}=${got.headers[name] ?? ''}`)].join(' '))
    return got
  }
  const at = (path: string, name = NAME): string => `/v2/${name}/${path}`
  const octets = { 'content-type': 'application/octet-stream' }
  const [one, two] = [image('one'), image('two')]
  const none = sha256('nothing')

  await say('ping', send('GET', '/v2/'), ['docker-distribution-api-version'])
  await say('no blob', send('GET', at(`blobs/${none}`)))
  await say('no blob, HEAD', send('HEAD', at(`blobs/${none}`)))
  await say('no manifest', send('GET', at('manifests/1.0'), { headers: { accept: MANIFEST } }))
  await say('no tags', send('GET', at('tags/list')))
  await say('no referrers', send('GET', at(`referrers/${none}`)).then((got) => ({ ...got, code: undefined })))
  await say('upper case', send('GET', '/v2/ghcr.io/Acme/App/tags/list').then((got) => ({ ...got, status: got.status >= 400 ? 4 : got.status, code: undefined })))

  const opened = await say('open', send('POST', at('blobs/uploads/')), ['range'])
  const [begin, end] = [one.layer.slice(0, 5), one.layer.slice(5)]
  const first = await say('chunk', send('PATCH', opened.headers['location']!, { body: begin, headers: { ...octets, 'content-range': `0-${begin.length - 1}` } }), ['range'])
  await say('status', send('GET', first.headers['location']!), ['range'])
  const second = await say('chunk', send('PATCH', first.headers['location']!, { body: end, headers: { ...octets, 'content-range': `${begin.length}-${one.layer.length - 1}` } }), ['range'])
  await say('close', send('PUT', closing(second.headers['location']!, sha256(one.layer))), ['docker-content-digest'])
  await say('closed twice', send('PUT', closing(second.headers['location']!, sha256(one.layer))))
  await say('blob, HEAD', send('HEAD', at(`blobs/${sha256(one.layer)}`)), ['docker-content-digest', 'content-length'])
  const blob = await say('blob', send('GET', at(`blobs/${sha256(one.layer)}`)), ['content-type'])
  lines.push(Buffer.from(blob.bytes).toString())
  await say('part of a blob', send('GET', at(`blobs/${sha256(one.layer)}`), { headers: { range: 'bytes=2-4' } }), ['content-length'])

  const wrong = await send('POST', at('blobs/uploads/'))
  await say('wrong digest', send('PUT', closing(wrong.headers['location']!, none), { body: 'something', headers: octets }))
  const twisted = await send('POST', at('blobs/uploads/'))
  await say('no digest', send('PUT', closing(twisted.headers['location']!, 'sha256:12'), { body: 'something', headers: octets }))
  const given = await send('POST', at('blobs/uploads/'))
  await say('give up', send('DELETE', given.headers['location']!))
  await say('given up', send('GET', given.headers['location']!))
  await say('mount', send('POST', at(`blobs/uploads/?mount=${sha256(one.layer)}&from=${NAME}`, OTHER)), ['docker-content-digest'])
  await say('mounted', send('HEAD', at(`blobs/${sha256(one.layer)}`, OTHER)))
  await say('mount of nothing', send('POST', at(`blobs/uploads/?mount=${none}&from=${NAME}`, OTHER)))

  await say('manifest without its config', pushManifest(send, { name: NAME, at: '1.0' }, one.manifest))
  for (const bytes of [one.config, two.config, two.layer]) await pushBlob(send, NAME, bytes)
  await say('manifest', pushManifest(send, { name: NAME, at: '1.0' }, one.manifest), ['docker-content-digest'])
  await say('manifest again', pushManifest(send, { name: NAME, at: '1.0' }, one.manifest), ['docker-content-digest'])
  await say('manifest by digest', pushManifest(send, { name: NAME, at: two.digest }, two.manifest), ['docker-content-digest'])
  await say('manifest by a wrong digest', pushManifest(send, { name: NAME, at: none }, two.manifest))
  await say('no JSON', pushManifest(send, { name: NAME, at: '1.0' }, 'no JSON'))
  await say('index without its manifest', pushManifest(send, { name: NAME, at: 'latest' }, indexOver([one.manifest, image('three').manifest])))
  const index = indexOver([one.manifest, two.manifest])
  await say('index', pushManifest(send, { name: NAME, at: 'latest' }, index), ['docker-content-digest'])
  const stored = await say('manifest', send('GET', at('manifests/1.0'), { headers: { accept: `${INDEX}, ${MANIFEST}` } }), ['docker-content-digest', 'content-type', 'content-length'])
  lines.push(Buffer.from(stored.bytes).toString())
  await say('index, HEAD', send('HEAD', at('manifests/latest'), { headers: { accept: INDEX } }), ['docker-content-digest', 'content-type', 'content-length'])
  await say('index by digest', send('GET', at(`manifests/${sha256(index)}`), { headers: { accept: INDEX } }), ['content-type'])
  await say('manifest that is not accepted', send('GET', at('manifests/1.0'), { headers: { accept: INDEX } }))
  await say('index that is not accepted', send('GET', at('manifests/latest'), { headers: { accept: MANIFEST } }))

  await pushManifest(send, { name: NAME, at: '1' }, one.manifest)
  const tags = await say('tags', send('GET', at('tags/list')))
  // Version 2.8 has neither the order nor the pages of the specification.
  lines.push((JSON.parse(Buffer.from(tags.bytes).toString()) as { tags: string[] }).tags.toSorted().join(' '))

  await say('delete by tag', send('DELETE', at('manifests/1.0')).then((got) => ({ ...got, code: undefined })))
  await say('delete', send('DELETE', at(`manifests/${one.digest}`)))
  await say('deleted', send('GET', at('manifests/1.0'), { headers: { accept: MANIFEST } }))
  await say('and its other tag', send('GET', at('manifests/1'), { headers: { accept: MANIFEST } }))
  await say('the index stays', send('GET', at('manifests/latest'), { headers: { accept: INDEX } }))
  await say('delete twice', send('DELETE', at(`manifests/${one.digest}`)))
  await say('delete a blob', send('DELETE', at(`blobs/${sha256(two.layer)}`)))
  await say('deleted blob', send('GET', at(`blobs/${sha256(two.layer)}`)))
  await say('delete a blob twice', send('DELETE', at(`blobs/${sha256(two.layer)}`)))
  return lines
}

async function dockerRegistry(): Promise<AsyncDisposable & { readonly origin: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-registry-'))
  const port = await freePort()
  const settings = [
    'version: 0.1', 'log: { level: info }', `storage: { filesystem: { rootdirectory: ${join(folder, 'data')} }, delete: { enabled: true } }`,
    `http: { addr: '127.0.0.1:${port}' }`, '',
  ]
  writeFileSync(join(folder, 'registry.yml'), settings.join('\n'))
  const child = spawn('docker-registry', ['serve', join(folder, 'registry.yml')], { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' } })
  const ended = once(child, 'exit')
  const said: string[] = []
  const listening = (async () => {
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line)
      if (line.includes('listening on')) return true
    }
    return false
  })()
  if (!(await listening)) throw new Error(`docker-registry did not start: ${said.join('\n')}`)
  child.stderr.resume()
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
