// How the provenance of one artifact is signed.
import type { Recipe } from '../signing/signature.ts'
import type { Signing } from './shape.ts'
import { statementText } from './statement.ts'

/** The recipe of a signature on provenance. */
export function recipeOf(signing: Signing): Recipe {
  const { name, sha256, identity, fulcio, rekor, timestamps, policy } = signing
  return {
    by: 'provenance', what: `provenance of ${name}`, all: signing, sha256, identity, fulcio, rekor, policy,
    ...(timestamps === undefined ? {} : { timestamps }),
    remedy: 'Release from the workflow that slipway.yaml names, or correct "issuer", "identity" and "repository" under "provenance" there.',
    statement: (claims) => statementText(signing, claims),
  }
}
