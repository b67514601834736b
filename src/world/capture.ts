// What a program prints: passed on as it comes, and the end of it kept.
import { StringDecoder } from 'node:string_decoder'

/** Takes pieces of an output; `text` is what was kept, with a first line that says how much was not. */
export interface Capture {
  take(piece: Buffer): void
  text(): string
}

/** Keeps the last `limit` bytes. A character that is split over two pieces is passed on whole. */
export function openCapture(limit: number, heard?: (text: string) => void): Capture {
  const decoder = new StringDecoder('utf8')
  const pieces: Buffer[] = []
  let size = 0
  let dropped = 0
  return {
    take(piece) {
      pieces.push(piece)
      size += piece.length
      for (let first = pieces[0]; first !== undefined && size - first.length >= limit; first = pieces[0]) {
        pieces.shift()
        size -= first.length
        dropped += first.length
      }
      const text = heard ? decoder.write(piece) : ''
      if (text !== '') heard?.(text)
    },
    text() {
      const whole = Buffer.concat(pieces)
      const over = Math.max(0, whole.length - limit)
      const missing = dropped + over
      return (missing > 0 ? `[${missing} bytes before this were not kept]\n` : '') + whole.subarray(over).toString('utf8')
    },
  }
}
