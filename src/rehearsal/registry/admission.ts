// Whether a request to the registry is let in, and the challenge that tells a client how to ask.
import type { Call, Reply } from '../service.ts'
import { basicHolder, mayDo } from './permission.ts'
import { refusal } from './refusal.ts'
import type { RefusalWords } from './refusal.ts'
import type { Action, RegistryState, Session } from './state.ts'

/** What a request is about to do. */
export interface Need {
  readonly repository: string
  readonly action: Action
}

/** The refusal of a request that may not do this; a ping needs nothing but to be somebody. */
export function refusedEntry(state: RegistryState, call: Call, need: Need | undefined): Reply | undefined {
  switch (state.rules.auth) {
    case 'none': return undefined
    case 'basic': return byPassword(state, call, need)
    case 'bearer': return bySession(state, call, need)
  }
}

function byPassword(state: RegistryState, call: Call, need: Need | undefined): Reply | undefined {
  const holder = basicHolder(state, call.headers['authorization'])
  const challenge = (): Reply => refusal(401, 'UNAUTHORIZED', { headers: { 'www-authenticate': `Basic realm="${state.host}"` } })
  if (holder === 'wrong') return challenge()
  if (holder === undefined && (need?.action !== 'pull' || state.rules.anonymousPull === 'token')) return challenge()
  if (need === undefined || mayDo(state, holder, need)) return undefined
  return holder === undefined ? challenge() : refusal(403, 'DENIED')
}

function bySession(state: RegistryState, call: Call, need: Need | undefined): Reply | undefined {
  const { authorization } = call.headers
  if (authorization === undefined) {
    const open = need?.action === 'pull' && state.rules.anonymousPull === 'open' && mayDo(state, undefined, need)
    return open ? undefined : challenge(state, call, { need })
  }
  const session = liveSession(state, authorization)
  if (session === undefined) return challenge(state, call, { need, error: 'invalid_token' })
  if (need === undefined || session.grants.some(({ repository, actions }) => repository === need.repository && actions.includes(need.action))) return undefined
  const holder = state.tokens.find(({ token }) => token === session.of)
  if (mayDo(state, holder, need)) return challenge(state, call, { need, error: 'insufficient_scope' })
  return holder === undefined ? challenge(state, call, { need }) : refusal(403, 'DENIED')
}

function liveSession(state: RegistryState, authorization: string): Session | undefined {
  const session = state.sessions.get(/^bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')
  return session !== undefined && session.expires > state.now().getTime() ? session : undefined
}

/** https://github.com/distribution/distribution/blob/v2.8.2/docs/spec/auth/token.md */
function challenge(state: RegistryState, call: Call, why: { readonly need: Need | undefined; readonly error?: string }): Reply {
  const { need, error } = why
  const parts = [
    `realm="${call.address(realmOf(state))}"`,
    `service="${serviceName(state)}"`,
    ...(need === undefined ? [] : [`scope="repository:${need.repository}:${need.action === 'push' ? 'pull,push' : need.action}"`]),
    ...(error === undefined ? [] : [`error="${error}"`]),
  ]
  const words: RefusalWords = { headers: { 'www-authenticate': `Bearer ${parts.join(',')}` }, ...(need === undefined ? {} : { detail: [{ Type: 'repository', Name: need.repository, Action: need.action }] }) }
  return refusal(401, 'UNAUTHORIZED', words)
}

/** The public address of a registry's token service. */
export function realmOf(state: RegistryState): string {
  return state.rules.realm ?? `https://${state.host}/token`
}

/** The name that the token service knows the registry by. */
export function serviceName(state: RegistryState): string {
  return state.rules.service ?? state.host
}
