// Tests of pypi.build, pypi.check and pypi.install with real tools on a tiny project.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, test } from 'node:test'
import { SlipwayError } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { about, fieldOf, type BuiltFile } from './artifact.ts'
import { pypiBuild } from './build.ts'
import { pypiCheck } from './check.ts'
import { pypiInstall } from './install.ts'
import { apply, openTiny } from './tiny.fixture.ts'

const tiny = openTiny()
after(() => tiny[Symbol.asyncDispose]())

const EPOCH = 1_760_486_400
const build = (tree: string, version = '2.1.0') => ({ tree, package: 'tiny-slip', version, epoch: EPOCH, isolated: false })
const code = (wanted: string) => (error: unknown) => error instanceof SlipwayError && error.code === wanted
let built: Promise<BuiltFile[]> | undefined
const files = (): Promise<BuiltFile[]> => built ??= apply(pypiBuild, tiny, build(tiny.tree())).then(({ artifacts }) => artifacts)
const install = { package: 'tiny-slip', version: '2.1.0', python: '3', smoke: 'from tinyslip import hello; assert hello() == "hello"', index: 'https://pypi.org', claimed: false }

test('building the same tree twice gives the same bytes, and the evidence spares the second time', async () => {
  const input = build(tiny.tree())
  assert.equal((await pypiBuild.probe(tiny.world, input, 'key')).state, 'absent')
  const first = await files()
  const probe = await pypiBuild.probe(tiny.world, input, 'key')
  assert.equal(probe.state, 'present')
  assert.deepEqual(probe.state === 'present' && probe.output.artifacts, first)
  // A mask that leaves new files unreadable for others must not show in the packages.
  const before = process.umask(0o077)
  const second = await apply(pypiBuild, tiny, input).finally(() => process.umask(before))
  assert.deepEqual(second.artifacts, first)
  assert.deepEqual(first.map(({ name }) => name).toSorted(), ['tiny_slip-2.1.0-py3-none-any.whl', 'tiny_slip-2.1.0.tar.gz'])
})

test('an sdist has sorted members of one time, one owner and plain modes, and still its content', async () => {
  const sdist = (await files()).find(({ name }) => name.endsWith('.tar.gz'))!
  const listing = await tiny.world.scratch(async (scratch) => {
    const path = await scratch.place(sdist.sha256, 'x.tar.gz')
    return JSON.parse(execFileSync('python3', ['-c', [
      'import json, sys, tarfile',
      'with tarfile.open(sys.argv[1]) as t:',
      '    print(json.dumps([[m.name, m.mtime, m.uid, m.uname, oct(m.mode), t.extractfile(m).read().decode() if m.isreg() else None] for m in t]))',
    ].join('\n'), path], { encoding: 'utf8' })) as [string, number, number, string, string, string | null][]
  })
  const names = listing.map(([name]) => name)
  assert.deepEqual(names, names.toSorted())
  // setuptools of old wrote tiny-slip-2.1.0, with a dash that PyPI refuses.
  assert.deepEqual([...new Set(names.map((name) => name.split('/')[0]))], ['tiny_slip-2.1.0'])
  for (const [, mtime, uid, owner] of listing) assert.deepEqual([mtime, uid, owner], [EPOCH, 0, ''])
  const script = listing.find(([name]) => name.endsWith('/hello.sh'))!
  assert.deepEqual(script.slice(4), ['0o755', '#!/bin/sh\necho hello\n'])
})

test('the metadata becomes the fields of the upload form', async () => {
  for (const file of await files()) {
    assert.deepEqual(about.parse(file.about), file.about)
    const all = (name: string) => file.about.fields.filter(([key]) => key === name).map(([, value]) => value)
    assert.deepEqual(all('name'), ['tiny-slip'])
    assert.deepEqual(all('summary'), ['A täiny thing'])
    assert.deepEqual(all('classifiers'), ['Programming Language :: Python :: 3', 'Operating System :: OS Independent'])
    assert.deepEqual(all('project_urls'), ['Source, https://example.org/src', 'Issues, https://example.org/issues'])
    assert.deepEqual(all('provides_extra'), ['more'])
    assert.deepEqual(all('requires_python'), ['>=3.8'])
    assert.deepEqual(all('description_content_type'), ['text/markdown'])
    assert.match(fieldOf(file, 'description'), /It says “hello” & little more\./)
    assert.equal(file.about.filetype, file.name.endsWith('.whl') ? 'bdist_wheel' : 'sdist')
    assert.equal(file.about.pyversion, file.name.endsWith('.whl') ? 'py3' : 'source')
  }
})

test('a wheel of another version is refused, with the line that it comes from', async () => {
  const tree = tiny.tree()
  await assert.rejects(apply(pypiBuild, tiny, build(tree, '2.2.0')), (error) => {
    assert(error instanceof SlipwayError && error.code === 'wheel-version')
    assert.match(error.message, /carries version 2\.1\.0, but the release is 2\.2\.0/)
    assert.deepEqual(error.problems[0].place, { file: 'setup.py', line: 2 })
    return true
  })
})

