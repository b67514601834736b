// pypi.upload: one file on the index that users install from. Nobody can take it back but a person, by yanking the release.
import { defineKind } from '../../model/kind.ts'
import { describeFile, fileExamples, fileInput, fileOutput, probeFile, sendFile, type FileInput, type FileOutput } from './file.ts'
import { yanking } from './yank.ts'

/** Uploads one file. PyPI answers the same bytes under the same name with 200, so an attempt may be repeated at any time. */
export const pypiUpload = defineKind<FileInput, FileOutput>({
  kind: 'pypi.upload',
  input: fileInput,
  output: fileOutput,
  // The index may lag by minutes, but a second upload of the same bytes changes nothing: only a moment is waited, to save the traffic.
  settlesWithin: 5_000,
  reversal: {
    is: 'by-hand',
    leaves: yanking.leaves,
    instructions: (input) => yanking.instructions(input),
  },
  examples: (ground) => fileExamples(ground, { upload: 'https://upload.pypi.org/legacy/', index: 'https://pypi.org', token: 'PYPI_TOKEN' }),
  describe: (input) => describeFile(input, yanking.words(input)),
  probe: (look, input) => probeFile(look, input),
  apply: (world, input, once) => sendFile(world, input, once),
})
