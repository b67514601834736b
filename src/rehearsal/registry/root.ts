// Registries at the root of an origin: real clients know no path prefix and ask for `/v2/` there, so the registry's host stands first in the image's name.
import { jsonReply } from '../service.ts'
import type { Reply, Service } from '../service.ts'

/** A service that is a registry. */
export interface RegistryService extends Service {
  readonly registry: {
    readonly host: string
    /** The public address of its token service; undefined when it has none. */
    readonly realm: string | undefined
  }
}

/** Where a request at the root goes: to a host, or nowhere because it is answered here. */
export type RootWay =
  | { readonly to: URL; readonly host: string }
  | { readonly reply: Reply }

/** What is known of a request at the root. */
export interface RootRequest {
  /** Path and query, `/v2/ghcr.io/acme/app/manifests/2.1.0`. */
  readonly path: string
  readonly authorization: string | undefined
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
}

/**
 * The way of a request whose path begins with `/v2/`; undefined for other paths, and when no registry is served. `/v2/HOST/name/...` is
 * `https://HOST/v2/name/...`; `/v2/` is the ping, which sends clients to `/v2/token` for tokens; that is the token service of the host that the scope names.
 */
export function rootWay(services: readonly Service[], request: RootRequest): RootWay | undefined {
  const registries = services.filter(isRegistry).map(({ registry }) => registry)
  const url = URL.parse(request.path, request.origin)
  const [first] = registries
  if (url === null || first === undefined || !/^\/v2(\/|$)/.test(url.pathname)) return undefined
  const [, host = '', rest = ''] = /^\/v2\/([^/]*)(.*)$/s.exec(url.pathname) ?? []
  const known = registries.find((one) => one.host === decodeURIComponent(host))
  if (known !== undefined) return { to: new URL(`https://${known.host}/v2${rest}${url.search}`), host: known.host }
  if (host === 'token') return tokenWay(registries, url)
  if (host !== '') return { reply: { status: 404, body: `No registry ${host} is served here; known are ${registries.map((one) => one.host).join(', ')}.\n` } }
  if (registries.every(({ realm }) => realm === undefined)) return { to: new URL(`https://${first.host}/v2/`), host: first.host }
  return { reply: ping(request) }
}

/** An answer of a registry as it is read at the root: paths get the host put in. */
export function atRoot(host: string, reply: Reply): Reply {
  const moved = (value: string): string => value.replace(/^(<?)\/v2\//, `$1/v2/${host}/`)
  const headers = Object.entries(reply.headers ?? {}).map(([name, value]) => [name, typeof value === 'string' && (name === 'location' || name === 'link') ? moved(value) : value] as const)
  return { ...reply, headers: Object.fromEntries(headers) }
}

function isRegistry(service: Service): service is RegistryService {
  return 'registry' in service
}

function tokenWay(registries: readonly RegistryService['registry'][], url: URL): RootWay {
  const scopes = url.searchParams.getAll('scope')
  // A login names no repository; any registry can tell whether the password is right.
  const known = registries.find(({ host, realm }) => realm !== undefined && (scopes.length === 0 || scopes.some((scope) => scope.includes(`:${host}/`))))
  if (known?.realm !== undefined) return { to: new URL(`${known.realm}${url.search}`), host: known.host }
  return { reply: jsonReply(200, { token: 'none', access_token: 'none', expires_in: 300 }) }
}

function ping({ authorization, origin }: RootRequest): Reply {
  const headers = { 'docker-distribution-api-version': 'registry/2.0' }
  if (/^bearer /i.test(authorization ?? '')) return jsonReply(200, {}, headers)
  const errors = [{ code: 'UNAUTHORIZED', message: 'authentication required' }]
  return jsonReply(401, { errors }, { ...headers, 'www-authenticate': `Bearer realm="${origin}/v2/token",service="${origin.slice('http://'.length)}"` })
}
