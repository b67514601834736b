// The half of the world that probes are given: what could change something is refused before it is tried.
import { parseJson } from '../model/json.ts'
import type { HttpRequest, Look, World } from '../model/world.ts'

/** Every use of a subcommand must pass: true where its arguments change nothing. */
type Harmless = (args: readonly string[]) => boolean

const any: Harmless = () => true
const has = (...wanted: readonly string[]): Harmless => (args) => args.some((arg) => wanted.includes(arg))

const harmlessGit: Readonly<Record<string, Harmless>> = {
  'cat-file': any,
  'config': has('--get', '--get-all', '--get-regexp', '--get-urlmatch', '--list'),
  'describe': any,
  'diff': any,
  'diff-index': any,
  'diff-tree': any,
  'for-each-ref': any,
  'grep': any,
  'hash-object': (args) => !args.includes('-w'),
  'log': any,
  'ls-files': any,
  'ls-remote': any,
  'ls-tree': any,
  'merge-base': any,
  'remote': (args) => args[0] === 'get-url',
  'rev-list': any,
  'rev-parse': any,
  'show': any,
  'show-ref': any,
  'status': any,
  'symbolic-ref': (args) => !args.some((arg) => arg === '-d' || arg === '--delete' || arg.startsWith('-m')) && args.filter((arg) => !arg.startsWith('-')).length === 1,
  'var': any,
  'version': any,
}

// Options by which a reading subcommand writes a file or starts a program.
const harmful = ['output', 'upload-pack', 'exec', 'ext-diff', 'textconv', 'filters', 'open-files-in-pager']

/** git takes an option by any beginning of its name that no other has, from two letters on. */
function isHarmful(arg: string): boolean {
  const name = /^--([a-z-]{2,})(?:=|$)/.exec(arg)?.[1]
  return /^-O./.test(arg) || (name !== undefined && harmful.some((full) => full.startsWith(name)))
}

/** True for a GraphQL request whose whole document is one query: by the specification (https://spec.graphql.org/October2021/#sec-Query) it changes nothing. */
function isQuery({ method, url, body }: HttpRequest): boolean {
  if (method !== 'POST' || !new URL(url).pathname.endsWith('/graphql') || typeof body !== 'string') return false
  const sent = parseJson(body)
  const query = typeof sent === 'object' && sent !== null && 'query' in sent ? sent.query : undefined
  return typeof query === 'string' && /^\s*query\b/.test(query) && !/\b(?:mutation|subscription)\b/.test(query)
}

/** The world for looking only. Whatever else is asked of it rejects with a plain Error: the probe that asks is wrong. */
export function lookOnly(world: World): Look {
  return {
    async http(request) {
      if (request.method !== 'GET' && request.method !== 'HEAD' && !isQuery(request)) throw new Error(`a probe may not send ${request.method}`)
      return await world.http(request)
    },
    async git(args, options = {}) {
      const [command = '', ...rest] = args
      const harmless = Object.hasOwn(harmlessGit, command) ? harmlessGit[command] : undefined
      if (!harmless?.(rest) || rest.some(isHarmful)) throw new Error(`a probe may not run git ${args.join(' ')}`)
      return await world.git(args, { ...options, env: { ...options.env, GIT_OPTIONAL_LOCKS: '0' } })
    },
    artifacts: { has: (sha256) => world.artifacts.has(sha256), body: (sha256) => world.artifacts.body(sha256) },
    evidence: { find: (key) => world.evidence.find(key) },
    secret: (name, use) => world.secret(name, use),
    hasSecret: (name) => world.hasSecret(name),
    address: (url) => world.address(url),
    trustedRoot: () => world.trustedRoot(),
    now: () => world.now(),
  }
}
