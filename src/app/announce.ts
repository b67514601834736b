// Announces a release that is out: each channel in a run of its own, so that what becomes of one changes neither the others nor the release.
import { SlipwayError, type Problem } from '../model/error.ts'
import type { Verdict } from '../model/event.ts'
import { mayHaveHappened } from '../engine/fold.ts'
import { announcePlans, channelStories, isNamed, PATIENCE, type AnnouncePlan, type ChannelStory, type Telling } from './announcements.ts'
import { kindsOf, type App } from './app.ts'
import { runPlan } from './runs.ts'
import { travelOf } from './travel.ts'
import type { Project } from './project.ts'

/** What became of one announcement. */
export interface Told {
  readonly channel: string
  readonly title: string
  /** `held`: nobody here can know whether it was sent before, so a person must say. `stays`: nobody can take it back. */
  readonly is: 'sent' | 'sent before' | 'not sent' | 'in doubt' | 'held' | 'taken back' | 'stays'
  readonly problems: readonly Problem[]
}

/** How announcements are made. */
export interface Announcing {
  /** The channels that are meant; all when left out. One that is named is sent even where nobody knows whether it was before. */
  readonly only?: readonly string[]
  /** True when this journal saw the release being published: then what it does not know to be begun was not begun. */
  readonly sure: boolean
  readonly beat?: () => Promise<void>
}

/**
 * Makes every announcement that was not made yet. Before the first is sent, the credentials of all are looked at; a channel whose credentials are
 * refused is left out and told. Rejects only when the journal does, or is superseded.
 */
export async function announce(app: App, telling: Telling & { readonly project: Project }, { only, sure, beat }: Announcing): Promise<readonly Told[]> {
  const stories = await channelStories(app.journal, telling.context)
  const plans = announcePlans(telling, kindsOf(app.targets), (step) => stories.get(step)?.rounds ?? 0).filter(({ channel }) => isNamed(channel, only))
  const due = plans.map((each) => ({ each, verdict: beforehand(each, stories.get(each.step.id), { sure, named: only !== undefined }) }))
  const refused = new Map(await Promise.all(due.filter(({ verdict }) => verdict === undefined).map(async ({ each }) => [each.channel, await obstacle(app, each)] as const)))
  const told: Told[] = []
  for (const { each, verdict } of due) {
    const problem = refused.get(each.channel)
    told.push(verdict ?? (problem === undefined ? await send(app, telling, { each, story: stories.get(each.step.id), beat }) : { ...nameOf(each), is: 'not sent', problems: [problem] }))
  }
  return told
}

/** What is known of an announcement before anything is done; undefined when it is to be made. */
function beforehand(each: AnnouncePlan, story: ChannelStory | undefined, { sure, named }: { readonly sure: boolean; readonly named: boolean }): Told | undefined {
  if (story?.record.plan.stage === 'announce' && story.state.apply.settled !== undefined) return { ...nameOf(each), is: 'sent before', problems: [] }
  if (story?.record.plan.stage === 'recall' && story.record.closed === undefined) return { ...nameOf(each), is: 'in doubt', problems: [{ code: 'in-doubt', message: `The announcement on ${each.channel} is being taken back, and that is not finished.`, hint: `Finish it with \`slipway announce ${versionOf(each)} --undo --only ${each.channel}\`.` }] }
  if (sure || named || !each.blind || story !== undefined) return undefined
  return {
    ...nameOf(each), is: 'held',
    problems: [{ code: 'in-doubt', message: `The journal here did not see ${versionOf(each)} being published, and ${each.channel} tells nobody what it was sent: it may have been told already.`, hint: `Look there. If it was not: \`slipway announce ${versionOf(each)} --only ${each.channel}\`.` }],
  }
}

/** What keeps an announcement from being made, by its credentials; undefined when nothing does, or nobody can tell. */
async function obstacle({ world }: App, { ready }: AnnouncePlan): Promise<Problem | undefined> {
  try {
    const finding = await ready(world)
    return finding.is === 'unmet' ? finding.problem : undefined
  } catch (error) {
    return error instanceof SlipwayError ? error.problems[0] : undefined
  }
}

async function send(app: App, { project }: Telling & { readonly project: Project }, { each, story, beat }: { readonly each: AnnouncePlan; readonly story: ChannelStory | undefined; readonly beat: Announcing['beat'] }): Promise<Told> {
  // What was begun is finished as it was begun, whatever the config says since.
  const begun = story?.record.plan.stage === 'announce' && story.record.closed === undefined && mayHaveHappened(story.state.apply)
  const plan = begun ? story.record.plan : each.plan
  try {
    const { verdict } = await runPlan(app, plan, { onFailure: 'stop', travel: travelOf(app, project), patience: PATIENCE, ...(beat === undefined ? {} : { beat }) })
    return { ...nameOf(each), ...outcomeOf(each, verdict) }
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    return { ...nameOf(each), is: 'not sent', problems: error.problems }
  }
}

function outcomeOf(each: AnnouncePlan, verdict: Verdict): Pick<Told, 'is' | 'problems'> {
  const { channel } = each
  switch (verdict.is) {
    case 'done': return { is: 'sent', problems: [] }
    case 'failed': return { is: 'not sent', problems: verdict.problems }
    case 'stuck': return {
      is: 'in doubt',
      problems: verdict.steps.map(({ why }): Problem => ({
        code: 'in-doubt', message: `Whether ${channel} was told of ${versionOf(each)} is in doubt: ${why}.`,
        hint: each.blind ? `Look there, then say so: \`slipway announce ${versionOf(each)} --sent ${channel}\` if it was, \`--not-sent ${channel}\` if it was not and is to be sent again.` : `Run \`slipway announce ${versionOf(each)}\` again: it looks first.`,
      })),
    }
    case 'interrupted': case 'rolled-back': case 'waiting': return { is: 'not sent', problems: [{ code: 'in-doubt', message: `The announcement on ${channel} was not finished.`, hint: `\`slipway announce ${versionOf(each)}\` goes on.` }] }
  }
}

function nameOf({ channel, title }: AnnouncePlan): Pick<Told, 'channel' | 'title'> {
  return { channel, title }
}

function versionOf({ plan }: AnnouncePlan): string {
  return plan.releases[0].to
}
