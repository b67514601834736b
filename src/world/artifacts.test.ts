// Tests of the artifact store.
import assert from 'node:assert/strict'
import { chmod, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { Refused, SlipwayError } from '../model/error.ts'
import { openArtifacts } from './artifacts.ts'
import { pathsIn, temporaryFolder } from './test-rig.ts'
import type { Body } from '../model/world.ts'
import type { Digest } from '../model/plan.ts'

const large = 17 * 1024 * 1024 + 5

function digestOf(bytes: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

async function bytesOf(body: Body): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(body.open()))
}

async function store() {
  const folder = await temporaryFolder()
  const source = join(folder.path, 'source')
  const artifacts = openArtifacts(join(folder.path, 'store'))
  return {
    artifacts,
    source,
    path: folder.path,
    pathOf: (sha256: Digest) => join(folder.path, 'store', 'sha256', sha256.slice(7, 9), sha256.slice(7)),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

test('a kept file is found by its digest, may be read again and again, and leaves nothing else behind', async () => {
  await using at = await store()
  const bytes = Buffer.alloc(2 * 1024 * 1024 + 3, 'slipway')
  await writeFile(at.source, bytes)
  const stored = await at.artifacts.keep(at.source)
  assert.deepEqual(stored, { sha256: digestOf(bytes), size: bytes.length })
  assert.deepEqual(await at.artifacts.keep(at.source), stored)
  assert.equal(await at.artifacts.has(stored.sha256), true)
  assert.equal(await at.artifacts.has(digestOf('other')), false)
  const body = await at.artifacts.body(stored.sha256)
  assert.equal(body.length, bytes.length)
  for (let turn = 0; turn < 2; turn += 1) assert.ok((await bytesOf(body)).equals(bytes))
  assert.equal((await stat(at.pathOf(stored.sha256))).mode & 0o777, 0o444)
  assert.deepEqual((await pathsIn(join(at.path, 'store'))).filter((path) => !path.endsWith('/')), [at.pathOf(stored.sha256).slice(at.path.length + '/store/'.length)])
})

test('an empty file is an artifact too', async () => {
  await using at = await store()
  await writeFile(at.source, '')
  const { sha256 } = await at.artifacts.keep(at.source)
  assert.equal((await bytesOf(await at.artifacts.body(sha256))).length, 0)
})

test('a missing artifact is refused by its digest', async () => {
  await using at = await store()
  await assert.rejects(at.artifacts.body(digestOf('x')), (error: unknown) => error instanceof Refused && error.code === 'artifact-missing' && error.message.includes(digestOf('x')))
  await assert.rejects(at.artifacts.place(digestOf('x'), join(at.path, 'x')), { code: 'artifact-missing' })
})

for (const size of [20, large]) {
  test(`a stored file of ${size} bytes that was changed is refused before a body is given, also by the process that kept it`, async () => {
    await using at = await store()
    await writeFile(at.source, Buffer.alloc(size, 'a'))
    const { sha256 } = await at.artifacts.keep(at.source)
    await chmod(at.pathOf(sha256), 0o644)
    await writeFile(at.pathOf(sha256), Buffer.alloc(size, 'b'))
    const other = openArtifacts(join(at.path, 'store'))
    for (const artifacts of [at.artifacts, other]) {
      await assert.rejects(artifacts.body(sha256), (error: unknown) => error instanceof Refused && error.code === 'artifact-changed' && error.problems[0].place?.file === at.pathOf(sha256))
      await assert.rejects(artifacts.place(sha256, join(at.path, 'placed')), { code: 'artifact-changed' })
    }
    await assert.rejects(readFile(join(at.path, 'placed')), { code: 'ENOENT' })
    await at.artifacts.keep(at.source)
    assert.equal((await at.artifacts.body(sha256)).length, size)
  })

  test(`a file of ${size} bytes that is changed after its body was given never comes out whole`, async () => {
    await using at = await store()
    await writeFile(at.source, Buffer.alloc(size, 'a'))
    const { sha256 } = await at.artifacts.keep(at.source)
    const changes: ((path: string) => Promise<void>)[] = [
      async (path) => { await chmod(path, 0o644); await writeFile(path, Buffer.alloc(size, 'b')) },
      async (path) => { await chmod(path, 0o644); await truncate(path, size - 1) },
      async (path) => { await writeFile(`${path}.new`, Buffer.alloc(size, 'c')); await rename(`${path}.new`, path) },
    ]
    for (const change of changes) {
      const body = await at.artifacts.body(sha256)
      await change(at.pathOf(sha256))
      let out = 0
      await assert.rejects(async () => {
        for await (const piece of body.open()) out += piece.length
      }, (error: unknown) => error instanceof SlipwayError && !(error instanceof Refused) && error.code === 'artifact-changed')
      assert.ok(out < size, 'every byte came out')
      await at.artifacts.keep(at.source)
    }
  })
}

test('a placed artifact is a copy of its own that may be written to', async () => {
  await using at = await store()
  await writeFile(at.source, 'bytes')
  const { sha256 } = await at.artifacts.keep(at.source)
  await at.artifacts.place(sha256, join(at.path, 'dist.whl'))
  await writeFile(join(at.path, 'dist.whl'), 'other')
  assert.equal((await bytesOf(await at.artifacts.body(sha256))).toString(), 'bytes')
})

test('what is not a digest never becomes a path', async () => {
  await using at = await store()
  await assert.rejects(at.artifacts.body('sha256:../../etc/passwd'), /is not a digest/)
})
