// Tests of what the index shows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sdist, wheel } from '../../../test/support/distributions.ts'
import { get, post } from '../../../test/support/pypi.ts'
import { blake2b256 } from './blake2b.ts'
import { compareVersions, pep440 } from './names.ts'
import { person } from './person.ts'
import { pypiService } from './service.ts'
import { createPypiState, seed } from './state.ts'
import type { IndexLag, PypiState } from './state.ts'
import type { Service } from '../service.ts'

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json'
const PIP = `${JSON_TYPE}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01`
const PAGE = 'https://pypi.org/simple/tinyslip/'

async function index(lag?: IndexLag): Promise<{ state: PypiState; service: Service; clock: { time: number } }> {
  const clock = { time: Date.UTC(2026, 10, 22, 12) }
  const state = createPypiState({ now: () => new Date(clock.time), projects: [{ name: 'TinySlip', owners: ['owner'], maintainers: ['helper'] }], tokens: [{ token: 'pypi-owner', user: 'owner' }] })
  const service = pypiService({ index: 'pypi', state })
  await post(service, wheel('tinyslip', '1.0.0'), { fields: { requires_python: '>=3.8' } })
  state.lag = lag
  return { state, service, clock }
}

test('projects that it does not have are looked for elsewhere, and its own never', async () => {
  const state = createPypiState({ projects: [{ name: 'TinySlip', owners: ['owner'] }] })
  const service = pypiService({ index: 'pypi', state, elsewhere: 'https://index.example.org/simple/' })
  const other = await get(service, 'https://pypi.org/simple/hatchling/', { accept: PIP })
  assert.deepEqual([other.status, other.headers?.['location']], [302, 'https://index.example.org/simple/hatchling/'])
  assert.notEqual((await get(service, PAGE, { accept: PIP })).status, 302)
  assert.equal((await get((await index()).service, 'https://pypi.org/simple/hatchling/', { accept: PIP })).status, 404)
})

test('the simple page of a project is JSON for pip and HTML for browsers', async () => {
  const { service } = await index()
  const json = await get(service, PAGE, { accept: PIP })
  assert.equal(json.headers?.['content-type'], JSON_TYPE)
  const { meta, files, versions, name } = JSON.parse(json.text)
  assert.deepEqual([meta['api-version'], name, versions], ['1.4', 'tinyslip', ['1.0.0']])
  assert.equal(files[0].filename, 'tinyslip-1.0.0-py3-none-any.whl')
  assert.equal(files[0].yanked, false)
  assert.equal(files[0]['requires-python'], '>=3.8')
  assert.equal(files[0]['upload-time'], '2026-11-22T12:00:00.000000Z')
  assert.equal(json.headers?.['x-pypi-last-serial'], '1')
  const html = await get(service, PAGE, { accept: 'text/html,*/*;q=0.8' })
  assert.equal(html.headers?.['content-type'], 'text/html; charset=UTF-8')
  assert.ok(html.text.includes(`<a href="${files[0].url}#sha256=${files[0].hashes.sha256}" data-requires-python="&gt;=3.8"`))
  const file = await get(service, files[0].url)
  assert.deepEqual(Buffer.from(file.body ?? ''), Buffer.from(wheel('tinyslip', '1.0.0').bytes))
  assert.match((await get(service, `${files[0].url}.metadata`)).text, /^Name: tinyslip$/m)
})

test('a page that has not changed is answered 304', async () => {
  const { service } = await index()
  const etag = String((await get(service, PAGE)).headers?.['etag'])
  assert.equal((await get(service, PAGE, { 'if-none-match': etag })).status, 304)
  await post(service, sdist('tinyslip', '1.0.0'))
  assert.equal((await get(service, PAGE, { 'if-none-match': etag })).status, 200)
})

test('other spellings of a name are moved permanently, unknown names are 404', async () => {
  const { service } = await index()
  for (const name of ['TinySlip/', 'tinyslip']) {
    const reply = await get(service, `https://pypi.org/simple/${name}`)
    assert.equal(reply.status, 301)
    assert.equal(reply.headers?.['location'], PAGE)
  }
  assert.equal((await get(service, 'https://pypi.org/simple/unknown/')).status, 404)
  assert.equal((await get(service, 'https://pypi.org/pypi/unknown/json')).status, 404)
})

test('the list of projects links to their pages, and is JSON on request', async () => {
  const { service } = await index()
  assert.match((await get(service, 'https://pypi.org/simple/')).text, /<a href="https:\/\/pypi\.org\/simple\/tinyslip\/">TinySlip<\/a>/)
  assert.deepEqual(JSON.parse((await get(service, 'https://pypi.org/simple/', { accept: JSON_TYPE })).text).projects, [{ '_last-serial': 1, name: 'tinyslip' }])
})

test('a lagging index shows a new file only after the given reads', async () => {
  const { service } = await index({ reads: 2 })
  await post(service, wheel('tinyslip', '1.1.0'))
  const shown = async (): Promise<boolean> => (await get(service, PAGE)).text.includes('tinyslip-1.1.0')
  assert.deepEqual([await shown(), await shown(), await shown()], [false, false, true])
  assert.equal((await get(service, 'https://pypi.org/pypi/tinyslip/json')).text.includes('tinyslip-1.1.0'), true)
})

