// The rehearsal's OSV: api.osv.dev over its state (https://google.github.io/osv.dev/api/).
import { jsonReply, type Call, type Reply, type Service } from '../service.ts'
import { isAbout, subjectOf, type Subject } from './match.ts'
import { plantAdvisory, type OsvDocument, type OsvState } from './state.ts'

/** Queries that one request may hold. */
const MOST = 1000

interface Query {
  readonly version?: unknown
  readonly commit?: unknown
  readonly page_token?: unknown
  readonly package?: { readonly purl?: unknown; readonly name?: unknown; readonly ecosystem?: unknown } | null
}

/** Serves api.osv.dev: `/v1/query`, `/v1/querybatch` and `/v1/vulns/ID`. */
export function osvService(state: OsvState): Service {
  return { hosts: ['api.osv.dev'], handle: async (call) => route(state, call) }
}

function route(state: OsvState, { method, url, body }: Call): Reply {
  const id = /^\/v1\/vulns\/([^/]+)$/.exec(url.pathname)?.[1]
  if (id !== undefined && (method === 'GET' || method === 'HEAD')) {
    const found = state.advisories.find((one) => one.id === decodeURIComponent(id))
    return found === undefined ? jsonReply(404, { code: 5, message: 'Bug not found.' }) : jsonReply(200, found)
  }
  if (method === 'POST' && (url.pathname === '/v1/query' || url.pathname === '/v1/querybatch')) {
    const asked = parsed(body)
    if (asked === undefined) return invalid('Invalid query.')
    return url.pathname === '/v1/query' ? single(state, asked) : batch(state, asked)
  }
  return jsonReply(404, { code: 5, message: 'Not Found' })
}

function single(state: OsvState, query: Query): Reply {
  const found = answer(state, query)
  if ('wrong' in found) return invalid(found.wrong)
  return jsonReply(200, { ...(found.page.length === 0 ? {} : { vulns: found.page }), ...found.further })
}

function batch(state: OsvState, { queries }: { readonly queries?: unknown }): Reply {
  if (!Array.isArray(queries)) return invalid('Invalid query.')
  if (queries.length > MOST) return invalid('Too many queries.')
  const results: unknown[] = []
  for (const query of queries as readonly unknown[]) {
    const found = answer(state, typeof query === 'object' && query !== null ? query : {})
    if ('wrong' in found) return invalid(found.wrong)
    results.push({ ...(found.page.length === 0 ? {} : { vulns: found.page.map(({ id, modified }) => ({ id, modified })) }), ...found.further })
  }
  return jsonReply(200, { results })
}

/** One page of what is known about the package, and the token of the next one. */
function answer(state: OsvState, query: Query): { readonly page: readonly OsvDocument[]; readonly further: { next_page_token?: string } } | { readonly wrong: string } {
  const subject = subjectIn(query)
  if (subject === null) return { page: [], further: {} }
  if ('wrong' in subject) return subject
  if (state.plantNext && subject.version !== undefined) {
    state.plantNext = false
    plantAdvisory(state, { ...subject, version: subject.version })
  }
  const all = state.advisories.filter((one) => isAbout(one, subject))
  const from = typeof query.page_token === 'string' ? Number(query.page_token) : 0
  if (!Number.isInteger(from) || from < 0) return { wrong: 'Invalid page token.' }
  const to = from + state.pageSize
  return { page: all.slice(from, to), further: to < all.length ? { next_page_token: String(to) } : {} }
}

function subjectIn({ package: named, version }: Query): Subject | null | { readonly wrong: string } {
  if (typeof named !== 'object' || named === null) return { wrong: 'Invalid query.' }
  const given = typeof version === 'string' ? version : undefined
  if (typeof named.purl !== 'string') {
    if (typeof named.name !== 'string' || typeof named.ecosystem !== 'string') return { wrong: 'Invalid query.' }
    return { name: named.name, ecosystem: named.ecosystem, version: given }
  }
  if (named.name !== undefined) return { wrong: 'name specified in a PURL query' }
  if (named.ecosystem !== undefined) return { wrong: 'ecosystem specified in a PURL query' }
  const subject = subjectOf(named.purl)
  if (subject === undefined) return { wrong: 'Invalid Package URL.' }
  if (subject?.version !== undefined && given !== undefined) return { wrong: 'version specified in params and PURL query' }
  return subject === null ? null : { ...subject, version: subject.version ?? given }
}

function invalid(message: string): Reply {
  return jsonReply(400, { code: 3, message })
}

function parsed(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body))
    return typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : undefined
  } catch {
    return undefined
  }
}
