// Tests of reading a wheel that somebody made to do harm.
import assert from 'node:assert/strict'
import { zipSync } from 'fflate'
import { test } from 'node:test'
import type { World } from '../../model/world.ts'
import { readWheel } from './inside-wheel.ts'

function read(bytes: Uint8Array) {
  const world = { artifacts: { body: async () => ({ length: bytes.length, async *open() { yield bytes } }) } }
  return readWheel(world as unknown as World, { name: 'a-1-py3-none-any.whl', sha256: `sha256:${'0'.repeat(64)}` })
}

const metadata = Buffer.from('Name: a\nVersion: 1\n')

test('a record that unpacks to more than any wheel has is not unpacked', async () => {
  assert.equal((await read(zipSync({ 'a-1.dist-info/RECORD': Buffer.from(''), 'a-1.dist-info/METADATA': metadata }))).project, 'a')
  const bomb = zipSync({ 'a-1.dist-info/RECORD': new Uint8Array(65 * 1024 * 1024), 'a-1.dist-info/METADATA': metadata })
  assert.ok(bomb.length < 200_000)
  await assert.rejects(read(bomb), { code: 'package-invalid' })
})
