// Finds the handler of a request.
import type { JsonObject } from '../../model/json.ts'
import type { Call, Reply } from '../service.ts'
import type { Need } from './access.ts'
import type { GithubState, Grant } from './state.ts'

/** A request on its way to its handler. */
export interface Ask {
  readonly state: GithubState
  readonly call: Call
  /** Values of the path's parts, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The JSON object of the body, empty when there is none. */
  readonly body: JsonObject
  /** Who asks, undefined for nobody. */
  readonly grant: Grant | undefined
}

/** One operation of GitHub's REST. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As in GitHub's OpenAPI description. */
  readonly path: string
  /** Its operationId. */
  readonly operation: string
  /** Its page below https://docs.github.com/. */
  readonly page: string
  /** The host when it is not api.github.com. */
  readonly host?: 'uploads.github.com'
  readonly needs?: Need
  /** Whether the body is a file instead of JSON. */
  readonly raw?: true
  handle(ask: Ask): Promise<Reply>
}

/** The names of what a path may hold slashes in. */
const LONG = ['ref', 'branch', 'tag', 'path']

/** Ids that are no numbers. */
const WORDS = ['sarif_id', 'workflow_id']

/** The route of a request and the values in its path; undefined when there is none. */
export function matchRoute(routes: readonly Route[], call: Call): { readonly route: Route; readonly params: Record<string, string> } | undefined {
  const path = readable(call.url.pathname)
  for (const route of routes) {
    if (route.method !== call.method || (route.host ?? 'api.github.com') !== call.url.hostname) continue
    const match = patternOf(route.path).exec(path)
    if (match !== null) return { route, params: match.groups ?? {} }
  }
  return undefined
}

function readable(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const patterns = new Map<string, RegExp>()

function patternOf(path: string): RegExp {
  const known = patterns.get(path)
  if (known !== undefined) return known
  const source = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const allowed = LONG.includes(name) ? '.+' : WORDS.includes(name) ? '[^/]+' : /_id$|_number$/.test(name) ? '\\d+' : '[^/]+'
    return `(?<${name}>${allowed})`
  })
  const pattern = new RegExp(`^${source}/?$`)
  patterns.set(path, pattern)
  return pattern
}
