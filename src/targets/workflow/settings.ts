// What slipway.yaml says under `via`: the workflow of the project that publishes, and what starts it.
import { z } from 'zod'
import { duration, milliseconds } from '../checks/duration.ts'
import { apiShape, repositoryShape, type Access } from '../github/shape.ts'

/** The settings of a target that is published by a workflow. */
export const viaSettings = z.strictObject({
  workflow: z.string().regex(/^[\w.-]+\.ya?ml$/, 'This is not the name of a file in .github/workflows (pypi-publish.yml).')
    .describe('The file in .github/workflows that publishes.'),
  on: z.enum(['release', 'tag', 'dispatch'])
    .describe('What starts it: the published GitHub release, the pushed tag, or Slipway itself.'),
  repository: repositoryShape.describe('The repository that it runs in, as owner/name.'),
  inputs: z.record(z.string().regex(/^[\w-]+$/), z.string()).default({})
    .describe('For dispatch: its inputs; {version} and {tag} are filled in.'),
  wait: duration.default('10m')
    .describe('How long after the release was published its run may take to begin, before a person is told that it will not.'),
  token: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'This is not the name of a secret (letters, digits and underscores).').default('GITHUB_TOKEN')
    .describe('The name of the secret that follows the run, and starts it.'),
  api: apiShape.default('https://api.github.com').describe('Where the REST API is served, for GitHub Enterprise Server.'),
}).refine(({ on, inputs }) => on === 'dispatch' || Object.keys(inputs).length === 0, { path: ['inputs'], message: 'Inputs are for `on: dispatch` alone: what a release or a tag starts takes none.' })

/** The settings of a target that is published by a workflow. */
export type Via = z.infer<typeof viaSettings>

/** The event, as GitHub calls it, that each way of starting makes. */
export const EVENTS = { release: 'release', tag: 'push', dispatch: 'workflow_dispatch' } as const

/** The repository that the workflow runs in, and what opens it. */
export function accessOf({ repository, api, token }: Via): Access {
  return { repository, api, token: { $secret: token } }
}

/** Milliseconds that a run may take to begin. */
export function waitOf({ wait }: Via): number {
  return milliseconds(wait)
}
