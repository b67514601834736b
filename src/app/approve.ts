// Gives a person's word on the plan of a run that waits at its gate.
import { SlipwayError } from '../model/error.ts'
import type { RunRecord } from '../model/entry.ts'
import { fold } from '../engine/fold.ts'
import type { App } from './app.ts'

/** An approval or a denial. */
export interface Decision {
  /** The version; the newest open run when missing. */
  readonly version?: string
  /** The plan's digest, or its first eight or more digits: what is approved is exactly what was shown. */
  readonly digest: string
  readonly verdict: 'approved' | 'denied'
  /** Who says so. */
  readonly by: string
}

/** Writes the word into the journal of the waiting run. Throws SlipwayError `release-unknown` or `not-approved`. */
export async function approve({ journal }: Pick<App, 'journal'>, decision: Decision): Promise<{ readonly record: RunRecord; readonly gate: string }> {
  const open = (await journal.runs()).filter(({ plan, closed }) => closed === undefined && plan.steps.some((step) => step.gate !== undefined))
  const record = open.find(({ plan }) => decision.version === undefined || plan.releases[0].to === decision.version)
  if (record === undefined) {
    throw new SlipwayError({ code: 'release-unknown', message: `No run ${decision.version === undefined ? '' : `of ${decision.version} `}waits for an approval here.`, hint: '`slipway status` shows what is under way. Approvals are given where the journal is.' })
  }
  const { plan, run } = record
  const short = decision.digest.replace(/^sha256:/, '')
  if (short.length < 8 || !plan.digest.startsWith(`sha256:${short}`)) {
    throw new SlipwayError({ code: 'not-approved', message: `The waiting plan is ${plan.digest}, not ${decision.digest}.`, hint: 'Look at it with `slipway status`, then approve that digest.' })
  }
  const gate = plan.steps.find((step) => step.gate !== undefined)?.gate ?? ''
  const earlier = fold(plan, await journal.read(run)).gates.get(gate)
  if (earlier !== undefined) throw new SlipwayError({ code: 'not-approved', message: `The plan ${plan.digest} was ${earlier} already.`, hint: earlier === 'denied' ? `Take what was made back with \`slipway rollback ${plan.releases[0].to}\`.` : 'Run `slipway release` to go on.' })
  await journal.decide(run, { type: 'gate', gate, plan: plan.digest, verdict: decision.verdict, by: decision.by })
  return { record, gate }
}
