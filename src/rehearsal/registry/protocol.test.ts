// The distribution protocol, asked without a socket.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeByte, contentsOf } from './arrange.ts'
import { closing, descriptor, image, INDEX, indexOver, MANIFEST, pushBlob, pushManifest, sendTo, sha256 } from './registry.rig.ts'
import type { Got, Send } from './registry.rig.ts'
import { registryRules } from './rules.ts'
import type { RegistryRules } from './rules.ts'
import { registryService } from './service.ts'
import { createRegistryState, findManifest, tagsOf } from './state.ts'
import type { RegistryState } from './state.ts'

const NAME = 'acme/app'

function open(rules: Partial<RegistryRules> = {}): { readonly state: RegistryState; readonly send: Send } {
  const state = createRegistryState({ host: 'r.example.org', rules: { ...registryRules.oci, auth: 'none', ...rules } })
  return { state, send: sendTo(registryService({ state }), 'r.example.org') }
}

const octets = { 'content-type': 'application/octet-stream' }
const at = (path: string): string => `/v2/${NAME}/${path}`
const said = ({ status, code }: Got): string => `${status} ${code ?? ''}`.trim()
const json = ({ bytes }: Got) => JSON.parse(Buffer.from(bytes).toString())

async function push(send: Send, words: string, tag?: string): Promise<ReturnType<typeof image>> {
  const made = image(words)
  await pushBlob(send, NAME, made.config)
  await pushBlob(send, NAME, made.layer)
  const pushed = await pushManifest(send, { name: NAME, at: tag ?? made.digest }, made.manifest)
  assert.equal(said(pushed), '201')
  return made
}

test('a blob arrives in one request, where the registry takes that, and opens an upload where not', async () => {
  const { state, send } = open()
  const single = await send('POST', at(`blobs/uploads/?digest=${sha256('blob')}`), { body: 'blob', headers: octets })
  assert.deepEqual([said(single), single.headers['location'], single.headers['docker-content-digest']], ['201', at(`blobs/${sha256('blob')}`), sha256('blob')])
  assert.equal(said(await send('POST', at(`blobs/uploads/?digest=${sha256('other')}`), { body: 'blob', headers: octets })), '400 DIGEST_INVALID')
  assert.deepEqual(Object.keys(Object.fromEntries(state.repositories.get(NAME)!.blobs)), [sha256('blob')])
  const refusing = open({ singlePost: false })
  const opened = await refusing.send('POST', at(`blobs/uploads/?digest=${sha256('blob')}`), { body: 'blob', headers: octets })
  assert.deepEqual([opened.status, opened.headers['range'], contentsOf(refusing.state)], [202, '0-0', {}])
})

test('chunks must follow one another, and the status says where to go on', async () => {
  const { send } = open()
  const location = (await send('POST', at('blobs/uploads/'))).headers['location']!
  const chunk = (range: string, body: string): Promise<Got> => send('PATCH', location, { body, headers: { ...octets, 'content-range': range } })
  assert.deepEqual(await chunk('0-4', 'hello').then((got) => [got.status, got.headers['range']]), [202, '0-4'])
  for (const [range, body] of [['0-4', 'hello'], ['6-10', 'world'], ['5-7', 'world'], ['bytes 5-9', 'world']] as const) {
    assert.deepEqual(await chunk(range, body).then((got) => [got.status, got.headers['range']]), [416, '0-4'], range)
  }
  assert.deepEqual(await send('GET', location).then((got) => [got.status, got.headers['range'], got.headers['location']]), [204, '0-4', location])
  assert.equal((await send('PUT', closing(location, sha256('hello world')), { body: 'world', headers: { ...octets, 'content-range': '6-10' } })).status, 416)
  assert.equal((await send('PUT', closing(location, sha256('hello world')), { body: ' world', headers: { ...octets, 'content-range': '5-10' } })).status, 201)
  assert.equal(Buffer.from((await send('GET', at(`blobs/${sha256('hello world')}`))).bytes).toString(), 'hello world')
})

test('an upload whose digest is wrong is over', async () => {
  const { state, send } = open()
  const location = (await send('POST', at('blobs/uploads/'))).headers['location']!
  assert.equal(said(await send('PUT', closing(location, sha256('other')), { body: 'blob', headers: octets })), '400 DIGEST_INVALID')
  assert.equal(said(await send('GET', location)), '404 BLOB_UPLOAD_UNKNOWN')
  assert.deepEqual(contentsOf(state), {})
})

