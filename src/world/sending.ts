// Sends a request's body at the pace of the socket, so that memory stays flat whatever the size.
import { giveBack } from './pieces.ts'
import type { ClientRequest } from 'node:http'
import type { Body, HttpRequest } from '../model/world.ts'

const PIECE = 256 * 1024

/** The body in the one form that is sent; undefined for a request without one. */
export function asBody(body: HttpRequest['body']): Body | undefined {
  if (body === undefined) return undefined
  if (typeof body !== 'string' && 'open' in body) return body
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return {
    length: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
    },
  }
}

/** Tells bytes that the socket has really taken, and bytes in all. */
export type Progress = (done: number, total: number) => void

/**
 * Writes the body, whose pieces become the socket's own, and ends the request; gives up quietly once `stop` is aborted. Throws when the body is not as long as it said, or
 * what the body throws: the request is then incomplete, and the caller must destroy it.
 */
export async function sendBody(body: Body, outgoing: ClientRequest, options: { readonly stop: AbortSignal; readonly progress?: Progress | undefined }): Promise<void> {
  const { stop, progress } = options
  let given = 0
  let taken = 0
  for await (const piece of body.open()) {
    if (stop.aborted) return
    given += piece.length
    if (given > body.length) break
    const room = outgoing.write(piece, (error) => {
      if (error) return
      taken += piece.length
      giveBack(piece)
      progress?.(taken, body.length)
    })
    if (!room) await drained(outgoing, stop)
  }
  if (stop.aborted) return
  if (given !== body.length) throw new Error(`a request body of ${body.length} bytes ${given > body.length ? 'went on beyond them' : `ended after ${given}`}`)
  outgoing.end()
}

async function drained(outgoing: ClientRequest, stop: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = () => {
      outgoing.off('drain', go)
      stop.removeEventListener('abort', go)
      resolve()
    }
    outgoing.once('drain', go)
    stop.addEventListener('abort', go, { once: true })
  })
}
