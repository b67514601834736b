// The schema of slipway.yaml's own keys, as they are written; each target brings the schema of its key.
import { z } from 'zod'

/** A place as it is written: a path alone, or a path with the text to look for. */
export const placeSchema = z.union([
  z.string(),
  z.strictObject({
    path: z.string().describe('The file, relative to the root of the repository.'),
    search: z.string().describe('The text around the version, with {version} standing for it.'),
    replace: z.string().describe('The text to put there instead, with {version}; as "search" when left out.').optional(),
  }),
])

/** The keys that are not targets. */
export const ownKeys = {
  name: z.string().min(1).max(100).describe('The name of the project, as titles and messages show it.'),
  version: z.strictObject({
    places: z.array(placeSchema).min(1).describe('Every file that carries the version.'),
  }).describe('Where the version stands.'),
  changelog: z.string().min(1).default('CHANGELOG.md').describe('The changelog, in the form of Keep a Changelog.'),
  journal: z.enum(['local', 'remote']).describe('Where the journal is kept: on this machine alone (local), or also in refs/slipway/journal of the remote, so that another machine goes on where one stopped (remote). When left out: remote in GitHub Actions, local elsewhere.').optional(),
  policy: z.strictObject({
    onFailure: z.enum(['turn', 'stop']).default('turn').describe('A failure before the first final step takes everything back (turn) or waits for a person (stop).'),
  }).prefault({}).describe('How a release behaves.'),
}

/** The own keys alone; a target's key is looked at by its own schema. */
export const ownSchema = z.object(ownKeys)