test('a build without a wheel and a build that fails are refused', async () => {
  const backend = (body: string) => ({
    'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n',
    'own.py': `import os\ndef build_sdist(folder, settings=None):\n    ${body}\n    import tarfile, io\n    with tarfile.open(os.path.join(folder, "own-2.1.0.tar.gz"), "w:gz") as t:\n`
      + '        for name, data in [("own-2.1.0/own.py", open("own.py", "rb").read()), ("own-2.1.0/pyproject.toml", open("pyproject.toml", "rb").read()), ("own-2.1.0/PKG-INFO", b"Metadata-Version: 2.1\\nName: own\\nVersion: 2.1.0\\n")]:\n'
      + '            m = tarfile.TarInfo(name); m.size = len(data); t.addfile(m, io.BytesIO(data))\n    return "own-2.1.0.tar.gz"\n'
      + 'def build_wheel(folder, settings=None, metadata=None):\n    open(os.path.join(folder, "own.txt"), "w").close()\n    return "own.txt"\n',
  })
  await assert.rejects(apply(pypiBuild, tiny, { ...build(tiny.tree(backend('pass'))), package: 'own' }), code('build-no-wheel'))
  await assert.rejects(apply(pypiBuild, tiny, { ...build(tiny.tree(backend('raise SystemExit("the press is broken")'))), package: 'own' }), (error) => {
    assert(code('build-failed')(error))
    assert.match((error as SlipwayError).problems[0].detail ?? '', /the press is broken/)
    return true
  })
})

test('twine passes good packages, once, and its words are shown for bad ones', async () => {
  const input = { artifacts: await files() }
  const output = await apply(pypiCheck, tiny, input)
  assert.equal(output.evidence[0]?.passed, true)
  assert.equal((await pypiCheck.probe(tiny.world, input, 'key')).state, 'present')
  const bad = await apply(pypiBuild, tiny, build(tiny.tree({ 'README.md': 'Title\n=====\n\n.. nonsense:: x\n\n``open\n', 'setup.py': 'from setuptools import setup\nsetup(name="tiny-slip", version="2.1.0", long_description=open("README.md").read(), long_description_content_type="text/x-rst")\n' })))
  await assert.rejects(apply(pypiCheck, tiny, { artifacts: bad.artifacts }), (error) => {
    assert(code('package-invalid')(error))
    assert.match((error as SlipwayError).problems[0].detail ?? '', /long_description/)
    return true
  })
})

test('a twine that is too old for the metadata has verified nothing, and does not stop the release', async () => {
  const artifacts = (await files()).map((file) => ({ ...file, about: { ...file.about, fields: file.about.fields.map(([key, value]): [string, string] => key === 'metadata_version' ? [key, '9.9'] : [key, value]) } }))
  const words = 'Checking x: ERROR    InvalidDistribution: Metadata is missing required fields: Name,\n         and is using a supported Metadata-Version: 1.0, 1.1, 1.2,\n         2.0, 2.1, 2.2.\n'
  const old = (text: string): World => ({ ...tiny.world, run: async (command) => {
    if (!command.args.includes('check')) return await tiny.world.run(command)
    command.heard?.(text)
    return { code: 1, stdout: text, stderr: '' }
  } })
  const { evidence } = await pypiCheck.apply!(old(words), { artifacts }, tiny.once)
  assert.equal(evidence[0]?.passed, false)
  assert.match(evidence[0].detail, /^not verified: .*metadata 9\.9/)
  await assert.rejects(async () => pypiCheck.apply!(old(words.replace('2.2.', '9.9.')), { artifacts }, tiny.once), code('package-invalid'))
})

test('names that the index would refuse are refused before anything is uploaded', async () => {
  const wheel = (await files()).find(({ name }) => name.endsWith('.whl'))!
  for (const name of ['Tiny.Slip-2.1.0-py3-none-any.whl', 'tiny_slip-2.1.0-cp311-cp311-linux_x86_64.whl']) {
    await assert.rejects(apply(pypiCheck, tiny, { artifacts: [{ ...wheel, name }] }), code('package-invalid'))
  }
})

test('the wheel is installed and tried, away from the source; a failing smoke line is refused', async () => {
  const artifacts = await files()
  const output = await apply(pypiInstall, tiny, { ...install, artifacts })
  assert.equal(output.evidence[0]?.passed, true)
  assert.equal((await pypiInstall.probe(tiny.world, { ...install, artifacts }, 'key')).state, 'present')
  await assert.rejects(apply(pypiInstall, tiny, { ...install, artifacts, smoke: 'import setup' }), (error) => {
    assert(code('install-failed')(error))
    assert.match((error as SlipwayError).problems[0].detail ?? '', /No module named 'setup'/)
    return true
  })
})

test('where no other Python has a pip that can be lent, the environment gets its own', async () => {
  const [newest] = await tiny.world.interpreters()
  const world: World = { ...tiny.world, interpreters: async () => [{ version: '3.99.0', path: 'false' }, newest!] }
  const python = newest!.version.split('.').slice(0, 2).join('.')
  const output = await apply(pypiInstall, { world, once: tiny.once }, { ...install, artifacts: await files(), python, smoke: 'import pip, tinyslip' })
  assert.equal(output.evidence[0]?.passed, true)
})

test('a Python that is not there is reported as not verified, and looked for again', async () => {
  const input = { ...install, artifacts: await files(), python: '3.99' }
  const output = await apply(pypiInstall, tiny, input)
  assert.deepEqual(output.evidence.map(({ passed, detail }) => ({ passed, detail })), [{ passed: false, detail: 'not verified: no Python 3.99 found' }])
  assert.equal((await pypiInstall.probe(tiny.world, input, 'key')).state, 'absent')
})

test('a Python that the package does not allow is not verified, or a failure where the project claims it', async () => {
  const setup = 'from setuptools import setup\nsetup(name="tiny-slip", version="2.1.0", packages=["tinyslip"], python_requires=">=3.98")\n'
  const { artifacts } = await apply(pypiBuild, tiny, build(tiny.tree({ 'setup.py': setup })))
  const output = await apply(pypiInstall, tiny, { ...install, artifacts })
  assert.equal(output.evidence[0]?.detail, 'not verified: the package needs Python >=3.98')
  await assert.rejects(apply(pypiInstall, tiny, { ...install, artifacts, claimed: true }), code('install-failed'))
})
