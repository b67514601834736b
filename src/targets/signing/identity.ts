// The identity that a job has: which one there is, and its token for an audience, lent for one attempt.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { bodyJson } from '../../model/http.ts'
import type { Look, World } from '../../model/world.ts'
import { troubleOf } from './trouble.ts'

/** The identity of a job: its own, that of a token somebody has got from its issuer beforehand, or none. */
export const identity = z.enum(['github-actions', 'token', 'none'])

/** The identity of a job. */
export type Identity = z.infer<typeof identity>

/** Where a job of GitHub Actions asks for its token, set for jobs with `id-token: write`. */
export const REQUEST_URL = 'ACTIONS_ID_TOKEN_REQUEST_URL'
/** What opens it. */
export const REQUEST_TOKEN = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'

/** Whom tokens are for that sign. */
export const SIGNING = 'sigstore'

/** The secret that holds a token somebody has got from another issuer: `SIGSTORE_ID_TOKEN` for the audience `sigstore`, as GitLab's `id_tokens` name them. */
export function givenToken(audience: string): string {
  return `${audience.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_ID_TOKEN`
}

/** What to do where there is no identity to sign with. */
export const MISSING_IDENTITY = `Release from a GitHub Actions job with "permissions: { id-token: write }", or put a token with the audience "${SIGNING}" into ${givenToken(SIGNING)}; or say "sign: when-possible" under "provenance" in slipway.yaml.`

/** Which identity this environment has for an audience. */
export function identityHere(look: Pick<Look, 'hasSecret'>, audience: string): Identity {
  if (look.hasSecret(REQUEST_URL) && look.hasSecret(REQUEST_TOKEN)) return 'github-actions'
  return look.hasSecret(givenToken(audience)) ? 'token' : 'none'
}

/** The secrets that an identity is made from. */
export function secretsOf(identity: Identity): { $secret: string }[] {
  const names = { 'github-actions': [REQUEST_URL, REQUEST_TOKEN], token: [givenToken(SIGNING)], none: [] }[identity]
  return names.map(($secret) => ({ $secret }))
}

/** Whose token, and for whom. */
export interface Asking {
  readonly identity: Identity
  /** The `aud` claim. */
  readonly audience: string
}

/**
 * Lends an identity's token, a new one each time where the job can ask for one. Throws Refused `identity-missing`, `secret-missing`,
 * `token-refused` or `request-refused`, and a plain Error where there was no answer.
 */
export async function withToken<T>(world: World, { identity, audience }: Asking, use: (token: string) => Promise<T>): Promise<T> {
  switch (identity) {
    case 'none': throw missing()
    case 'token': return world.secret(givenToken(audience), use)
    // One that is used once has no time to live here.
    case 'github-actions': return world.fleeting(`identity token for ${audience}`, async () => ({ value: await askForToken(world, audience), until: new Date(0) }), use)
  }
}

const tokenAnswer = z.object({ value: z.string().min(1) })

/** Asks as https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token says. */
function askForToken(world: World, audience: string): Promise<string> {
  return world.secret(REQUEST_URL, (address) => world.secret(REQUEST_TOKEN, async (opener) => {
    const url = URL.parse(address)
    if (url === null) throw new Refused({ code: 'token-refused', message: `${REQUEST_URL} does not hold a web address.`, hint: 'GitHub Actions sets it for jobs with the permission "id-token: write"; do not set it by hand.' })
    url.searchParams.set('audience', audience)
    const answer = await world.http({ method: 'GET', url: url.href, headers: { authorization: `Bearer ${opener}`, accept: 'application/json' } })
    const remedy = 'Give the job the permission "id-token: write"; its right to ask for tokens ends with the job.'
    if (answer.status !== 200) throw troubleOf(answer, { of: url.host, to: 'give an identity token', hide: opener, remedy })
    const read = tokenAnswer.safeParse(bodyJson(answer))
    if (!read.success) throw new Error(`${url.host} gave an answer without an identity token.`)
    return read.data.value
  }))
}

function missing(): Refused {
  return new Refused({
    code: 'identity-missing',
    message: 'Provenance must be signed ("sign: required"), but there is no identity to sign with.',
    hint: MISSING_IDENTITY,
  })
}
