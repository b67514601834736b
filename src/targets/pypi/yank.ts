// How a person takes a release back from an index, which has no API for it.
import type { Instructions } from '../../model/kind.ts'
import { normalName } from '../../model/python-name.ts'

/** A release on an index. */
interface Released {
  readonly index: string
  readonly project: string
  readonly version: string
}

/** The way back of whatever puts files on an index that users install from. */
export const yanking = {
  leaves: 'A yanked file can still be installed by those who pin the version, its name can never be used again, and mirrors keep their copies.',
  instructions: ({ index, project, version }: Released): Instructions => {
    const page = releasePage({ index, project, version })
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
  words: (released: Released): string => `By hand, for the whole release: yank ${released.version} on ${releasePage(released)}.`,
}

/** The page on which an owner yanks a release. */
function releasePage({ index, project, version }: Released): string {
  return `${index}/manage/project/${normalName(project)}/release/${version}/`
}
