// Tests of what the index says to uploads.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sdist, tarGz, wheel, zip } from '../../../test/support/distributions.ts'
import { get, post } from '../../../test/support/pypi.ts'
import { person } from './person.ts'
import { pypiService } from './service.ts'
import { allFiles, createPypiState, plantForeign } from './state.ts'
import type { PypiSetup, PypiState } from './state.ts'
import type { Service } from '../service.ts'

function index(setup: PypiSetup = {}): { state: PypiState; service: Service; clock: { time: number } } {
  const clock = { time: Date.UTC(2026, 10, 22) }
  const state = createPypiState({
    now: () => new Date(clock.time),
    projects: [{ name: 'tinyslip', owners: ['owner'], maintainers: ['helper'] }],
    tokens: [
      { token: 'pypi-owner', user: 'owner' }, { token: 'pypi-helper', user: 'helper', projects: ['tinyslip'] },
      { token: 'pypi-stranger', user: 'stranger' }, { token: 'pypi-old', user: 'owner', expires: new Date(0) },
      { token: 'pypi-publisher', projects: ['tinyslip'] },
    ],
    ...setup,
  })
  return { state, service: pypiService({ index: 'pypi', state }), clock }
}

const names = (state: PypiState): string[] => allFiles(state).map(({ file }) => file.filename)

test('an upload is stored, and the same bytes again are 200 without a second file', async () => {
  const { state, service } = index()
  const dist = wheel('tinyslip', '1.0.0')
  assert.equal((await post(service, dist)).status, 200)
  assert.deepEqual(names(state), ['tinyslip-1.0.0-py3-none-any.whl'])
  const serial = state.serial
  assert.equal((await post(service, dist)).status, 200)
  assert.equal(state.serial, serial)
  assert.equal(names(state).length, 1)
})

