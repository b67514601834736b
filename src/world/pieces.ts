// Reads a file piece by piece, one piece ahead of whoever uses it, into memory that is used again.
import type { FileHandle } from 'node:fs/promises'

const PIECE = 1024 * 1024
const spare: ArrayBuffer[] = []
const sparesAtMost = 4

// The memory behind each piece that is out, with the length of the piece.
const out = new WeakMap<ArrayBufferLike, number>()

/** The bytes of an open file from its start. A piece is the user's own for as long as it is not given back. */
export async function* readPieces(file: FileHandle): AsyncGenerator<Uint8Array> {
  let at = 0
  const read = async () => {
    const memory = spare.pop() ?? new ArrayBuffer(PIECE)
    const { bytesRead } = await file.read(new Uint8Array(memory), 0, PIECE, at)
    at += bytesRead
    out.set(memory, bytesRead)
    return new Uint8Array(memory, 0, bytesRead)
  }
  let next = read()
  try {
    for (let piece = await next; piece.length > 0; piece = await next) {
      next = read()
      // A failure is thrown when it is this piece's turn; until then it must not count as unhandled.
      next.catch(() => undefined)
      yield piece
    }
  } finally {
    await next.then(giveBack, () => undefined)
  }
}

/**
 * Tells that nobody will look at this piece again. Without it memory is left to the garbage collector, which lets a hundred megabytes
 * gather. Does nothing for bytes that are not a whole piece of `readPieces`, so whoever has sent some bytes may say so of all.
 */
export function giveBack(piece: Uint8Array): void {
  const memory = piece.buffer
  if (!(memory instanceof ArrayBuffer) || out.get(memory) !== piece.length) return
  out.delete(memory)
  if (spare.length < sparesAtMost) spare.push(memory)
}