test('what came of a broken request is kept, and is no blob', async () => {
  const { state, send } = open()
  const location = (await send('POST', at('blobs/uploads/'))).headers['location']!
  await send('PATCH', location, { body: 'hel', headers: { ...octets, 'content-length': '11', 'content-range': '0-10' } })
  assert.equal((await send('GET', location)).headers['range'], '0-2')
  await send('PUT', closing(location, sha256('hello')), { body: 'lo', headers: { ...octets, 'content-length': '8' } })
  assert.equal((await send('GET', location)).headers['range'], '0-4')
  await send('POST', at(`blobs/uploads/?digest=${sha256('hello')}`), { body: 'hello', headers: { ...octets, 'content-length': '11' } })
  assert.deepEqual(contentsOf(state), {})
  assert.equal(said(await send('PUT', closing(location, sha256('hello')))), '201')
})

test('a broken request sets no tag', async () => {
  const { state, send } = open()
  const { manifest } = await push(send, 'one')
  await send('PUT', at('manifests/1.0'), { body: manifest, headers: { 'content-type': MANIFEST, 'content-length': String(manifest.length * 2) } })
  assert.deepEqual(tagsOf(state, NAME), {})
})

test('a location may be a whole address with a query', async () => {
  const { send } = open({ locations: 'absolute' })
  const location = (await send('POST', at('blobs/uploads/'))).headers['location']!
  assert.match(location, /^https:\/\/r\.example\.org\/v2\/acme\/app\/blobs\/uploads\/[0-9a-f-]+\?_state=/)
  assert.equal(said(await send('PUT', closing(location, sha256('blob')), { body: 'blob', headers: octets })), '201')
})

test('a manifest is refused for what is wrong with it', async () => {
  const { state, send } = open()
  const good = await push(send, 'one')
  const layers = [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', good.layer)]
  const edited = (more: object): string => JSON.stringify({ ...JSON.parse(good.manifest), ...more })
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['no JSON', '{', MANIFEST, '400 MANIFEST_INVALID'],
    ['a list', '[]', MANIFEST, '400 MANIFEST_INVALID'],
    ['another type than is told', good.manifest, INDEX, '400 MANIFEST_INVALID'],
    ['a type that is none', edited({ mediaType: 'text/plain' }), 'text/plain', '400 MANIFEST_INVALID'],
    ['schema 1', edited({ schemaVersion: 1 }), MANIFEST, '400 MANIFEST_INVALID'],
    ['no layers', edited({ layers: undefined }), MANIFEST, '400 MANIFEST_INVALID'],
    ['no config', edited({ config: undefined }), MANIFEST, '400 MANIFEST_INVALID'],
    ['a layer without a digest', edited({ layers: [{ ...layers[0], digest: 'sha256:1' }] }), MANIFEST, '400 MANIFEST_INVALID'],
    ['a subject without a size', edited({ subject: { ...layers[0], size: -1 } }), MANIFEST, '400 MANIFEST_INVALID'],
    ['a layer that is not here', edited({ layers: [descriptor('x/y', 'not here')] }), MANIFEST, '400 MANIFEST_BLOB_UNKNOWN'],
    ['a layer of another size', edited({ layers: [{ ...layers[0], size: 1 }] }), MANIFEST, '400 SIZE_INVALID'],
    ['an index of what is not here', indexOver([image('two').manifest]), INDEX, '400 MANIFEST_BLOB_UNKNOWN'],
    ['too large', edited({ annotations: { x: 'x'.repeat(4 * 2 ** 20) } }), MANIFEST, '413 SIZE_INVALID'],
  ]
  for (const [title, body, type, wanted] of cases) {
    assert.equal(said(await send('PUT', at('manifests/1.0'), { body, headers: { 'content-type': type } })), wanted, title)
  }
  assert.equal(said(await pushManifest(send, { name: NAME, at: sha256('other') }, good.manifest)), '400 DIGEST_INVALID')
  assert.deepEqual(tagsOf(state, NAME), {})
  assert.equal(contentsOf(state)[NAME]?.manifests.length, 1)
  const elsewhere = edited({ layers: [{ ...descriptor('x/y', 'elsewhere'), urls: ['https://example.org/layer'] }] })
  assert.equal(said(await pushManifest(send, { name: NAME, at: '1.0' }, elsewhere)), '201')
})

