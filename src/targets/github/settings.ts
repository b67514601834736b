// The settings under `github` in slipway.yaml.
import { z } from 'zod'
import { apiShape, repositoryShape, type Access } from './shape.ts'

/** Which repository, who reviews, how it is merged and how the release is shown. */
export const githubSettings = z.strictObject({
  repository: repositoryShape.describe('The repository as owner/name.'),
  token: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a secret').default('GITHUB_TOKEN').describe('The name of the secret that opens GitHub.'),
  title: z.string().min(1).default('{name} {version}').describe('The title of the pull request and the release; {name}, {version} and {tag} are filled in.'),
  reviewers: z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, 'is not a GitHub login')).default([]).describe('The people who are asked to review.'),
  approvals: z.int().nonnegative().default(1).describe('How many approvals the release needs; 0 for no review.'),
  merge: z.enum(['merge', 'squash', 'rebase', 'person']).default('squash').describe('How the pull request is merged; with person, somebody merges it by hand.'),
  latest: z.enum(['auto', 'always', 'never']).default('auto').describe('Whether GitHub shows the release as the latest; auto for the newest that is no prerelease.'),
  attestations: z.boolean().default(true).describe('Whether signed provenance is given to GitHub\'s attestations too; needs the token right attestations: write, and for a private repository an Enterprise plan.'),
  api: apiShape.default('https://api.github.com').describe('Where the REST API is served, for GitHub Enterprise Server.'),
})

/** The parsed settings. */
export type GitHubSettings = z.infer<typeof githubSettings>

/** The repository that the settings name, and what opens it. */
export function accessOf({ repository, api, token }: GitHubSettings): Access {
  return { repository, api, token: { $secret: token } }
}
