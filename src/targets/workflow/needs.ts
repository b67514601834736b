// What a release needs of a workflow that publishes: that GitHub runs it, and that something of ours starts it.
import { met, unmet, untested, type Finding, type Need } from '../../model/need.ts'
import type { World } from '../../model/world.ts'
import { lookForWorkflow } from './fact.ts'
import { isInstallationToken, TRIGGERS_NOTHING } from './run.ts'
import { accessOf, type Via } from './settings.ts'
import { runnable } from './steps.ts'

/** The needs of a target that a workflow publishes. */
export function workflowNeeds(via: Via): readonly Need[] {
  const starts = { release: 'start it by publishing the release', tag: 'start it by pushing the tag', dispatch: 'start it' }[via.on]
  return [
    { of: 'forward', title: `follow ${via.workflow} in ${via.repository}`, look: (world) => lookAtWorkflow(world, via) },
    { of: 'forward', title: starts, look: (world) => lookAtStart(world, via) },
  ]
}

async function lookAtWorkflow(world: World, via: Via): Promise<Finding> {
  if (!world.hasSecret(via.token)) return untested(`${via.token} has no value, as said above`)
  const state = await lookForWorkflow(world, { ...accessOf(via), workflow: via.workflow })
  return state === 'active' ? met('it is on the default branch, and switched on') : unmet(runnable(via).otherwise(state))
}

async function lookAtStart(world: World, { on, token }: Via): Promise<Finding> {
  if (!world.hasSecret(token)) return untested(`${token} has no value, as said above`)
  if (on === 'dispatch') return untested('only a start shows whether the token may', `Make sure that the token in ${token} has «Actions: write» (in a workflow: \`actions: write\` under \`permissions\`).`)
  return await world.secret(token, async (value) => isInstallationToken(value))
    ? untested(TRIGGERS_NOTHING(token), 'With `on: dispatch` the GITHUB_TOKEN of a job starts it, too.')
    : met(`the token in ${token} is none of a job's own, whose releases and tags start nothing`)
}