test('names with upper case, tags with a plus and other words are no names', async () => {
  const { send } = open()
  assert.equal(said(await send('GET', '/v2/Acme/app/tags/list')), '400 NAME_INVALID')
  assert.equal(said(await send('POST', '/v2/acme/-app/blobs/uploads/')), '400 NAME_INVALID')
  const { manifest } = await push(send, 'one')
  for (const tag of ['1.0+local', '-1', 'x'.repeat(129)]) assert.equal(said(await pushManifest(send, { name: NAME, at: encodeURIComponent(tag) }, manifest)), '400 MANIFEST_INVALID', tag)
  assert.equal(said(await pushManifest(send, { name: NAME, at: 'x'.repeat(128) }, manifest)), '201')
  assert.equal(said(await send('GET', at('blobs/sha256%3A1'))), '400 DIGEST_INVALID')
  assert.equal(said(await send('POST', at('manifests/1.0'))), '405 UNSUPPORTED')
  assert.equal((await send('GET', '/v2/acme')).status, 404)
})

test('a manifest is kept byte for byte, and a tag moves', async () => {
  const { state, send } = open()
  const first = await push(send, 'one', 'latest')
  const spaced = `${first.manifest}\n\n`
  const moved = await pushManifest(send, { name: NAME, at: 'latest' }, spaced)
  assert.deepEqual([moved.status, moved.headers['location'], moved.headers['docker-content-digest']], [201, at(`manifests/${sha256(spaced)}`), sha256(spaced)])
  assert.equal(Buffer.from(findManifest(state, NAME, 'latest')!.bytes).toString(), spaced)
  assert.equal((await send('GET', at(`manifests/${first.digest}`), { headers: { accept: `text/plain, ${MANIFEST};q=0.5` } })).status, 200)
  assert.deepEqual(tagsOf(state, NAME), { latest: sha256(spaced) })
})

test('a tag that may not move stays, and may be pushed again', async () => {
  const { state, send } = open({ immutableTags: true })
  const first = await push(send, 'one', '1.0')
  const second = await push(send, 'two')
  assert.equal(said(await pushManifest(send, { name: NAME, at: '1.0' }, second.manifest)), '400 TAG_INVALID')
  assert.equal(said(await pushManifest(send, { name: NAME, at: '1.0' }, first.manifest)), '201')
  assert.deepEqual(tagsOf(state, NAME), { '1.0': first.digest })
})

test('tags are listed in order and in pages', async () => {
  const { send } = open()
  const { manifest } = await push(send, 'one')
  for (const tag of ['b', 'a', 'd', 'c']) await pushManifest(send, { name: NAME, at: tag }, manifest)
  assert.deepEqual(json(await send('GET', at('tags/list'))), { name: NAME, tags: ['a', 'b', 'c', 'd'] })
  const page = await send('GET', at('tags/list?n=3'))
  assert.deepEqual([json(page).tags, page.headers['link']], [['a', 'b', 'c'], `<${at('tags/list?n=3&last=c')}>; rel="next"`])
  const last = await send('GET', at('tags/list?n=3&last=c'))
  assert.deepEqual([json(last).tags, last.headers['link']], [['d'], undefined])
  assert.deepEqual(json(await send('GET', at('tags/list?n=0'))).tags, [])
})

test('what refers to a manifest is listed, and filtered by its type', async () => {
  const { send } = open()
  const { manifest, digest } = await push(send, 'one')
  const subject = descriptor(MANIFEST, manifest)
  const layers = [descriptor('application/json', '{}')]
  await pushBlob(send, NAME, '{}')
  const attached = (artifactType: string | undefined): string => JSON.stringify({
    schemaVersion: 2, mediaType: MANIFEST, ...(artifactType === undefined ? {} : { artifactType }), config: descriptor('application/vnd.x.config', '{}'), layers, subject, annotations: { for: 'one' },
  })
  for (const type of ['application/vnd.cyclonedx+json', undefined]) {
    const pushed = await pushManifest(send, { name: NAME, at: sha256(attached(type)) }, attached(type))
    assert.deepEqual([pushed.status, pushed.headers['oci-subject']], [201, digest])
  }
  const all = await send('GET', at(`referrers/${digest}`))
  assert.deepEqual([all.status, all.headers['content-type'], all.headers['oci-filters-applied']], [200, INDEX, undefined])
  assert.deepEqual(json(all).manifests, [
    { ...descriptor(MANIFEST, attached('application/vnd.cyclonedx+json')), artifactType: 'application/vnd.cyclonedx+json', annotations: { for: 'one' } },
    { ...descriptor(MANIFEST, attached(undefined)), artifactType: 'application/vnd.x.config', annotations: { for: 'one' } },
  ])
  const some = await send('GET', at(`referrers/${digest}?artifactType=${encodeURIComponent('application/vnd.cyclonedx+json')}`))
  assert.deepEqual([some.headers['oci-filters-applied'], json(some).manifests.length], ['artifactType', 1])
  assert.deepEqual(json(await send('GET', at(`referrers/${sha256('nobody')}`))).manifests, [])
  const without = open({ referrers: false })
  const made = await push(without.send, 'one')
  await pushBlob(without.send, NAME, '{}')
  assert.equal((await pushManifest(without.send, { name: NAME, at: sha256(attached(undefined)) }, attached(undefined))).headers['oci-subject'], undefined)
  assert.equal(said(await without.send('GET', at(`referrers/${made.digest}`))), '404 MANIFEST_UNKNOWN')
})

