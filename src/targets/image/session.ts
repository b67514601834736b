// Requests to one repository of a registry: the challenge answered once, every request sent with what it gave.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { bodyJson } from '../../model/http.ts'
import type { HttpAnswer, HttpRequest, Look } from '../../model/world.ts'
import { withCredentials, type Access, type Speaker } from './access.ts'
import { readChallenge, type Challenge } from './challenge.ts'
import { placeOf } from './reference.ts'
import { isPassing, refusalOf, registryWords } from './refusal.ts'

/** What may be done with the repository. */
export type Right = 'pull' | 'pull,push' | 'pull,push,delete'

/** One request, by its path below `/v2/NAME/` or by a whole address that the registry gave. */
export interface Ask extends Omit<HttpRequest, 'url'> {
  readonly to: string
  readonly right?: Right
  /** Another repository of the registry that is read from, for a mount. */
  readonly reads?: string
}

/** A conversation with a registry about one repository. */
export interface Session {
  /** The answer, whatever it says; a refused or missing login is thrown as Refused, silence as a plain Error. */
  ask(request: Ask): Promise<HttpAnswer>
  /** Logs in for this right and does nothing with it: the registry's token, undefined where it gives none. Throws Refused for a login that it does not take. */
  admission(right: Right): Promise<string | undefined>
  /** As `ask`, and throws for every status that is not listed: Refused for a refusal, a plain Error for what may pass. `what` is the thing asked for. */
  expect(statuses: readonly number[], what: string, request: Ask): Promise<HttpAnswer>
  /** What an answer that is no success amounts to: Refused, or a plain Error for what may pass. */
  trouble(answer: HttpAnswer, what: string): Error
}

/** Loopback, link-local and private addresses. */
const INNER = /^(?:localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.|\[(?:::1|f[cd]|fe[89ab]))/i

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::\d+)?$/

/** The base of a repository's API. Registries on loopback speak plain HTTP, as every client takes them to. */
export function apiOf(access: Pick<Access, 'image'>): { readonly root: string; readonly repository: string } {
  const { host, name } = placeOf(access.image)
  const root = `${LOOPBACK.test(host) ? 'http' : 'https'}://${host}/v2/`
  return { root, repository: `${root}${name}/` }
}

