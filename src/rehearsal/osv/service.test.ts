// Tests of the rehearsal's OSV: its answers, its errors in OSV's own words, its pages, and what it plants.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { osvService } from './service.ts'
import { createOsvState, PLANTED_ID, type OsvDocument, type OsvState } from './state.ts'

const advisory = (id: string, ecosystem: string, name: string, more: object): OsvDocument => ({ id, modified: '2026-01-01T00:00:00Z', affected: [{ package: { ecosystem, name }, ...more }] })
const upTo = (fixed: string) => ({ ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }] })

async function ask(state: OsvState, method: string, path: string, body?: unknown): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const reply = await osvService(state).handle({ method, url: new URL(`https://api.osv.dev${path}`), headers: {}, body: new TextEncoder().encode(text), address: (url) => url })
  return { status: reply.status, body: JSON.parse(String(reply.body)) }
}

const ids = async (state: OsvState, query: object): Promise<unknown> => (await ask(state, 'POST', '/v1/querybatch', { queries: [query] })).body.results[0].vulns?.map(({ id }: OsvDocument) => id) ?? []

test('it knows nothing by default, and answers queries in their order with ids alone', async () => {
  assert.deepEqual(await ask(createOsvState(), 'POST', '/v1/querybatch', { queries: [{ package: { purl: 'pkg:pypi/a@1' } }] }), { status: 200, body: { results: [{}] } })
  const state = createOsvState({ advisories: [advisory('A', 'PyPI', 'a', upTo('2')), advisory('B', 'npm', '@x/b', upTo('1.10.0'))] })
  const { body } = await ask(state, 'POST', '/v1/querybatch', { queries: [{ package: { purl: 'pkg:npm/%40x/b@1.9.0' } }, { package: { purl: 'pkg:pypi/c@1' } }, { package: { purl: 'pkg:pypi/A@1' } }] })
  const modified = '2026-01-01T00:00:00Z'
  assert.deepEqual(body, { results: [{ vulns: [{ id: 'B', modified }] }, {}, { vulns: [{ id: 'A', modified }] }] })
  assert.deepEqual((await ask(state, 'GET', '/v1/vulns/A')).body, state.advisories[0])
  assert.deepEqual((await ask(state, 'POST', '/v1/query', { package: { name: 'a', ecosystem: 'PyPI' }, version: '1' })).body, { vulns: [state.advisories[0]] })
})

test('packages are found by version, range and ecosystem, withdrawn advisories never', async () => {
  const state = createOsvState({ advisories: [
    advisory('RANGE', 'PyPI', 'Zope.Interface', upTo('1.10')), advisory('VERSIONS', 'PyPI', 'zope-interface', { versions: ['3'] }),
    advisory('DEBIAN', 'Debian:12', 'openssl', upTo('3.0.12')), { ...advisory('GONE', 'PyPI', 'zope-interface', upTo('99')), withdrawn: '2026-01-01T00:00:00Z' },
  ] })
  assert.deepEqual(await ids(state, { package: { purl: 'pkg:pypi/zope.interface@1.9' } }), ['RANGE'])
  assert.deepEqual(await ids(state, { package: { purl: 'pkg:pypi/zope.interface' }, version: '1.10' }), [])
  assert.deepEqual(await ids(state, { package: { purl: 'pkg:pypi/zope-interface@3' } }), ['VERSIONS'])
  assert.deepEqual(await ids(state, { package: { purl: 'pkg:deb/debian/openssl@3.0.11?arch=source' } }), ['DEBIAN'])
  assert.deepEqual(await ids(state, { package: { name: 'openssl', ecosystem: 'Debian:11' }, version: '3.0.11' }), [])
  assert.deepEqual(await ids(state, { package: { purl: 'pkg:generic/openssl@3' } }), [])
})

test('long answers go on by a token', async () => {
  const state = createOsvState({ pageSize: 2, advisories: ['A', 'B', 'C'].map((id) => advisory(id, 'PyPI', 'a', upTo('2'))) })
  const query = { package: { purl: 'pkg:pypi/a@1' } }
  const first = (await ask(state, 'POST', '/v1/querybatch', { queries: [query] })).body.results[0]
  assert.equal(first.vulns.length, 2)
  assert.deepEqual((await ask(state, 'POST', '/v1/querybatch', { queries: [{ ...query, page_token: first.next_page_token }] })).body.results, [{ vulns: [{ id: 'C', modified: '2026-01-01T00:00:00Z' }] }])
})

test('it refuses in OSV\'s words', async () => {
  const state = createOsvState()
  for (const [path, body, message] of [
    ['/v1/query', {}, 'Invalid query.'], ['/v1/query', 'no json', 'Invalid query.'], ['/v1/querybatch', {}, 'Invalid query.'], ['/v1/querybatch', { queries: [{}] }, 'Invalid query.'],
    ['/v1/query', { package: { purl: 'pkg:pypi/a@1' }, version: '1' }, 'version specified in params and PURL query'],
    ['/v1/query', { package: { purl: 'pkg:pypi/a@1', ecosystem: 'PyPI' } }, 'ecosystem specified in a PURL query'],
    ['/v1/query', { package: { purl: 'a@1' } }, 'Invalid Package URL.'],
    ['/v1/querybatch', { queries: Array.from({ length: 1001 }, () => ({ package: { purl: 'pkg:pypi/a@1' } })) }, 'Too many queries.'],
  ] as const) {
    assert.deepEqual(await ask(state, 'POST', path, body), { status: 400, body: { code: 3, message } })
  }
  assert.deepEqual(await ask(state, 'GET', '/v1/vulns/NONE'), { status: 404, body: { code: 5, message: 'Bug not found.' } })
  assert.equal((await ask(state, 'GET', '/v1/other')).status, 404)
})

test('what is planted makes the next package vulnerable, once, stays known, and can be copied and set back', async () => {
  const state = createOsvState()
  const saved = structuredClone(state)
  state.plantNext = true
  assert.deepEqual(await ids(state, { package: { purl: 'pkg:pypi/requests@2.32.0' } }), [PLANTED_ID])
  assert.deepEqual(await ids(state, { package: { purl: 'pkg:pypi/idna@3.6' } }), [])
  assert.deepEqual(await ids(state, { package: { purl: 'pkg:pypi/requests@2.32.0' } }), [PLANTED_ID])
  assert.deepEqual(await ids(state, { package: { purl: 'pkg:pypi/requests@2.32.1' } }), [], 'the next patch mends it')
  const { body } = await ask(state, 'GET', `/v1/vulns/${PLANTED_ID}`)
  assert.equal(body.database_specific.severity, 'CRITICAL')
  assert.equal(state.plantNext, false)
  assert.deepEqual(structuredClone(state), state)
  assert.deepEqual([saved.advisories, saved.plantNext], [[], false])
})
