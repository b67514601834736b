// Tests what GitHub's answers mean: refusal, or doubt.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused, SlipwayError } from '../../model/error.ts'
import type { HttpAnswer, HttpRequest, Look } from '../../model/world.ts'
import { z } from 'zod'
import { afterwards, github } from './client.ts'
import { errorWords, isRateLimit, trouble } from './trouble.ts'

const access = { repository: 'acme/oneflow', api: 'https://api.github.com', token: { $secret: 'GITHUB_TOKEN' } }
const write = { to: 'make the draft release', right: 'Contents: write', reads: false } as const
const meaning = (status: number, headers: Record<string, string> = {}, message = 'Words') => {
  const error = trouble({ status, headers, body: { message } }, access, write)
  return error instanceof Refused ? error.code : 'doubt'
}

test('statuses are read as refusals or as doubt', () => {
  const table: readonly (readonly [number, Record<string, string>, string, string])[] = [
    [401, {}, 'Bad credentials', 'token-refused'],
    [403, {}, 'Resource not accessible by personal access token', 'right-missing'],
    [404, {}, 'Not Found', 'right-missing'],
    [405, {}, 'Base branch was modified. Review and try the merge again.', 'request-refused'],
    [409, {}, 'Head branch was modified', 'request-refused'],
    [422, {}, 'Validation Failed', 'request-refused'],
    [307, {}, 'Moved', 'request-refused'],
    [403, { 'retry-after': '60' }, 'You have exceeded a secondary rate limit', 'doubt'],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795348800' }, 'API rate limit exceeded', 'doubt'],
    [403, {}, 'You have exceeded a secondary rate limit', 'doubt'],
    [403, { 'x-ratelimit-remaining': '17' }, 'Forbidden', 'right-missing'],
    [429, {}, 'Too many', 'doubt'],
    [500, {}, 'Server Error', 'doubt'],
    [502, {}, 'Server Error', 'doubt'],
    [408, {}, 'Timeout', 'doubt'],
  ]
  for (const [status, headers, message, expected] of table) assert.equal(meaning(status, headers, message), expected, `${status} ${message}`)
})

test('a rate limit is told by status and headers, whatever the words are, and also from what was made of it', async () => {
  const limited = (status: number, headers: Record<string, string>, message = 'Slow down') => isRateLimit(trouble({ status, headers, body: { message } }, access, write))
  assert.deepEqual([limited(403, { 'retry-after': '60' }), limited(403, { 'x-ratelimit-remaining': '0' }), limited(429, {})], [true, true, true])
  assert.deepEqual([limited(403, {}), limited(403, { 'x-ratelimit-remaining': '17' }), limited(502, {}, 'rate limit'), limited(422, { 'retry-after': '60' }, 'rate limit')], [false, false, false, false])
  assert.equal(isRateLimit(new Error('GitHub has a rate limit')), false)
  const after = await afterwards(() => Promise.reject(trouble({ status: 429, headers: {}, body: {} }, access, write))).catch((error: unknown) => error)
  assert.equal(isRateLimit(after), true)
})

test('a refusal tells GitHub\'s own words and the right that is needed', () => {
  const refused = trouble({ status: 403, headers: {}, body: { message: 'Resource not accessible' } }, access, write) as Refused
  assert.match(refused.problems[0].hint ?? '', /Contents: write/)
  assert.match(refused.problems[0].detail ?? '', /Resource not accessible/)
  const body = { message: 'Validation Failed', errors: [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }, { resource: 'Release', code: 'custom', message: 'tag_name was used by an immutable release' }, 'in words', 7] }
  assert.equal(errorWords(body), 'Validation Failed: Release tag_name already_exists: tag_name was used by an immutable release: in words')
  assert.equal(errorWords('<html><body><h1>502</h1> Bad Gateway</body></html>'), '502 Bad Gateway')
  assert.equal(errorWords(undefined), '')
})

