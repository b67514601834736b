// Tests of the way onto an index and back: trial, upload, verification and yank, against PyPI's protocols served on loopback.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Refused } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { findProject, findRelease, plantForeign } from '../../rehearsal/pypi/state.ts'
import type { BuiltFile } from './artifact.ts'
import { pypiBuild } from './build.ts'
import { fileTo } from './file.ts'
import { apply, openTiny, serveIndexes } from './tiny.fixture.ts'
import { pypiTrial } from './trial.ts'
import { pypiTrialInstall } from './trial-install.ts'
import { pypiUpload } from './upload.ts'
import { pypiVerify } from './verify.ts'
import { lookForVersion } from './version-fact.ts'

const tiny = openTiny()
const indexes = await serveIndexes()
const world = tiny.worldWith({ routes: indexes.served.routes, env: { PYPI_TOKEN: 'pypi-good', NARROW: 'pypi-narrow', WRONG: 'pypi-wrong', TESTPYPI_TOKEN: 'pypi-trial' } })
const at = { world, once: tiny.once }
after(async () => {
  await indexes.served.close()
  await tiny[Symbol.asyncDispose]()
})

let files: BuiltFile[] = []
before(async () => {
  const input = { tree: tiny.tree(), package: 'tiny-slip', version: '2.1.0', epoch: 1_760_486_400, isolated: false }
  files = (await apply(pypiBuild, at, input)).artifacts
})

const release = { project: 'tiny-slip', version: '2.1.0' }
const toPypi = (file: BuiltFile, token = 'PYPI_TOKEN') => fileTo({ upload: 'https://upload.pypi.org/legacy/', index: 'https://pypi.org', token }, file, release)
const toTrial = (file: BuiltFile) => fileTo({ upload: 'https://test.pypi.org/legacy/', index: 'https://test.pypi.org', token: 'TESTPYPI_TOKEN' }, file, release)
const fetching = (index: string) => ({
  index, ...release, files: files.map(({ name, sha256 }) => ({ name, sha256 })), pythons: ['3'], smoke: 'from tinyslip import hello; assert hello() == "hello"',
})
const refused = async (attempt: Promise<unknown>): Promise<Refused> => attempt.then(() => assert.fail('it was not refused'), (error: unknown) => {
  assert(error instanceof Refused, String(error))
  return error
})
const posts = () => indexes.served.calls.filter(({ method }) => method === 'POST').length

test('a trial goes to the trial index alone and is installed from there', async () => {
  const input = fetching('https://test.pypi.org')
  const early = await pypiTrialInstall.probe(world, input, 'key')
  assert.deepEqual(early, { state: 'unknown', why: `test.pypi.org does not list ${files[0]?.name} yet`, blind: false })
  for (const file of files) await apply(pypiTrial, at, toTrial(file))
  assert.equal(findProject(indexes.pypi, 'tiny-slip'), undefined)
  assert.deepEqual(await pypiTrialInstall.probe(world, input, 'key'), { state: 'absent' })
  const output = await apply(pypiTrialInstall, at, { ...input, dependencies: 'https://pypi.org' })
  assert.equal(output.evidence[0]?.passed, true)
  assert.deepEqual(await pypiTrialInstall.probe(world, input, 'key'), { state: 'present', output })
})

test('tokens are refused with what to do, and never shown', async () => {
  const wheel = files[0]!
  const wrong = await refused(apply(pypiUpload, at, toPypi(wheel, 'WRONG')))
  assert.equal(wrong.code, 'token-refused')
  assert.match(wrong.message, /upload\.pypi\.org refused tiny_slip-2\.1\.0.* \(403\): Invalid or non-existent authentication information\./)
  assert.doesNotMatch(JSON.stringify(wrong.problems), /pypi-wrong/)
  assert.equal((await refused(apply(pypiUpload, at, toPypi(wheel, 'NO_SUCH_SECRET')))).code, 'secret-missing')
  assert.equal((await refused(apply(pypiUpload, at, { ...toPypi(wheel), upload: 'https://upload.pypi.org/legacy' }))).code, 'request-refused')
  assert.equal(findProject(indexes.pypi, 'tiny-slip'), undefined)
})

