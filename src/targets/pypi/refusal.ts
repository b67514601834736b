// What an index's refusal of an upload means, and what to do about it.
import { Refused, type ErrorCode } from '../../model/error.ts'
import type { HttpAnswer } from '../../model/world.ts'

/** What was to be uploaded. */
export interface Attempted {
  readonly file: string
  readonly project: string
  readonly version: string
  /** Host name of the upload address. */
  readonly host: string
  /** Name of the stored token that was used; undefined where the index gave one for the identity of the job. */
  readonly secret: string | undefined
}

interface Reading {
  readonly when: (status: number, words: string) => boolean
  readonly code: ErrorCode
  readonly hint: (what: Attempted) => string
}

const READINGS: readonly Reading[] = [
  {
    when: (status, words) => status === 403 && /isn't allowed|not allowed|permission|not valid for project/i.test(words),
    code: 'right-missing',
    hint: ({ project, secret }) => secret === undefined
      ? `Register this job as a trusted publisher of ${project} itself: the one that the index knows is another project's.`
      : `Make a token whose scope covers ${project}, from an account that may upload to it, and put it into ${secret}.`,
  },
  {
    when: (status, words) => status === 401 || (status === 403 && /authentication|invalid api token/i.test(words)),
    code: 'token-refused',
    hint: ({ host, secret }) => secret === undefined
      ? 'Run the release again, which asks for a new upload token.'
      : `Put a living API token of ${host} into ${secret}; it begins with "pypi-". PyPI and TestPyPI have tokens of their own.`,
  },
  {
    when: (_status, words) => /non-user identities cannot create new projects/i.test(words),
    code: 'publisher-unknown',
    hint: ({ project }) => `There is no project ${project} there, and the publisher of this job is for another one. Register a pending publisher whose project name is exactly ${project}.`,
  },
  {
    when: (_status, words) => /invalid attestations/i.test(words),
    code: 'signature-invalid',
    hint: () => 'The job that signs must be the publisher that the index knows, and no reusable workflow. Set "attestations: false" under "pypi" in slipway.yaml to publish without.',
  },
  {
    when: (_status, words) => /previously used by a file that has since been deleted/i.test(words),
    code: 'version-published',
    hint: () => 'The index never takes a deleted file name again: release the next version.',
  },
  {
    when: (_status, words) => /already exists/i.test(words),
    code: 'version-published',
    hint: ({ version }) => `Other bytes were published as ${version} before, or these bytes under another name. That cannot be changed: release the next version.`,
  },
  {
    when: (_status, words) => /older than 14 days/i.test(words),
    code: 'request-refused',
    hint: ({ version }) => `The release ${version} is closed for new files: release the next version.`,
  },
  {
    when: (_status, words) => /only one sdist/i.test(words),
    code: 'request-refused',
    hint: ({ version }) => `Another sdist of ${version} is there already: release the next version.`,
  },
  {
    when: (status, words) => status === 413 || /too large/i.test(words),
    code: 'request-refused',
    hint: ({ project, host }) => `Make the file smaller, or ask ${host} for a higher limit for ${project}.`,
  },
  {
    when: (status) => status === 404 || status === 405 || (status >= 300 && status < 400),
    code: 'request-refused',
    hint: () => 'Look at the upload address under "pypi" in slipway.yaml: it ends with /legacy/, slash included.',
  },
]

/** The refusal that an answer with a status from 300 to 499 (429 apart) amounts to. `words` are the server's. */
export function refusalOf({ status }: HttpAnswer, words: string, what: Attempted): Refused {
  const reading = READINGS.find(({ when }) => when(status, words))
  return new Refused({
    code: reading?.code ?? 'request-refused',
    message: `${what.host} refused ${what.file} (${status}): ${words}`,
    hint: reading?.hint(what) ?? 'Mend what the index names, in the metadata or in the account, and run the release again.',
  })
}
