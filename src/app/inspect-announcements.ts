// Looks at what a rehearsal's channels have heard: one message each after a release, and after a rollback none, or the correction beside it.
import { announcePlans } from './announcements.ts'
import { kindsOf } from './app.ts'
import { feedTitles, heardOn } from '../rehearsal/channels/heard.ts'
import { feedOf } from './feed-branch.ts'
import type { Inspection } from './inspect.ts'
import { proposedTelling } from './telling.ts'

/** One look: what was looked for and seen, and how many messages there are to be. */
export interface HeardLook {
  readonly what: string
  readonly saw: string
  readonly ok: boolean
}

/** A look at each channel that the project announces on; `out` tells that the release is out. */
export async function inspectAnnouncements({ world, composed, begun: { proposal, planner }, verdict }: Pick<Inspection, 'world' | 'composed' | 'begun' | 'verdict'>, out: boolean): Promise<readonly HeardLook[]> {
  const plans = announcePlans(proposedTelling(proposal, { repository: planner.repository, commit: proposal.commit.commit, tree: proposal.commit.tree }), kindsOf(composed.app.targets))
  const feed = feedOf(proposal.project)
  const heard = { ...heardOn(world), ...(feed === undefined ? {} : { feed: await feedTitles(world.bare, feed) }) } as Readonly<Record<string, readonly string[]>>
  return plans.map(({ channel, step }) => {
    const messages = heard[channel] ?? []
    const wanted = out ? 1 : verdict.is === 'rolled-back' && step.reversal === 'final' && messages.length > 0 ? 2 : 0
    return { what: `${channel} was told`, saw: messages.length === 0 ? 'nothing' : messages.map((text) => `"${text}"`).join(' and '), ok: messages.length === wanted }
  })
}