/** A world whose GitHub gives these answers in turn, and what it was asked. */
function scripted(...answers: readonly (Partial<HttpAnswer> & { readonly json?: unknown } | Error)[]): { readonly look: Look; readonly asked: HttpRequest[] } {
  const asked: HttpRequest[] = []
  const look: Look = {
    async http(request) {
      asked.push(request)
      const answer = answers[asked.length - 1]
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('one request too many')
      const body = 'json' in answer ? new TextEncoder().encode(JSON.stringify(answer.json)) : new Uint8Array()
      return { status: 200, reason: '', body, ...answer, headers: { 'content-type': 'application/json; charset=utf-8', ...answer.headers } }
    },
    git: async () => assert.fail(),
    artifacts: { has: async () => false, body: async () => assert.fail() },
    evidence: { find: async () => undefined },
    secret: (_, use) => use('s3cret'),
    hasSecret: () => true,
    address: (url) => url,
    trustedRoot: async () => null,
    now: () => new Date(0),
  }
  return { look, asked }
}

const numbered = z.object({ n: z.number() })

test('requests carry the token, the pinned version and no more attempts than one', async () => {
  const { look, asked } = scripted({ json: { n: 1 } }, new Error('socket hang up'))
  assert.deepEqual(await github(look, access).read('GET /repos/{owner}/{repo}/releases/{release_id}', { release_id: 7 }, numbered), { n: 1 })
  assert.equal(asked[0]?.url, 'https://api.github.com/repos/acme/oneflow/releases/7')
  assert.equal(asked[0]?.headers?.['authorization'], 'Bearer s3cret')
  assert.equal(asked[0]?.headers?.['x-github-api-version'], '2022-11-28')
  await assert.rejects(github(look, access).write('POST /repos/{owner}/{repo}/releases', { draft: true }, { ...write, shape: numbered }), (error: unknown) => {
    assert.ok(error instanceof Error && !(error instanceof SlipwayError) && error.message === 'socket hang up')
    return true
  })
  assert.equal(asked[1]?.body, '{"draft":true}')
  assert.equal(asked.length, 2)
})

test('a refusal of the world itself goes through as it is', async () => {
  const refused = new Refused({ code: 'certificate-refused', message: 'No.' })
  await assert.rejects(github(scripted(refused).look, access).read('GET /', {}, numbered), (error: unknown) => error === refused)
})

test('what is not there reads as undefined, and a list of it as a missing right', async () => {
  const missing = { status: 404, json: { message: 'Not Found' } }
  const { look } = scripted(missing, missing)
  assert.equal(await github(look, access).read('GET /', {}, numbered), undefined)
  await assert.rejects(github(look, access).list('GET /', {}, numbered), (error: unknown) => error instanceof SlipwayError && error.code === 'right-missing')
})

test('lists are read to their last page', async () => {
  const page = (from: number, count: number) => ({ json: Array.from({ length: count }, (_, index) => ({ n: from + index })) })
  const { look, asked } = scripted(page(0, 100), page(100, 100), page(200, 0))
  assert.equal((await github(look, access).list('GET /repos/{owner}/{repo}/releases', {}, numbered)).length, 200)
  assert.deepEqual(asked.map(({ url }) => new URL(url).search), ['?per_page=100&page=1', '?per_page=100&page=2', '?per_page=100&page=3'])
})

test('an answer without a body, and one that is no JSON, are read as they are', async () => {
  const { look } = scripted({ status: 204, headers: {} }, { status: 502, headers: { 'content-type': 'text/html' }, body: new TextEncoder().encode('<h1>Bad Gateway</h1>') })
  await github(look, access).write('DELETE /repos/{owner}/{repo}/releases/{release_id}', { release_id: 7 }, { ...write, shape: z.unknown() })
  await assert.rejects(github(look, access).read('GET /', {}, numbered), /status 502: Bad Gateway/)
})

test('the token stands in no error', async () => {
  const { look } = scripted({ status: 422, json: { message: 'No' } }, { status: 500, json: { message: 'No' } }, new Error('reset'))
  for (let count = 0; count < 3; count++) {
    await assert.rejects(github(look, access).write('POST /', {}, { ...write, shape: numbered }), (error: unknown) => {
      const all = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack) + String((error as Error).cause)
      assert.ok(!all.includes('s3cret'))
      return true
    })
  }
})

test('a refusal after a write that happened is no certainty', async () => {
  await assert.rejects(afterwards(async () => { throw new Refused({ code: 'right-missing', message: 'No.' }) }), (error: unknown) => error instanceof Error && !(error instanceof SlipwayError))
})
