// Who calls, what they may do, and how much of their hourly limit is left.
import type { Call } from '../service.ts'
import { setOff } from './actions.ts'
import { readRefs } from './refs.ts'
import { Refusal } from './refusal.ts'
import type { GithubState, Grant, Level, Part } from './state.ts'

/** What a route needs of its caller; undefined where everybody may. */
export type Need = { readonly part: Part; readonly level: 'read' | 'write' }

const LEVELS: readonly Level[] = ['none', 'read', 'write']
const PUBLIC: Readonly<Record<Part, Level>> = { contents: 'read', pull_requests: 'read', attestations: 'read', security_events: 'none', administration: 'none', actions: 'read', discussions: 'read' }

/** The grant of the caller, undefined for nobody. Throws the 401 of a wrong token. */
export function identify(state: GithubState, call: Call): Grant | undefined {
  const header = call.headers['authorization']
  if (header === undefined) return undefined
  const token = tokenIn(header)
  const grant = token === undefined || !Object.hasOwn(state.tokens, token) ? undefined : state.tokens[token]
  if (grant === undefined) throw new Refusal(401, 'Bad credentials')
  return grant
}

/** True when a caller has a right. */
export function may(grant: Grant | undefined, need: Need): boolean {
  const level = grant?.rights[need.part] ?? PUBLIC[need.part]
  return LEVELS.indexOf(level) >= LEVELS.indexOf(need.level)
}

/** Throws 401 or 403 when a caller has not got the right. */
export function demand(grant: Grant | undefined, need: Need): void {
  if (may(grant, need)) return
  if (grant === undefined) throw new Refusal(401, 'Requires authentication')
  throw new Refusal(403, 'Resource not accessible by personal access token')
}

/** Whether a password may push over git, in the terms of the git server. */
export function gitPasswords(state: GithubState): (password: string | undefined) => boolean | 'reading' {
  return (password) => {
    if (password === undefined || !Object.hasOwn(state.tokens, password)) return false
    return may(state.tokens[password], { part: 'contents', level: 'write' }) ? true : 'reading'
  }
}

/** Tells of the tags that a push over git makes, for the workflows that they start. */
export function tagPushes(state: GithubState): (password: string | undefined) => Promise<() => Promise<void>> {
  const tags = async (): Promise<readonly string[]> => (await readRefs(state.bare, 'refs/tags')).map(({ name }) => name.slice('refs/tags/'.length))
  return async (password) => {
    const before = await tags()
    const grant = password === undefined || !Object.hasOwn(state.tokens, password) ? undefined : state.tokens[password]
    return async () => {
      for (const tag of await tags()) if (!before.includes(tag)) await setOff(state, { event: 'push', tag, grant })
    }
  }
}

/** Counts one request against the caller's hour and returns the rate limit headers. `over` tells that it was one too many. */
export function countRequest(state: GithubState, grant: Grant | undefined): { readonly headers: Record<string, string>; readonly over: boolean } {
  const who = grant?.login ?? ''
  const limit = grant === undefined ? Math.min(60, state.rateLimit) : state.rateLimit
  const hour = Math.floor(state.now().getTime() / 3_600_000)
  const before = state.spent.get(who)
  const count = before?.hour === hour ? before.count + 1 : 1
  state.spent.set(who, { hour, count })
  return {
    over: count > limit,
    headers: {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - count)),
      'x-ratelimit-reset': String((hour + 1) * 3600),
      'x-ratelimit-used': String(Math.min(count, limit)),
      'x-ratelimit-resource': 'core',
    },
  }
}

function tokenIn(header: string): string | undefined {
  const plain = /^(?:bearer|token) +(\S+)$/i.exec(header)?.[1]
  if (plain !== undefined) return plain
  const basic = /^basic +(\S+)$/i.exec(header)?.[1]
  if (basic === undefined) return undefined
  const decoded = Buffer.from(basic, 'base64').toString()
  return decoded.slice(decoded.indexOf(':') + 1)
}
