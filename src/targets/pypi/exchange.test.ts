// Tests of trusted publishing: exchange, upload and every refusal, against the rehearsed index and identity issuer.
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { Refused } from '../../model/error.ts'
import type { HttpAnswer, HttpRequest, World } from '../../model/world.ts'
import { pypiService } from '../../rehearsal/pypi/service.ts'
import { createPypiState, findProject } from '../../rehearsal/pypi/state.ts'
import { serve } from '../../rehearsal/serve.ts'
import { sigstoreService } from '../../rehearsal/sigstore/service.ts'
import { createSigstoreState, ID_TOKEN_URL } from '../../rehearsal/sigstore/state.ts'
import { identityToken } from '../../rehearsal/sigstore/tokens.ts'
import { groundPackages } from '../../../test/support/ground-packages.ts'
import { withUploadToken } from './exchange.ts'
import { fileTo } from './file.ts'
import { pypiTarget } from './index.ts'
import { settings } from './settings.ts'
import { openTiny } from './tiny.fixture.ts'
import { pypiUpload } from './upload.ts'
import type { BuiltFile } from './artifact.ts'

const JOB = { ACTIONS_ID_TOKEN_REQUEST_URL: ID_TOKEN_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-opener-7Kq2' }
const clock = { now: new Date('2026-03-04T05:06:07Z') }
const now = () => clock.now
const sigstore = createSigstoreState({ now, tokens: [JOB.ACTIONS_ID_TOKEN_REQUEST_TOKEN], job: { repository: 'acme/app' } })
const pypi = createPypiState({ now })
const served = await serve({ services: [pypiService({ index: 'pypi', state: pypi, sigstore }), sigstoreService(sigstore)] })
const tiny = openTiny()
after(async () => { await served.close(); await tiny[Symbol.asyncDispose]() })
const PUBLISHER = { repository: 'acme/app', workflow: 'release.yml', projects: ['ground-app'] }
beforeEach(() => {
  pypi.projects.clear()
  pypi.usedNames.clear()
  pypi.pending.length = 0
  pypi.tokens.splice(0, Infinity, { token: 'pypi-stored', user: 'ann' })
  pypi.publishers.splice(0, Infinity, PUBLISHER)
})

const packages = groundPackages('2.1.0')
const project = packages[0]!.artifact.about['fields'] as [string, string][]
const NAME = project.find(([field]) => field === 'name')![1]
PUBLISHER.projects.splice(0, 1, NAME)
const wheel = packages.find(({ artifact }) => artifact.name.endsWith('.whl'))!

type Between = (request: HttpRequest, go: () => Promise<HttpAnswer>) => Promise<HttpAnswer>
function worldWith(env: Record<string, string> = JOB, between: Between = (_request, go) => go()): World {
  const world = tiny.worldWith({ now, routes: served.routes, env: { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '', ...env } })
  const bytes = { length: wheel.bytes.length, async *open() { yield Uint8Array.from(Buffer.from(wheel.bytes)) } }
  return { ...world, artifacts: { has: async () => true, body: async () => bytes }, http: (request) => between(request, () => world.http(request)) }
}
const input = (auth: 'auto' | 'token' | 'trusted') => fileTo({ upload: 'https://upload.pypi.org/legacy/', index: 'https://pypi.org', auth, token: 'PYPI_TOKEN' }, wheel.artifact as unknown as BuiltFile, { project: NAME, version: '2.1.0' })
const upload = (world: World, auth: 'auto' | 'token' | 'trusted' = 'trusted') => pypiUpload.apply!(world, input(auth), tiny.once)
const lend = (world: World) => withUploadToken(world, { index: 'https://pypi.org', project: NAME }, async (token) => token)
const refused = async (attempt: Promise<unknown>): Promise<Refused> => attempt.then(() => assert.fail('it was not refused'), (error: unknown) => {
  assert(error instanceof Refused, String(error))
  assert.doesNotMatch(JSON.stringify(error.problems), /eyJ|job-opener/)
  return error
})
const files = () => [...(findProject(pypi, NAME)?.releases.values() ?? [])].flatMap((release) => release.files.map(({ filename }) => filename))

test('a job without a stored token uploads through a pending publisher, which makes the project', async () => {
  pypi.publishers.length = 0
  pypi.pending.push({ repository: 'acme/app', workflow: 'release.yml', project: NAME, addedBy: 'ann' })
  await upload(worldWith())
  assert.deepEqual(files(), [wheel.artifact.name])
  assert.deepEqual([findProject(pypi, NAME)?.owners, pypi.pending.length], [['ann'], 0])
})

test('the upload token is got once and used until it nears its end, then a new one is got with a new identity', async () => {
  const shown: string[] = []
  const world = worldWith(JOB, (request, go) => {
    if (request.url.endsWith('/mint-token')) shown.push(typeof request.body === 'string' ? request.body : '')
    return go()
  })
  const first = await lend(world)
  assert.equal(await lend(world), first)
  clock.now = new Date(clock.now.getTime() + 9 * 60_000)
  assert.equal(await lend(world), first)
  clock.now = new Date(clock.now.getTime() + 90_000)
  assert.notEqual(await lend(world), first)
  assert.equal(new Set(shown).size, 2)
})

test('an exchange whose answer was lost is made again with another identity token', async () => {
  let lost = 0
  const world = worldWith(JOB, async (request, go) => {
    const answer = await go()
    if (!request.url.endsWith('/mint-token') || (lost += 1) > 1) return answer
    throw new Error('pypi.org broke off')
  })
  await assert.rejects(lend(world), (error: Error) => !(error instanceof Refused))
  assert.match(await lend(world), /^pypi-/)
})

test('auto takes the stored token where there is one, else the identity; token and trusted never take the other', async () => {
  const asked: string[] = []
  const noting: Between = (request, go) => { asked.push(new URL(request.url).pathname); return go() }
  await upload(worldWith({ ...JOB, PYPI_TOKEN: 'pypi-stored' }, noting), 'auto')
  assert.deepEqual(asked, ['/legacy/'])
  asked.length = 0
  await upload(worldWith({ ...JOB, PYPI_TOKEN: '' }, noting), 'auto')
  assert.ok(asked.includes('/_/oidc/mint-token'))
  asked.length = 0
  await upload(worldWith({ ...JOB, PYPI_TOKEN: 'pypi-stored' }, noting), 'trusted')
  assert.ok(asked.includes('/_/oidc/mint-token'))
  assert.equal((await refused(upload(worldWith({ ...JOB, PYPI_TOKEN: '' }), 'token'))).code, 'secret-missing')
  assert.equal((await refused(upload(worldWith({ PYPI_TOKEN: '' }), 'auto'))).code, 'secret-missing')
  assert.equal((await refused(upload(worldWith({ PYPI_TOKEN: 'pypi-stored' }), 'trusted'))).code, 'secret-missing')
})

test('a job that nobody registered is told the values to register, and no token', async () => {
  pypi.publishers.length = 0
  const error = await refused(upload(worldWith()))
  assert.equal(error.code, 'publisher-unknown')
  assert.match(error.message, /pypi\.org gave no upload token \(422 invalid-publisher\).*owner acme, repository app, workflow release\.yml, environment none/)
  assert.match(error.problems[0].hint ?? '', new RegExp(`https://pypi\\.org/manage/project/${NAME}/settings/publishing/.*https://pypi\\.org/manage/account/publishing/`))
  assert.deepEqual(files(), [])
})

test('every code of the index has its meaning and its code here', async () => {
  const answering = (code: string): Between => (request, go) => request.url.endsWith('/mint-token')
    ? Promise.resolve({ status: 422, reason: '', headers: {}, body: Buffer.from(JSON.stringify({ message: 'Token request failed', errors: [{ code, description: `it says ${typeof request.body === 'string' ? request.body : ''}` }] })) })
    : go()
  const codes = { 'invalid-publisher': 'publisher-unknown', 'invalid-pending-publisher': 'publisher-unknown', 'invalid-token': 'token-refused', 'invalid-payload': 'token-refused', 'not-enabled': 'request-refused', 'another': 'request-refused' }
  for (const [code, ours] of Object.entries(codes)) {
    const error = await refused(lend(worldWith(JOB, answering(code))))
    assert.equal(error.code, ours, code)
    assert.ok((error.problems[0].hint ?? '').length > 20)
  }
  // A job gets a new identity token for its next attempt; who brought one cannot.
  await assert.rejects(lend(worldWith(JOB, answering('invalid-reuse-token'))), (error) => !(error instanceof Refused))
  const given = identityToken(sigstore, { aud: 'pypi' })
  assert.match(await lend(worldWith({ PYPI_ID_TOKEN: given })), /^pypi-/)
  assert.equal((await refused(lend(worldWith({ PYPI_ID_TOKEN: given })))).code, 'token-refused')
})

test('a token that an index repeats is in no error, neither whole nor where its words are cut', async () => {
  for (const before of [0, 440, 490, 498]) {
    const world = worldWith(JOB, (request, go) => request.method === 'POST'
      ? Promise.resolve({ status: 400, reason: 'Bad Request', headers: {}, body: Buffer.from(`${'x'.repeat(before)} ${typeof request.body === 'string' ? (JSON.parse(request.body) as { token: string }).token : request.headers?.['authorization']}`) })
      : go())
    const error = await refused(lend(world))
    assert.doesNotMatch(error.message, /ey[A-Za-z0-9]/)
    let minted = ''
    const uploading = worldWith(JOB, async (request, go) => {
      const answer = await go()
      if (request.url.endsWith('/mint-token')) minted = (JSON.parse(Buffer.from(answer.body).toString()) as { token: string }).token
      return request.url.endsWith('/legacy/') ? { ...answer, status: 400, reason: '', body: Buffer.from(`${'x'.repeat(before)} ${minted}`) } : answer
    })
    const told = (await refused(upload(uploading))).message
    assert.ok(minted !== '' && !told.includes(minted.slice(0, 8)), told)
  }
})

test('whoever publishes as a trusted publisher is asked for no stored token', () => {
  const set = settings.parse({ package: 'app', smoke: 'import app', trial: true, auth: 'trusted' })
  assert.deepEqual(pypiTarget.secrets(set).map(({ name, or }) => [name, or]), [['ACTIONS_ID_TOKEN_REQUEST_TOKEN', ['PYPI_ID_TOKEN']]])
  assert.deepEqual(pypiTarget.secrets({ ...set, auth: 'token' }).map(({ name, or }) => [name, or]), [['PYPI_TOKEN', undefined], ['TESTPYPI_TOKEN', undefined]])
})

test('doctor tries the exchange without an upload, explains a refusal, and leaves a pending publisher alone', async () => {
  const need = pypiTarget.needs!({ project: 'app', tagPattern: '', releaseBranchPattern: '', mainBranch: 'main', remote: 'origin', repository: '', active: [] }, settings.parse({ package: NAME, smoke: 'import app', auth: 'trusted' })).find(({ title }) => title.startsWith('upload '))!
  const isNew = await need.look(worldWith())
  assert.equal(isNew.is, 'untested')
  assert.match(JSON.stringify(isNew), /pending publisher/)
  assert.equal(pypi.tokens.length, 1)
  await upload(worldWith({ PYPI_TOKEN: 'pypi-stored' }), 'token')
  const good = await need.look(worldWith())
  assert.equal(good.is, 'met')
  assert.match(JSON.stringify(good), /an upload shows/)
  assert.equal((await need.look(worldWith({}))).is, 'untested')
  pypi.publishers.length = 0
  assert.equal((await refused(need.look(worldWith()))).code, 'publisher-unknown')
})
