// Puts plans into the messages that show them.
import type { Plan } from '../model/plan.ts'
import type { Problem } from '../model/error.ts'
import { kindsOf, type App } from '../app/app.ts'
import { observed } from '../app/observed.ts'
import { outlinePublish } from '../app/outline.ts'
import type { Start } from '../app/release.ts'
import { directions } from '../plan/directions.ts'
import { diffText } from '../survey/tree.ts'
import type { PlanMessage, ProposalMessage } from '../report/message.ts'

/** A proposal with both plans in words. */
export async function proposalMessage(app: App, { proposal, plan, planner, underWay }: Start, unseen: readonly Problem[]): Promise<ProposalMessage> {
  const [{ announcePlans }, { proposedTelling }] = await Promise.all([import('../app/announcements.ts'), import('../app/telling.ts')])
  const kinds = kindsOf(app.targets)
  return {
    type: 'proposal',
    proposal,
    prepare: plan,
    diff: await diffText(app.world, proposal.edits),
    forward: directions(plan, kinds),
    publish: directions(outlinePublish(proposal, planner, await observed(app, proposal).catch(() => [])), kinds),
    outline: true,
    announcements: announcePlans(proposedTelling(proposal, { repository: planner.repository, ...proposal.commit }), kinds).map((each) => directions(each.plan, kinds).forward).flat(),
    unseen,
    underWay,
  }
}

/** A plan in words. */
export function planMessage(app: Pick<App, 'targets'>, plan: Plan, recovered = false): PlanMessage {
  return { type: 'plan', plan, directions: directions(plan, kindsOf(app.targets)), ...(recovered ? { recovered } : {}) }
}
