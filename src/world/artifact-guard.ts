// Tells whether the bytes that are being sent are still the ones whose digest was found right.
import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import type { Digest } from '../model/plan.ts'

/**
 * Bytes up to which an artifact is hashed each time it is read. A larger one has been hashed once in this process, when it was kept or
 * before it was first sent, and is then watched by what the file system tells of it: a SHA-256 costs more than sending does (over loopback
 * 1 GiB takes 0.8 s to send, 1.4 s with a hash in the same thread, and 1.3 s and 600 MB with one in a worker). Every write and every
 * replacement gives a file another change time or inode number, and no program can set a change time. Only a write within one tick of the
 * kernel's clock, some milliseconds after that hash, could go unseen; for small files, where that could happen, hashing costs nothing.
 */
export const tooLargeToHashAgain = 16 * 1024 * 1024

/** What a file system tells of a file that no write leaves as it was. */
export function identityOf(file: BigIntStats): string {
  return [file.dev, file.ino, file.size, file.mtimeNs, file.ctimeNs].join(' ')
}

/** Watches one reading of an artifact. */
export interface Guard {
  /** Is shown every piece, in order. */
  saw(piece: Uint8Array): void
  /** After the last piece, with the open file as it is now. */
  isRight(now: BigIntStats): boolean
}

/** A guard for a file that was as `verified` tells when its digest was found right. */
export function openGuard(sha256: Digest, verified: BigIntStats): Guard {
  const hash = verified.size > tooLargeToHashAgain ? undefined : createHash('sha256')
  return {
    saw(piece) {
      hash?.update(piece)
    },
    isRight(now) {
      return hash ? `sha256:${hash.digest('hex')}` === sha256 : identityOf(now) === identityOf(verified)
    },
  }
}
