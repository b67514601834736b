// Tests of layers upon layers, and of archives that mean harm.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { Refused, type SlipwayError } from '../../model/error.ts'
import { goProgram, layerOf, READING, sourceOf, tarOf, type Made } from './layers.fixture.ts'
import { LIMITS, readLayers, type Contents } from './layers.ts'
import { pathOf } from './tree.ts'

const metadata = (name: string, version = '1.0') => `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`
const installed = (name: string, version?: string): Made => ({ name: `site/${name}.dist-info/METADATA`, body: metadata(name, version) })
const dpkg = (...names: string[]): Made => ({ name: 'var/lib/dpkg/status', body: names.map((name) => `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n`).join('\n') })

async function read(...layers: readonly (readonly Made[])[]): Promise<Contents> {
  return readLayers(await Promise.all(layers.map(async (made) => sourceOf(await layerOf(made)))), READING)
}
const namesIn = ({ packages }: Contents) => packages.map(({ name }) => name)
const code = (wanted: string) => (error: unknown) => error instanceof Refused && error.code === wanted

test('later layers replace files and add to them, and the path of each package is known', async () => {
  const found = await read([dpkg('bash', 'old'), installed('a')], [dpkg('bash', 'new'), { name: './site/b.dist-info/METADATA', body: metadata('b') }])
  assert.deepEqual(found.packages.map(({ name, path }) => [name, path]), [
    ['a', 'site/a.dist-info/METADATA'], ['b', 'site/b.dist-info/METADATA'], ['bash', 'var/lib/dpkg/status'], ['new', 'var/lib/dpkg/status'],
  ])
  assert.deepEqual(found.unread, [])
})

test('whiteouts take away files and folders of the layers below, and nothing of their own layer', async () => {
  const below = [installed('a'), installed('ab'), installed('c'), dpkg('bash')]
  assert.deepEqual(namesIn(await read(below, [{ name: 'site/a.dist-info/.wh.METADATA' }])), ['ab', 'c', 'bash'])
  assert.deepEqual(namesIn(await read(below, [{ name: 'site/.wh.a.dist-info' }])), ['ab', 'c', 'bash'])
  assert.deepEqual(namesIn(await read([{ ...installed('x'), name: 'lib/x/x.dist-info/METADATA' }, { ...installed('y'), name: 'lib/xy/y.dist-info/METADATA' }], [{ name: 'lib/.wh.x' }])), ['y'])
  assert.deepEqual(namesIn(await read(below, [{ name: '.wh.site' }, installed('d')])), ['d', 'bash'])
  assert.deepEqual(namesIn(await read(below, [installed('d'), { name: 'site/.wh..wh..opq' }])), ['d', 'bash'])
  assert.deepEqual(namesIn(await read(below, [{ name: '.wh..wh..opq' }])), [])
  assert.deepEqual(namesIn(await read(below, [{ name: 'site/.wh..wh.plnk' }])), ['a', 'ab', 'c', 'bash'])
  assert.deepEqual(namesIn(await read(below, [{ name: 'site/.wh.a.dist-info' }], [installed('a')])), ['a', 'ab', 'c', 'bash'])
})

test('what stands at a path takes the place of what was there: a link of a file, a file of a folder', async () => {
  assert.deepEqual(namesIn(await read([installed('a')], [{ name: 'site/a.dist-info/METADATA', type: 'symlink', linkname: '/etc/passwd' }])), [])
  assert.deepEqual(namesIn(await read([installed('a'), dpkg('bash')], [{ name: 'site', body: 'a file' }])), ['bash'])
  assert.deepEqual(namesIn(await read([installed('a')], [{ name: 'site/', type: 'directory' }])), ['a'])
})

test('a hard link holds what its file holds, in this layer or below', async () => {
  const link = { name: 'other/a.dist-info/METADATA', type: 'link', linkname: 'site/a.dist-info/METADATA' } as const
  for (const layers of [[[installed('a'), link]], [[installed('a')], [link]]]) assert.deepEqual(namesIn(await read(...layers)), ['a', 'a'])
  assert.deepEqual(namesIn(await read([{ ...link, linkname: '../../etc/shadow' }])), [])
})

test('gzip, Zstandard and plain archives are told apart by their bytes, wherever these are cut', async () => {
  const tar = await tarOf([installed('a')])
  for (const bytes of [tar, gzipSync(tar), zstdCompressSync(tar), Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))])]) {
    for (const piece of [1, 3, 100_000]) assert.deepEqual(namesIn(await readLayers([sourceOf(bytes, piece)], READING)), ['a'])
  }
  assert.deepEqual((await readLayers([sourceOf(Buffer.alloc(0)), sourceOf(gzipSync(''))], READING)).packages, [])
})

