// The kind github.attestation: gives a signed statement to GitHub, where `gh attestation verify` finds it by the digest of what it is about.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import { canonicalJson, parseJson, type Json } from '../../model/json.ts'
import { defineKind } from '../../model/kind.ts'
import type { Look } from '../../model/world.ts'
import { digest } from '../checks/digest.ts'
import { storedText } from '../checks/stored.ts'
import { github } from './client.ts'
import { accessShape, idShape, storedShape } from './shape.ts'
import { TOKEN, wordOf } from './words.ts'

/** The media type of a Sigstore bundle: https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto */
export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json'

const input = z.strictObject({
  ...accessShape,
  /** What the statement is about. */
  subject: digest,
  /** The file name of the bundle. */
  name: z.string().min(1),
  bundle: storedShape,
})

const output = z.strictObject({ subject: digest, bundle: digest })

type AttestationInput = z.infer<typeof input>

const INSTEAD = 'In a workflow it is the permission `attestations: write`. Attestations of a private repository need an Enterprise plan; without it set `github.attestations: false` in slipway.yaml.'

/** A signed bundle among the attestations of the repository, compared by what was signed and by the signature. */
export const githubAttestation = defineKind<AttestationInput, z.infer<typeof output>>({
  kind: 'github.attestation',
  input,
  output,
  // Should the list be behind, a second copy of the same statement would be the price.
  settlesWithin: 5000,
  reversal: { is: 'none', leaves: 'the attestation: it says how these bytes were built, which stays true' },
  examples: ({ repository, artifacts }) => {
    const file = artifacts.find(({ mediaType }) => mediaType === BUNDLE) ?? artifacts[0]
    if (file === undefined) return []
    const about = digest.safeParse(file.about['describes'])
    return [{
      repository: `${repository.owner}/${repository.name}`, api: 'https://api.github.com', token: TOKEN,
      subject: about.success ? about.data : file.sha256, name: file.name, bundle: { sha256: file.sha256, size: file.size },
    }]
  },
  describe: ({ repository, subject, name }) => ({
    apply: `Give ${name} to GitHub's attestations of ${repository}, for ${subject.slice(0, 19)}.`,
    undo: 'Nothing to take back: it says how these bytes were built, which stays true.',
    byHand: [`jq '{bundle: .}' ${wordOf(name)} | gh api --method POST repos/${repository}/attestations --input -`],
  }),
  async probe(look, wanted) {
    const ours = signedIn(await readBundle(look, wanted))
    const pages = await github(look, wanted).pages('GET /repos/{owner}/{repo}/attestations/{subject_digest}', { subject_digest: wanted.subject }, { right: 'Attestations: read', instead: INSTEAD, shape: attestationsAnswer })
    const kept = pages.flatMap(({ attestations }) => attestations)
    if (kept.some(({ bundle }) => signedIn(bundle) === ours)) return { state: 'present', output: outputOf(wanted) }
    return kept.some(({ bundle }) => bundle === undefined || bundle === null)
      ? { state: 'unknown', why: `GitHub lists attestations of ${wanted.subject} without showing them`, blind: true }
      : { state: 'absent' }
  },
  async apply(world, wanted) {
    const bundle = await readBundle(world, wanted)
    await github(world, wanted).write('POST /repos/{owner}/{repo}/attestations', { bundle }, {
      to: `keep the attestation ${wanted.name}`, right: 'Attestations: write', instead: INSTEAD, shape: z.object({ id: idShape }),
    })
    return outputOf(wanted)
  },
})

/** Attestations: https://docs.github.com/rest/repos/attestations#list-attestations */
const attestationsAnswer = z.object({ attestations: z.array(z.object({ bundle: z.unknown().optional() })) })

const signedShape = z.object({
  dsseEnvelope: z.object({ payload: z.string(), payloadType: z.string(), signatures: z.array(z.object({ sig: z.string() })).min(1) }),
})

/** What was signed, and the signatures, as one text; undefined for what is no signed statement. All else in a bundle GitHub may write anew. */
function signedIn(bundle: unknown): string | undefined {
  const read = signedShape.safeParse(bundle)
  return read.success ? canonicalJson(read.data.dsseEnvelope) : undefined
}

async function readBundle(look: Look, { name, bundle }: AttestationInput): Promise<Json> {
  const read = parseJson(await storedText(look, bundle.sha256))
  if (signedIn(read) !== undefined) return read as Json
  throw new Refused({
    code: 'signature-invalid',
    message: `${name} is no signed statement that GitHub could keep as an attestation.`,
    hint: 'Sign again with a new plan, or set `github.attestations: false` in slipway.yaml.',
  })
}

function outputOf({ subject, bundle }: AttestationInput): z.infer<typeof output> {
  return { subject, bundle: bundle.sha256 }
}
