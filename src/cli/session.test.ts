// Tests of how a command ends on a bug.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { inSession } from './session.ts'

test('a bug is told with its stack and without any secret, also one that a library hung on its error', async (t) => {
  process.env['GH_PAT'] = 'canary-of-a-token'
  t.after(() => { Reflect.deleteProperty(process.env, 'GH_PAT') })
  const thrown = Object.assign(new TypeError('bad header: Bearer canary-of-a-token', { cause: new Error('canary-of-a-token') }), { request: { headers: { authorization: `Basic ${Buffer.from('x-access-token:canary-of-a-token').toString('base64')}` } } })
  const told: unknown = await inSession({ folder: import.meta.dirname, json: true }, () => Promise.reject(thrown)).then(() => assert.fail('did not throw'), (error: unknown) => error)
  const shown = inspect(told, { depth: 20 })
  assert.match(shown, /\[?TypeError\]?: bad header: Bearer \*\*\*GH_PAT\*\*\*\n {4}at /)
  assert.ok(!shown.includes('canary') && !shown.includes(Buffer.from('canary-of-a-token').toString('base64').slice(2, 18)), shown)
})
