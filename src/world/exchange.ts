// One HTTP request and its answer over one connection, without redirects.
import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import { codeOf, networkError } from './network-error.ts'
import { sendBody } from './sending.ts'
import { wireOf } from './wire.ts'
import type { Progress } from './sending.ts'
import type { Body, HttpAnswer, HttpRequest } from '../model/world.ts'

/** How long to wait, in milliseconds, and how much to read, in bytes. */
export interface ExchangeLimits {
  /** Until the connection stands, TLS included. */
  readonly connect: number
  /** Without a byte in either direction. */
  readonly idle: number
  /** Of an answer's body. */
  readonly answer: number
}

/** One exchange as it goes over the wire. */
export interface Exchange {
  readonly method: HttpRequest['method']
  /** Where it is sent. */
  readonly url: URL
  /** The public host, for messages. */
  readonly host: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body | undefined
  readonly agent: Agent
  readonly limits: ExchangeLimits
  readonly signal?: AbortSignal | undefined
  readonly progress?: Progress | undefined
  readonly take?: HttpRequest['take']
}

/** A kept connection turned out to be closed by the server before it took the request; a read may be sent again. */
export class StaleConnection extends Error {}

/**
 * Sends and reads the whole answer. A server that refuses (status 300 and above) before it has taken the whole body is read at once and sent no
 * more. Rejects with Refused `certificate-refused`, with what the body threw, or with a plain Error when no answer came.
 */
export async function exchange(wire: Exchange): Promise<HttpAnswer> {
  const { host, limits, signal } = wire
  signal?.throwIfAborted()
  const outgoing = wireOf(wire.url.protocol).request(wire.url, {
    method: wire.method,
    headers: { ...wire.headers, ...(wire.body && { 'content-length': String(wire.body.length) }) },
    agent: wire.agent,
  })
  const stop = new AbortController()
  const given: GivenUp = {}
  const giveUp = (why: string) => {
    given.up = new Error(why)
    outgoing.destroy(given.up)
  }
  const onAbort = () => giveUp(`the request to ${host} was interrupted`)
  signal?.addEventListener('abort', onAbort, { once: true })
  const disarm = limitConnecting(outgoing, limits.connect, () => giveUp(`could not reach ${host}: no connection within ${seconds(limits.connect)}`))
  outgoing.setTimeout(limits.idle, () => giveUp(`${host} was silent for ${seconds(limits.idle)}`))
  let reusable = false
  try {
    const answer = answerOf(outgoing, wire, { stop, given })
    const sent = wire.body ? sendBody(wire.body, outgoing, { stop: stop.signal, progress: wire.progress }) : Promise.resolve(void outgoing.end())
    const [whole] = await Promise.all([answer, sent])
    reusable = outgoing.writableFinished
    return whole
  } finally {
    stop.abort()
    disarm()
    signal?.removeEventListener('abort', onAbort)
    if (!reusable) outgoing.destroy()
  }
}

/** Why we ended the exchange ourselves, once we have. */
interface GivenUp {
  up?: Error
}

function answerOf(outgoing: ClientRequest, wire: Exchange, ending: { readonly stop: AbortController; readonly given: GivenUp }): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    // The listener stays for the request's whole life: a socket may fail once more after the answer, which then counts for nothing.
    outgoing.on('error', (error) => {
      ending.stop.abort()
      reject(ending.given.up ?? explain(error, outgoing, wire.host))
    })
    outgoing.once('response', (incoming) => {
      const status = incoming.statusCode ?? 0
      const early = !outgoing.writableFinished && status >= 300
      if (early) ending.stop.abort()
      readBody(incoming, wire, { early, given: ending.given }).then((body) => {
        resolve({ status, reason: incoming.statusMessage ?? '', headers: plainHeaders(incoming), body })
      }, reject)
    })
  })
}

async function readBody(incoming: IncomingMessage, wire: Exchange, how: { readonly early: boolean; readonly given: GivenUp }): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  const status = incoming.statusCode ?? 0
  const take = status >= 200 && status < 300 ? wire.take : undefined
  let size = 0
  try {
    for await (const piece of incoming as AsyncIterable<Buffer>) {
      if (take !== undefined) {
        take(piece)
        continue
      }
      size += piece.length
      if (size > wire.limits.answer) break
      pieces.push(piece)
    }
  } catch (error) {
    // Who refuses early often closes on what we still send, which may cut off the end of its words; its status stands.
    if (!how.early) throw how.given.up ?? new Error(`${wire.host} broke off in the middle of its answer (${codeOf(error)})`)
  }
  if (how.given.up) throw how.given.up
  if (size > wire.limits.answer) throw new Error(`the answer of ${wire.host} is larger than ${wire.limits.answer} bytes`)
  return Buffer.concat(pieces)
}

function explain(error: Error, outgoing: ClientRequest, host: string): Error {
  const code = codeOf(error)
  if (outgoing.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE')) return new StaleConnection(networkError(host, error).message)
  return networkError(host, error)
}

function limitConnecting(outgoing: ClientRequest, limit: number, onLate: () => void): () => void {
  const timer = setTimeout(onLate, limit)
  const disarm = () => clearTimeout(timer)
  outgoing.once('socket', (socket) => {
    if (outgoing.reusedSocket) disarm()
    else socket.once(outgoing.protocol === 'https:' ? 'secureConnect' : 'connect', disarm)
  })
  return disarm
}

function plainHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(incoming.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]))
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`
}
