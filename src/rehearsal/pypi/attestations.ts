// What an index does with attestations: verifies them against the publisher, keeps them, and serves them (warehouse:warehouse/attestations/services.py).
import { jsonReply, type Call, type Reply } from '../service.ts'
import { ISSUER } from '../sigstore/tokens.ts'
import { trustedRoot } from '../sigstore/trust.ts'
import { refusal } from './html.ts'
import type { Site } from './site.ts'
import { findProject, findRelease, type IndexFile, type Provenance, type Publisher } from './state.ts'

const TYPES = ['https://docs.pypi.org/attestations/publish/v1', 'https://slsa.dev/provenance/v1']

interface Attestation {
  readonly version: 1
  readonly verification_material: { readonly certificate: string; readonly transparency_entries: readonly unknown[] }
  readonly envelope: { readonly statement: string; readonly signature: string }
}

interface Statement {
  readonly predicateType: string
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
}

/** What the index keeps of the attestations that came with a file, or why it refuses them. */
export async function provenanceOf(site: Site, text: string, { file, publisher }: { readonly file: IndexFile; readonly publisher: Publisher | undefined }): Promise<Provenance | { readonly problem: string }> {
  if (publisher === undefined || site.sigstore === undefined) return { problem: 'Attestations are only supported when using Trusted Publishing' }
  const attestations = read(text)
  if (attestations === undefined) return { problem: 'Malformed attestations: 1 validation error for list[Attestation]' }
  if (attestations.length === 0) return { problem: 'Malformed attestations: an empty attestation set is not permitted' }
  if (attestations.length > TYPES.length) return { problem: `A maximum of ${TYPES.length} attestations per file are supported` }
  const root = await trustedRoot(site.sigstore)
  const seen = new Set<string>()
  for (const attestation of attestations) {
    const { wrong, type } = await verified(attestation, { file, publisher, root })
    if (wrong !== undefined) return { problem: `Could not verify the uploaded artifact using the included attestation: ${wrong}` }
    if (!TYPES.includes(type)) return { problem: `Attestation with unsupported predicate type: ${type}` }
    if (seen.has(type)) return { problem: `Multiple attestations for the same file with the same predicate type (${type}) are not supported` }
    seen.add(type)
  }
  const { repository, workflow, environment = null } = publisher
  return { version: 1, attestation_bundles: [{ publisher: { kind: 'GitHub', claims: null, repository, workflow, environment }, attestations }] }
}

/** Where the index serves what it keeps of a file. */
export function provenanceAddress({ host }: Pick<Site, 'host'>, project: string, { version, filename }: Pick<IndexFile, 'version' | 'filename'>): string {
  return `https://${host}/integrity/${project}/${version}/${filename}/provenance`
}

/** Answers `/integrity/NAME/VERSION/FILE/provenance`. */
export function integrity(site: Site, { url: { pathname }, headers }: Call): Reply {
  const [, , name = '', version = '', filename = ''] = pathname.split('/').map(decodeURIComponent)
  if (!/(?:^|,)\s*(?:application\/(?:vnd\.pypi\.integrity\.v1\+json|json|\*)|\*\/\*)/.test(headers['accept'] ?? '*/*')) return jsonReply(406, { message: 'Request not acceptable' })
  const project = findProject(site.state, name)
  const file = project === undefined ? undefined : findRelease(project, version)?.files.find((one) => one.filename === filename)
  if (file === undefined) return refusal(404, 'Not Found')
  if (file.provenance === undefined) return jsonReply(404, { message: `No provenance available for ${filename}` })
  return jsonReply(200, file.provenance, { 'content-type': 'application/vnd.pypi.integrity.v1+json' })
}

function read(text: string): readonly Attestation[] | undefined {
  try {
    const list = JSON.parse(text) as readonly Attestation[]
    const whole = Array.isArray(list) && list.every(({ version, verification_material: material, envelope }: Attestation) =>
      Number(version) === 1 && typeof material.certificate === 'string' && material.transparency_entries.length > 0 && typeof envelope.statement === 'string' && typeof envelope.signature === 'string')
    return whole ? list : undefined
  } catch {
    return undefined
  }
}

interface Against {
  readonly file: IndexFile
  readonly publisher: Publisher
  readonly root: unknown
}

/** Verifies as `pypi_attestations` does: certificate, log and signature, then the publisher, then the one subject. */
async function verified({ verification_material: material, envelope }: Attestation, { file, publisher, root }: Against): Promise<{ readonly wrong: string | undefined; readonly type: string }> {
  // CommonJS: bundled, they have a default export alone.
  const [{ default: { bundleFromJSON } }, { default: { toSignedEntity, toTrustMaterial, Verifier } }, { default: { TrustedRoot } }] = await Promise.all([
    import('@sigstore/bundle'), import('@sigstore/verify'), import('@sigstore/protobuf-specs'),
  ])
  try {
    const bundle = bundleFromJSON({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { certificate: { rawBytes: material.certificate }, tlogEntries: material.transparency_entries },
      dsseEnvelope: { payload: envelope.statement, payloadType: 'application/vnd.in-toto+json', signatures: [{ sig: envelope.signature }] },
    })
    const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(root)), { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 1 })
    const { identity } = verifier.verify(toSignedEntity(bundle))
    const { predicateType: type, subject } = JSON.parse(Buffer.from(envelope.statement, 'base64').toString()) as Statement
    const name = identity?.subjectAlternativeName ?? ''
    const ours = `https://github.com/${publisher.repository}/.github/workflows/${publisher.workflow}@`
    if (identity?.extensions?.issuer !== ISSUER || !name.toLowerCase().startsWith(ours.toLowerCase())) {
      return { type, wrong: `Certificate's Build Config URI (${name}) does not match expected Trusted Publisher (${publisher.workflow} @ ${publisher.repository})` }
    }
    const [only, ...more] = subject
    if (only === undefined || more.length > 0) return { type, wrong: 'too many subjects in statement (must be exactly one)' }
    if (only.name !== file.filename) return { type, wrong: `subject does not match distribution name: ${only.name} != ${file.filename}` }
    if (only.digest.sha256 !== file.sha256) return { type, wrong: 'subject does not match distribution digest' }
    return { type, wrong: undefined }
  } catch (error) {
    return { type: '', wrong: error instanceof Error ? error.message : String(error) }
  }
}
