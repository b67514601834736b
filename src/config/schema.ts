// The schema of slipway.yaml's own keys, as they are written; each target brings the schema of its key.
import { z } from 'zod'
import { isDay, parseCadence, WEEKDAYS } from '../calendar/index.ts'
import { monitorSchema } from './monitor-schema.ts'

/** A place as it is written: a path alone, or a path with the text to look for. */
export const placeSchema = z.union([
  z.string(),
  z.strictObject({
    path: z.string().describe('The file, relative to the root of the repository.'),
    search: z.string().describe('The text around the version, with {version} standing for it.'),
    replace: z.string().describe('The text to put there instead, with {version}; as "search" when left out.').optional(),
  }),
])

/** A last day as it is written. */
export const lastDaySchema = z.string().refine((text) => text === 'tba' || isDay(text), { error: ({ input }) => `is "${String(input)}", but must be a day such as 2027-01-31, or tba (to be announced)` })

/** A support line as it is written. */
export const lineSchema = z.strictObject({
  line: z.string().regex(/^(?:0|[1-9][0-9]*)\.(?:(?:0|[1-9][0-9]*)\.)?x$/, 'must be a line such as 2.x or 2.1.x').describe('The versions: 2.x for a major version, 2.1.x for a minor one.'),
  active: lastDaySchema.describe('The last day of features and fixes, in UTC; tba while it is not announced.').optional(),
  security: lastDaySchema.describe('The last day of security fixes; the end comes with "active" when left out.').optional(),
})

const cadence = z.string().refine((text) => parseCadence(text) !== undefined, { error: ({ input }) => `is "${String(input)}", but must be as-needed, weekly, monthly, quarterly, yearly, or every N days, weeks or months (every 6 weeks)` })

const day = z.string().refine(isDay, { error: ({ input }) => `is "${String(input)}", but must be a day such as 2027-01-31` })

const why = z.string().min(1).describe('Why, as it is told to whoever would release.')

const freeze = z.union([
  z.strictObject({ from: day.describe('The first day, in UTC.'), until: day.describe('The last day, which counts.'), reason: why }),
  z.strictObject({ on: z.array(z.enum(WEEKDAYS)).min(1).describe('Days of every week, in UTC, e.g. friday.'), reason: why }),
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
  monitor: monitorSchema,
  support: z.strictObject({
    lines: z.array(lineSchema).min(1).describe('The maintained lines, newest first.'),
    documents: z.array(z.string().min(1)).default(['SECURITY.md']).describe('The documents that show the table of supported versions.'),
  }).describe('Which versions are supported, and until when.').optional(),
  schedule: z.strictObject({
    patch: cadence.default('as-needed').describe('How often a patch release is made: as-needed, weekly, monthly, quarterly, yearly, or every N days, weeks or months.'),
    minor: cadence.default('as-needed').describe('How often a minor release is made.'),
    major: cadence.default('as-needed').describe('How often a major release is made.'),
    freezes: z.array(freeze).default([]).describe('Days on which nothing is released without a reason: from one day until another, or days of every week.'),
    milestone: z.string().min(1).default('{version}').describe('The title of the milestone of a version on GitHub, with {version} in it.'),
    blockers: z.array(z.string().min(1)).default(['priority:critical']).describe('Labels of open issues on GitHub that block every release.'),
  }).describe('When releases are due, and when none is made.').optional(),
}

/** The own keys alone; a target's key is looked at by its own schema. */
export const ownSchema = z.object(ownKeys)
