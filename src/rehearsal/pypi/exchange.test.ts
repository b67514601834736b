// Tests of the rehearsed exchange of trusted publishing: whom it gives tokens, its true refusals, and what its tokens open.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSigstoreState } from '../sigstore/state.ts'
import { identityToken } from '../sigstore/tokens.ts'
import { pypiService } from './service.ts'
import { createPypiState, findProject, type PypiSetup } from './state.ts'
import { uploaderOf } from './permission.ts'

const JOB = { repository: 'acme/app', workflow: 'release.yml' }

function open(setup: PypiSetup) {
  const clock = { now: new Date('2026-03-01T10:00:00Z') }
  const now = () => clock.now
  const sigstore = createSigstoreState({ now, tokens: [], job: { repository: 'acme/app' } })
  const state = createPypiState({ ...setup, now })
  const service = pypiService({ index: 'pypi', state, sigstore })
  const ask = async (method: string, path: string, body = '') => {
    const { status, body: said } = await service.handle({ method, url: new URL(`https://pypi.org${path}`), headers: {}, body: new TextEncoder().encode(body), address: (url) => url })
    return { status, said: JSON.parse(String(said)) as { token?: string; expires?: number; audience?: string; errors?: { code: string; description: string }[] } }
  }
  const mint = (claims: Record<string, unknown> = {}, token = identityToken(sigstore, { aud: 'pypi', ...claims })) => ask('POST', '/_/oidc/mint-token', JSON.stringify({ token }))
  const code = async (answer: ReturnType<typeof mint>) => { const { status, said } = await answer; return [status, said.errors?.[0]?.code] }
  const holder = (token = '') => uploaderOf(state, `Basic ${Buffer.from(`__token__:${token}`).toString('base64')}`)
  return { clock, sigstore, state, ask, mint, code, holder }
}

test('a registered job gets a token for its projects that opens uploads for fifteen minutes', async () => {
  const { ask, mint, holder, clock } = open({ publishers: [{ ...JOB, projects: ['app'] }] })
  assert.deepEqual((await ask('GET', '/_/oidc/audience')).said, { audience: 'pypi' })
  const { status, said } = await mint()
  assert.deepEqual([status, said.expires], [200, clock.now.getTime() / 1000 + 900])
  assert.deepEqual(holder(said.token)?.projects, ['app'])
  assert.equal(holder(said.token)?.user, undefined)
  clock.now = new Date(clock.now.getTime() + 900_000)
  assert.equal(holder(said.token), undefined)
})

test('an identity token counts once, for this index, while it is good, and from an issuer that is known', async () => {
  const { sigstore, mint, code } = open({ publishers: [{ ...JOB, projects: ['app'] }] })
  const token = identityToken(sigstore, { aud: 'pypi' })
  assert.equal((await mint({}, token)).status, 200)
  assert.deepEqual(await code(mint({}, token)), [422, 'invalid-reuse-token'])
  for (const claims of [{ aud: 'testpypi' }, { aud: 'sigstore' }, { exp: 1 }]) assert.deepEqual(await code(mint(claims)), [422, 'invalid-token'])
  assert.deepEqual(await code(mint({}, `${identityToken(sigstore, { aud: 'pypi' }).slice(0, -8)}AAAAAAAA`)), [422, 'invalid-token'])
  assert.deepEqual(await code(mint({ iss: 'https://example.org' })), [422, 'invalid-payload'])
  assert.deepEqual(await code(mint({}, 'no token')), [422, 'invalid-payload'])
})

test('a job that is not registered gets nothing: another repository, workflow, environment or event', async () => {
  const { mint, code, state } = open({ publishers: [{ ...JOB, environment: 'release', projects: ['app'] }] })
  const unknown = [422, 'invalid-publisher']
  assert.deepEqual(await code(mint()), unknown, 'no environment')
  assert.equal((await mint({ environment: 'Release' })).status, 200)
  const good = { environment: 'release' }
  assert.deepEqual(await code(mint({ ...good, repository: 'acme/other' })), unknown)
  assert.deepEqual(await code(mint({ ...good, job_workflow_ref: 'acme/app/.github/workflows/release.yml.evil@refs/heads/main' })), unknown)
  assert.deepEqual(await code(mint({ ...good, event_name: 'pull_request_target' })), unknown)
  assert.equal(state.tokens.length, 1)
})

test('a pending publisher makes its project once, and is worth nothing when somebody else has made it', async () => {
  const pending = { ...JOB, project: 'App', addedBy: 'ann' }
  const first = open({ pending: [pending, { ...pending, repository: 'other/app' }] })
  const { said } = await first.mint()
  assert.deepEqual([findProject(first.state, 'app')?.owners, first.holder(said.token)?.projects, first.state.pending], [['ann'], ['App'], []])
  assert.equal((await first.mint()).status, 200)
  const late = open({ pending: [pending], projects: [{ name: 'app', owners: ['sam'] }] })
  assert.deepEqual(await late.code(late.mint()), [422, 'invalid-pending-publisher'])
  assert.deepEqual([findProject(late.state, 'app')?.owners, late.state.pending, late.state.tokens], [['sam'], [], []])
})

test('an index that knows no issuer says that trusted publishing is switched off', async () => {
  const service = pypiService({ index: 'pypi', state: createPypiState() })
  const { status, body } = await service.handle({ method: 'POST', url: new URL('https://pypi.org/_/oidc/mint-token'), headers: {}, body: new Uint8Array(), address: (url) => url })
  assert.deepEqual([status, (JSON.parse(String(body)) as { errors: { code: string }[] }).errors[0]?.code], [422, 'not-enabled'])
})
