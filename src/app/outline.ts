// The publish plan before anything is built: every step that will be in it, with the artifacts that are expected.
import type { Artifact, Plan } from '../model/plan.ts'
import { publishPlan, type Planner } from './plans.ts'
import type { Proposal } from './propose.ts'

/** Outlines the publish plan of a proposal. Its digests are placeholders: it is for reading, and is never run. */
export function outlinePublish(proposal: Proposal, planner: Planner): Plan {
  const artifacts = proposal.project.active.flatMap(({ target, settings }): readonly Artifact[] => target.foresees?.(proposal.context, settings) ?? [])
  const { commit, tree } = proposal.commit
  return publishPlan(proposal, { landed: { commit, tree }, artifacts }, planner)
}
