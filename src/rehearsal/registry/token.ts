// The token service: a password, or nothing, for a short-lived token that opens some repositories.
import { randomBytes } from 'node:crypto'
import { jsonReply } from '../service.ts'
import type { Call, Reply } from '../service.ts'
import { ownName } from './own-name.ts'
import { basicHolder, mayDo } from './permission.ts'
import { refusal } from './refusal.ts'
import type { Action, RegistryState, Session } from './state.ts'

/** Seconds that a token is good for. */
const LIFE = 300
const ACTIONS = ['pull', 'push', 'delete'] as const satisfies readonly Action[]

/**
 * Answers `GET realm?service=&scope=`, https://github.com/distribution/distribution/blob/v2.8.2/docs/spec/auth/token.md. A token holds as much of
 * the scopes as the password allows, without a word about the rest; 401 or 403 for a wrong password.
 */
export function giveToken(state: RegistryState, call: Call): Reply {
  if (call.method !== 'GET') return refusal(405, 'UNSUPPORTED')
  const { authorization } = call.headers
  const holder = basicHolder(state, authorization)
  if (holder === 'wrong' || (holder === undefined && authorization !== undefined)) return wrongPassword(state)
  const grants = call.url.searchParams.getAll('scope').flatMap((text) => text.split(' ')).flatMap((scope) => {
    const asked = readScope(state, scope)
    return asked === undefined ? [] : [{ ...asked, actions: asked.actions.filter((action) => mayDo(state, holder, { repository: asked.repository, action })) }]
  })
  const now = state.now()
  const token = randomBytes(32).toString('base64url')
  state.sessions.set(token, { of: holder?.token, grants, expires: now.getTime() + LIFE * 1000 })
  return jsonReply(200, { token, access_token: token, expires_in: LIFE, issued_at: now.toISOString() })
}

function wrongPassword({ rules }: RegistryState): Reply {
  return rules.wrongPassword === 'DENIED' ? refusal(403, 'DENIED', { message: 'denied' }) : refusal(401, 'UNAUTHORIZED')
}

/** `repository:NAME:pull,push`; the name may come with the registry's host before it. `*` is every action. */
function readScope(state: RegistryState, scope: string): Session['grants'][number] | undefined {
  const [, name, actions] = /^repository(?:\([^)]*\))?:(.+):([a-z,*]*)$/.exec(scope) ?? []
  if (name === undefined || actions === undefined) return undefined
  const asked = actions.split(',')
  return { repository: ownName(state, name), actions: ACTIONS.filter((action) => asked.includes(action) || asked.includes('*')) }
}
