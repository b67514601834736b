// What signed provenance needs: an identity to sign with.
import { met, unmet, untested, type Need } from '../../model/need.ts'
import { identityHere, MISSING_IDENTITY, SIGNING } from '../signing/identity.ts'
import type { Settings } from './settings.ts'

/** The needs of the provenance target. */
export function provenanceNeeds({ sign }: Settings): readonly Need[] {
  if (sign === 'never') return []
  return [{
    of: 'forward',
    title: 'sign provenance with an identity',
    async look(world) {
      const identity = identityHere(world, SIGNING)
      if (identity === 'github-actions') return met('the identity of this GitHub Actions job')
      if (identity === 'token') return untested('there is an identity token, and only signing shows whether it still lives')
      if (sign === 'required') return unmet({ code: 'identity-missing', message: 'There is no identity to sign with, and slipway.yaml says "sign: required".', hint: MISSING_IDENTITY })
      return met('there is none here, so provenance is written unsigned ("sign: when-possible")')
    },
  }]
}
