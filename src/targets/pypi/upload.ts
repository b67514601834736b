// pypi.upload: one file on the index that users install from. Nobody can take it back but a person, by yanking the release.
import { defineKind } from '../../model/kind.ts'
import { normalName } from '../../model/python-name.ts'
import { describeFile, fileExamples, fileInput, fileOutput, probeFile, sendFile, type FileInput, type FileOutput } from './file.ts'

/** Uploads one file. PyPI answers the same bytes under the same name with 200, so an attempt may be repeated at any time. */
export const pypiUpload = defineKind<FileInput, FileOutput>({
  kind: 'pypi.upload',
  input: fileInput,
  output: fileOutput,
  // The index may lag by minutes, but a second upload of the same bytes changes nothing: only a moment is waited, to save the traffic.
  settlesWithin: 5_000,
  reversal: {
    is: 'by-hand',
    leaves: 'A yanked file can still be installed by those who pin the version, its name can never be used again, and mirrors keep their copies.',
    instructions: ({ index, project, version }) => {
      const page = releasePage(index, project, version)
      return {
        page,
        steps: [
          `Open ${page} and log in as an owner of ${project}; a maintainer may not yank.`,
          'Go down to "Release settings" and press "Yank release".',
          'Under "Reason (optional)" write why; pip shows it to everybody who pins this version.',
          `Under "Version" type ${version} to confirm, and press "Yank release".`,
        ],
        done: `${index}/simple/ lists every file of ${project} ${version} as yanked.`,
      }
    },
  },
  examples: (ground) => fileExamples(ground, { upload: 'https://upload.pypi.org/legacy/', index: 'https://pypi.org', token: 'PYPI_TOKEN' }),
  describe: (input) => describeFile(input, `By hand, for the whole release: yank ${input.version} on ${releasePage(input.index, input.project, input.version)}.`),
  probe: (look, input) => probeFile(look, input),
  apply: (world, input, once) => sendFile(world, input, once),
})

/** The page on which an owner yanks a release. */
function releasePage(index: string, project: string, version: string): string {
  return `${index}/manage/project/${normalName(project)}/release/${version}/`
}
