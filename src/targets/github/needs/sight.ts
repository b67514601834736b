// What GitHub shows of a repository to whoever holds the token, read once for all needs.
import { z } from 'zod'
import { SlipwayError, type Problem } from '../../../model/error.ts'
import { bodyJson } from '../../../model/http.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { HttpAnswer, World } from '../../../model/world.ts'
import type { Access } from '../shape.ts'
import { trouble } from '../trouble.ts'

const repository = z.object({
  full_name: z.string(),
  private: z.boolean().default(false),
  archived: z.boolean().default(false),
  default_branch: z.string(),
  /** What the person, or the installation, may do: a token may do less. */
  permissions: z.object({ admin: z.boolean().default(false), maintain: z.boolean().default(false), push: z.boolean().default(false) }).default({ admin: false, maintain: false, push: false }),
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
})

/** A repository as GitHub shows it. */
export type Repository = z.infer<typeof repository>

/** What is known before any right is looked at. */
export interface Sight {
  readonly repository: Repository
  /** The scopes of a classic token or of one that an app gave; undefined for a fine-grained token and for a workflow's own, of which GitHub tells nothing. */
  readonly scopes: readonly string[] | undefined
  /** When the token ends, as GitHub writes it. */
  readonly ends: string | undefined
  /** Asks one more thing below the repository; every answer resolves. */
  ask(path: string, body?: JsonObject): Promise<HttpAnswer>
}

/** The first look. Rejects with SlipwayError, `remote-unreachable` where GitHub gives no answer. */
export async function openSight(world: World, access: Access): Promise<Sight> {
  const asked = new Map<string, Promise<HttpAnswer>>()
  const base = `${access.api.replace(/\/$/, '')}/repos/${access.repository}`
  const ask = (path: string, body?: JsonObject): Promise<HttpAnswer> => {
    const key = `${path} ${JSON.stringify(body ?? null)}`
    const known = asked.get(key)
    if (known !== undefined) return known
    const answer = send(world, access, { url: `${base}${path}`, body })
    asked.set(key, answer)
    return answer
  }
  const answer = await ask('')
  if (answer.status !== 200) throw problemOf(answer, access)
  const shown = repository.safeParse(bodyJson(answer))
  if (!shown.success) throw noAnswer(`The answer about ${access.repository} is none that GitHub gives.`)
  const scopes = answer.headers['x-oauth-scopes']
  return {
    repository: shown.data,
    scopes: scopes === undefined ? undefined : scopes.split(',').map((scope) => scope.trim()).filter((scope) => scope !== ''),
    ends: answer.headers['github-authentication-token-expiration'],
    ask,
  }
}

async function send(world: World, access: Access, { url, body }: { readonly url: string; readonly body: JsonObject | undefined }): Promise<HttpAnswer> {
  return world.secret(access.token.$secret, async (token) => {
    try {
      return await world.http({
        method: body === undefined ? 'GET' : 'POST',
        url,
        headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}`, 'user-agent': 'slipway', 'x-github-api-version': '2022-11-28' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (error) {
      if (error instanceof SlipwayError) throw error
      throw noAnswer(error instanceof Error ? error.message : String(error))
    }
  })
}

/** Why an answer that is no success is none. */
export function problemOf(answer: HttpAnswer, access: Access): SlipwayError {
  const found = trouble({ status: answer.status, headers: answer.headers, body: bodyJson(answer) }, access, { to: 'show it', reads: true })
  return found instanceof SlipwayError ? found : noAnswer(found.message)
}

function noAnswer(detail: string): SlipwayError {
  const problem: Problem = { code: 'remote-unreachable', message: 'GitHub gives no answer.', hint: 'Check the connection (https://www.githubstatus.com) and run the same command again.', detail }
  return new SlipwayError(problem)
}
