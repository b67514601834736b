// pypi.attest and pypi.attest-log: that this release publishes a file, signed by the identity of the job and entered in the public log.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { defineKind, type Ground } from '../../model/kind.ts'
import type { World } from '../../model/world.ts'
import { digest } from '../checks/digest.ts'
import { identityHere, secretsOf, SIGNING } from '../signing/identity.ts'
import { livingSignature, logged, logSignature, storedBundle, type Logged } from '../signing/log.ts'
import { GITHUB_ISSUER, policy, type Policy } from '../signing/policy.ts'
import { makeSignature, signature, type Recipe } from '../signing/signature.ts'
import { groundFiles } from './artifact.ts'
import { attestationText, publishStatement } from './attestation.ts'
import { MISSING_PUBLISHER } from './exchange.ts'

const attesting = z.strictObject({
  /** The file name. */
  name: z.string().min(1),
  sha256: digest,
  fulcio: z.url(),
  rekor: z.url(),
  policy,
})
const input = attesting.extend({
  /** What the identity of a job of GitHub Actions is asked for with. */
  secrets: z.array(z.strictObject({ $secret: z.string() })),
})
const signed = signature.pick({ certificate: true, identity: true })

type Attesting = z.infer<typeof attesting>
type Input = z.infer<typeof input>
type Signed = z.infer<typeof signed>

/** The input of `pypi.attest-log` for a file. The public good instances of Sigstore are the only ones that PyPI believes. */
export function toLog({ name, sha256 }: Pick<Attesting, 'name' | 'sha256'>, who: Policy): Attesting {
  return { name, sha256, policy: who, fulcio: 'https://fulcio.sigstore.dev', rekor: 'https://rekor.sigstore.dev' }
}

/** The input of `pypi.attest` for a file. */
export function toSign(file: Pick<Attesting, 'name' | 'sha256'>, who: Policy): Input {
  return { ...toLog(file, who), secrets: secretsOf('github-actions') }
}

/** Signs the attestation of one file. Throws Refused `secret-missing`, `token-refused`, `request-refused` or `signature-invalid`, with nothing done. */
export const pypiAttest = defineKind<Input, Signed>({
  kind: 'pypi.attest',
  input,
  output: signed,
  reversal: { is: 'none', leaves: 'the certificate, which the authority has entered in a public log and which is good for ten minutes' },
  examples: (ground) => examplesOf(ground, toSign),
  describe: ({ name, fulcio }) => ({
    apply: `Sign that this release publishes ${name}, with a certificate of ${new URL(fulcio).host} for this job.`,
    undo: 'Nothing to take back: the key is gone already.',
    byHand: [`python3 -m pypi_attestations sign dist/${name}`],
  }),
  async probe(look, wanted) {
    const kept = await livingSignature(look, recipeOf(look, wanted))
    return kept === undefined ? { state: 'absent' } : { state: 'present', output: outputOf(kept) }
  },
  async apply(world, wanted) {
    const recipe = recipeOf(world, wanted)
    refuseWithoutIdentity(recipe)
    return outputOf(await makeSignature(world, recipe))
  },
})

/** Enters the signature that `pypi.attest` has kept in the public log, and writes the attestation for the upload. */
export const pypiAttestLog = defineKind<Attesting, Logged>({
  kind: 'pypi.attest-log',
  input: attesting,
  output: logged,
  reversal: { is: 'none', leaves: 'the entry in the public log, which stays for ever' },
  examples: (ground) => examplesOf(ground, toLog),
  describe: ({ name, rekor }) => ({
    apply: `Enter the attestation of ${name} in the log of ${new URL(rekor).host}.`,
    undo: 'Nothing to take back: an entry in the log stays for ever.',
    byHand: [`python3 -m pypi_attestations sign dist/${name}`],
  }),
  async probe(look, wanted) {
    const made = await storedBundle(look, recipeOf(look, wanted))
    return made === undefined ? { state: 'absent' } : { state: 'present', output: made }
  },
  apply: (world, wanted) => logSignature(world, recipeOf(world, wanted), attestationText),
})

function recipeOf(look: Pick<World, 'hasSecret'>, { name, sha256, fulcio, rekor, policy: who }: Attesting): Recipe {
  return {
    by: 'pypi.attest', what: `attestation of ${name}`, all: { name, sha256, fulcio, rekor, policy: who }, sha256, fulcio, rekor, policy: who,
    identity: identityHere(look, SIGNING),
    remedy: 'Release from a workflow of the repository that the git remote names, or set "attestations: false" under "pypi" in slipway.yaml.',
    statement: () => publishStatement({ name, sha256 }),
  }
}

function refuseWithoutIdentity({ identity, what }: Recipe): void {
  if (identity === 'none') throw new Refused({ code: 'secret-missing', message: `There is no identity here to sign the ${what} with.`, hint: MISSING_PUBLISHER })
}

function outputOf({ certificate, identity }: Signed): Signed {
  return { certificate, identity }
}

function examplesOf<In>(ground: Ground, made: (file: Pick<Attesting, 'name' | 'sha256'>, who: Policy) => In): In[] {
  const { repository: { owner, name } } = ground
  return groundFiles(ground).files.map((file) => made(file, { issuer: GITHUB_ISSUER, repository: `https://github.com/${owner}/${name}` }))
}