test('deleting goes as far as the registry lets it', async () => {
  const left = async (deletes: RegistryRules['deletes'], reference: 'tag' | 'digest'): Promise<unknown[]> => {
    const { state, send } = open({ deletes })
    const { digest, manifest } = await push(send, 'one', '1.0')
    await pushManifest(send, { name: NAME, at: 'latest' }, manifest)
    const gone = await send('DELETE', at(`manifests/${reference === 'tag' ? 'latest' : digest}`))
    return [said(gone), Object.keys(tagsOf(state, NAME)), contentsOf(state)[NAME]?.manifests.length]
  }
  assert.deepEqual(await left('tags', 'tag'), ['202', ['1.0'], 1])
  assert.deepEqual(await left('tags', 'digest'), ['202', [], 0])
  assert.deepEqual(await left('digests', 'tag'), ['400 UNSUPPORTED', ['1.0', 'latest'], 1])
  assert.deepEqual(await left('digests', 'digest'), ['202', [], 0])
  assert.deepEqual(await left('nothing', 'tag'), ['405 UNSUPPORTED', ['1.0', 'latest'], 1])
  assert.deepEqual(await left('nothing', 'digest'), ['405 UNSUPPORTED', ['1.0', 'latest'], 1])
})

test('a registry that lies serves other bytes and tells another digest', async () => {
  const { state, send } = open()
  const { digest, layer } = await push(send, 'one', '1.0')
  changeByte(state, NAME, digest)
  changeByte(state, NAME, sha256(layer))
  const manifest = await send('GET', at('manifests/1.0'), { headers: { accept: MANIFEST } })
  const blob = await send('GET', at(`blobs/${sha256(layer)}`))
  assert.deepEqual([manifest.headers['docker-content-digest'], blob.headers['docker-content-digest']], [digest, sha256(layer)])
  assert.notEqual(sha256(manifest.bytes), digest)
  assert.equal(Buffer.from(blob.bytes).toString(), 'the layer of ond')
  state.lies.digests.set(digest, sha256('another'))
  assert.equal((await send('GET', at('manifests/1.0'), { headers: { accept: MANIFEST } })).headers['docker-content-digest'], sha256('another'))
  state.lies.bytes.clear()
  assert.equal(sha256((await send('GET', at('manifests/1.0'), { headers: { accept: MANIFEST } })).bytes), digest)
})

test('a part of a blob is read, and none that is not there', async () => {
  const { send } = open()
  await pushBlob(send, NAME, 'hello world')
  const part = async (range: string): Promise<unknown[]> => {
    const got = await send('GET', at(`blobs/${sha256('hello world')}`), { headers: { range } })
    return [got.status, got.headers['content-range'], Buffer.from(got.bytes).toString()]
  }
  assert.deepEqual(await part('bytes=6-'), [206, 'bytes 6-10/11', 'world'])
  assert.deepEqual(await part('bytes=6-99'), [206, 'bytes 6-10/11', 'world'])
  assert.deepEqual(await part('bytes=11-'), [416, 'bytes */11', ''])
})

test('a blob that is kept elsewhere is read there, with the signature of its address', async () => {
  const { send } = open({ blobHost: 'blobs.example.org' })
  await pushBlob(send, NAME, 'blob')
  const sent = await send('GET', at(`blobs/${sha256('blob')}`))
  assert.equal(sent.status, 307)
  const location = sent.headers['location']!
  assert.equal(Buffer.from((await send('GET', location)).bytes).toString(), 'blob')
  assert.equal((await send('GET', location.replace(/\?.*/, ''))).status, 403)
  assert.equal((await send('GET', location.replace(/[0-9a-f]{64}/, '0'.repeat(64)))).status, 404)
})
