// provenance.verify: the bundle about one artifact is verified as a stranger would do it.
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind } from '../../model/kind.ts'
import type { Digest } from '../../model/plan.ts'
import type { Look } from '../../model/world.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { digest } from '../checks/digest.ts'
import { madeBundle } from '../signing/log.ts'
import { policy, type Policy } from '../signing/policy.ts'
import { verifyBundle } from './read.ts'
import { fileNames, groundSignings, signing } from './shape.ts'
import { keptSignature } from '../signing/signature.ts'
import { recipeOf } from './recipe.ts'

const input = z.strictObject({
  /** The file name of the artifact. */
  name: z.string().min(1),
  sha256: digest,
  policy,
  /** True where a trusted authority must have attested the time. */
  timestamped: z.boolean().exactOptional(),
  /** The stored bundle, or the recipe by which it was signed, where this place knows which bundle came of it. */
  bundle: z.union([digest, signing]),
})
const output = z.strictObject({ evidence: z.array(evidenceLine) })

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/** Verifies. Throws Refused `signature-invalid`, which names the part that does not hold. */
export const provenanceVerify = defineKind<Input, Output>({
  kind: 'provenance.verify',
  input,
  output,
  reversal: { is: 'none' },
  examples: (ground) => groundSignings(ground).map((one) => ({ name: one.name, sha256: one.sha256, policy: one.policy, timestamped: one.timestamps !== undefined, bundle: one })),
  describe: (wanted) => ({
    apply: `Verify the signature on the provenance of ${wanted.name}: ${inWords(wanted.policy)}${wanted.timestamped === true ? ', with a timestamp' : ''}.`,
    undo: 'Nothing to take back: it only reads.',
    byHand: [byHand(wanted)],
  }),
  probe: (look, wanted) => probeEvidence(look, evidenceKey('provenance.verify', wanted), output),
  async apply(world, wanted) {
    const { name, sha256 } = wanted
    const text = await textOf(world, await bundleOf(world, wanted))
    const { signer } = await verifyBundle(text, { name, digest: sha256, policy: wanted.policy, timestamped: wanted.timestamped === true, trustedRoot: await world.trustedRoot() })
    const title = `provenance of ${name}`
    const result = { evidence: [{ title, passed: true, detail: `signed by ${signer.identity ?? ''}, ${wanted.timestamped === true ? 'timestamped, ' : ''}and in the public log` }] }
    await recordEvidence(world, { key: evidenceKey('provenance.verify', wanted), title, passed: true, output: result })
    return result
  },
})

async function bundleOf(look: Look, { name, bundle }: Input): Promise<Digest> {
  if (typeof bundle === 'string') return bundle
  const recipe = recipeOf(bundle)
  const kept = await keptSignature(look, recipe)
  const made = kept === undefined ? undefined : await madeBundle(look, recipe, kept)
  if (made !== undefined) return made.sha256
  throw new Refused({ code: 'artifact-missing', message: `There is no signed provenance of ${name} here.`, hint: 'Sign it and enter it in the log first.' })
}

async function textOf(look: Look, sha256: Digest): Promise<string> {
  return (await buffer((await look.artifacts.body(sha256)).open())).toString('utf8')
}

function inWords({ issuer, identity, repository, ref }: Policy): string {
  return [
    `issued by ${issuer}`,
    ...(identity === undefined ? [] : [`for ${identity}`]),
    ...(repository === undefined ? [] : [`from ${repository}`]),
    ...(ref === undefined ? [] : [`about ${ref}`]),
  ].join(', ')
}

function byHand({ name, policy: { issuer, identity, repository }, timestamped }: Input): string {
  const who = identity?.endsWith('*') === false ? `--certificate-identity ${identity}` : `--certificate-identity-regexp '^${escaped(identity?.slice(0, -1) ?? `${repository ?? 'https:/'}/`)}'`
  return `cosign verify-blob-attestation ${name} --bundle ${fileNames.bundle(name)} --type slsaprovenance1 --certificate-oidc-issuer ${issuer} ${who}${timestamped === true ? ' --use-signed-timestamps' : ''}`
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
