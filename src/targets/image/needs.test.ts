// Tests of reading what a registry's token allows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionsIn } from './needs.ts'

const jwt = (claims: unknown): string => ['{"alg":"RS256"}', JSON.stringify(claims), 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.')

test('a token that lists its rights tells those of the repository', () => {
  const token = jwt({ access: [{ type: 'repository', name: 'acme/app', actions: ['pull', 'push'] }, { type: 'repository', name: 'acme/other', actions: ['delete'] }] })
  assert.deepEqual(actionsIn(token, 'acme/app'), ['pull', 'push'])
  assert.deepEqual(actionsIn(token, 'acme/none'), [])
})

test('a token that lists nothing tells nothing', () => {
  for (const token of [undefined, '', 'opaque', 'a.b.c', jwt({}), jwt({ access: 'all' })]) assert.equal(actionsIn(token, 'acme/app'), undefined, token)
})
