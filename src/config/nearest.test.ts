// Which known word is taken for the one that was meant.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest } from './nearest.ts'

test('a slip of one or two letters, swapped letters or another way of joining words is recognised', () => {
  const known = ['onFailure', 'branch', 'run', 'package']
  const cases: readonly [string, string | undefined][] = [
    ['on_failure', 'onFailure'], ['on-failure', 'onFailure'], ['brunch', 'branch'], ['rnu', 'run'], ['Package', 'package'], ['pakcage', 'package'], ['packages', 'package'],
    ['registry', undefined], ['x', undefined], ['', undefined], ['a'.repeat(5000), undefined],
  ]
  for (const [written, meant] of cases) assert.equal(nearest(written, known), meant, written)
})
