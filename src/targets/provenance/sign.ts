// provenance.sign: signs the provenance of one artifact with a key that lives no longer than the attempt.
import { z } from 'zod'
import { defineKind } from '../../model/kind.ts'
import { secretsOf } from '../signing/identity.ts'
import { livingSignature } from '../signing/log.ts'
import { makeSignature, signature } from '../signing/signature.ts'
import { recipeOf } from './recipe.ts'
import { groundSignings, signing, type Signing } from './shape.ts'

const input = signing.extend({
  /** The secrets that the identity is made from. */
  secrets: z.array(z.strictObject({ $secret: z.string() })),
})
const output = signature.pick({ envelope: true, certificate: true, identity: true })

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/** Signs. Throws Refused `identity-missing`, `token-refused`, `request-refused` or `signature-invalid`, with nothing done. */
export const provenanceSign = defineKind<Input, Output>({
  kind: 'provenance.sign',
  input,
  output,
  reversal: { is: 'none', leaves: 'the certificate, which the authority has entered in a public log and which is good for ten minutes' },
  examples: (ground) => groundSignings(ground).map((one) => ({ ...one, secrets: secretsOf(one.identity) })),
  describe: (wanted) => ({
    apply: `Sign the provenance of ${wanted.name} (${wanted.sha256.slice(0, 19)}) with a certificate of ${new URL(wanted.fulcio).host} for ${whose(wanted)}.`,
    undo: 'Nothing to take back: the key is gone already.',
    byHand: [`cosign attest-blob ${wanted.name} --type slsaprovenance1 --predicate provenance.json --bundle ${wanted.name}.sigstore.json`],
  }),
  async probe(look, { secrets: _, ...wanted }) {
    const kept = await livingSignature(look, recipeOf(wanted))
    return kept === undefined ? { state: 'absent' } : { state: 'present', output: outputOf(kept) }
  },
  apply: async (world, { secrets: _, ...wanted }) => outputOf(await makeSignature(world, recipeOf(wanted))),
})

function outputOf({ envelope, certificate, identity }: Output): Output {
  return { envelope, certificate, identity }
}

function whose({ identity }: Signing): string {
  return { 'github-actions': 'this job of GitHub Actions', token: 'the owner of SIGSTORE_ID_TOKEN', none: 'an identity that is not there yet' }[identity]
}
