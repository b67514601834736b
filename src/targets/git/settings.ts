// The settings under `git` in slipway.yaml.
import { z } from 'zod'
import { isRefName, nameShape } from './shape.ts'
import { fillVersion } from './names.ts'

const template = z.string()
  .refine((text) => text.includes('{version}'), 'must hold {version}')
  .refine((text) => isRefName(fillVersion(text, '1.0.0')), 'is not a valid name for a branch or tag')

/** Where releases are made from, how their refs are named, and which secret opens the remote. */
export const gitSettings = z.strictObject({
  // A name, never an address: where pushes and their token go is the checkout's own business, not that of a file in a branch.
  remote: z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'is not the name of a configured remote').default('origin').describe('The remote that releases are pushed to.'),
  branch: nameShape.default('main').describe('The branch that releases are made from.'),
  tag: template.default('v{version}').describe('The name of a release\'s tag.'),
  releaseBranch: template.default('release/v{version}').describe('The name of the branch that a release is proposed on.'),
  token: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a secret').default('GITHUB_TOKEN')
    .describe('The name of the secret lent to git for a remote over https; not needed where git has its own credentials.'),
  merge: z.enum(['forge', 'push']).default('forge').describe('How the release reaches the branch: merged by a forge, or pushed as a fast-forward.'),
})

/** The parsed settings. */
export type GitSettings = z.infer<typeof gitSettings>
