// `slipway verify`: fetches again what users fetch, compares it with what was built, and checks every signature by the policy.
import type { RunRecord } from '../model/entry.ts'
import type { AnyKind } from '../model/kind.ts'
import type { Json } from '../model/json.ts'
import { stepKey, type Step } from '../model/plan.ts'
import { SlipwayError, type Problem } from '../model/error.ts'
import { resolveInput } from '../engine/resolve.ts'
import { kindsOf, type App } from './app.ts'
import { outputsOf, runsOf, sinceRollback } from './runs.ts'

/** One verification: what was looked at, and what was seen. */
export interface Verified {
  readonly title: string
  /** `unseen` when a service did not answer, or shows nothing yet: no proof of anything. */
  readonly is: 'right' | 'wrong' | 'unseen'
  /** What was compared, one sentence each. */
  readonly detail: readonly string[]
  readonly problems: readonly Problem[]
}

/** Every verification of a version's release. */
export interface Verification {
  readonly version: string
  readonly verified: readonly Verified[]
}

/** Verifies a version, the newest that was published here when it is left out. Throws SlipwayError `release-unknown`. */
export async function verifyRelease(app: App, version?: string): Promise<Verification> {
  const record = await publishRun(app, version)
  const outputs = outputsOf(record.plan, await app.journal.read(record.run))
  const kinds = kindsOf(app.targets)
  const verified: Verified[] = []
  for (const step of record.plan.steps.filter(({ kind }) => kind.endsWith('.verify'))) {
    const kind = kinds.get(step.kind)
    if (kind !== undefined) verified.push(await verifyStep(app, { record, step, kind, outputs }))
  }
  return { version: record.plan.releases[0].to, verified }
}

async function publishRun({ journal }: App, version: string | undefined): Promise<RunRecord> {
  const all = version === undefined ? await journal.runs() : await runsOf(journal, version)
  const wanted = version ?? all.find(({ plan }) => plan.stage === 'publish')?.plan.releases[0].to
  const record = wanted === undefined ? undefined : sinceRollback(await runsOf(journal, wanted)).find(({ plan }) => plan.stage === 'publish')
  if (record !== undefined) return record
  throw new SlipwayError({
    code: 'release-unknown',
    message: wanted === undefined ? 'No release was published from here yet, so there is nothing to verify.' : `The journal here knows no published release of ${wanted}.`,
    hint: 'Run it where the release was made; `slipway status` shows what the journal knows.',
  })
}

interface Verifying {
  readonly record: RunRecord
  readonly step: Step
  readonly kind: AnyKind
  readonly outputs: ReadonlyMap<string, Json>
}

async function verifyStep(app: App, { record, step, kind, outputs }: Verifying): Promise<Verified> {
  const seen = (is: Verified['is'], more: Partial<Verified> = {}): Verified => ({ title: step.title, is, detail: [], problems: [], ...more })
  let input: unknown
  try {
    input = kind.input.parse(resolveInput(step.input, (id) => outputs.get(id)))
  } catch {
    return seen('unseen', { problems: [{ code: 'in-doubt', message: 'The release did not get so far that this could be verified.', hint: `Go on with \`slipway release ${record.plan.releases[0].to}\`.` }] })
  }
  try {
    const output = await kind.apply?.(app.world, input, {
      key: stepKey(record.plan, step),
      signal: app.signal,
      progress: () => undefined,
      say: () => undefined,
    }) as { readonly evidence?: readonly { readonly title: string; readonly detail: string }[] } | undefined
    return seen('right', { detail: (output?.evidence ?? []).map(({ title, detail }) => `${title}: ${detail}`) })
  } catch (error) {
    if (error instanceof SlipwayError) return seen('wrong', { problems: error.problems })
    return seen('unseen', { problems: [{ code: 'remote-unreachable', message: error instanceof Error ? error.message : String(error), hint: 'That proves nothing: run `slipway verify` again.' }] })
  }
}
