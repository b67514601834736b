// Reads the facts that a plan relies on, and tells what has moved.
import { canonicalJson } from '../model/json.ts'
import { SlipwayError, type Problem } from '../model/error.ts'
import type { Fact } from '../model/plan.ts'
import type { AnyTarget, Expectation } from '../model/target.ts'
import type { Look } from '../model/world.ts'

/** Looks at every expectation. Returns a problem for each that the world contradicts. Rejects when the world does not answer. */
export async function contradictions(look: Look, targets: readonly AnyTarget[], expectations: readonly Expectation[]): Promise<readonly Problem[]> {
  const seen = await Promise.all(expectations.map((expected) => readFact(look, targets, expected)))
  return expectations.flatMap((expected, index) => {
    const saw = seen[index] ?? null
    return canonicalJson(saw) === canonicalJson(expected.saw) ? [] : [expected.otherwise(saw)]
  })
}

/** Looks again at the basis of a plan. Throws SlipwayError `plan-stale` that shows every fact that moved. */
export async function checkBasis(look: Look, targets: readonly AnyTarget[], basis: readonly Fact[]): Promise<void> {
  const seen = await Promise.all(basis.map((fact) => readFact(look, targets, fact)))
  const moved = basis.flatMap((fact, index) => {
    const now = canonicalJson(seen[index] ?? null)
    const then = canonicalJson(fact.saw)
    return now === then ? [] : [`${fact.ask} ${canonicalJson(fact.about)}\n  planned on: ${then}\n  now:        ${now}`]
  })
  if (moved.length > 0) {
    throw new SlipwayError({ code: 'plan-stale', message: 'The world has moved since this plan was made.', hint: 'Nothing was begun. Make the plan again with `slipway plan` and look at what has changed.', detail: moved.join('\n') })
  }
}

async function readFact(look: Look, targets: readonly AnyTarget[], fact: Fact) {
  const target = targets.find(({ facts }) => Object.hasOwn(facts, fact.ask))
  const read = target?.facts[fact.ask]
  if (read === undefined) throw new SlipwayError({ code: 'plan-invalid', message: `The plan relies on a fact named ${fact.ask}, which this Slipway cannot look up.` })
  return read(look, fact.about)
}
