// provenance.timestamp: an authority attests when the provenance of one artifact was signed.
import { z } from 'zod'
import { defineKind } from '../../model/kind.ts'
import { livingSignature, signAnew } from '../signing/log.ts'
import { askTimestamp, keptTimestamp, SIGSTORE_TIMESTAMPS, timestamp, type Stamping } from '../signing/timestamp.ts'
import { recipeOf } from './recipe.ts'
import { groundSignings, signing } from './shape.ts'

const input = signing.extend({ timestamps: z.url() })

type Input = z.infer<typeof input>
type Output = z.infer<typeof timestamp>

/** Has the signature that `provenance.sign` has kept timestamped, as `askTimestamp` does. */
export const provenanceTimestamp = defineKind<Input, Output>({
  kind: 'provenance.timestamp',
  input,
  output: timestamp,
  reversal: { is: 'none' },
  examples: (ground) => groundSignings(ground).map((one) => ({ ...one, timestamps: SIGSTORE_TIMESTAMPS })),
  describe: ({ name, timestamps }) => ({
    apply: `Have ${new URL(timestamps).host} attest when the provenance of ${name} was signed, and verify what it says. It sees a hash of the signature.`,
    undo: 'Nothing to take back: nobody else has seen the timestamp.',
    byHand: [
      'openssl ts -query -data signature.bin -sha256 -no_nonce -out query.tsq',
      `curl -H "Content-Type: application/timestamp-query" --data-binary @query.tsq -o timestamp.tsr ${timestamps}`,
    ],
  }),
  async probe(look, wanted) {
    const recipe = stamping(wanted)
    const kept = await livingSignature(look, recipe)
    const found = kept === undefined ? undefined : await keptTimestamp(look, recipe, kept)
    return found === undefined ? { state: 'absent' } : { state: 'present', output: { timestamp: found } }
  },
  async apply(world, wanted) {
    const recipe = stamping(wanted)
    const kept = await livingSignature(world, recipe) ?? await signAnew(world, recipe)
    return { timestamp: await askTimestamp(world, recipe, kept) }
  },
})

function stamping(wanted: Input): Stamping {
  return { ...recipeOf(wanted), timestamps: wanted.timestamps }
}
