// Tests of everything that reads packages out of a file.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apk } from './apk.ts'
import { distroIn } from './distro.ts'
import { dpkg } from './dpkg.ts'
import { scanProgram } from './go-scan.ts'
import { goProgram, rpmDatabase, rpmHeader } from './layers.fixture.ts'
import { npm } from './npm.ts'
import type { Extractor } from './package.ts'
import { python } from './python.ts'
import { oldRpm, rpm } from './rpm.ts'
import { rowsOf } from './sqlite-table.ts'

function read(extractor: Extractor, path: string, content: string | Buffer): unknown[] {
  assert(extractor.matches(path), path)
  return [...extractor.read(Buffer.from(content), path)]
}

test('dpkg tells of what is installed, with its source package, and not of what was removed', () => {
  const status = [
    'Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.2.15-2+b2\nSource: bash (5.2.15-2)\nDescription: GNU shell\n Version: 9 is not a field\n .\n',
    'Package: libc6\r\nStatus: install ok installed\r\nArchitecture: amd64\r\nSource: glibc\r\nVersion: 2.36-9\r\n',
    'Package: gone\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n',
    'Package: half\nStatus: install ok not-installed\nVersion: 1\n',
    '', 'nonsense',
  ].join('\n')
  assert.deepEqual(read(dpkg, 'var/lib/dpkg/status', status), [
    { from: 'dpkg', name: 'bash', version: '5.2.15-2+b2', arch: 'amd64', upstream: 'bash@5.2.15-2' },
    { from: 'dpkg', name: 'libc6', version: '2.36-9', arch: 'amd64', upstream: 'glibc' },
  ])
})

test('a distroless image has one file for each package, without a status', () => {
  assert.deepEqual(read(dpkg, 'var/lib/dpkg/status.d/base', 'Package: base-files\nVersion: 12.4\nArchitecture: amd64\n'), [{ from: 'dpkg', name: 'base-files', version: '12.4', arch: 'amd64' }])
  for (const path of ['var/lib/dpkg/status.d/base.md5sums', 'var/lib/dpkg/status-old', 'home/var/lib/dpkg/status']) assert(!dpkg.matches(path), path)
})

test('apk tells of packages with their licence and origin', () => {
  const installed = 'C:Q1abc=\nP:busybox-binsh\nV:1.36.1-r5\nA:x86_64\nL:GPL-2.0-only\no:busybox\nO:other\nF:bin\nR:sh\n\nP:musl\nV:1.2.4-r2\nA:x86_64\no:musl\n\nV:1\n'
  const packages = [
    { from: 'apk', name: 'busybox-binsh', version: '1.36.1-r5', arch: 'x86_64', licence: 'GPL-2.0-only', upstream: 'busybox' },
    { from: 'apk', name: 'musl', version: '1.2.4-r2', arch: 'x86_64' },
  ]
  for (const path of ['lib/apk/db/installed', 'usr/lib/apk/db/installed']) assert.deepEqual(read(apk, path, installed), packages)
})

test('rpm tells of packages in its SQLite database, whatever the size of pages and headers', () => {
  const tags = { 1000: 'curl', 1001: '8.0.1', 1002: '2.fc39', 1003: 0, 1014: 'MIT', 1022: 'x86_64', 1044: 'curl-8.0.1-2.fc39.src.rpm' }
  const many = Array.from({ length: 300 }, (_, at) => rpmHeader({ 1000: `p${at}`, 1001: '1', 1003: 2, 5000: 'x'.repeat(at * 37) }))
  for (const pageSize of [512, 4096, 65_536]) {
    const found = read(rpm, 'var/lib/rpm/rpmdb.sqlite', rpmDatabase([rpmHeader(tags), rpmHeader({ ...tags, 1000: 'gpg-pubkey' }), ...many], pageSize))
    assert.deepEqual(found.slice(0, 2), [
      { from: 'rpm', name: 'curl', version: '8.0.1-2.fc39', arch: 'x86_64', upstream: 'curl-8.0.1-2.fc39.src.rpm', licence: 'MIT' },
      { from: 'rpm', name: 'p0', version: '1', epoch: '2' },
    ])
    assert.equal(found.length, 301)
  }
})

test('a damaged database is refused, never read in circles', () => {
  const sound = rpmDatabase(Array.from({ length: 50 }, (_, at) => rpmHeader({ 1000: `p${at}`, 1001: '1', 5000: 'x'.repeat(900) })), 512)
  assert.throws(() => [...rowsOf(Buffer.from('no database'), 'Packages')], /no SQLite database/)
  assert.throws(() => [...rowsOf(sound, 'Elsewhere')], /no table Elsewhere/)
  assert.throws(() => [...rowsOf(sound.subarray(0, 1024), 'Packages')], /no page/)
  let refused = 0
  for (let at = 100; at < sound.length; at += 7) {
    const broken = Buffer.from(sound)
    broken.fill(at % 256, at, at + 4)
    try {
      assert([...rpm.read(broken, '')].length < 1000)
    } catch (error) {
      assert(error instanceof Error && !(error instanceof assert.AssertionError))
      refused += 1
    }
  }
  assert(refused > 100)
})