test('an upload is seen by its digest, may be repeated, and cannot replace what is there', async () => {
  assert.equal(await lookForVersion(world, { index: 'https://pypi.org', ...release }), null)
  const done: [number, number][] = []
  for (const file of files) {
    const input = toPypi(file)
    assert.deepEqual(await pypiUpload.probe(world, input, 'key'), { state: 'absent' })
    const output = await pypiUpload.apply!(world, input, { ...tiny.once, progress: (sent, all) => { done.push([sent, all]) } })
    assert.deepEqual(await pypiUpload.probe(world, input, 'key'), { state: 'present', output })
    assert.deepEqual(await apply(pypiUpload, at, input), output)
  }
  assert(done.some(([sent, all]) => sent === all && all > files[0]!.size))
  assert.deepEqual(await lookForVersion(world, { index: 'https://pypi.org', ...release }), files.map(({ name }) => name))
  const stored = findRelease(findProject(indexes.pypi, 'tiny-slip')!, '2.1.0')!
  assert.deepEqual(stored.files.map(({ filename, sha256 }) => [filename, `sha256:${sha256}`]), files.map(({ name, sha256 }) => [name, sha256]))
  assert.deepEqual([stored.metadata['name'], stored.metadata['summary'], stored.metadata['classifiers']], ['tiny-slip', 'A täiny thing', ['Programming Language :: Python :: 3', 'Operating System :: OS Independent']])
  assert.equal((await refused(apply(pypiUpload, at, toPypi(files[0]!, 'NARROW')))).code, 'right-missing')

  const other = (await apply(pypiBuild, at, { tree: tiny.tree({ 'tinyslip/__init__.py': 'hello = None\n' }), package: 'tiny-slip', version: '2.1.0', epoch: 0, isolated: false })).artifacts[0]!
  const conflict = await pypiUpload.probe(world, toPypi(other), 'key')
  assert.equal(conflict.state, 'conflict')
  assert(conflict.state === 'conflict' && conflict.found.includes(other.sha256) && conflict.found.includes(files[0]!.sha256))
  const taken = await refused(apply(pypiUpload, at, toPypi(other)))
  assert.equal(taken.code, 'version-published')
  assert.match(taken.message, /File already exists \('tiny_slip-2\.1\.0-py3-none-any\.whl', with blake2_256 hash/)
})

test('verification installs from the index, compares every byte, and is not made twice', async () => {
  const input = fetching('https://pypi.org')
  const output = await apply(pypiVerify, at, input)
  assert.match(output.evidence[0]?.detail ?? '', /byte for byte: tiny_slip-2\.1\.0-py3-none-any\.whl, tiny_slip-2\.1\.0\.tar\.gz/)
  assert.deepEqual(await pypiVerify.probe(world, input, 'key'), { state: 'present', output })
  for (const name of [0, 1]) {
    const swapped = { ...input, smoke: 'pass', files: input.files.map((file, each) => (each === name ? { ...file, sha256: `sha256:${'0'.repeat(64)}` as const } : file)) }
    assert.equal((await pypiVerify.probe(world, swapped, 'key')).state, 'conflict')
    assert.equal((await refused(apply(pypiVerify, at, swapped))).code, 'verify-failed')
  }
})

test('a file that is listed but not served yet leaves doubt, never a verdict', async () => {
  const input = fetching('https://pypi.org')
  const lagging: World = { ...world, http: async (request) => (request.url.endsWith('.tar.gz') ? { status: 404, reason: 'Not Found', headers: {}, body: new Uint8Array() } : world.http(request)) }
  await assert.rejects(apply(pypiVerify, { world: lagging, once: tiny.once }, { ...input, smoke: 'pass' }), (error) => error instanceof Error && !(error instanceof Refused) && error.message.includes('is listed, but'))
})

test('what a person yanked is seen as withdrawn', async () => {
  const [wheel] = files
  if (pypiUpload.reversal.is !== 'by-hand') assert.fail()
  const { page, steps } = pypiUpload.reversal.instructions(toPypi(wheel!))
  assert.equal(page, 'https://pypi.org/manage/project/tiny-slip/release/2.1.0/')
  assert.match(steps.join('\n'), /Yank release[\s\S]*2\.1\.0/)
  findRelease(findProject(indexes.pypi, 'tiny-slip')!, '2.1.0')!.yanked = ''
  assert.deepEqual(await pypiUpload.probe(world, toPypi(wheel!), 'key'), { state: 'withdrawn' })
})

test('a name taken by somebody else is a conflict, and a file of another size in the store is caught before anything is sent', async () => {
  plantForeign(indexes.testpypi, 'other_slip-1.0-py3-none-any.whl')
  const input = { ...toTrial(files[0]!), project: 'other-slip', version: '1.0', file: 'other_slip-1.0-py3-none-any.whl' }
  assert.equal((await pypiTrial.probe(world, input, 'key')).state, 'conflict')
  const before = posts()
  assert.equal((await refused(apply(pypiTrial, at, { ...input, size: input.size + 1 }))).code, 'artifact-changed')
  assert.equal((await refused(apply(pypiTrial, at, { ...input, sha256: `sha256:${'0'.repeat(64)}` as const }))).code, 'artifact-missing')
  assert.equal(posts(), before)
})

test('an answer that leaves the outcome open is no refusal', async () => {
  for (const [status, headers] of [[503, {}], [429, { 'retry-after': '30' }]] as const) {
    const busy: World = { ...world, http: async () => ({ status, reason: 'Busy', headers, body: new Uint8Array() }) }
    await assert.rejects(apply(pypiUpload, { world: busy, once: tiny.once }, toPypi(files[0]!)), (error) => error instanceof Error && !(error instanceof Refused) && error.message.includes(String(status)))
    assert.deepEqual(await pypiUpload.probe(busy, toPypi(files[0]!), 'key'), { state: 'unknown', why: `https://pypi.org/simple/tiny-slip/ answered ${status} Busy`, blind: false })
    await assert.rejects(lookForVersion(busy, { index: 'https://pypi.org', ...release }), { code: 'remote-unreachable' })
  }
})
