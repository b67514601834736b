// The target "checks": the project's own commands, which must pass on the release's tree before anything is proposed.
import { z } from 'zod'
import { defineTarget } from '../../model/target.ts'
import { duration } from './duration.ts'
import { checkRun } from './run.ts'

const check = z.strictObject({
  name: z.string().min(1).max(60).regex(/^[^\s:](?:[^\n\r\t:]*[^\s:])?$/, 'A name has no colon, no line breaks and no spaces around it.')
    .describe('What the check is called; one name, one check.'),
  run: z.string().min(1).describe('The command, as a shell would read it, in the root of a clean copy of the tree.'),
  timeout: duration.describe('How long it may take (20m); without limit when left out.').optional(),
})

const settings = z.array(check).superRefine((checks, context) => {
  checks.forEach(({ name }, at) => {
    if (checks.findIndex((other) => other.name === name) === at) return
    context.addIssue({ code: 'custom', path: [at, 'name'], message: `Two checks are called "${name}".` })
  })
})

/** Runs the project's checks. */
export const checksTarget = defineTarget({
  name: 'checks',
  summary: 'Runs commands (tests, lint, types) on a clean copy of the release tree; all must pass.',
  settings,
  kinds: [checkRun],
  facts: {},
  expects: () => [],
  prepare: (context, list) => list.map(({ name, run, timeout }) => ({
    phase: 'make' as const,
    kind: checkRun.kind,
    of: name,
    title: `Check: ${name}`,
    input: { name, run, tree: context.commit.tree, ...(timeout === undefined ? {} : { timeout }) },
    yields: ['evidence' as const],
  })),
  publish: () => [],
  secrets: () => [],
})
