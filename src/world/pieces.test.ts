// Tests of reading in pieces and using their memory again.
import assert from 'node:assert/strict'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { giveBack, readPieces } from './pieces.ts'
import { temporaryFolder } from './test-rig.ts'

const MiB = 1024 * 1024

async function numbered(folder: string) {
  const path = join(folder, 'file')
  await writeFile(path, Buffer.concat([1, 2, 3, 4, 5, 6, 7, 8].map((number) => Buffer.alloc(MiB, number))))
  return await open(path)
}

test('pieces that are not given back stay as they are', async () => {
  await using folder = await temporaryFolder()
  await using file = await numbered(folder.path)
  const pieces = await Array.fromAsync(readPieces(file))
  assert.deepEqual(pieces.map((piece) => [piece[0], piece[MiB - 1]]), [1, 2, 3, 4, 5, 6, 7, 8].map((number) => [number, number]))
})

test('the memory of pieces that are given back is used again, and each only once', async () => {
  await using folder = await temporaryFolder()
  await using file = await numbered(folder.path)
  const memories = new Set<ArrayBufferLike>()
  const seen: number[] = []
  for await (const piece of readPieces(file)) {
    seen.push(piece[0] ?? -1, piece[MiB - 1] ?? -1)
    memories.add(piece.buffer)
    giveBack(piece)
    giveBack(piece)
  }
  assert.deepEqual(seen, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8])
  assert.ok(memories.size <= 6, `${memories.size} memories for 8 pieces`)
})

test('a part of a piece, and bytes from elsewhere, cannot be given back', async () => {
  await using folder = await temporaryFolder()
  await using file = await numbered(folder.path)
  const kept: Uint8Array[] = []
  for await (const piece of readPieces(file)) {
    kept.push(piece)
    giveBack(piece.subarray(0, 10))
    giveBack(Buffer.from('elsewhere'))
  }
  assert.deepEqual(kept.map((piece) => piece[MiB - 1]), [1, 2, 3, 4, 5, 6, 7, 8])
})
