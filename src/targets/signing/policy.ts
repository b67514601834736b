// Whose signature counts: the rules that a signer must meet, anchored at both ends.
import { z } from 'zod'

/** The issuer of the identity tokens of GitHub Actions. */
export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com'

/** Whose signature counts. What is left out is not asked for. */
export const policy = z.object({
  /** The issuer of the signer's identity, whole. */
  issuer: z.url(),
  /** The signer's identity, whole, or its beginning with a `*` after it. */
  identity: z.string().exactOptional(),
  /** The web address of the repository whose workflow signed. */
  repository: z.url().exactOptional(),
  /** The tag that the release has, `refs/tags/v2.1.0`. */
  ref: z.string().startsWith('refs/tags/').exactOptional(),
})

/** Whose signature counts. */
export type Policy = z.infer<typeof policy>

/** Who signed, as far as it is known. */
export interface Signer {
  readonly issuer: string | undefined
  readonly identity: string | undefined
  /** The web address of the source repository, where the certificate or the token tells it. */
  readonly repository: string | undefined
  /** The ref that the workflow ran on, where the certificate or the token tells it. */
  readonly ref: string | undefined
}

/** What is wrong with a signer, as the end of a sentence; undefined when the policy is met. */
export function againstPolicy(signer: Signer, { issuer, identity, repository, ref }: Policy): string | undefined {
  if (signer.issuer !== issuer) return `its issuer is ${told(signer.issuer)} and not ${issuer}`
  if (identity !== undefined && !isIdentity(signer.identity, identity)) return `its identity is ${told(signer.identity)} and not ${identity}`
  // Owners and names are the same to GitHub in upper and lower case.
  if (repository !== undefined && signer.repository?.toLowerCase() !== repository.toLowerCase()) return `its source repository is ${told(signer.repository)} and not ${repository}`
  // A release may be signed on its branch, before or after its tag is made, but never on the tag of another one.
  if (ref !== undefined && signer.ref?.startsWith('refs/tags/') === true && signer.ref !== ref) return `it was signed on ${signer.ref} and not on ${ref}`
  return undefined
}

function isIdentity(found: string | undefined, wanted: string): boolean {
  return wanted.endsWith('*') ? found?.startsWith(wanted.slice(0, -1)) === true : found === wanted
}

function told(value: string | undefined): string {
  return value === undefined || value === '' ? 'not told' : value
}
