// The target "provenance": says of every artifact where it comes from, signed where there is an identity to sign with.
import { defineTarget, type PublishContext, type ReleaseContext, type StepDraft } from '../../model/target.ts'
import type { Artifact } from '../../model/plan.ts'
import { BUNDLE_MEDIA } from '../signing/bundle.ts'
import { givenToken, identity, identityHere, MISSING_IDENTITY, REQUEST_TOKEN, secretsOf, SIGNING, type Identity } from '../signing/identity.ts'
import { provenanceLog } from './log.ts'
import { provenanceNeeds } from './needs.ts'
import { GITHUB_ISSUER, type Policy } from '../signing/policy.ts'
import { lookForRepository } from '../signing/repository.ts'
import { settings, timestampsOf, type Settings } from './settings.ts'
import { fileNames, type Signing, type Stated } from './shape.ts'
import { provenanceSign } from './sign.ts'
import { STATEMENT_MEDIA } from '../signing/envelope.ts'
import { provenanceTimestamp } from './timestamp.ts'
import { provenanceVerify } from './verify.ts'
import { provenanceStatement } from './write.ts'

export { verifyBundle, type Proved, type Wanted } from './read.ts'
export type { Policy } from '../signing/policy.ts'

const IDENTITY = 'provenance.identity'
const REPOSITORY = 'provenance.repository'

/** Writes provenance, signs it keyless with Sigstore, and verifies it. */
export const provenanceTarget = defineTarget<Settings>({
  name: 'provenance',
  summary: 'Writes SLSA provenance for every artifact, signs it with the identity of the job through Sigstore, and verifies it.',
  settings,
  kinds: [provenanceStatement, provenanceSign, provenanceTimestamp, provenanceLog, provenanceVerify],
  facts: { [IDENTITY]: async (look) => identityHere(look, SIGNING), [REPOSITORY]: lookForRepository },
  expects: () => [],
  observes: ({ remote }, { sign }) => [...(sign === 'never' ? [] : [{ ask: IDENTITY, about: {} }]), { ask: REPOSITORY, about: { remote } }],
  prepare: () => [],
  publish,
  needs: (_context, set) => provenanceNeeds(set),
  secrets: ({ sign }) => (sign === 'required' ? [{ name: REQUEST_TOKEN, for: 'signing provenance with the identity of the GitHub Actions job (permission id-token: write)', or: [givenToken(SIGNING)], hint: MISSING_IDENTITY }] : []),
})

function publish(context: PublishContext, set: Settings): readonly StepDraft[] {
  const who = identityIn(context)
  const subjects = context.artifacts.filter(isSubject).map((artifact) => statedOf(artifact, context, set))
  if (set.sign === 'never' || (set.sign === 'when-possible' && who === 'none')) return subjects.map(unsigned)
  const policy = policyOf(context, set)
  const timestamps = timestampsOf(set)
  const steps = subjects.flatMap((one) => signed({ ...one, identity: who, fulcio: set.fulcio, rekor: set.rekor, ...(timestamps === undefined ? {} : { timestamps }), policy }))
  // Alike steps stand together, which reads better; the order of work follows from what each needs.
  return provenanceTarget.kinds.flatMap(({ kind }) => steps.filter((step) => step.kind === kind))
}

/** What provenance is written for: the Python packages, an image's index and its image for each platform. */
function isSubject({ by, internal, about }: Artifact): boolean {
  return by === 'pypi' ? internal !== true : by === 'image' && (about['role'] === 'index' || about['role'] === 'manifest')
}

function statedOf({ name, sha256, about }: Artifact, context: PublishContext, set: Settings): Stated {
  const image = about['image']
  return { name, subject: typeof image === 'string' ? image : name, sha256, repository: repositoryIn(context, set) ?? null, commit: context.commit.commit, ref: refOf(context), version: context.release.to }
}

/** A repository that only the remote tells counts for jobs of GitHub, whose certificates name theirs: without it any job of anybody would do. */
function policyOf(context: PublishContext, set: Settings): Policy {
  const repository = set.repository !== undefined || identityIn(context) === 'github-actions' || set.issuer === GITHUB_ISSUER ? repositoryIn(context, set) : undefined
  return {
    issuer: set.issuer,
    ...(set.identity === undefined ? {} : { identity: set.identity }),
    ...(repository === undefined ? {} : { repository }),
    ref: refOf(context),
  }
}

function unsigned(one: Stated): StepDraft {
  return {
    phase: 'sign',
    kind: provenanceStatement.kind,
    of: one.name,
    title: `Write the provenance of ${one.name}, unsigned`,
    input: one,
    makes: { name: fileNames.statement(one.name), mediaType: STATEMENT_MEDIA, describes: [one.sha256] },
  }
}

function signed(one: Signing): readonly StepDraft[] {
  const { name, sha256, policy, timestamps } = one
  const bundle = `${provenanceLog.kind}:${name}`
  return [
    { phase: 'sign', kind: provenanceSign.kind, of: name, title: `Sign the provenance of ${name}`, input: { ...one, secrets: secretsOf(one.identity) } },
    ...(timestamps === undefined ? [] : [{ phase: 'sign' as const, kind: provenanceTimestamp.kind, of: name, title: `Have the signed provenance of ${name} timestamped`, input: { ...one, timestamps }, needs: [`${provenanceSign.kind}:${name}`] }]),
    {
      phase: 'sign',
      kind: provenanceLog.kind,
      of: name,
      title: `Enter the signed provenance of ${name} in the public log`,
      input: one,
      needs: [`${(timestamps === undefined ? provenanceSign : provenanceTimestamp).kind}:${name}`],
      makes: { name: fileNames.bundle(name), mediaType: BUNDLE_MEDIA, describes: [sha256] },
    },
    { phase: 'verify', kind: provenanceVerify.kind, of: name, title: `Verify the provenance of ${name}`, input: { name, sha256, policy, ...(timestamps === undefined ? {} : { timestamped: true }), bundle: { $from: bundle, at: '/sha256' } }, yields: ['evidence'] },
  ]
}

function identityIn({ seen }: PublishContext): Identity {
  return identity.safeParse(seen.find(({ ask }) => ask === IDENTITY)?.saw).data ?? 'none'
}

function repositoryIn({ seen }: PublishContext, set: Settings): string | undefined {
  const told = seen.find(({ ask }) => ask === REPOSITORY)?.saw
  const remote = typeof told === 'string' ? told : undefined
  if (set.repository === undefined) return remote
  return remote !== undefined && new URL(remote).pathname.toLowerCase() === `/${set.repository.toLowerCase()}` ? remote : `https://github.com/${set.repository}`
}

function refOf({ tag }: ReleaseContext): string {
  return `refs/tags/${tag}`
}
