// Tests the one comment on a pull request against the rehearsal's GitHub: made once, changed in place, never two.
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { GithubState } from '../../rehearsal/github/state.ts'
import { keepComment } from './comment.ts'
import { access, code, forge, once, type Forge, type ForgeOptions } from './forge.rig.ts'
import { githubPull } from './pull.ts'

const of = { name: 'one-flow', version: '1.1.0' }
const place = { ...access, pull: 1 }

async function withPull(t: TestContext, options: ForgeOptions = {}): Promise<Forge & { readonly asked: () => readonly string[] }> {
  const made = await forge(t, options)
  const input = { ...access, head: 'release/v1.1.0', base: 'main', commit: made.commit, version: '1.1.0', title: 'Release', notes: '', evidence: [], artifacts: [] }
  await githubPull.apply?.(made.world, input, once)
  const before = made.served.calls.length
  return { ...made, asked: () => made.served.calls.slice(before).map(({ method, url }) => `${method} ${new URL(url).pathname.replace('/repos/acme/oneflow', '')}`) }
}

const bodies = ({ comments }: GithubState): readonly string[] => comments.map(({ body }) => body)
const plant = (state: GithubState, author: string, body: string): void => {
  state.comments.push({ id: state.nextId(), number: 1, author, body, at: state.now(), updatedAt: state.now() })
}

test('a comment is made once, changed in place when its text differs, and not touched when it does not', async (t) => {
  const { world, state, asked } = await withPull(t)
  const first = await keepComment(world, place, { ...of, text: 'one' })
  assert.deepEqual(bodies(state), ['one\n\n<!-- slipway:comment%20one-flow@1.1.0 -->'])
  assert.deepEqual(asked(), ['GET /issues/1/comments', 'POST /issues/1/comments'])
  await keepComment(world, place, { ...of, text: 'one' })
  assert.deepEqual(asked().slice(2), ['GET /issues/1/comments'])
  const second = await keepComment(world, place, { ...of, text: 'two', known: first })
  await keepComment(world, place, { ...of, text: 'two', known: second })
  assert.deepEqual(asked().slice(3), [`PATCH /issues/comments/${first.id}`])
  assert.deepEqual(bodies(state).map((body) => body.split('\n')[0]), ['two'])
})

test('a comment is found among many, and that of another release or a stranger is not it', async (t) => {
  const { world, state } = await withPull(t)
  plant(state, 'stranger', 'mine\n\n<!-- slipway:comment%20one-flow@1.1.0 -->')
  for (let many = 0; many < 120; many++) plant(state, 'stranger', `Nice ${many}`)
  await keepComment(world, place, { ...of, text: 'ours' })
  await keepComment(world, place, { ...of, version: '1.2.0', text: 'next' })
  await keepComment(world, place, { ...of, text: 'ours again' })
  assert.deepEqual(bodies(state).filter((body) => !body.startsWith('Nice')).map((body) => body.split('\n')[0]), ['mine', 'ours again', 'next'])
})

test('of two that a race made the older stays', async (t) => {
  const { world, state } = await withPull(t)
  for (const words of ['older', 'newer']) plant(state, 'maker', `${words}\n\n<!-- slipway:comment%20one-flow@1.1.0 -->`)
  const [older] = state.comments
  await keepComment(world, place, { ...of, text: 'now' })
  assert.deepEqual(state.comments.map(({ id, body }) => [id, body.split('\n')[0]]), [[older?.id, 'now']])
})

test('one that somebody deleted is made again', async (t) => {
  const { world, state } = await withPull(t)
  const known = await keepComment(world, place, { ...of, text: 'one' })
  state.comments.splice(0)
  await keepComment(world, place, { ...of, text: 'two', known })
  assert.equal(state.comments.length, 1)
})

test('a token without the right is told which right is missing', async (t) => {
  const { world, state } = await withPull(t)
  Object.assign(state.tokens, { 'tok-1': { login: 'maker', rights: { contents: 'write' } } })
  await assert.rejects(keepComment(world, place, { ...of, text: 'one' }), code('right-missing', 'Pull requests: write'))
  assert.deepEqual(state.comments, [])
})

test('a text that is too long is refused by GitHub, and a pull request that is not there is told', async (t) => {
  const { world } = await withPull(t)
  await assert.rejects(keepComment(world, place, { ...of, text: 'x'.repeat(70_000) }), code('request-refused', '65536'))
  await assert.rejects(keepComment(world, { ...place, pull: 9 }, { ...of, text: 'one' }), code('right-missing'))
})

test('what was not seen to be there is not made where only changing is asked for', async (t) => {
  const { world, state } = await withPull(t)
  await assert.rejects(keepComment(world, place, { ...of, text: 'one', make: false }), /next look tells/)
  assert.equal(state.comments.length, 0)
})
