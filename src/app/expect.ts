// Looks at what a release expects of the world, telling what contradicts it from what could not be looked at.
import { SlipwayError, type Problem } from '../model/error.ts'
import { contradictions } from '../survey/facts.ts'
import type { App } from './app.ts'
import { expectationsOf } from './plans.ts'
import type { Proposal } from './propose.ts'

/** What the world says against a proposal, and which questions it did not answer. */
export async function contradictionsSoFar(app: Pick<App, 'look' | 'clock' | 'targets'>, proposal: Proposal): Promise<{ readonly contradicted: readonly Problem[]; readonly unseen: readonly Problem[] }> {
  const contradicted: Problem[] = []
  const unseen: Problem[] = []
  await Promise.all(expectationsOf(proposal).map(async (expectation) => {
    try {
      contradicted.push(...await contradictions(app, [expectation]))
    } catch (error) {
      const problem = error instanceof SlipwayError ? error.problems[0] : { code: 'remote-unreachable' as const, message: error instanceof Error ? error.message : String(error) }
      unseen.push(problem)
    }
  }))
  return { contradicted, unseen }
}
