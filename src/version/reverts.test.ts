// Commits that were taken back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutReverted } from './reverts.ts'

const sha = (letter: string): string => letter.repeat(40)
const feature = { sha: sha('a'), message: 'feat: x' }
const other = { sha: sha('b'), message: 'fix: y' }
const revert = { sha: sha('c'), message: `Revert "feat: x"\n\nThis reverts commit ${sha('a')}.\n` }
const again = { sha: sha('d'), message: `Reapply "feat: x"\n\nThis reverts commit ${sha('c').slice(0, 9)}.\n` }

test('a commit and what takes it back both go, in either order', () => {
  assert.deepEqual(withoutReverted([feature, other, revert]), [other])
  assert.deepEqual(withoutReverted([revert, other, feature]), [other])
})

test('taking back a taking back brings the commit back', () => {
  assert.deepEqual(withoutReverted([again, revert, other, feature]), [other, feature])
})

test('what takes back an earlier release’s commit stays', () => {
  assert.deepEqual(withoutReverted([other, revert]), [other, revert])
  const both = { sha: sha('e'), message: `revert: two\n\nThis reverts commit ${sha('a')}.\nThis reverts commit ${sha('9')}.\n` }
  assert.deepEqual(withoutReverted([feature, both]), [both])
})

test('commits that name each other do not hang it', () => {
  const one = { sha: sha('1'), message: `fix: a\n\nThis reverts commit ${sha('2')}.` }
  const two = { sha: sha('2'), message: `fix: b\n\nThis reverts commit ${sha('1')}.` }
  assert.deepEqual(withoutReverted([one, two, other]), [other])
})
