// The fact `pypi.version`: which files of a version an index lists already.
import { z } from 'zod'
import { SlipwayError } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { Expectation } from '../../model/target.ts'
import type { Look } from '../../model/world.ts'
import { versionIn } from './name.ts'
import { readListing } from './simple.ts'

const question = z.object({ index: z.string(), project: z.string(), version: z.string() })

/** Null when the index lists no file of the version, else their names. Throws SlipwayError `remote-unreachable`. */
export async function lookForVersion(look: Look, about: JsonObject): Promise<Json> {
  const { index, project, version } = question.parse(about)
  const listing = await readListing(look, index, project)
  if ('unreadable' in listing) {
    throw new SlipwayError({
      code: 'remote-unreachable',
      message: `It cannot be seen whether ${project} ${version} is published already: ${listing.unreadable}.`,
      hint: 'Try again in a moment; the release has not begun.',
    })
  }
  const names = listing.files.map(({ name }) => name).filter((name) => versionIn(name, project) === version)
  return names.length === 0 ? null : names
}

/** That nothing of the version is published yet. */
export function unpublished(index: string, project: string, version: string): Expectation {
  return {
    ask: 'pypi.version',
    about: { index, project, version },
    saw: null,
    otherwise: (seen) => ({
      code: 'version-published',
      message: `${project} ${version} is on ${new URL(index).host} already: ${Array.isArray(seen) ? seen.join(', ') : 'with files'}.`,
      hint: 'A published version cannot be changed: choose a higher version.',
    }),
  }
}
