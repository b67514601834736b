// Trusted publishing: the identity of a job, exchanged at an index for an upload token of some minutes (https://docs.pypi.org/trusted-publishers/).
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { bodyJson, isRefusal } from '../../model/http.ts'
import type { Fleeting, World } from '../../model/world.ts'
import { claimsOf } from '../signing/claims.ts'
import { givenToken, identityHere, REQUEST_TOKEN, withToken, type Identity } from '../signing/identity.ts'
import { exchangeTrouble } from './exchange-trouble.ts'
import { serverWords } from './words.ts'

/** What to do where a job has no identity to show to an index. */
export const MISSING_PUBLISHER = `Release from a GitHub Actions job with "permissions: { id-token: write }", or set "auth: token" under "pypi" in slipway.yaml to upload with a stored token.`

const audienceAnswer = z.object({ audience: z.string().min(1) })
const mintAnswer = z.object({ token: z.string().min(1), expires: z.number().optional() })

/** For how many milliseconds the index says that a token lives, and how many before its end it is no longer used: an upload takes its time. */
const [LIFE, MARGIN] = [15 * 60_000, 5 * 60_000]

/** The secrets that an identity for the index may come from, one of which must have a value. */
export function identitySecrets(index: string): readonly [string, string] {
  return [REQUEST_TOKEN, givenToken(usualAudience(index))]
}

/** The identity that this environment has for an index. */
export function identityFor(look: Pick<World, 'hasSecret'>, index: string): Identity {
  return identityHere(look, usualAudience(index))
}

/**
 * Lends an upload token of the index for this job, minted when there is none that lives long enough. Each exchange shows a new identity token,
 * where the job can ask for one: an index takes it once. Throws Refused `secret-missing`, `publisher-unknown`, `token-refused` or
 * `request-refused`, and a plain Error where the outcome is not known; nothing is uploaded then.
 */
export function withUploadToken<T>(world: World, { index, project }: { readonly index: string; readonly project: string }, use: (token: string) => Promise<T>): Promise<T> {
  return world.fleeting(`upload token of ${new URL(index).host}`, () => mint(world, { index, project }), use)
}

async function mint(world: World, { index, project }: { readonly index: string; readonly project: string }): Promise<Fleeting> {
  const host = new URL(index).host
  const identity = identityFor(world, index)
  if (identity === 'none') throw new Refused({ code: 'secret-missing', message: `There is no identity here that ${host} could give an upload token for.`, hint: MISSING_PUBLISHER })
  const audience = await askAudience(world, index)
  return withToken(world, { identity, audience }, async (token) => {
    const answer = await world.http({
      method: 'POST',
      url: `${index}/_/oidc/mint-token`,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ token }),
      secretBody: true,
    })
    if (answer.status !== 200) throw exchangeTrouble(answer, { index, project, token, claims: claimsOf(token) ?? {}, again: identity === 'github-actions' })
    const read = mintAnswer.safeParse(bodyJson(answer))
    if (!read.success) throw new Error(`${host} gave an answer without an upload token.`)
    const now = world.now().getTime()
    const ends = Math.min(read.data.expires === undefined ? Infinity : read.data.expires * 1000, now + LIFE)
    return { value: read.data.token, until: new Date(ends - MARGIN) }
  })
}

async function askAudience(world: World, index: string): Promise<string> {
  const { host } = new URL(index)
  const answer = await world.http({ method: 'GET', url: `${index}/_/oidc/audience`, headers: { accept: 'application/json' } })
  const read = audienceAnswer.safeParse(bodyJson(answer))
  if (answer.status === 200 && read.success) return read.data.audience
  if (isRefusal(answer.status)) {
    throw new Refused({ code: 'request-refused', message: `${host} does no trusted publishing (${answer.status}): ${serverWords(answer)}`, hint: 'Set "auth: token" under "pypi" in slipway.yaml, and give it a token.' })
  }
  throw new Error(`${host} did not say whom identity tokens are to be for (${answer.status}).`)
}

/** What the two public indexes say when they are asked; a token that was got beforehand is found by it. */
function usualAudience(index: string): string {
  return new URL(index).host === 'test.pypi.org' ? 'testpypi' : 'pypi'
}
