// GitHub's REST, version 2022-11-28, for one repository.
import type { JsonObject } from '../../model/json.ts'
import type { Call, Reply, Service } from '../service.ts'
import { graphqlReply, isQuery } from './graphql/discussions.ts'
import { countRequest, demand, identify } from './access.ts'
import { storedFile, STORE_HOST } from './downloads.ts'
import { LOG_HOST, storedLog } from './handlers/actions.ts'
import { notFound, Refusal, refusalReply } from './refusal.ts'
import { matchRoute } from './router.ts'
import type { Route } from './router.ts'
import { routes } from './routes.ts'
import type { GithubState, Grant } from './state.ts'

/** The one version of the REST API that is served. */
export const API_VERSION = '2022-11-28'

/** Serves a repository's REST and uploads, and the store that downloads are sent on to. */
export function githubService(state: GithubState): Service {
  let requests = 0
  return {
    hosts: ['api.github.com', 'uploads.github.com', STORE_HOST, LOG_HOST],
    reads: isQuery,
    handle: async (call) => {
      if (call.url.hostname === STORE_HOST) return storedFile(state, call)
      if (call.url.hostname === LOG_HOST) return storedLog(state, call)
      requests += 1
      const reply = call.url.pathname === '/graphql' && call.method === 'POST' ? await graphqlReply(state, call) : await answer(state, call)
      const headers = {
        'x-github-request-id': `0000:${requests.toString(16).toUpperCase().padStart(6, '0')}`,
        'x-github-media-type': 'github.v3; format=json',
        'x-github-api-version-selected': API_VERSION,
        'cache-control': 'private, max-age=60, s-maxage=60',
        date: state.now().toUTCString(),
      }
      return { ...reply, headers: { ...headers, ...reply.headers } }
    },
  }
}

async function answer(state: GithubState, call: Call): Promise<Reply> {
  const found = matchRoute(routes, call)
  const page = found?.route.page ?? 'rest'
  let limits: Record<string, string> = {}
  try {
    const grant = identify(state, call)
    const counted = countRequest(state, grant)
    limits = { ...counted.headers, ...(grant?.scopes === undefined ? {} : { 'x-oauth-scopes': grant.scopes.join(', '), 'x-accepted-oauth-scopes': '' }) }
    if (counted.over) throw new Refusal(403, `API rate limit exceeded for ${grant === undefined ? '127.0.0.1' : `user ${grant.login}`}.`)
    checkVersion(call)
    if (found === undefined) throw notFound()
    const reply = await dispatch(state, call, { ...found, grant })
    return { ...reply, headers: { ...limits, ...reply.headers } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const reply = refusalReply(error, page)
    return { ...reply, headers: { ...reply.headers, ...limits } }
  }
}

async function dispatch(state: GithubState, call: Call, found: { route: Route; params: Record<string, string>; grant: Grant | undefined }): Promise<Reply> {
  const { route, params, grant } = found
  const named = params['owner'] === undefined || (same(params['owner'], state.owner) && same(params['repo'] ?? '', state.repo))
  if (!named) throw notFound()
  if (route.needs !== undefined) demand(grant, route.needs)
  const body = route.raw === true ? {} : readBody(call)
  return route.handle({ state, call, params, query: call.url.searchParams, body, grant })
}

function checkVersion(call: Call): void {
  const version = call.headers['x-github-api-version']
  if (version !== undefined && version !== API_VERSION) throw new Refusal(400, `The requested API version ${version} is not served here; ${API_VERSION} is.`)
}

function readBody(call: Call): JsonObject {
  if (call.body.byteLength === 0) return {}
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder().decode(call.body))
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
  if (body === null) return {}
  if (typeof body !== 'object' || Array.isArray(body)) throw new Refusal(400, 'Body should be a JSON object')
  return body as JsonObject
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}
