// pypi.trial-install: the trial's files, installed from the trial index, with dependencies from the true one.
import { defineKind } from '../../model/kind.ts'
import { describeFetch, fetchExamples, fetchInput, fetchOutput, probeFetch, verifyFetch, type FetchInput, type FetchOutput } from './fetch.ts'

const kind = 'pypi.trial-install'

/** Verifies what the trial index serves. Throws Refused `verify-failed`. */
export const pypiTrialInstall = defineKind<FetchInput, FetchOutput>({
  kind,
  input: fetchInput,
  output: fetchOutput,
  reversal: { is: 'none' },
  examples: (ground) => fetchExamples(ground, { index: 'https://test.pypi.org', dependencies: 'https://pypi.org' }),
  describe: describeFetch,
  probe: (look, input) => probeFetch(look, kind, input),
  apply: (world, input, once) => verifyFetch(world, { kind, input }, once),
})
