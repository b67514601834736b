// provenance.log: enters a signature in the public log, once, and keeps the bundle that proves both.
import { defineKind } from '../../model/kind.ts'
import { logged, logSignature, storedBundle, type Logged } from '../signing/log.ts'
import { recipeOf } from './recipe.ts'
import { fileNames, groundSignings, signing, type Signing } from './shape.ts'

/** Enters the signature that `provenance.sign` has kept, as `logSignature` does. */
export const provenanceLog = defineKind<Signing, Logged>({
  kind: 'provenance.log',
  input: signing,
  output: logged,
  reversal: { is: 'none', leaves: 'the entry in the public log, which stays for ever' },
  examples: (ground) => [...groundSignings(ground)],
  describe: ({ name, rekor, timestamps }) => ({
    apply: `Enter the signed provenance of ${name} in the log of ${new URL(rekor).host}, and write ${fileNames.bundle(name)}.`,
    undo: 'Nothing to take back: an entry in the log stays for ever.',
    byHand: [`cosign attest-blob ${name} --type slsaprovenance1 --predicate provenance.json --bundle ${fileNames.bundle(name)}${timestamps === undefined ? '' : ` --timestamp-server-url ${timestamps}`}`],
  }),
  async probe(look, wanted) {
    const made = await storedBundle(look, recipeOf(wanted))
    return made === undefined ? { state: 'absent' } : { state: 'present', output: made }
  },
  apply: (world, wanted) => logSignature(world, recipeOf(wanted)),
})
