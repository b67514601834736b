// Who may do what with which repository.
import type { Action, Repositories, RegistryState, RegistryToken } from './state.ts'

/** True when whoever holds this token, or nobody in particular, may do this. A repository that is not there yet is as good as public. */
export function mayDo(state: RegistryState, holder: RegistryToken | undefined, what: { readonly repository: string; readonly action: Action }): boolean {
  const { repository, action } = what
  if (action === 'pull' && state.repositories.get(repository)?.private !== true) return holder?.reads === undefined || among(holder.reads, repository) || among(holder.may, repository)
  if (holder === undefined) return false
  return among(holder.may, repository) || (action === 'pull' && among(holder.reads ?? 'all', repository))
}

function among(repositories: Repositories, name: string): boolean {
  return repositories === 'all' || repositories.some((one) => one === name || (one.endsWith('/*') && name.startsWith(one.slice(0, -1))))
}

/** The token of a Basic authorization; `wrong` when nobody knows it, undefined when the header is none of that kind. */
export function basicHolder(state: RegistryState, authorization: string | undefined): RegistryToken | 'wrong' | undefined {
  const basic = /^basic +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (basic === undefined) return undefined
  const [user, ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  const password = rest.join(':')
  return state.tokens.find((one) => one.token === password && (one.user === undefined || one.user === user)) ?? 'wrong'
}
