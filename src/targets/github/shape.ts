// The shapes that GitHub's kinds share: what they take, and the parts of GitHub's answers that they read.
import { z } from 'zod'
import { digest } from '../checks/digest.ts'

/** `owner/name`, as GitHub allows it. */
export const repositoryShape = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[\w.-]{1,100}$/, 'is not of the form owner/name')

/** Where the REST API is served; the token is never sent in the clear. */
export const apiShape = z.url({ protocol: /^https$/, error: 'is not an https address' })

/** What every kind needs to speak to a repository. */
export const accessShape = { repository: repositoryShape, api: apiShape, token: z.strictObject({ $secret: z.string().min(1) }) }

/** A repository, its API and the secret that opens it. */
export interface Access {
  readonly repository: string
  readonly api: string
  readonly token: { readonly $secret: string }
}

/** A full commit id. */
export const commitShape = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'is not a full commit id')

/** A number or an id that GitHub gave. */
export const idShape = z.int().positive()

/** Bytes in the artifact store. */
export const storedShape = z.strictObject({
  sha256: digest,
  /** Bytes. */
  size: z.int().nonnegative(),
})

const userShape = z.object({ login: z.string(), type: z.string().default('User') })

/** A pull request: https://docs.github.com/rest/pulls/pulls */
export const pullAnswer = z.object({
  number: idShape,
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  merged_at: z.string().nullable().default(null),
  merge_commit_sha: z.string().nullable().default(null),
  body: z.string().nullable().default(null),
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string() }),
  user: userShape.nullable(),
  requested_reviewers: z.array(userShape).nullable().default([]),
})

/** A pull request as GitHub shows it. */
export type Pull = z.infer<typeof pullAnswer>

/** A review: https://docs.github.com/rest/pulls/reviews */
export const reviewAnswer = z.object({
  user: userShape.nullable(),
  state: z.string(),
  commit_id: z.string().nullable().default(null),
  author_association: z.string().default('NONE'),
})

/** A review as GitHub shows it. */
export type Review = z.infer<typeof reviewAnswer>

/** A release: https://docs.github.com/rest/releases/releases */
export const releaseAnswer = z.object({
  id: idShape,
  html_url: z.string(),
  upload_url: z.string(),
  tag_name: z.string(),
  draft: z.boolean(),
  body: z.string().nullable().default(null),
  immutable: z.boolean().default(false),
})

/** A release as GitHub shows it. */
export type GitHubRelease = z.infer<typeof releaseAnswer>

/** An asset of a release: https://docs.github.com/rest/releases/assets */
export const assetAnswer = z.object({
  id: idShape,
  name: z.string(),
  state: z.string(),
  size: z.int(),
  digest: z.string().nullable().default(null),
  /** Where everybody fetches it once the release is published. */
  browser_download_url: z.url(),
})

/** An asset as GitHub shows it. */
export type Asset = z.infer<typeof assetAnswer>
