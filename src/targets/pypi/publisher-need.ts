// Whether the index takes this job for a trusted publisher: the exchange itself, without an upload.
import { met, untested, type Finding } from '../../model/need.ts'
import type { World } from '../../model/world.ts'
import { identityFor, withUploadToken } from './exchange.ts'
import { pendingPage, publishingPage } from './exchange-trouble.ts'
import { simplePage } from './simple.ts'

/** Which project, where, and whether the index lists files of it. */
export interface Asked {
  readonly index: string
  readonly project: string
  readonly isThere: boolean
}

/**
 * Exchanges the job's identity for an upload token, which is then dropped. Not for a project that is not there: the exchange of a pending
 * publisher makes it, and doctor changes nothing. Throws Refused as the exchange does.
 */
export async function lookAtPublisher(world: World, { index, project, isThere }: Asked): Promise<Finding> {
  const { host } = new URL(index)
  const isNew = !isThere && (await world.http({ method: 'GET', url: simplePage(index, project), headers: { accept: 'application/vnd.pypi.simple.v1+json' } })).status === 404
  if (isNew) {
    return untested(
      `${project} is not on ${host} yet: the first release makes it through a pending publisher, which nobody can try without making the project`,
      `Register it at ${pendingPage({ index })} with the project name ${project}, the repository, the workflow file and its environment. It keeps no name free: whoever comes first has it.`,
    )
  }
  if (identityFor(world, index) === 'none') {
    return untested(`only the job that releases can show its identity to ${host}`, `See that the job is registered at ${publishingPage({ index, project })}, and run \`slipway doctor\` in it.`)
  }
  return withUploadToken(world, { index, project }, async () => met(`${host} takes this job for a trusted publisher and gave it an upload token; that it is for ${project}, and not for another project only, an upload shows`))
}