test('a lagging index hides a first release altogether, and lags by the clock too', async () => {
  const { service, clock } = await index({ ms: 5000 })
  await post(service, wheel('brandnew', '1.0.0'))
  assert.equal((await get(service, 'https://pypi.org/simple/brandnew/')).status, 404)
  clock.time += 5000
  assert.equal((await get(service, 'https://pypi.org/simple/brandnew/')).status, 200)
})

test('a yank by a person is seen on the simple page and in the JSON API, and can be taken back', async () => {
  const { state, service } = await index()
  const owner = person(state)
  const yanked = async (): Promise<unknown> => JSON.parse((await get(service, PAGE, { accept: JSON_TYPE })).text).files[0].yanked
  await owner.yank({ project: 'tinyslip', version: '1.0.0', reason: 'broken "badly"' })
  assert.equal(await yanked(), 'broken "badly"')
  assert.ok((await get(service, PAGE)).text.includes('data-yanked="broken &quot;badly&quot;"'))
  const { info } = JSON.parse((await get(service, 'https://pypi.org/pypi/tinyslip/1.0.0/json')).text)
  assert.deepEqual([info.yanked, info.yanked_reason], [true, 'broken "badly"'])
  await assert.rejects(owner.remove({ project: 'tinyslip', version: '1.0.0' }), /no confirm_delete_version/)
  await owner.unyank({ project: 'tinyslip', version: '1.0.0' })
  assert.equal(await yanked(), false)
  await owner.yank({ project: 'tinyslip', version: '1.0.0' })
  assert.equal(await yanked(), true)
})

test('nobody yanks with a token, without a session, as a maintainer or without the hidden field', async () => {
  const { state, service } = await index()
  const url = 'https://pypi.org/manage/project/tinyslip/release/1.0.0/'
  const ask = async (headers: Record<string, string>): Promise<{ status: number; headers?: unknown }> => {
    const body = Buffer.from('confirm_yank_version=1.0.0&yanked_reason=x')
    return service.handle({ method: 'POST', url: new URL(url), headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body, address: (address) => address })
  }
  assert.equal((await ask({ authorization: `Basic ${btoa('__token__:pypi-owner')}` })).status, 403)
  assert.deepEqual(await ask({}), { status: 303, headers: { location: 'https://pypi.org/account/login/?next=%2Fmanage%2Fproject%2Ftinyslip%2Frelease%2F1.0.0%2F' } })
  state.sessions.set('owners-cookie', { user: 'owner', csrf: 'hidden', flash: undefined })
  assert.equal((await ask({ cookie: 'session_id=owners-cookie' })).status, 400)
  await assert.rejects(person(state, { user: 'helper' }).yank({ project: 'tinyslip', version: '1.0.0' }), /403/)
  assert.equal(JSON.parse((await get(service, PAGE, { accept: JSON_TYPE })).text).files[0].yanked, false)
})

test('the JSON API describes the newest final release', async () => {
  const { service } = await index()
  await post(service, wheel('tinyslip', '2.0.0rc1'))
  await post(service, wheel('tinyslip', '1.10.0'), { fields: { project_urls: 'Source, https://example.org/x' } })
  const { info, releases, urls } = JSON.parse((await get(service, 'https://pypi.org/pypi/tinyslip/json')).text)
  assert.equal(info.version, '1.10.0')
  assert.deepEqual(info.project_urls, { Source: 'https://example.org/x' })
  assert.deepEqual(Object.keys(releases).toSorted(), ['1.0.0', '1.10.0', '2.0.0rc1'])
  assert.equal(urls[0].digests.blake2b_256, blake2b256(wheel('tinyslip', '1.10.0').bytes))
})

test('seeded files are there at once', async () => {
  const { state, service } = await index({ reads: 5 })
  seed(state, [wheel('setuptools', '68.0.0')])
  assert.match((await get(service, 'https://pypi.org/simple/setuptools/')).text, /setuptools-68\.0\.0/)
  assert.throws(() => seed(state, [{ filename: 'README.md', bytes: Buffer.from('') }]), /README\.md/)
})

test('versions are written and ordered as Python does it', () => {
  const cases = [['1.0', '1.0'], ['v1.0-RC.1', '1.0rc1'], ['1.0alpha', '1.0a0'], ['1.0-1', '1.0.post1'], ['1!2.0.DEV3', '1!2.0.dev3'], ['1.0+Ubuntu-1', '1.0+ubuntu.1']]
  for (const [text, written] of cases) assert.equal(pep440(text!)?.text, written)
  assert.equal(pep440('1.0-x'), undefined)
  const ordered = ['1.0.dev1', '1.0a1.dev1', '1.0a1', '1.0b1', '1.0rc1', '1.0', '1.0.post1.dev1', '1.0.post1', '1.1', '1!0.1']
  assert.deepEqual(ordered.toReversed().toSorted(compareVersions), ordered)
  assert.equal(compareVersions('1.0', '1.0.0'), 0)
})

test('BLAKE2b-256 gives the published digests', () => {
  assert.equal(blake2b256(new Uint8Array()), '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8')
  assert.equal(blake2b256(Buffer.from('abc')), 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319')
  // hashlib.blake2b(bytes(range(256)) * 2, digest_size=32) in Python: more than one block.
  assert.equal(blake2b256(Uint8Array.from({ length: 512 }, (_, at) => at % 256)), '540b20132d8aeae54057cb69c24f95d26a1c472cc700dd450defe9bb796d4f14')
})
