// Lines that name a version.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mentions } from './mentions.ts'

test('a version counts as a whole, not within a longer one', () => {
  for (const line of ['2.0.0', 'v2.0.0', 'oneflow==2.0.0', 'Version 2.0.0.', '(2.0.0)', '"2.0.0",', 'img:2.0.0', 'x-2.0.0.tar.gz', 'oneflow_ai-2.0.0-py3-none-any.whl', '2.0.0 - 2.1.0', 'badge-2.0.0-', '~2.0.0']) {
    assert.deepEqual(mentions(line, '2.0.0'), [1], line)
  }
  for (const line of ['12.0.0', '2.0.01', '2.0.0-rc.1', '2.0.0rc1', '2.0.0.1', '1.2.0.0', '2.0.0+build', '2x0x0', '2.0', '2.0.0.dev1', '2.0.0.post1', '2.0.0-1']) {
    assert.deepEqual(mentions(line, '2.0.0'), [], line)
  }
})

test('lines are counted from 1, each once, in both forms and with either line end', () => {
  assert.deepEqual(mentions('a\r\n2.1.0-rc.1 2.1.0-rc.1\r\n\r\n2.1.0rc1\r\n2.1.0-rc.11\n2.1.0rc12\n2.1.0-rc.1.2\n', '2.1.0-rc.1'), [2, 4])
})
