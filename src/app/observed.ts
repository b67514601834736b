// What targets must know of the world for their share of the publish plan.
import type { Fact } from '../model/plan.ts'
import { answers } from '../survey/facts.ts'
import type { App } from './app.ts'
import type { Proposal } from './propose.ts'

/** Looks at all that the project's targets ask to be observed. Rejects when the world does not answer. */
export async function observed(app: Pick<App, 'look' | 'clock' | 'targets'>, { project, context }: Proposal): Promise<readonly Fact[]> {
  return answers(app, project.active.flatMap(({ target, settings }) => target.observes?.(context, settings) ?? []))
}
