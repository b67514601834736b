// GitHub's GraphQL over the world's http: discussions are nowhere else. Queries are such that a probe may send them.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import type { Schema } from '../../model/kind.ts'
import type { Json } from '../../model/json.ts'
import { bodyJson } from '../../model/http.ts'
import type { Look } from '../../model/world.ts'
import type { Access } from '../github/shape.ts'
import { trouble, type Deed } from '../github/trouble.ts'

/** One operation. */
export interface Operation<T> {
  readonly query: string
  readonly variables: Readonly<Record<string, Json>>
  readonly shape: Schema<T>
  /** The right that it needs, as GitHub's page of tokens names it. */
  readonly right: string
}

const answerShape = z.object({ data: z.unknown(), errors: z.array(z.object({ type: z.string().default(''), message: z.string().default('') })).default([]) })

/** Where GraphQL is served beside a REST API (https://docs.github.com/graphql/guides/forming-calls-with-graphql, and for Enterprise Server `/api/graphql`). */
function addressOf(api: string): string {
  const base = api.replace(/\/$/, '')
  return base.endsWith('/api/v3') ? `${base.slice(0, -'/v3'.length)}/graphql` : `${base}/graphql`
}

/** Asks once. Errors come with status 200; those that say that nothing was done throw Refused, all others a plain Error. */
export async function graphql<T>(look: Look, access: Access, { query, variables, shape, right }: Operation<T>): Promise<T> {
  const reads = !query.startsWith('mutation')
  const deed: Deed = { to: reads ? 'read its discussions' : 'change its discussions', reads, right }
  const answer = await look.secret(access.token.$secret, async (token) => {
    const seen = await look.http({
      method: 'POST', url: addressOf(access.api), body: JSON.stringify({ query, variables }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'user-agent': 'slipway' },
    })
    if (seen.status >= 300) throw trouble({ status: seen.status, headers: seen.headers, body: bodyJson(seen) }, access, deed)
    return answerShape.parse(bodyJson(seen))
  })
  const [first] = answer.errors
  if (first === undefined) return shape.parse(answer.data)
  const words = answer.errors.map(({ message }) => message).join('; ')
  if (first.type === 'RATE_LIMITED') throw new Error(`GitHub's rate limit is reached: ${words}`)
  if (['FORBIDDEN', 'INSUFFICIENT_SCOPES', 'NOT_FOUND'].includes(first.type)) {
    throw new Refused({ code: 'right-missing', message: `The token in ${access.token.$secret} may not ${deed.to} in ${access.repository}.`, hint: `Give it the right «${right}» for ${access.repository}, and check that the repository's name is right.`, detail: `GitHub: ${words}` })
  }
  if (first.type !== '') throw new Refused({ code: 'request-refused', message: `GitHub refused to ${deed.to}: ${words}`, hint: 'Put right what GitHub names, then run the same command again.' })
  throw new Error(`GitHub could not ${deed.to}: ${words}`)
}