test('other bytes under a used name are refused in the reason and in the body', async () => {
  const { state, service } = index()
  await post(service, wheel('tinyslip', '1.0.0'))
  const reply = await post(service, wheel('tinyslip', '1.0.0', 'changed = True\n'))
  assert.equal(reply.status, 400)
  assert.match(reply.reason ?? '', /^File already exists \('tinyslip-1\.0\.0-py3-none-any\.whl', with blake2_256 hash '[0-9a-f]{64}'\)\. See https:\/\/pypi\.org\/help\/#file-name-reuse for more information\.$/)
  assert.ok(reply.text.includes(`<title>400 ${reply.reason}</title>`))
  assert.equal(names(state).length, 1)
})

test('the same bytes under another name are refused, whatever the project', async () => {
  const { service } = index()
  const dist = wheel('tinyslip', '1.0.0')
  await post(service, dist)
  const reply = await post(service, { filename: 'otherslip-1.0.0-py3-none-any.whl', bytes: dist.bytes })
  assert.match(reply.reason ?? '', /^File already exists \('otherslip/)
})

test('an identical upload is answered 200 even when the release is too old for new files', async () => {
  const { service, clock } = index()
  const dist = wheel('tinyslip', '1.0.0')
  await post(service, dist)
  clock.time += 15 * 24 * 3600 * 1000
  assert.equal((await post(service, dist)).status, 200)
  const late = await post(service, sdist('tinyslip', '1.0.0'))
  assert.equal(late.reason, 'Uploading new files to releases older than 14 days is not allowed.')
})

test('a deleted file name is spent for ever', async () => {
  const { state, service } = index()
  const dist = wheel('tinyslip', '1.0.0')
  await post(service, dist)
  await person(state).remove({ project: 'tinyslip', version: '1.0.0' })
  assert.deepEqual(names(state), [])
  const reply = await post(service, dist)
  assert.equal(reply.reason, 'This filename was previously used by a file that has since been deleted. Use a different version. See https://pypi.org/help/#file-name-reuse for more information.')
})

test('a refused upload leaves no project, no release and no name behind', async () => {
  const { state, service } = index()
  const reply = await post(service, { filename: 'brandnew-1.0.0-py3-none-any.whl', bytes: Buffer.from('no zip') })
  assert.equal(reply.reason, 'Invalid distribution file. File is not a zipfile')
  assert.deepEqual([...state.projects.keys()], ['tinyslip'])
  assert.equal(state.usedNames.size, 0)
  assert.equal(state.serial, 0)
})

test('a new name becomes a project of the uploader', async () => {
  const { state, service } = index()
  assert.equal((await post(service, wheel('brandnew', '1.0.0'), { token: 'pypi-stranger' })).status, 200)
  assert.deepEqual(state.projects.get('brandnew')?.owners, ['stranger'])
  const alike = await post(service, wheel('brand_new', '2.0.0'))
  assert.match(alike.reason ?? '', /^The name 'brand_new' is too similar to an existing project\./)
})

test('who may not upload is told so with 403', async () => {
  const { service } = index()
  const dist = wheel('tinyslip', '1.0.0')
  const invalid = 'Invalid or non-existent authentication information. See https://pypi.org/help/#invalid-auth for more information.'
  for (const token of ['pypi-nobody', 'pypi-old', '']) {
    const reply = await post(service, dist, { token })
    assert.equal(reply.status, 403)
    assert.equal(reply.reason, invalid)
  }
  assert.equal((await post(service, dist, { token: 'pypi-stranger' })).reason, "The user 'stranger' isn't allowed to upload to project 'tinyslip'. See https://pypi.org/help/#project-name for more information.")
  assert.equal((await post(service, wheel('other', '1.0.0'), { token: 'pypi-helper' })).reason, "Invalid API Token: project-scoped token is not valid for project: 'other'")
  assert.equal((await post(service, wheel('other', '1.0.0'), { token: 'pypi-publisher' })).status, 400)
  assert.equal((await post(service, dist, { token: 'pypi-helper' })).status, 200)
})

test('an archived project takes no uploads', async () => {
  const { service } = index({ projects: [{ name: 'tinyslip', owners: ['owner'], status: 'archived' }] })
  assert.equal((await post(service, wheel('tinyslip', '1.0.0'))).status, 403)
})

test('a release has one sdist', async () => {
  const { service } = index({ projects: [{ name: 'tinyslip', owners: ['owner'] }] })
  assert.equal((await post(service, sdist('tinyslip', '1.0.0'))).status, 200)
  const second = { ...sdist('tinyslip', '1.0', 'other'), filename: 'tinyslip-1.0.tar.gz' }
  assert.equal((await post(service, second)).reason, 'Only one sdist may be uploaded per release.')
})

test('the legacy address without its slash is moved permanently', async () => {
  const { service } = index()
  const reply = await post(service, wheel('tinyslip', '1.0.0'), { url: 'https://upload.pypi.org/legacy' })
  assert.equal(reply.status, 308)
  assert.equal(reply.headers?.['location'], 'https://upload.pypi.org/legacy/')
})

test('forms and metadata are refused in the words of the index', async () => {
  const { state, service } = index()
  const dist = wheel('tinyslip', '1.0.0')
  const more = ' See https://packaging.python.org/specifications/core-metadata for more information.'
  const cases: readonly (readonly [Record<string, string | undefined>, string])[] = [
    [{ protocol_version: '2' }, 'Unknown protocol version.'],
    [{ filetype: 'bdist_egg' }, 'Invalid value for filetype. Error: Use a known file type.'],
    [{ pyversion: undefined }, 'Error: Python version is required for binary distribution uploads.'],
    [{ sha256_digest: undefined, blake2_256_digest: undefined }, 'Error: Include at least one message digest.'],
    [{ sha256_digest: 'abc' }, 'Invalid value for sha256_digest. Error: Use a valid, hex-encoded, SHA256 message digest.'],
    [{ sha256_digest: '0'.repeat(64) }, 'The digest supplied does not match a digest calculated from the uploaded file.'],
    [{ md5_digest: '0'.repeat(32) }, 'The digest supplied does not match a digest calculated from the uploaded file.'],
    [{ metadata_version: '9.9' }, `'9.9' is not a valid metadata version.${more}`],
    [{ version: '1.0.0+local' }, `The use of local versions in '1.0.0+local' is not allowed.${more}`],
    [{ version: 'one' }, `'one' is invalid for 'version'.${more}`],
    [{ summary: 'x'.repeat(513) }, `'summary' field must be 512 characters or less.${more}`],
    [{ author_email: 'nobody' }, `'nobody' is not a valid email address: An email address must have an @-sign.${more}`],
    [{ classifiers: 'Private :: Do Not Upload' }, `'Private :: Do Not Upload' is not a valid classifier.${more}`],
    [{ requires_dist: 'thing @ https://example.org/thing.whl' }, `Can't have direct dependency: thing @ https://example.org/thing.whl.${more}`],
    [{ license: 'MIT', license_expression: 'MIT' }, `License is deprecated when License-Expression is present. Only License-Expression should be present.${more}`],
    [{ project_urls: `${'x'.repeat(33)}, https://example.org` }, `'${'x'.repeat(33)}' must be 32 characters or less.${more}`],
    [{ description_content_type: 'text/html' }, `'description-content-type' must be one of ['text/plain', 'text/x-rst', 'text/markdown'], not 'text/html'.${more}`],
    [{ version: '1.0.1' }, "Version in filename should be '1.0.1' not '1.0.0'."],
  ]
  for (const [fields, reason] of cases) {
    const reply = await post(service, dist, { fields })
    assert.equal(reply.reason, reason)
    assert.equal(reply.status, 400)
  }
  assert.equal((await post(service, dist, { fields: { ':action': 'submit' } })).status, 410)
  assert.deepEqual(names(state), [])
  assert.equal((await post(service, dist, { fields: { requires_dist: "requests[socks] (>=2,<3) ; python_version < '3.9'", requires_python: '>=3.8, <4' } })).status, 200)
})

test('names and archives are refused in the words of the index', async () => {
  const { service } = index()
  const good = wheel('tinyslip', '1.0.0')
  const info = 'tinyslip-1.0.0.dist-info'
  const whl = (...files: string[]): Uint8Array => zip(files.map((name) => ({ name, text: name })))
  const cases: readonly (readonly [string, Uint8Array, string, Record<string, string>?])[] = [
    ['tinyslip-1.0.0.zip', good.bytes, 'Invalid file extension: Extension .zip is invalid for filetype sdist. See https://www.python.org/dev/peps/pep-0527 for more information.', { version: '1.0.0' }],
    ['tinyslip-1.0.0-py3-none-any.whl', whl('a.py'), `Invalid distribution file. WHEEL not found at ${info}/WHEEL`],
    ['tinyslip-1.0.0-py3-none-any.whl', whl(`${info}/WHEEL`, `${info}/METADATA`), `Wheel 'tinyslip-1.0.0-py3-none-any.whl' does not contain the required RECORD file: ${info}/RECORD`],
    ['tinyslip-1.0.0-py3-none-any.whl', whl(`${info}/WHEEL`, `${info}/RECORD`), `Wheel 'tinyslip-1.0.0-py3-none-any.whl' does not contain the required METADATA file: ${info}/METADATA`],
    ['tinyslip-1.0.0-py3-none-linux_x86_64.whl', good.bytes, "Binary wheel 'tinyslip-1.0.0-py3-none-linux_x86_64.whl' has an unsupported platform tag 'linux_x86_64'."],
    ['tinyslip-1.0.0.tar.gz', good.bytes, 'Invalid distribution file. File is not a tarfile'],
    ['tinyslip-1.0.0.tar.gz', tarGz([{ name: 'tinyslip-1.0.0/setup.py', text: '' }, { name: 'tinyslip-1.0.0/x.py', text: '' }]), 'Invalid distribution file. PKG-INFO not found at tinyslip-1.0.0/PKG-INFO'],
    ['tiny-slip-1.0.0.tar.gz', sdist('tinyslip', '1.0.0').bytes, "Filename 'tiny-slip-1.0.0.tar.gz' is invalid, should be 'tiny_slip-1.0.0.tar.gz'.", { name: 'tiny-slip', version: '1.0.0' }],
    ['wrong-1.0.0.tar.gz', sdist('tinyslip', '1.0.0').bytes, "Start filename for 'tinyslip' with 'tinyslip'.", { name: 'tinyslip' }],
  ]
  const { service: fresh } = index({ projects: [{ name: 'tinyslip', owners: ['owner'] }, { name: 'tiny-slip', owners: ['owner'] }] })
  for (const [filename, bytes, reason, fields] of cases) {
    const reply = await post(filename.startsWith('tiny-') ? fresh : service, { filename, bytes }, { fields: fields ?? {} })
    assert.equal(reply.reason, reason)
  }
  assert.equal((await post(service, good, { type: 'image/png' })).reason, 'Invalid distribution file.')
})

test('a file above the limit of its project is refused', async () => {
  const { service } = index({ limits: { file: 100 } })
  assert.match((await post(service, wheel('tinyslip', '1.0.0'))).reason ?? '', /^File too large\. Limit for project 'tinyslip' is 0 MB\./)
})

test('a foreign file is found at upload, or before', async () => {
  const { state, service } = index()
  state.foreignNext = true
  assert.match((await post(service, wheel('tinyslip', '1.0.0'))).reason ?? '', /^File already exists/)
  plantForeign(state, 'tinyslip-2.0.0.tar.gz')
  const listed = JSON.parse((await get(service, 'https://pypi.org/simple/tinyslip/', { accept: 'application/vnd.pypi.simple.v1+json' })).text)
  assert.deepEqual(listed.versions, ['1.0.0', '2.0.0'])
})

test('TestPyPI takes uploads and shows pages at one host', async () => {
  const { state } = index()
  const service = pypiService({ index: 'testpypi', state })
  assert.equal((await post(service, wheel('tinyslip', '1.0.0'), { url: 'https://test.pypi.org/legacy/' })).status, 200)
  assert.match((await get(service, 'https://test.pypi.org/simple/tinyslip/')).text, /https:\/\/test-files\.pythonhosted\.org\/packages\//)
})
