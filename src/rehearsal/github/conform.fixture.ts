// Holds every request and every answer of the fake against GitHub's own OpenAPI description. For tests.
import { readFileSync } from 'node:fs'
import type { Call, Reply, Service } from '../service.ts'
import { createSchemas } from './conform-schema.fixture.ts'
import type { Check, Schemas, Tree } from './conform-schema.fixture.ts'

/** One operation of the description. */
export interface Operation {
  readonly operationId: string
  readonly externalDocs: { readonly url: string }
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, { readonly schema: Tree }>> }
  readonly responses: Readonly<Record<string, Response>>
  readonly servers?: readonly { readonly url: string }[]
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: Tree
}

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema: Tree }>>
}

/** What the description does not say, and why the fake does it all the same. */
const BEYOND: readonly { readonly operation?: string; readonly status: number; readonly because: string }[] = [
  { status: 401, because: 'a wrong token is refused everywhere; few operations mention it' },
  { status: 403, because: 'so are a token without the right and one over its limit' },
  { status: 400, because: 'a body that is no JSON' },
  { status: 404, because: 'every path names something that may not be there' },
  { status: 422, because: 'every body may be wrong' },
  { status: 501, because: 'parts of GitHub that the rehearsal has not got' },
  { operation: 'repos/upload-release-asset', status: 502, because: 'described in the words of the operation, not in its responses' },
]

/** The slice of GitHub's description that is kept beside this file: operations by `METHOD path`. */
export const operations: ReadonlyMap<string, Operation> = readOperations()

/** The same service, throwing an Error that lists the differences when a request or an answer is not as GitHub describes it. */
export function conforming(service: Service): Service {
  return {
    hosts: service.hosts,
    handle: async (call) => {
      const reply = await service.handle(call)
      const found = findOperation(call)
      if (found === undefined) return reply
      const wrong = [...(reply.status < 400 ? requestFlaws(found, call) : []), ...replyFlaws(found, reply)]
      if (wrong.length > 0) throw new Error(`${call.method} ${call.url.pathname} (${found.operationId}, ${reply.status}) is not as GitHub describes it:\n${wrong.join('\n')}`)
      return reply
    },
  }
}

function findOperation(call: Call): Operation | undefined {
  // Of two paths that fit, the one that is more literal: `/releases/latest` before `/releases/{release_id}`, `/branches/{branch}/protection` before `/branches/{branch}`.
  const fitting = [...operations].filter(([key, operation]) => {
    const [verb = '', path = ''] = key.split(' ')
    const host = operation.servers?.[0]?.url ?? 'https://api.github.com'
    return verb === call.method && new URL(host).hostname === call.url.hostname && pathPattern(path).test(call.url.pathname)
  })
  return fitting.toSorted(([left], [right]) => left.split('{').length - right.split('{').length || right.length - left.length)[0]?.[1]
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (['ref', 'branch', 'tag', 'path'].includes(name) ? '.+' : '[^/]+'))}$`)
}

function requestFlaws(operation: Operation, call: Call): readonly string[] {
  const flaws: string[] = []
  const known = operation.parameters.filter((parameter) => parameter.in === 'query')
  for (const [name, value] of call.url.searchParams) {
    const parameter = known.find((candidate) => candidate.name === name)
    if (parameter === undefined) flaws.push(`query: ${name} is not a parameter`)
    else flaws.push(...check(`query ${name}`, schemas().loose(parameter.schema), value))
  }
  for (const parameter of known) {
    if (parameter.required === true && !call.url.searchParams.has(parameter.name)) flaws.push(`query: ${parameter.name} is missing`)
  }
  const body = operation.requestBody?.content['application/json']
  if (call.body.byteLength === 0) return operation.requestBody?.required === true && body !== undefined ? [...flaws, 'request: the body is missing'] : flaws
  if (operation.requestBody === undefined) return [...flaws, 'request: a body where there is none']
  if (body === undefined) return flaws
  return [...flaws, ...check('request', schemas().exact(body.schema), JSON.parse(new TextDecoder().decode(call.body)))]
}

function replyFlaws(operation: Operation, reply: Reply): readonly string[] {
  const described = operation.responses[String(reply.status)]
  if (described === undefined) {
    const allowed = BEYOND.some(({ operation: only, status }) => status === reply.status && (only ?? operation.operationId) === operation.operationId)
    return allowed ? [] : [`the status ${reply.status} is not described`]
  }
  const schema = described.content?.['application/json']?.schema
  const text = typeof reply.body === 'string' ? reply.body : new TextDecoder().decode(reply.body)
  if (reply.status === 204) return text === '' ? [] : ['204 with a body']
  if (schema === undefined || text === '') return []
  if (reply.status < 400) return check('answer', schemas().exact(schema), JSON.parse(text))
  // Errors carry a `status` that only some of their schemas know, and where there is one of two, what fits one often fits the other.
  return check('answer', schemas().open(schema), JSON.parse(text)).filter((flaw) => !/exactly one schema in oneOf \{"passingSchemas":\[\d+,\d+\]\}/.test(flaw))
}

function check(what: string, fits: Check, value: unknown): readonly string[] {
  return fits(value).map((flaw) => `${what}${flaw}`)
}

let made: Schemas | undefined

function schemas(): Schemas {
  made ??= createSchemas(readSlice().components)
  return made
}

interface Slice {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, Tree>>>>
}

function readSlice(): Slice {
  return JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8')) as Slice
}

function readOperations(): ReadonlyMap<string, Operation> {
  const { paths, components } = readSlice()
  const lookUp = <T>(value: T): T => {
    const reference = (value as { $ref?: string }).$ref
    if (reference === undefined) return value
    const [, , section = '', name = ''] = reference.split('/')
    return components[section]?.[name] as T
  }
  return new Map(Object.entries(paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, {
    ...operation,
    parameters: (operation.parameters as readonly Parameter[] | undefined ?? []).map(lookUp),
    responses: Object.fromEntries(Object.entries(operation.responses).map(([status, response]) => [status, lookUp(response)])),
  }] as const)))
}
