// The config that is not there, and the least one to begin with.
import { SlipwayError } from '../model/error.ts'

/** A whole config of the least size, to paste and adapt. */
export const SMALLEST_CONFIG = `name: my-project
version:
  places:
    - setup.py
pypi:
  package: my-project
  smoke: import my_project
`

/** The error for a repository without a config file. */
export function missingConfig(file: string): SlipwayError {
  return new SlipwayError({
    code: 'config-missing',
    message: `There is no ${file} at the root of this repository.`,
    hint: `Run \`slipway init\`, which looks at the repository and writes one for you to commit; or write it yourself, this is enough to begin with:\n\n${SMALLEST_CONFIG}`,
    place: { file },
  })
}
