// Looks at what a release expects of the world, telling what contradicts it from what could not be looked at.
import { SlipwayError, type Problem } from '../model/error.ts'
import { contradictions } from '../survey/facts.ts'
import type { App } from './app.ts'
import { expectationsOf } from './plans.ts'
import type { Proposal } from './propose.ts'

/** What the world says against a proposal, and why some questions had no answer, each reason once. A remote that is `unread` is not asked. */
export async function contradictionsSoFar(app: Pick<App, 'look' | 'clock' | 'targets'>, proposal: Proposal, unread?: string): Promise<{ readonly contradicted: readonly Problem[]; readonly unseen: readonly Problem[] }> {
  const contradicted: Problem[] = []
  const unseen = new Map<string, Problem>()
  await Promise.all(expectationsOf(proposal).filter(({ about }) => unread === undefined || about['remote'] !== unread).map(async (expectation) => {
    try {
      contradicted.push(...await contradictions(app, [expectation]))
    } catch (error) {
      const problem = error instanceof SlipwayError ? error.problems[0] : { code: 'remote-unreachable' as const, message: error instanceof Error ? error.message : String(error) }
      unseen.set(problem.message, problem)
    }
  }))
  return { contradicted, unseen: [...unseen.values()] }
}
