// HTTP over node:http and node:https: routes, a limit per host, redirects for reads.
import type { Agent } from 'node:http'
import { StaleConnection, exchange } from './exchange.ts'
import { asBody } from './sending.ts'
import { openSlots } from './slots.ts'
import { publicAddress, servedAddress } from './routes.ts'
import { wireOf } from './wire.ts'
import { Refused } from '../model/error.ts'
import type { ExchangeLimits } from './exchange.ts'
import type { Routes } from './routes.ts'
import type { HttpAnswer, HttpRequest } from '../model/world.ts'

/** How requests are made. Every limit has a default. */
export interface HttpOptions {
  /** Slipway's own version, for the User-Agent. */
  readonly version: string
  readonly routes?: Routes
  readonly limits?: Partial<ExchangeLimits>
  /** With `routed`, a host without a route is refused before anything is sent: a rehearsal reaches nothing real. */
  readonly reach?: 'everything' | 'routed'
  /** Hosts that credentials may be sent to, loopback ones too, which need no https; `.example.org` stands for every host below it. Every host when left out. */
  readonly trusted?: readonly string[]
  /** Requests in flight to one host; 6. */
  readonly perHost?: number
}

const limitsByDefault: ExchangeLimits = { connect: 15_000, idle: 120_000, answer: 64 * 1024 * 1024 }
const redirectsAtMost = 5
const redirecting = new Set([301, 302, 303, 307, 308])

// What may follow a redirect to another origin. A list of what may go cannot forget a header that carries a credential.
const harmless = new Set(['accept', 'accept-language', 'user-agent', 'range', 'if-none-match', 'if-modified-since', 'cache-control'])

/** `World.http`: see there for what it promises. Large bodies are streamed; `fetch` would hold them whole in memory. */
export function openHttp(options: HttpOptions): (request: HttpRequest) => Promise<HttpAnswer> {
  const routes = options.routes ?? {}
  const limits = { ...limitsByDefault, ...options.limits }
  const slots = openSlots(options.perHost ?? 6)
  const kept = agents(true)
  // A write never goes over a kept connection: one that the server has just closed would leave its outcome in doubt for nothing.
  const fresh = agents(false)

  async function once(request: HttpRequest, url: URL, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const served = servedAddress(url, routes)
    const body = asBody(request.body) ?? (isRead(request) ? undefined : asBody(''))
    const wire = { method: request.method, url: served, host: url.host, headers, body, limits, signal: request.signal, progress: request.progress, take: request.take }
    if (!isRead(request)) return await exchange({ ...wire, agent: fresh(served.protocol) })
    try {
      return await exchange({ ...wire, agent: kept(served.protocol) })
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error
      return await exchange({ ...wire, agent: fresh(served.protocol) })
    }
  }

  return async (request) => {
    let url = publicAddress(new URL(request.url), routes)
    if (url.username !== '' || url.password !== '') throw new Error(`a request to ${url.host} carries credentials in its address`)
    let headers: Record<string, string> = { 'user-agent': `slipway/${options.version}`, ...lowerCase(request.headers ?? {}) }
    for (let redirects = 0; ; redirects += 1) {
      refuseOutside(url, { ...options, secret: request.secretBody === true || headers['authorization'] !== undefined })
      const answer = await slots(url.host, request.signal, () => once(request, url, headers))
      const location = answer.headers['location']
      if (!isRead(request) || !redirecting.has(answer.status) || location === undefined) return answer
      if (redirects === redirectsAtMost) throw new Error(`${url.host} redirected more than ${redirectsAtMost} times`)
      const next = redirected(url, location, routes)
      if (next.origin !== url.origin) headers = Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.has(name)))
      url = next
    }
  }
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/

/** Throws Refused `request-refused` for a host that a rehearsal does not serve, and for credentials on their way to where nobody said they may go. */
function refuseOutside(url: URL, { routes = {}, reach, trusted, secret }: HttpOptions & { readonly secret: boolean }): void {
  const inside = LOOPBACK.test(url.hostname)
  if (!inside && reach === 'routed' && routes[url.host] === undefined) {
    throw new Refused({ code: 'request-refused', message: `The rehearsal serves no ${url.host}, so nothing was sent there.`, hint: 'It rehearses GitHub, PyPI, TestPyPI and container registries at their own addresses; a project that publishes elsewhere cannot be rehearsed yet.' })
  }
  if (!secret || trusted === undefined) return
  if (!trusted.some((host) => host === url.host || (isDomain(host) && url.host.endsWith(host))) || (!inside && url.protocol !== 'https:')) {
    throw new Refused({ code: 'request-refused', message: `${url.protocol}//${url.host} is not a service that Slipway knows, so no secret was sent there.`, hint: `slipway.yaml, which anybody may have changed in a branch, names it. If it is yours${inside ? '' : ' and speaks https'}, set SLIPWAY_TRUSTED_HOSTS=${url.host} and run again.` })
  }
}

/** `.example.org`, and no whole top-level domain: everybody can have a name in `.com`. */
function isDomain(host: string): boolean {
  return /^\.[^.]+(?:\.[^.]+)+$/.test(host)
}

function redirected(from: URL, location: string, routes: Routes): URL {
  const named = URL.parse(location, from.href)
  const to = named && publicAddress(named, routes)
  if (to === null || (to.protocol !== 'https:' && to.protocol !== 'http:')) throw new Error(`${from.host} redirected to something that is not an HTTP address`)
  if (from.protocol === 'https:' && to.protocol === 'http:') throw new Error(`${from.host} redirected from https to http at ${to.host}, which is not followed`)
  to.username = ''
  to.password = ''
  return to
}

/** One agent for each protocol, made when it is first needed. */
function agents(keepAlive: boolean): (protocol: string) => Agent {
  const made = new Map<string, Agent>()
  return (protocol) => {
    const agent = made.get(protocol) ?? new (wireOf(protocol).Agent)({ keepAlive })
    made.set(protocol, agent)
    return agent
  }
}

function isRead(request: HttpRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
