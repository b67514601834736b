// The publish plan before anything is built: every step that will be in it, with the artifacts that are expected.
import type { Artifact, Fact, Plan } from '../model/plan.ts'
import { publishPlan, type Planner } from './plans.ts'
import type { Proposal } from './propose.ts'

/** Outlines the publish plan of a proposal, with what was observed so far. Its digests are placeholders: it is for reading, and is never run. */
export function outlinePublish(proposal: Proposal, planner: Planner, seen: readonly Fact[]): Plan {
  const artifacts: Artifact[] = []
  for (const { target, settings } of proposal.project.active) artifacts.push(...target.foresees?.(proposal.context, settings, artifacts) ?? [])
  const { commit, tree } = proposal.commit
  return publishPlan(proposal, { landed: { commit, tree }, artifacts, seen }, planner)
}
