// Tests of what a token of PyPI says of itself.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenOf } from './token.fixture.ts'
import { readToken } from './token-shape.ts'

test('a token tells its index', () => {
  assert.deepEqual(readToken(tokenOf('pypi.org')), { index: 'pypi.org' })
  assert.deepEqual(readToken(tokenOf('test.pypi.org', '[3, "user-id"]')), { index: 'test.pypi.org' })
})

test('a token tells its projects and its end, in the new form and the old', () => {
  assert.deepEqual(readToken(tokenOf('pypi.org', '[1, ["tiny", "other"]]', '[2, ["id"]]')), { index: 'pypi.org', projects: ['tiny', 'other'] })
  assert.deepEqual(readToken(tokenOf('pypi.org', '{"version": 1, "permissions": {"projects": ["tiny"]}}')), { index: 'pypi.org', projects: ['tiny'] })
  assert.deepEqual(readToken(tokenOf('pypi.org', '{"version": 1, "permissions": "user"}')), { index: 'pypi.org' })
  assert.deepEqual(readToken(tokenOf('pypi.org', '[0, 1800000000, 1700000000]', '[0, 1750000000, 1700000000]')), { index: 'pypi.org', ends: new Date(1_750_000_000_000) })
})

test('whatever else it is given is no token', () => {
  const whole = tokenOf('pypi.org', '[1, ["tiny"]]')
  for (const text of ['', 'pypi-', 'ghp_0123456789', 'pypi-AAAA', `${whole} `, 'pypi-Av____8P', 'pypi-AgE']) assert.equal(readToken(text), undefined, text)
  for (let length = 0; length < whole.length; length++) assert.doesNotThrow(() => readToken(whole.slice(0, length)))
})
