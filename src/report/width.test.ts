// Tests of the width of text on a terminal.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COLOURED } from './paint.ts'
import { fitted, padded, widthOf } from './width.ts'

test('colours and combining marks take no columns, wide characters two', () => {
  assert.equal(widthOf('plain'), 5)
  assert.equal(widthOf(COLOURED.red('red')), 3)
  assert.equal(widthOf('e\u0301'), 1)
  assert.equal(widthOf('漢字'), 4)
  assert.equal(widthOf('✋ ✓'), 4)
  assert.equal(widthOf('🚀'), 2)
})

test('a text that fits stays, a longer one ends in an ellipsis and never takes more columns', () => {
  assert.equal(fitted('12345', 5), '12345')
  assert.equal(fitted('123456', 5), '1234…')
  assert.equal(fitted('漢字漢字', 6), '漢字…')
  assert.equal(fitted('anything', 0), '')
  for (let columns = 1; columns < 12; columns += 1) assert.ok(widthOf(fitted('a漢b字c✋def', columns)) <= columns)
})

test('a coloured text that is cut ends its colours', () => {
  assert.equal(fitted(`${COLOURED.red('123')}${COLOURED.dim('456')}`, 3), '\x1b[31m12…\x1b[39m\x1b[2m\x1b[22m')
})

test('padding goes by columns', () => {
  assert.equal(padded('漢', 4), '漢  ')
  assert.equal(padded('long', 2), 'long')
})
