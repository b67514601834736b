// pypi.trial: one file on the index for trials, to see that an index takes it before the true one is asked.
import { defineKind } from '../../model/kind.ts'
import { describeFile, fileExamples, fileInput, fileOutput, probeFile, sendFile, type FileInput, type FileOutput } from './file.ts'

const leaves = 'The files stay on the trial index, where no user looks.'

/** Uploads one file for a trial. */
export const pypiTrial = defineKind<FileInput, FileOutput>({
  kind: 'pypi.trial',
  input: fileInput,
  output: fileOutput,
  settlesWithin: 5_000,
  reversal: { is: 'none', leaves },
  examples: (ground) => fileExamples(ground, { upload: 'https://test.pypi.org/legacy/', index: 'https://test.pypi.org', token: 'TESTPYPI_TOKEN' }),
  describe: (input) => describeFile(input, leaves),
  probe: (look, input) => probeFile(look, input),
  apply: (world, input, once) => sendFile(world, input, once),
})
