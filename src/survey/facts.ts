// Reads the facts that a plan relies on, and tells what has moved.
import { canonicalJson, type Json } from '../model/json.ts'
import { SlipwayError, type Problem } from '../model/error.ts'
import type { Fact } from '../model/plan.ts'
import type { AnyTarget, Expectation, Question } from '../model/target.ts'
import type { Clock, Look } from '../model/world.ts'

/** Where facts are read, and how long to wait before asking once more when a service does not answer. */
export interface FactReading {
  readonly look: Look
  readonly clock: Clock
  readonly targets: readonly AnyTarget[]
}

/** Looks at every expectation. Returns a problem for each that the world contradicts. Rejects when the world does not answer. */
export async function contradictions(reading: FactReading, expectations: readonly Expectation[]): Promise<readonly Problem[]> {
  const seen = await Promise.all(expectations.map((expected) => readFact(reading, expected)))
  return expectations.flatMap((expected, index) => {
    const saw = seen[index] ?? null
    return canonicalJson(saw) === canonicalJson(expected.saw) ? [] : [expected.otherwise(saw)]
  })
}

/** Answers questions by looking. Rejects when the world does not answer. */
export async function answers(reading: FactReading, questions: readonly Question[]): Promise<readonly Fact[]> {
  return Promise.all(questions.map(async (question) => ({ ...question, saw: await readFact(reading, question) })))
}

/** Looks again at the basis of a plan. Throws SlipwayError `plan-stale` that shows every fact that moved. */
export async function checkBasis(reading: FactReading, basis: readonly Fact[]): Promise<void> {
  const seen = await Promise.all(basis.map((fact) => readFact(reading, fact)))
  const moved = basis.flatMap((fact, index) => {
    const now = canonicalJson(seen[index] ?? null)
    const then = canonicalJson(fact.saw)
    return now === then ? [] : [`${fact.ask} ${canonicalJson(fact.about)}\n  planned on: ${then}\n  now:        ${now}`]
  })
  if (moved.length > 0) {
    throw new SlipwayError({ code: 'plan-stale', message: 'The world has moved since this plan was made.', hint: 'Nothing was begun. Make the plan again with `slipway plan` and look at what has changed.', detail: moved.join('\n') })
  }
}

/** Milliseconds before each further try. */
const PAUSES = [1_000, 4_000]

async function readFact({ look, clock, targets }: FactReading, fact: Question): Promise<Json> {
  const target = targets.find(({ facts }) => Object.hasOwn(facts, fact.ask))
  const read = target?.facts[fact.ask]
  if (read === undefined) throw new SlipwayError({ code: 'plan-invalid', message: `The plan relies on a fact named ${fact.ask}, which this Slipway cannot look up.` })
  for (const pause of PAUSES) {
    try {
      return await read(look, fact.about)
    } catch (error) {
      if (error instanceof SlipwayError && error.code !== 'remote-unreachable') throw error
      await clock.sleep(pause)
    }
  }
  return read(look, fact.about)
}
