// pypi.verify: green means shipped: what users fetch from the index is fetched, compared and tried.
import { defineKind } from '../../model/kind.ts'
import { describeFetch, fetchExamples, fetchInput, fetchOutput, probeFetch, verifyFetch, type FetchInput, type FetchOutput } from './fetch.ts'

const kind = 'pypi.verify'

/** Verifies what the index serves. Throws Refused `verify-failed`. */
export const pypiVerify = defineKind<FetchInput, FetchOutput>({
  kind,
  input: fetchInput,
  output: fetchOutput,
  reversal: { is: 'none' },
  examples: (ground) => fetchExamples(ground, { index: 'https://pypi.org' }),
  describe: describeFetch,
  probe: (look, input) => probeFetch(look, kind, input),
  apply: (world, input, once) => verifyFetch(world, { kind, input }, once),
})
