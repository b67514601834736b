// The announcements of a release as plans, one for each channel, and what the journal knows of each.
import type { Entry, Journal, RunRecord } from '../model/entry.ts'
import type { AnyKind } from '../model/kind.ts'
import { stepKey, type Plan, type Step } from '../model/plan.ts'
import type { AnnounceContext, Announcement } from '../model/target.ts'
import type { Policy } from '../engine/drive.ts'
import { fold, isOutside, type StepState } from '../engine/fold.ts'
import { seal } from '../plan/digest.ts'
import type { Project } from './project.ts'
import { announcementRuns } from './runs.ts'

/** What announcements are made from: the release, and the commit that it is. */
export interface Telling {
  readonly project: Pick<Project, 'active' | 'git' | 'config'>
  readonly context: AnnounceContext
  readonly subject: Plan['subject']
}

/** One announcement as a plan of its own. */
export interface AnnouncePlan extends Pick<Announcement, 'channel' | 'title' | 'blind' | 'ready'> {
  readonly plan: Plan
  readonly step: Step
}

/** What the journal knows of one channel: its last run, how that stands, and how often it was taken back before. */
export interface ChannelStory {
  readonly record: RunRecord
  readonly step: Step
  readonly state: StepState
  readonly rounds: number
}

/** Milliseconds that are waited for a service that does not answer: the release is what it is, and its announcement can be made or taken back later. */
export const PATIENCE: Policy['patience'] = { person: 0, world: 60_000, machine: 0 }

/** The id of a channel's step; a withdrawal is another announcement than the one that it corrects. */
function stepId(channel: string, about: AnnounceContext['about']): string {
  return `announce.${channel}${about === 'release' ? '' : ':withdrawn'}`
}

/** True when a target that is on tells of releases. */
export function tells({ active }: Pick<Project, 'active'>): boolean {
  return active.some(({ target }) => target.announces !== undefined)
}

/**
 * A plan for each channel. Their keys hang on what is announced where and on nothing else, so that another machine, or one whose config was mended
 * since, finds the same announcement again. `rounds` tells how often a channel was taken back before.
 */
export function announcePlans({ project, context, subject }: Telling, kinds: ReadonlyMap<string, AnyKind>, rounds: (step: string) => number = () => 0): readonly AnnouncePlan[] {
  const { about, release, date } = context
  return project.active.flatMap(({ target, settings }) => target.announces?.(context, settings) ?? []).map(({ channel, kind, title, input, blind, ready }) => {
    const id = stepId(channel, about)
    const again = rounds(id) === 0 ? '' : ` again ${rounds(id)}`
    const step: Step = {
      id, kind, title, input, needs: [],
      reversal: kinds.get(kind)?.reversal.is ?? 'final',
      key: `${about} ${release.name}@${release.to} of ${date} on ${channel}${again}`,
    }
    const plan = seal({ stage: 'announce', subject, date, releases: [{ ...release, because: [] }], artifacts: [], basis: [], steps: [step] })
    return { channel, title, blind, ready, plan, step }
  })
}

/** What the journal knows of each channel of a release, by step. A release of the same version that was taken back before has another date. */
export async function channelStories(journal: Journal, { release: { to: version }, date }: Pick<AnnounceContext, 'release' | 'date'>): Promise<ReadonlyMap<string, ChannelStory>> {
  const keys = new Set<string>()
  const stories = new Map<string, ChannelStory>()
  for (const record of (await announcementRuns(journal, version)).toReversed()) {
    const [step] = record.plan.steps
    if (step === undefined) continue
    const key = stepKey(record.plan, step)
    if (record.plan.stage === 'announce' ? record.plan.date !== date : !keys.has(key)) continue
    keys.add(key)
    const before = stories.get(step.id)
    const state = stateOf(record.plan, step, await journal.read(record.run))
    // A plan that was never begun says nothing of what was sent.
    if (before !== undefined && !isOutside(state)) continue
    stories.set(step.id, { record, step, state, rounds: (before?.rounds ?? 0) + (record.plan.stage === 'recall' && record.closed === 'rolled-back' ? 1 : 0) })
  }
  return stories
}

function stateOf(plan: Plan, step: Step, entries: readonly Entry[]): StepState {
  const state = fold(plan, entries).steps.get(step.id)
  if (state === undefined) throw new Error(`no step ${step.id}`)
  return state
}

/** True when something of this channel may be outside by this journal: it was sent, or begun, and not taken back since. */
export function isToldBy({ record, state }: ChannelStory): boolean {
  if (record.plan.stage === 'recall') return record.closed === undefined
  return isOutside(state)
}

/** True for a channel that a person means by this word: its name, or the part of it before the colon. */
export function isNamed(channel: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((word) => channel === word || channel.startsWith(`${word}:`))
}
