// Takes announcements back, each channel in a run of its own: what can be deleted is deleted, and what stays is told.
import { SlipwayError } from '../model/error.ts'
import { observe } from '../engine/observe.ts'
import { rollbackPlan, type Begun } from '../plan/back.ts'
import { announcePlans, channelStories, isNamed, isToldBy, PATIENCE, type ChannelStory, type Telling } from './announcements.ts'
import { kindsOf, type App } from './app.ts'
import type { Told } from './announce.ts'
import { runPlan } from './runs.ts'

/** Which announcements are taken back, and a sign of life. */
export interface Recalling {
  readonly only?: readonly string[]
  readonly beat?: () => Promise<void>
}

/** Takes back what the journal knows to be told, and what can be found again by looking. Rejects only when the journal does. */
export async function recall(app: App, telling: Telling, { only, beat }: Recalling): Promise<readonly Told[]> {
  const stories = await channelStories(app.journal, telling.context)
  const told: Told[] = []
  for (const story of stories.values()) {
    const { step } = story
    const channel = step.id.replace(/^announce\./, '')
    if (!isToldBy(story) || !isNamed(channel, only)) continue
    const name = { channel, title: step.title }
    if (step.reversal === 'final') {
      if (!step.id.endsWith(':withdrawn')) told.push({ ...name, is: 'stays', problems: [] })
      continue
    }
    told.push({ ...name, ...await takeBack(app, story, beat) })
  }
  for (const begun of await found(app, telling, { stories, only })) told.push({ channel: begun.step.id.replace(/^announce\./, ''), title: begun.step.title, ...await drive(app, begun, beat) })
  return told
}

async function takeBack(app: App, { record, step, state }: ChannelStory, beat: Recalling['beat']): Promise<Pick<Told, 'is' | 'problems'>> {
  if (record.plan.stage === 'recall') return drivePlan(app, record.plan, beat)
  return drive(app, { plan: record.plan, step, input: step.input, at: Number.isFinite(state.apply.last) ? new Date(state.apply.last).toISOString() : undefined, made: state.output }, beat)
}

async function drive(app: App, begun: Begun, beat: Recalling['beat']): Promise<Pick<Told, 'is' | 'problems'>> {
  const plan = rollbackPlan([begun], `${app.world.now().toISOString().slice(0, 19)}Z`, 'recall')
  if (plan === undefined) throw new Error(`${begun.step.id} has no way back`)
  return drivePlan(app, plan, beat)
}

async function drivePlan(app: App, plan: Begun['plan'], beat: Recalling['beat']): Promise<Pick<Told, 'is' | 'problems'>> {
  try {
    const { verdict } = await runPlan(app, plan, { onFailure: 'stop', patience: PATIENCE, ...(beat === undefined ? {} : { beat }) })
    if (verdict.is === 'rolled-back') return { is: 'taken back', problems: [] }
    if (verdict.is === 'failed') return { is: 'in doubt', problems: verdict.problems }
    if (verdict.is !== 'stuck') return { is: 'in doubt', problems: [{ code: 'in-doubt', message: 'Taking it back was not finished.', hint: 'Run the same command again: it goes on.' }] }
    return { is: 'in doubt', problems: verdict.steps.map(({ why }) => ({ code: 'in-doubt' as const, message: `It was not taken back: ${why}`, hint: 'Look there. What is left can be deleted by hand, or by running the same command again.' })) }
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    return { is: 'in doubt', problems: error.problems }
  }
}

/** What no journal here knows, and a look at the channel shows. */
async function found(app: App, telling: Telling, { stories, only }: { readonly stories: ReadonlyMap<string, ChannelStory>; readonly only: Recalling['only'] }): Promise<readonly Begun[]> {
  const kinds = kindsOf(app.targets)
  const plans = announcePlans(telling, kinds).filter(({ channel, step, blind }) => !blind && !stories.has(step.id) && isNamed(channel, only))
  const seen = await Promise.all(plans.map(async ({ plan, step }) => {
    const [observed] = await observe({ plan, kinds, look: app.look })
    return observed?.probe.state === 'present' ? [{ plan, step, input: step.input, at: undefined, made: observed.probe.output }] : []
  }))
  return seen.flat()
}