/** Opens a session; nothing is asked before the first request. */
export function openSession(look: Look, access: Access, speaker: Speaker = 'owner'): Session {
  const { root, repository } = apiOf(access)
  const { host, name } = placeOf(access.image)
  let challenge: Promise<Challenge | undefined> | undefined
  const bearers = new Map<string, Promise<string>>()

  const lend = <T>(use: (credentials: string | undefined) => Promise<T>): Promise<T> => speaker === 'anybody' ? use(undefined) : withCredentials(look, access, use)

  const challenged = async (): Promise<Challenge | undefined> => {
    const answer = await look.http({ method: 'GET', url: root })
    // One that cannot answer just now has not said that it asks for no login.
    if (isPassing(answer, registryWords(answer))) throw trouble(answer, 'the first look')
    if (answer.status !== 401) return undefined
    const found = readChallenge(answer.headers['www-authenticate'])
    if (found === undefined) throw new Refused({ code: 'request-refused', message: `${host} asks for a login of a sort that Slipway does not know.`, hint: 'It must offer Bearer or Basic, as the distribution specification says.' })
    return found
  }

  const bearer = (asked: Extract<Challenge, { scheme: 'bearer' }>, scopes: readonly string[]): Promise<string> => {
    const known = bearers.get(scopes.join(' '))
    if (known !== undefined) return known
    const fresh = lend(async (credentials) => {
      const url = new URL(asked.realm)
      refuseElsewhere(url)
      if (asked.service !== undefined) url.searchParams.set('service', asked.service)
      for (const scope of scopes) url.searchParams.append('scope', scope)
      const answer = await look.http({ method: 'GET', url: url.href, headers: credentials === undefined ? {} : { authorization: basic(credentials) } })
      // GHCR's token service answers a token that it does not know with 403.
      if (answer.status !== 200) throw trouble(answer, 'the login', answer.status === 403 ? 401 : answer.status)
      const { token, access_token: other } = tokenAnswer.parse(bodyJson(answer))
      return token ?? other ?? ''
    })
    bearers.set(scopes.join(' '), fresh)
    fresh.catch(() => bearers.delete(scopes.join(' ')))
    return fresh
  }

  /** A registry may lead to another host for its login and its uploads, but not into the network that this machine stands in. */
  const refuseElsewhere = (url: URL): void => {
    const served = look.address(root).replace(/v2\/$/, '')
    if (url.protocol === 'https:' && !INNER.test(url.hostname)) return
    if (url.host === new URL(root).host || url.host === new URL(served).host) return
    throw new Refused({ code: 'request-refused', message: `${host} leads to ${url.origin}, where nothing was sent.`, hint: 'A registry must keep to https and to public hosts. If it is your own, have it name its own address.' })
  }

  const trouble = (answer: HttpAnswer, what: string, means = answer.status): Error => {
    const words = registryWords(answer)
    return isPassing(answer, words) ? new Error(`${host} answered ${answer.status} to ${what}: ${words}`) : refusalOf(answer, access, { what, means })
  }

  const once = async ({ to, right = 'pull', reads, headers = {}, ...request }: Ask): Promise<HttpAnswer> => {
    const url = new URL(to, repository)
    refuseElsewhere(url)
    challenge ??= challenged()
    challenge.catch(() => { challenge = undefined })
    const asked = await challenge
    // An address that the registry hands out at another host is opened by the address itself.
    const own = url.host === new URL(root).host || url.href.startsWith(look.address(root).replace(/v2\/$/, ''))
    if (asked === undefined || !own) return look.http({ ...request, url: url.href, headers })
    if (asked.scheme === 'bearer') {
      const token = await bearer(asked, [`repository:${name}:${right}`, ...(reads === undefined ? [] : [`repository:${reads}:pull`])])
      return without(token, await look.http({ ...request, url: url.href, headers: { ...headers, authorization: `Bearer ${token}` } }))
    }
    return lend((credentials) => look.http({ ...request, url: url.href, headers: credentials === undefined ? headers : { ...headers, authorization: basic(credentials) } }))
  }

  const ask = async (request: Ask): Promise<HttpAnswer> => {
    const answer = await once(request)
    if (answer.status !== 401) return answer
    // A token lives for some minutes, and uploads for longer. Some registries ask for a login only where it is needed.
    bearers.clear()
    const found = readChallenge(answer.headers['www-authenticate'])
    if (found !== undefined) challenge = Promise.resolve(found)
    return once(request)
  }

  return {
    ask,
    trouble,
    async admission(right) {
      const asked = await challenged()
      if (asked?.scheme === 'bearer') return bearer(asked, [`repository:${name}:${right}`])
      if (asked === undefined) return undefined
      const answer = await lend((credentials) => look.http({ method: 'GET', url: root, headers: credentials === undefined ? {} : { authorization: basic(credentials) } }))
      if (answer.status !== 200) throw trouble(answer, 'the login')
      return undefined
    },
    async expect(statuses, what, request) {
      const answer = await ask(request)
      if (statuses.includes(answer.status)) return answer
      throw trouble(answer, what)
    },
  }
}

const tokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() })

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

/** An answer that does not repeat the token it was asked with. */
function without(token: string, answer: HttpAnswer): HttpAnswer {
  if (answer.status < 400 || token === '') return answer
  const text = Buffer.from(answer.body).toString('utf8')
  return { ...answer, reason: answer.reason.replaceAll(token, '***'), body: Buffer.from(text.replaceAll(token, '***')) }
}
