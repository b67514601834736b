// The artifact store: files named by the SHA-256 of their bytes, and never sent or placed without being checked against it.
import { constants } from 'node:fs'
import { chmod, copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createHash, randomUUID } from 'node:crypto'
import { Refused, SlipwayError } from '../model/error.ts'
import { codeOf } from './network-error.ts'
import { identityOf, openGuard, tooLargeToHashAgain } from './artifact-guard.ts'
import { giveBack, readPieces } from './pieces.ts'
import type { BigIntStats } from 'node:fs'
import type { Body, Stored } from '../model/world.ts'
import type { Digest } from '../model/plan.ts'

/** The artifacts in one folder. Several processes may share it. */
export interface Artifacts {
  /** Copies a file's bytes into the store. Safe to repeat; mends a stored file that has been changed. */
  keep(file: string): Promise<Stored>
  has(sha256: Digest): Promise<boolean>
  /**
   * The bytes as a request body, found to be right before this resolves. Throws Refused `artifact-missing` or `artifact-changed`; reading the body
   * throws SlipwayError `artifact-changed`, before its last piece is out, when the file was changed meanwhile.
   */
  body(sha256: Digest): Promise<Body>
  /** Copies an artifact to this path, checks the copy, and makes it writable for its owner. Throws as `body` does. */
  place(sha256: Digest, path: string): Promise<void>
}

/** Opens, and on the first `keep` makes, a store in this folder. */
export function openArtifacts(folder: string): Artifacts {
  // What each file was like when its digest was last found right in this process.
  const verified = new Map<Digest, string>()

  function pathOf(sha256: Digest): string {
    const hex = sha256.slice('sha256:'.length)
    if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error(`${sha256} is not a digest`)
    return join(folder, 'sha256', hex.slice(0, 2), hex)
  }

  async function statOf(sha256: Digest): Promise<BigIntStats> {
    try {
      return await stat(pathOf(sha256), { bigint: true })
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      throw new Refused({
        code: 'artifact-missing',
        message: `The artifact ${sha256} is not in the store ${folder}.`,
        hint: 'Run this on the machine that built it, or plan the release again, which builds it again.',
      })
    }
  }

  async function verify(sha256: Digest): Promise<BigIntStats> {
    const before = await statOf(sha256)
    if (verified.get(sha256) === identityOf(before) && before.size > tooLargeToHashAgain) return before
    if (await hashOf(pathOf(sha256)) !== sha256) throw new Refused(changed(sha256, pathOf(sha256)))
    verified.set(sha256, identityOf(before))
    return before
  }

  return {
    async keep(file) {
      await mkdir(join(folder, 'sha256'), { recursive: true, mode: 0o700 })
      const temporary = join(folder, `incoming-${randomUUID()}`)
      try {
        const stored = await copyHashing(file, temporary)
        const path = pathOf(stored.sha256)
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await rename(temporary, path)
        verified.set(stored.sha256, identityOf(await stat(path, { bigint: true })))
        return stored
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async has(sha256) {
      return await stat(pathOf(sha256)).then((found) => found.isFile(), () => false)
    },
    async body(sha256) {
      const found = await verify(sha256)
      const path = pathOf(sha256)
      return { length: Number(found.size), open: () => guarded(path, sha256, found) }
    },
    async place(sha256, path) {
      await statOf(sha256)
      await copyFile(pathOf(sha256), path, constants.COPYFILE_FICLONE)
      await chmod(path, 0o644)
      if (await hashOf(path) === sha256) return
      await rm(path)
      throw new Refused(changed(sha256, pathOf(sha256)))
    },
  }
}

async function* guarded(path: string, sha256: Digest, found: BigIntStats): AsyncGenerator<Uint8Array> {
  const file = await open(path)
  try {
    const guard = openGuard(sha256, found)
    let last: Uint8Array | undefined
    for await (const piece of readPieces(file)) {
      guard.saw(piece)
      if (last) yield last
      last = piece
    }
    // The last piece waits for the verdict, so that nothing wrong is ever sent whole.
    if (!guard.isRight(await file.stat({ bigint: true }))) throw new SlipwayError(changed(sha256, path))
    if (last) yield last
  } finally {
    await file.close()
  }
}

async function copyHashing(from: string, to: string): Promise<Stored> {
  await using source = await open(from)
  await using target = await open(to, 'wx', 0o444)
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of readPieces(source)) {
    hash.update(piece)
    size += piece.length
    await target.writeFile(piece)
    giveBack(piece)
  }
  // The plan will name this digest: the bytes must outlive a power cut that the journal outlives.
  await target.sync()
  return { sha256: `sha256:${hash.digest('hex')}`, size }
}

async function hashOf(path: string): Promise<Digest> {
  await using file = await open(path)
  const hash = createHash('sha256')
  for await (const piece of readPieces(file)) {
    hash.update(piece)
    giveBack(piece)
  }
  return `sha256:${hash.digest('hex')}`
}

function changed(sha256: Digest, path: string) {
  return {
    code: 'artifact-changed' as const,
    message: `The stored artifact ${sha256} no longer has the bytes that were built.`,
    hint: 'Delete the file, find out what wrote to it, and plan the release again, which builds it again.',
    place: { file: path },
  }
}
