// `slipway verify`: fetches again what users fetch, compares it with what was built, and checks every signature by the policy.
import type { AnyKind } from '../model/kind.ts'
import { stepKey, type Step } from '../model/plan.ts'
import { SlipwayError, type Problem } from '../model/error.ts'
import { resolveInput } from '../engine/resolve.ts'
import { kindsOf, type App } from './app.ts'
import { publishedElsewhere, type Published } from './published-elsewhere.ts'
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

/**
 * Verifies a version, the newest that was shipped when it is left out. What was shipped is taken from the journal here, else found by the journal at the
 * remote, which takes a build. Throws SlipwayError `release-unknown` where neither knows it, `in-doubt` where what is built now is not what was shipped.
 */
export async function verifyRelease(app: App, version?: string): Promise<Verification> {
  return verifyPublished(app, await published(app, version))
}

/** What was published of a version, the newest that was shipped when it is left out; as `verifyRelease` finds it, and with its errors. */
export async function published(app: App, version?: string): Promise<Published> {
  return await publishedHere(app, version) ?? await publishedElsewhere(app, version)
}

/** Verifies what was published. */
export async function verifyPublished(app: App, { plan, outputs, elsewhere }: Published): Promise<Verification> {
  const kinds = kindsOf(app.targets)
  const verified: Verified[] = []
  for (const step of plan.steps.filter(({ kind }) => kind.endsWith('.verify'))) {
    const kind = kinds.get(step.kind)
    if (kind !== undefined) verified.push(await verifyStep(app, { plan, step, kind, outputs, ...(elsewhere === undefined ? {} : { elsewhere }) }))
  }
  return { version: plan.releases[0].to, verified }
}

/** What the journal here knows: without a version the newest that was published to its end, with one also what only began to be. */
async function publishedHere({ journal }: App, version: string | undefined): Promise<Published | undefined> {
  const all = version === undefined ? await journal.runs() : await runsOf(journal, version)
  for (const { plan: { stage, releases: [{ to }] }, closed } of all) {
    if (stage !== 'publish' || (version === undefined && closed !== 'done')) continue
    const record = sinceRollback(await runsOf(journal, to)).find(({ plan }) => plan.stage === 'publish')
    if (record !== undefined) return { plan: record.plan, outputs: outputsOf(record.plan, await journal.read(record.run)) }
  }
  return undefined
}

interface Verifying extends Published {
  readonly step: Step
  readonly kind: AnyKind
}

/** Why something cannot be verified: what it is compared with does not exist, here or anywhere. */
function missing({ plan: { releases: [{ to }] }, elsewhere }: Published): Problem {
  return elsewhere === true
    ? { code: 'in-doubt', message: 'It is compared with what was made where the release was made, and the GitHub release does not hold that.', hint: `Run \`slipway verify ${to}\` where the release was made.` }
    : { code: 'in-doubt', message: 'The release did not get so far that this could be verified.', hint: `Go on with \`slipway release ${to}\`.` }
}

async function verifyStep(app: App, verifying: Verifying): Promise<Verified> {
  const { plan, step, kind, outputs } = verifying
  const seen = (is: Verified['is'], more: Partial<Verified> = {}): Verified => ({ title: step.title, is, detail: [], problems: [], ...more })
  let input: unknown
  try {
    input = kind.input.parse(resolveInput(step.input, (id) => outputs.get(id)))
  } catch {
    return seen('unseen', { problems: [missing(verifying)] })
  }
  try {
    const output = await kind.apply?.(app.world, input, {
      key: stepKey(plan, step),
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
