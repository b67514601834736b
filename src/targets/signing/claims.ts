// What an identity token says of whom it was issued to. Read only: Fulcio is who checks it.
import { z } from 'zod'
import type { Signer } from './policy.ts'

const text = z.union([z.string(), z.number()]).transform(String).optional()

/** The claims that matter here: those of OpenID Connect, and of GitHub (https://docs.github.com/actions/reference/security/oidc). */
const claims = z.object({
  iss: text, sub: text, email: text, email_verified: z.union([z.boolean(), z.string()]).optional(),
  repository: text, ref: text, job_workflow_ref: text, run_id: text, run_attempt: text, environment: text,
})

/** The claims that matter here, each missing where the token does not make it. */
export type Claims = Partial<z.infer<typeof claims>>

/** The claims of a token, undefined when it is not a JSON Web Token. */
export function claimsOf(token: string): Claims | undefined {
  const [, payload, ...rest] = token.split('.')
  if (payload === undefined || rest.length !== 1) return undefined
  try {
    return claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
  } catch {
    return undefined
  }
}

/** What the owner of a token must sign to prove that the key is his: the mail address where there is one, else the subject. */
export function challengeOf({ email, sub }: Claims): string | undefined {
  return email ?? sub
}

/** Who will have signed, as far as the token tells it; its certificate tells the identity. */
export function signerOf(claims: Claims): Omit<Signer, 'identity'> {
  const { iss, repository, ref } = claims
  return { issuer: iss, repository: repository === undefined ? undefined : `${serverOf(claims)}/${repository}`, ref }
}

/** The web address of the GitHub that issued the claims: an Enterprise Server issues them at its own. */
export function serverOf({ iss }: Claims): string {
  const issuer = iss === undefined ? null : URL.parse(iss)
  return issuer === null || issuer.host.endsWith('.githubusercontent.com') ? 'https://github.com' : issuer.origin
}
