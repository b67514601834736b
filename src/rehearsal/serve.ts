// Serves the services of a rehearsal on loopback, each under its public host name, with faults on demand.
import { createServer, STATUS_CODES } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SlipwayError } from '../model/error.ts'
import type { FaultPlan } from './faults.ts'
import { atRoot, rootWay } from './registry/root.ts'
import type { Call, Reply, Service } from './service.ts'

/** One call as the log keeps it: the public address, no headers, no bodies. */
export interface ServedCall {
  readonly method: string
  readonly url: string
  /** 0 while unanswered, and for ever when the connection was cut. */
  readonly status: number
  /** Set for a call that changed nothing, where its method does not tell. */
  readonly reads?: true
}

/** Around which moment of a call a hook is told. */
export type CallMoment = 'before' | 'after'

/** What to serve, and how. */
export interface ServeOptions {
  readonly services: readonly Service[]
  readonly faults?: FaultPlan
  /** A free one is taken when missing. */
  readonly port?: number
  /**
   * Awaited when a request is read and nothing is done yet (`before`), and when the effect is made and nothing is answered
   * yet (`after`, with the status that the answer has). Returning `cut` cuts the connection there; before the effect, the effect is then not made. Not told of calls that a fault keeps from the service.
   */
  readonly onCall?: (call: { readonly method: string; readonly url: string; readonly reads?: true }, moment: CallMoment, status?: number) => void | 'cut' | Promise<void | 'cut'>
}

/** A served world. */
export interface Served {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** Where a public address is served; other addresses come back unchanged. URI templates stay templates. */
  address(url: string): string
  /** The base address of each public host. */
  readonly routes: Readonly<Record<string, string>>
  /** Every call so far, in the order of arrival. */
  readonly calls: readonly ServedCall[]
  /** Adds a call that was served beside HTTP to the log. */
  note(call: ServedCall): void
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Serves `https://HOST/path` at `http://127.0.0.1:PORT/HOST/path`, and registries at `/v2/HOST/` too, for clients that know no path prefix. HEAD
 * reaches a service as GET and is answered without the body; a service that throws is answered 500 with its message. Throws SlipwayError `port-taken` when the port is not free.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const services = new Map(options.services.flatMap((service) => service.hosts.map((host) => [host, service] as const)))
  const calls: { method: string; url: string; status: number; reads?: true }[] = []
  let origin = ''
  const address = (url: string): string => {
    const parts = /^https?:\/\/([^/?#]*@)?([^/?#]+)(.*)$/s.exec(url)
    if (parts === null || !services.has(parts[2] ?? '')) return url
    const rest = parts[3] ?? ''
    return `http://${parts[1] ?? ''}${origin.slice('http://'.length)}/${parts[2]}${rest.startsWith('/') ? '' : '/'}${rest}`
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET'
    const part = method === 'HEAD' ? 'head' : 'whole'
    const root = rootWay(options.services, { path: request.url ?? '/', authorization: request.headers.authorization, origin })
    if (root !== undefined && 'reply' in root) {
      request.resume()
      write(response, root.reply, part)
      return
    }
    const url = root === undefined ? URL.parse(`https:/${request.url ?? '/'}`) : root.to
    const service = url === null ? undefined : services.get(url.host)
    if (url === null || service === undefined) {
      request.resume()
      write(response, { status: 404, body: `No host is served at ${request.url ?? '/'}; known are ${[...services.keys()].join(', ')}.\n` }, 'whole')
      return
    }
    const logged: (typeof calls)[number] = { method, url: url.href, status: 0 }
    calls.push(logged)
    const cut = (): void => void request.socket.destroy()

    const fault = options.faults?.next({ method, url })
    if (fault === 'refuse') return cut()
    const sent = await read(request)
    if (fault === 'hang-before') return cut()
    const half = fault === 'cut-upload'
    const body = half ? sent.subarray(0, Math.floor(sent.byteLength / 2)) : sent
    const headers = { ...flat(request), ...(half ? { 'content-length': String(sent.byteLength) } : {}) }
    const call: Call = { method: method === 'HEAD' ? 'GET' : method, url, headers, body, address }
    if (service.reads?.(call) === true) logged.reads = true
    const told = { method, url: url.href, ...(logged.reads === undefined ? {} : { reads: logged.reads }) }
    let reply: Reply
    if (typeof fault === 'object') {
      reply = fault
    } else {
      if ((await options.onCall?.(told, 'before')) === 'cut') return cut()
      reply = await handled(service, call)
      if ((await options.onCall?.(told, 'after', reply.status)) === 'cut' || half || fault === 'drop-after') return cut()
    }
    logged.status = reply.status
    write(response, root === undefined ? reply : atRoot(root.host, reply), part)
  }

  const server = createServer((request, response) => {
    // A client may be killed at any moment, that is what rehearsals are for.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    answer(request, response).catch(() => request.socket.destroy())
  })
  server.keepAliveTimeout = 60_000
  await listening(server, options.port ?? 0)
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
  const routes = Object.fromEntries([...services.keys()].map((host) => [host, `${origin}/${host}`]))
  return { origin, address, routes, calls, note: (call) => { calls.push({ ...call }) }, close, [Symbol.asyncDispose]: close }
}

async function listening(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code !== 'EADDRINUSE' ? error : new SlipwayError({
        code: 'port-taken',
        message: `Port ${port} of 127.0.0.1 is taken by another program.`,
        hint: 'Choose another port, or leave it out to take a free one.',
      }))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

async function handled(service: Service, call: Call): Promise<Reply> {
  try {
    return await service.handle(call)
  } catch (error) {
    return { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: error instanceof Error ? error.message : String(error) }
  }
}

async function read(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
}

function flat(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))
}

function write(response: ServerResponse, reply: Reply, part: 'whole' | 'head'): void {
  if (response.destroyed) return
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : (reply.body ?? new Uint8Array())
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value)
  if (reply.status !== 204 && reply.status !== 304) response.setHeader('content-length', body.byteLength)
  response.writeHead(reply.status, reasonPhrase(reply.reason ?? STATUS_CODES[reply.status] ?? 'Unknown'))
  response.end(part === 'head' ? undefined : body)
}

/** A reason phrase holds one line of Latin-1; the rest becomes question marks, as warehouse does it. */
function reasonPhrase(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/gu, '?')
}
