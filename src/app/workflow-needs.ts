// What a release needs of the workflows that Slipway wrote: that they are there, and what it would write now.
import { SlipwayError, type Problem } from '../model/error.ts'
import { met, unmet, untested, type Finding, type Need } from '../model/need.ts'
import type { App } from './app.ts'
import type { ComparedWorkflow } from './ci-github.ts'

/** A workflow file, and how it stands to what would be written from slipway.yaml now. */
export type StandingWorkflow = Pick<ComparedWorkflow, 'path' | 'is'>

/** Compares every workflow; undefined where the project has none. */
export type CompareWorkflows = (app: App) => Promise<readonly StandingWorkflow[] | undefined>

/** One need for each workflow file; none where the project is not released by workflows. */
export async function workflowNeeds(app: App, compare: CompareWorkflows | undefined): Promise<readonly Need[]> {
  const found = await compared(app, compare)
  if ('problem' in found) return [{ of: 'files', title: 'the workflows are as slipway.yaml wants them', look: async () => unmet(found.problem) }]
  return found.map((workflow) => ({ of: 'files', title: `${workflow.path} is as slipway.yaml wants it`, look: async () => judged(workflow) }))
}

const HINT = 'Write it anew with `slipway ci github`, read the difference, and commit it.'

async function compared(app: App, compare: CompareWorkflows | undefined): Promise<readonly StandingWorkflow[] | { readonly problem: Problem }> {
  try {
    return await compare?.(app) ?? []
  } catch (error) {
    if (error instanceof SlipwayError) return { problem: error.problems[0] }
    throw error
  }
}

function judged({ path, is }: StandingWorkflow): Finding {
  switch (is) {
    case 'right': return met('it is what would be written now')
    case 'changed': return met('somebody has changed it, and slipway.yaml asks for nothing else since')
    case 'missing': return unmet({ code: 'config-invalid', message: `There is no ${path}.`, hint: HINT })
    case 'drifted': return unmet({ code: 'config-invalid', message: `${path} was written from another slipway.yaml.`, hint: HINT })
    case 'changed-and-drifted': return unmet({ code: 'config-invalid', message: `${path} was written from another slipway.yaml, and somebody has changed it since.`, hint: HINT })
    case 'surplus': return unmet({ code: 'config-invalid', message: `Nobody wants ${path} any more, and it still runs.`, hint: 'Remove it with `slipway ci github`, and commit that.' })
    case 'changed-and-surplus': return unmet({ code: 'config-invalid', message: `Nobody wants ${path} any more, and somebody has changed it since it was written.`, hint: 'See what of it you need, then remove it with `slipway ci github --force`, and commit that.' })
    case 'foreign': return untested(`${path} was not written by Slipway`, 'See that it does what a release needs, or move it away and write it with `slipway ci github`.')
  }
}
