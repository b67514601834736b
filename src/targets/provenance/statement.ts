// Pure: SLSA provenance in an in-toto statement, without a clock, so that the same facts give the same bytes.
import { canonicalJson, type JsonObject } from '../../model/json.ts'
import { serverOf, type Claims } from '../signing/claims.ts'
import { STATEMENT_TYPE } from '../signing/envelope.ts'
import type { Stated } from './shape.ts'

/** The type of what it says: https://slsa.dev/spec/v1.2/build-provenance */
export const PREDICATE_TYPE = 'https://slsa.dev/provenance/v1'

/** How the parameters of a build are to be read; the README of this folder says it. */
export const BUILD_TYPE = 'urn:slipway:build:v1'

/** Who builds where no identity tells it: Slipway, on a machine of which nobody knows anything. */
export const LOCAL_BUILDER = 'urn:slipway:builder:local'

/** The statement as canonical JSON. Claims of an identity token tell who built it and in which run. */
export function statementText({ subject, sha256, repository, commit, ref, version }: Stated, claims: Claims = {}): string {
  const source: JsonObject = {
    ...(repository === null ? {} : { uri: `git+${repository}@${ref}` }),
    digest: { gitCommit: commit },
  }
  const run = runOf(claims)
  return canonicalJson({
    _type: STATEMENT_TYPE,
    subject: [{ name: subject, digest: { sha256: sha256.slice('sha256:'.length) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: { ...(repository === null ? {} : { repository }), ref, version },
        resolvedDependencies: [source],
      },
      runDetails: {
        builder: { id: claims.job_workflow_ref === undefined ? LOCAL_BUILDER : `${serverOf(claims)}/${claims.job_workflow_ref}` },
        ...(run === undefined ? {} : { metadata: { invocationId: run } }),
      },
    },
  })
}

/** The page of the attempt of the workflow run that the claims tell of. */
function runOf(claims: Claims): string | undefined {
  const { repository, run_id: run, run_attempt: attempt } = claims
  if (repository === undefined || run === undefined) return undefined
  return `${serverOf(claims)}/${repository}/actions/runs/${run}${attempt === undefined ? '' : `/attempts/${attempt}`}`
}
