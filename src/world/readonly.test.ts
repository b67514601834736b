// Tests that a probe's world refuses whatever could change something.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookOnly } from './readonly.ts'
import type { World } from '../model/world.ts'

function recording() {
  const done: string[] = []
  const world = {
    http: async (request: { method: string }) => { done.push(request.method) },
    git: async (args: readonly string[], options: { env?: Record<string, string> }) => { done.push(`${args.join(' ')} ${options.env?.['GIT_OPTIONAL_LOCKS']} ${options.env?.['X']}`) },
    artifacts: {}, evidence: { record: () => assert.fail('recorded') },
    now: () => new Date(0), address: (url: string) => url, hasSecret: () => true, secret: async () => 'lent',
  }
  return { done, look: lookOnly(world as unknown as World) }
}

test('reads go through, and git takes no locks for them', async () => {
  const { done, look } = recording()
  for (const method of ['GET', 'HEAD'] as const) await look.http({ method, url: 'https://example.org' })
  for (const args of [['ls-remote', 'origin'], ['rev-parse', 'HEAD'], ['config', '--get', 'user.name'], ['remote', 'get-url', 'origin'], ['symbolic-ref', '--short', 'HEAD'], ['status', '--porcelain']]) {
    await look.git(args, { env: { X: 'y' } })
  }
  assert.deepEqual(done, [
    'GET', 'HEAD', 'ls-remote origin 0 y', 'rev-parse HEAD 0 y', 'config --get user.name 0 y', 'remote get-url origin 0 y', 'symbolic-ref --short HEAD 0 y', 'status --porcelain 0 y',
  ])
})

test('what could change something is refused before it is tried', async () => {
  const { done, look } = recording()
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) await assert.rejects(look.http({ method, url: 'https://example.org' }), /a probe may not send/)
  const refused = [
    ['push'], ['fetch'], ['tag', 'x'], ['commit'], ['update-ref', 'x', 'y'], ['config', 'user.name', 'x'], ['remote', 'add', 'a', 'b'], ['symbolic-ref', 'HEAD', 'refs/heads/x'],
    ['symbolic-ref', '-d', 'HEAD'], ['hash-object', '-w', 'x'], ['log', '--output=file'], ['ls-remote', '--upload-pack=program', 'x'], ['-c', 'alias.log=!rm', 'log'], [], ['constructor'], ['gc'],
  ]
  for (const args of refused) await assert.rejects(look.git(args), /a probe may not run git/, args.join(' '))
  assert.deepEqual(done, [])
})

test('what acts is not there at all', () => {
  const { look } = recording()
  assert.deepEqual(Object.keys(look).toSorted(), ['address', 'artifacts', 'evidence', 'git', 'hasSecret', 'http', 'now', 'secret', 'trustedRoot'])
  assert.deepEqual(Object.keys(look.evidence), ['find'])
})

test('an option that writes or starts something is refused in its shortened forms too', async () => {
  const { look } = recording()
  for (const args of [['diff', '--outp=x'], ['ls-remote', '--upl=x', 'origin'], ['ls-remote', '--ex=x', 'origin'], ['log', '--ext-d'], ['grep', '-Ocat', 'x'], ['grep', '--open', 'x'], ['show', '--textc']]) {
    await assert.rejects(look.git(args), /a probe may not run git/, args.join(' '))
  }
  for (const args of [['ls-remote', '--refs', 'origin'], ['log', '--oneline'], ['grep', '-l', '-F', '-e', 'x']]) await look.git(args)
})

test('a GraphQL query is a read, and nothing that could be a change passes for one', async () => {
  const { done, look } = recording()
  const post = (query: unknown, url = 'https://api.github.com/graphql') => look.http({ method: 'POST', url, body: typeof query === 'string' ? JSON.stringify({ query }) : String(query) })
  await post('query ($name: String!) { viewer { login } }')
  assert.deepEqual(done, ['POST'])
  for (const query of ['mutation { deleteDiscussion(input: {id: "D_1"}) { discussion { id } } }', 'query { a } mutation { b }', '{ viewer { login } }', 'queryx', 7]) await assert.rejects(post(query), /may not send POST/)
  await assert.rejects(post('query { a }', 'https://api.github.com/graphql/other'), /may not send POST/)
  assert.deepEqual(done, ['POST'])
})