test('a tree of pages that share their children is refused, which to walk would take for ever', () => {
  const size = 512
  const sound = rpmDatabase([], size)
  const inner = (child: number): Buffer => {
    const page = Buffer.alloc(size)
    page[0] = 0x05
    page.writeUInt16BE(200, 3)
    page.writeUInt32BE(child, 8)
    for (let cell = 0; cell < 200; cell += 1) page.writeUInt16BE(500, 12 + 2 * cell)
    page.writeUInt32BE(child, 500)
    return page
  }
  const leaf = Buffer.alloc(size)
  leaf[0] = 0x0d
  const last = sound.length / size
  const hostile = Buffer.concat([sound, ...Array.from({ length: 8 }, (_, at) => inner(last + at + 2)), leaf])
  for (let page = 2; page <= last; page += 1) inner(last + 1).copy(hostile, (page - 1) * size)
  assert.throws(() => [...rowsOf(hostile, 'Packages')], /round in circles/)
})

test('forms of rpm\'s database that are not read are told of, an empty journal is not', () => {
  for (const path of ['var/lib/rpm/Packages', 'usr/lib/sysimage/rpm/Packages.db', 'var/lib/rpm/rpmdb.sqlite-wal']) assert.throws(() => read(oldRpm, path, 'x'), /form that is not read/)
  assert.deepEqual(read(oldRpm, 'var/lib/rpm/rpmdb.sqlite-wal', ''), [])
})

test('Python tells of distributions, with the licence that is easiest to understand', () => {
  const metadata = (...lines: string[]) => ['Metadata-Version: 2.4', 'Name: Some.Package', 'Version: 1.0', ...lines, '', 'Name: not this', ''].join('\n')
  const licence = (...lines: string[]) => (read(python, 'usr/lib/python3/dist-packages/x.dist-info/METADATA', metadata(...lines))[0] as { licence?: string }).licence
  assert.deepEqual(read(python, 'opt/x.egg-info/PKG-INFO', metadata()), [{ from: 'pypi', name: 'Some.Package', version: '1.0' }])
  assert.equal(licence('License: BSD', 'License-Expression: MIT'), 'MIT')
  assert.equal(licence('License: UNKNOWN', 'Classifier: License :: OSI Approved :: MIT License', 'Classifier: Topic :: X'), 'MIT License')
  assert.equal(licence(`License: ${'the whole text '.repeat(20)}`), undefined)
  assert(python.matches('usr/lib/python3/dist-packages/old.egg-info'))
  assert(!python.matches('srv/METADATA'))
})

test('npm tells of the packages in node_modules alone, and of no broken file in them', () => {
  const path = 'srv/node_modules/@scope/name/package.json'
  assert.deepEqual(read(npm, path, '{"name":"@scope/name","version":"1.2.3","license":{"type":"MIT"}}'), [{ from: 'npm', name: '@scope/name', version: '1.2.3', licence: 'MIT' }])
  assert.deepEqual(read(npm, 'node_modules/a/node_modules/b/package.json', '{"name":"b","version":"1","license":7}'), [{ from: 'npm', name: 'b', version: '1' }])
  for (const broken of ['{', '[]', '{"name":"a"}', '']) assert.deepEqual(read(npm, path, broken), [])
  for (const other of ['srv/package.json', 'node_modules/a/test/package.json', 'node_modules/@scope/package.json']) assert(!npm.matches(other), other)
})

function scanned(program: Uint8Array, piece: number): unknown {
  const scan = scanProgram()
  for (let at = 0; at < program.length; at += piece) scan.feed(program.subarray(at, at + piece))
  return scan.end()
}

test('Go tells of the modules in a program, wherever its bytes are cut', () => {
  const lines = ['path\texample.org/app', 'mod\texample.org/app\t(devel)\t', 'dep\texample.org/Old/a\tv1.0.0\th1:x', '=>\texample.org/new/a\tv1.1.0\th1:y', 'dep\texample.org/b/v2\tv2.0.0', '=>\t../b\t(devel)', 'build\t-tags=x']
  const program = goProgram('go1.21.3 X:boringcrypto', lines)
  for (const piece of [1, 13, 4096, program.length]) {
    assert.deepEqual(scanned(program, piece), [
      { from: 'go', name: 'stdlib', version: '1.21.3' },
      { from: 'go', name: 'example.org/app', version: undefined },
      { from: 'go', name: 'example.org/new/a', version: 'v1.1.0' },
      { from: 'go', name: 'example.org/b/v2', version: 'v2.0.0' },
    ])
  }
})

test('a program that only mentions the magic, and anything that is no program, tells of nothing', () => {
  const program = goProgram('go1.21.3', [])
  const decoy = Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(60), Buffer.from('\xff Go buildinf:', 'latin1'), Buffer.alloc(50), program.subarray(64)])
  assert.deepEqual(scanned(decoy, 100), [{ from: 'go', name: 'stdlib', version: '1.21.3' }])
  assert.deepEqual(scanned(Buffer.concat([Buffer.from('#!/x'), program.subarray(4)]), 100), [])
  assert.deepEqual(scanned(goProgram('go1.21.3', [], 4099), 100), [])
  assert.deepEqual(scanned(Buffer.from('\x7fE'), 1), [])
  // As many beginnings as fit: each is looked at in passing, not copied.
  const hostile = Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(12), ...Array.from({ length: 200_000 }, () => Buffer.from('\xff Go buildinf:\x08\x02', 'latin1'))])
  assert.deepEqual(scanned(hostile, 65_536), [])
})

test('os-release names the system, quoted or not', () => {
  assert.deepEqual(distroIn('PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n'), { id: 'debian', version: '12' })
  assert.deepEqual(distroIn("ID='arch'\n"), { id: 'arch', version: '' })
  assert.equal(distroIn('NAME=x\nID="a b"\n'), undefined)
})
