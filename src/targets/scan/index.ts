// The target "scan": a gate before anything is proposed or pushed, which known vulnerabilities do not pass.
import type { Json } from '../../model/json.ts'
import { defineTarget, type MadeFile, type ReleaseContext, type StepDraft } from '../../model/target.ts'
import { scanInput, scannable } from './input.ts'
import { scanNeeds } from './needs.ts'
import { scanRun } from './run.ts'
import { settings, type Settings } from './settings.ts'
import { advisories } from './signal.ts'

/** Scans what a release built. */
export const scanTarget = defineTarget({
  name: 'scan',
  summary: 'Looks for known vulnerabilities in what was built (OSV, Trivy or Grype), and stops the release by a policy.',
  settings,
  kinds: [scanRun],
  facts: {},
  expects: () => [],
  prepare: (context, set) => scan({ ...context, tree: context.commit.tree }, set, { $all: 'artifacts' }),
  publish: (context, set) => scan({ ...context, tree: context.commit.tree }, set, scannable(context.artifacts)).map((step) => (set.sarif ? { ...step, makes: sarifOf(context) } : step)),
  secrets: () => [],
  needs: (_context, set) => scanNeeds(set),
  signals: (context, set) => set.with === 'none' ? [] : [advisories(context, set)],
})

function scan({ date, tree }: Pick<ReleaseContext, 'date'> & { readonly tree: string }, set: Settings, artifacts: Json): readonly StepDraft[] {
  if (set.with === 'none') return []
  return [{
    phase: 'scan',
    kind: scanRun.kind,
    title: `Look for known vulnerabilities with ${set.with}`,
    input: scanInput({ date, tree, artifacts }, set),
    yields: ['evidence'],
  }]
}

/** The file for code scanning. It belongs to the commit and to nothing that is published, so it is said to describe nothing. */
function sarifOf({ release }: Pick<ReleaseContext, 'release'>): MadeFile {
  return { name: `${release.name}-${release.to}.sarif`, mediaType: 'application/sarif+json', describes: [] }
}
