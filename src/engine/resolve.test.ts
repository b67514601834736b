// Inputs made whole from the outputs of earlier steps.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pointAt, resolveInput } from './resolve.ts'
import type { Json } from '../model/json.ts'

const outputs = new Map<string, Json>([['draft', { id: 7, assets: [{ url: '/1' }, { url: '/2' }], none: null }]])
const resolve = (input: Json) => resolveInput(input, (id) => outputs.get(id))

test('references are replaced wherever they stand, and everything else is kept', () => {
  const input = { id: { $from: 'draft', at: '/id' }, all: { $from: 'draft', at: '' }, deep: [[{ first: { $from: 'draft', at: '/assets/0/url' } }], 1, null, true, 'text'] }
  assert.deepEqual(resolve(input), { id: 7, all: outputs.get('draft'), deep: [[{ first: '/1' }], 1, null, true, 'text'] })
})

test('a value that is null is a value', () => { assert.equal(resolve({ $from: 'draft', at: '/none' }), null) })

test('names of secrets stay names', () => { assert.deepEqual(resolve({ token: { $secret: 'TOKEN' } }), { token: { $secret: 'TOKEN' } }) })

test('a step without output, and an output without the value, are named', () => {
  assert.throws(() => resolve({ $from: 'tag', at: '/x' }), /tag has no output at \/x/)
  for (const at of ['/x', '/id/x', '/assets/2', '/assets/-1', '/assets/length', '/__proto__', '/constructor']) assert.throws(() => resolve({ $from: 'draft', at }), /draft has no output at/, at)
})

test('an input without references is what it was', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => { assert.deepEqual(resolveInput(value as Json, () => assert.fail('asked')), value) }))
})

// https://www.rfc-editor.org/rfc/rfc6901#section-5
test('pointers are those of RFC 6901', () => {
  const document: Json = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'e^f': 3, 'g|h': 4, 'i\\j': 5, 'k"l': 6, ' ': 7, 'm~n': 8 }
  const vectors: Readonly<Record<string, Json>> = {
    '': document, '/foo': ['bar', 'baz'], '/foo/0': 'bar', '/': 0, '/a~1b': 1, '/c%d': 2, '/e^f': 3, '/g|h': 4, '/i\\j': 5, '/k"l': 6, '/ ': 7, '/m~0n': 8,
  }
  for (const [pointer, value] of Object.entries(vectors)) assert.deepEqual(pointAt(document, pointer), value, pointer)
  assert.equal(pointAt({ '~1': 1 }, '/~01'), 1)
})