test('the system is named by etc/os-release first, and programs by what Go wrote into them', async () => {
  const release = (name: string, id: string): Made => ({ name, body: `ID=${id}\nVERSION_ID=3\n` })
  const program = { body: goProgram('go1.22.0', ['dep\texample.org/b\tv1.0.0']), mode: 0o755 }
  const found = await read([release('usr/lib/os-release', 'alpine'), release('etc/os-release', 'wolfi'), { name: 'bin/app', ...program }, { name: 'bin/data', ...program, mode: 0o644 }])
  assert.deepEqual(found.distro, { id: 'wolfi', version: '3' })
  assert.deepEqual(found.packages, [{ from: 'go', name: 'stdlib', version: '1.22.0', path: 'bin/app' }, { from: 'go', name: 'example.org/b', version: 'v1.0.0', path: 'bin/app' }])
  const linked = await read([{ name: 'etc/os-release', type: 'symlink', linkname: '../usr/lib/os-release' }, release('usr/lib/os-release', 'debian')])
  assert.deepEqual(linked.distro, { id: 'debian', version: '3' })
})

test('names that try to leave the image name what a container would see there', async () => {
  assert.deepEqual(namesIn(await read([{ ...dpkg('one'), name: '/var/lib/dpkg/status' }])), ['one'])
  assert.deepEqual(namesIn(await read([{ ...dpkg('one'), name: '../../x/../var/lib/dpkg/status' }])), ['one'])
  assert.deepEqual(['..', '/', './', 'a\0b', `${'x'.repeat(5000)}`].map(pathOf), [undefined, undefined, undefined, undefined, undefined])
  assert.deepEqual(namesIn(await read([dpkg('one')], [{ name: '../.wh.var' }])), [])
  assert.deepEqual(namesIn(await read([{ name: 'pipe', type: 'fifo' }, { name: '..' }, dpkg('one')])), ['one'])
})

test('endless zeros and endless packages are refused before they fill anything', async () => {
  const zeros = gzipSync(Buffer.alloc(20_000_000))
  await assert.rejects(readLayers([sourceOf(zeros)], { ...READING, limits: { ...LIMITS, unpacked: 1_000_000, ratio: 1 } }), (error) => {
    assert(code('image-invalid')(error))
    assert.match((error as SlipwayError).message, /^What is in the image cannot be listed: its layer sha256:a+ unpacks to more than \d+ bytes\.$/)
    return true
  })
  const large = gzipSync(await tarOf([{ name: 'zeros', body: Buffer.alloc(20_000_000) }]))
  await assert.rejects(readLayers([sourceOf(large)], { ...READING, limits: { ...LIMITS, unpacked: 1_000_000, ratio: 1 } }), code('image-invalid'))
  const many = sourceOf(await layerOf([dpkg('a', 'b', 'c')]))
  await assert.rejects(readLayers([many, many], { ...READING, limits: { ...LIMITS, packages: 5 } }), code('image-invalid'))
  assert.equal((await readLayers([many, many], { ...READING, limits: { ...LIMITS, packages: 6 } })).packages.length, 3)
})

test('a file that is too large or cannot be understood is told of, and the rest is read', async () => {
  const found = await read([{ name: 'site/big.dist-info/METADATA', body: Buffer.alloc(5_000_000, 0x20) }, { name: 'var/lib/rpm/rpmdb.sqlite', body: 'no database' }, installed('a')])
  assert.deepEqual(namesIn(found), ['a'])
  assert.deepEqual(found.unread, [
    'site/big.dist-info/METADATA: it has 5000000 bytes, more than the 4194304 that are read',
    'var/lib/rpm/rpmdb.sqlite: it is no SQLite database',
  ])
})

test('a layer that is cut off, or is no archive at all, is refused', async () => {
  const whole = await layerOf([installed('a'), { name: 'noise', body: Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 251)) }])
  for (const bytes of [whole.subarray(0, whole.length / 2), Buffer.from('this is no archive, but a text '.repeat(50)), Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]), (await tarOf([installed('a')])).subarray(0, 600)]) {
    await assert.rejects(readLayers([sourceOf(bytes)], READING), code('image-invalid'))
  }
})

test('an interruption ends the reading and is no refusal; what the store says stays as it is; bytes are counted', async () => {
  const bytes = await layerOf([installed('a')])
  const stop = new AbortController()
  const seen: number[] = []
  await assert.rejects(readLayers([sourceOf(bytes, 50)], { ...READING, signal: stop.signal, progress: (done) => { seen.push(done); stop.abort() } }), (error) => error instanceof Error && !(error instanceof Refused))
  assert.deepEqual(seen, [50])
  const changed = new Refused({ code: 'artifact-changed', message: 'It changed.' })
  const source = { digest: `sha256:${'b'.repeat(64)}` as const, body: { length: 10, open: async function* () { yield bytes.subarray(0, 60); throw changed } } }
  await assert.rejects(readLayers([source], READING), (error) => error === changed)
  const total: number[] = []
  await readLayers([sourceOf(bytes), sourceOf(bytes)], { ...READING, progress: (done, all) => { total.push(all - done) } })
  assert.equal(total.at(-1), 0)
})
