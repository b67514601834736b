// GitHub's GraphQL, as far as discussions go: https://docs.github.com/graphql/guides/using-the-graphql-api-for-discussions.
import { parseJson } from '../../../model/json.ts'
import { jsonReply, type Call, type Reply } from '../../service.ts'
import { identify, may } from '../access.ts'
import { Refusal, refusalReply } from '../refusal.ts'
import type { Discussion, GithubState, Grant } from '../state.ts'
import { readDocument } from './document.ts'
import { GraphqlError, resolve, type Node } from './resolve.ts'

/** True for a request to `/graphql` that only asks. */
export function isQuery({ method, url, body }: Call): boolean {
  const sent = method === 'POST' && url.pathname === '/graphql' ? parseJson(new TextDecoder().decode(body)) : undefined
  return typeof sent === 'object' && sent !== null && 'query' in sent && typeof sent.query === 'string' && /^\s*(?:query\b|\{)/.test(sent.query)
}

/** Answers one request to `/graphql`. Nobody is let in without a token. */
export async function graphqlReply(state: GithubState, call: Call): Promise<Reply> {
  let grant: Grant | undefined
  try {
    grant = identify(state, call)
    if (grant === undefined) throw new Refusal(401, 'This endpoint requires you to be authenticated.')
  } catch (error) {
    if (error instanceof Refusal) return refusalReply(error, 'graphql')
    throw error
  }
  const sent = parseJson(new TextDecoder().decode(call.body))
  const { query, variables } = typeof sent === 'object' && sent !== null ? { query: undefined, variables: undefined, ...sent } : { query: undefined, variables: undefined }
  if (typeof query !== 'string') return jsonReply(400, { message: 'A query attribute must be specified and must be a string.', documentation_url: 'https://docs.github.com/graphql' })
  const given = typeof variables === 'object' && variables !== null ? variables as Readonly<Record<string, unknown>> : {}
  try {
    const operation = readDocument(query)
    const reads = operation.is === 'query'
    const root = reads ? queries(state, grant) : mutations(state, grant)
    const data = await resolve(root, operation.fields, { variables: given, typeName: reads ? 'Query' : 'Mutation' })
    return jsonReply(200, { data })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const type = error instanceof GraphqlError ? error.type : ''
    return jsonReply(200, { data: null, errors: [{ ...(type === '' ? {} : { type }), message: error.message }] })
  }
}

function queries(state: GithubState, grant: Grant): Node {
  return {
    viewer: { login: grant.login },
    repository: ({ owner, name }: { readonly owner?: string; readonly name?: string }) => {
      const same = String(owner).toLowerCase() === state.owner.toLowerCase() && String(name).toLowerCase() === state.repo.toLowerCase()
      if (!same) throw new GraphqlError('NOT_FOUND', `Could not resolve to a Repository with the name '${String(owner)}/${String(name)}'.`)
      return {
        id: 'R_1', name: state.repo, hasDiscussionsEnabled: state.discussing,
        discussionCategories: ({ first }: { readonly first?: number }) => ({ nodes: state.categories.slice(0, first ?? 0).map((category) => ({ ...category })) }),
        discussions: (asked: { readonly first?: number; readonly after?: string | null; readonly orderBy?: { readonly field: string; readonly direction: string } }) => {
          const sorted = state.discussions.toSorted((one, other) => (asked.orderBy?.direction === 'DESC' ? -1 : 1) * (one.at.getTime() - other.at.getTime() || one.number - other.number))
          const start = asked.after === null || asked.after === undefined ? 0 : Number(asked.after)
          const page = sorted.slice(start, start + (asked.first ?? 0))
          return { nodes: page.map((each) => nodeOf(state, grant, each)), totalCount: sorted.length, pageInfo: { hasNextPage: start + page.length < sorted.length, endCursor: page.length === 0 ? null : String(start + page.length) } }
        },
      }
    },
  }
}

function mutations(state: GithubState, grant: Grant): Node {
  const demand = (): void => {
    if (!may(grant, { part: 'discussions', level: 'write' })) throw new GraphqlError('FORBIDDEN', 'Resource not accessible by personal access token')
  }
  return {
    createDiscussion: ({ input }: { readonly input: Readonly<Record<string, unknown>> }) => {
      demand()
      const category = state.categories.find(({ id }) => id === input['categoryId'])
      if (input['repositoryId'] !== 'R_1' || category === undefined) throw new GraphqlError('NOT_FOUND', `Could not resolve to a node with the global id of '${String(input['categoryId'])}'`)
      const [title, body] = [input['title'], input['body']]
      if (typeof title !== 'string' || title === '' || typeof body !== 'string' || body === '') throw new GraphqlError('UNPROCESSABLE', "Title can't be blank and Body can't be blank")
      const number = state.nextId()
      const made: Discussion = { id: `D_${number}`, number, author: grant.login, category: category.slug, title, body, at: state.now() }
      state.discussions.push(made)
      return { discussion: nodeOf(state, grant, made) }
    },
    deleteDiscussion: ({ input }: { readonly input: Readonly<Record<string, unknown>> }) => {
      demand()
      const at = state.discussions.findIndex(({ id }) => id === input['id'])
      const [gone] = at < 0 ? [] : state.discussions.splice(at, 1)
      if (gone === undefined) throw new GraphqlError('NOT_FOUND', `Could not resolve to a node with the global id of '${String(input['id'])}'`)
      return { discussion: nodeOf(state, grant, gone) }
    },
  }
}

function nodeOf(state: GithubState, { login }: Grant, { id, number, author, category, title, body, at }: Discussion): Node {
  return {
    id, number, title, body, createdAt: at.toISOString(), viewerDidAuthor: author === login, author: { login: author },
    category: { slug: category, name: state.categories.find(({ slug }) => slug === category)?.name ?? category },
    url: `https://github.com/${state.owner}/${state.repo}/discussions/${number}`,
  }
}
