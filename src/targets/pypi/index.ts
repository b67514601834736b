// The target "pypi": builds a Python package, proves that it installs, uploads it and verifies what users get.
import { defineTarget, draftId, type PrepareContext, type PublishContext, type SecretNeed, type StepDraft } from '../../model/target.ts'
import type { Fact } from '../../model/plan.ts'
import { followedSteps, lookForWorkflow, reliedWorkflow, runnable, workflowDispatch, workflowNeeds, workflowRun, type Via } from '../workflow/index.ts'
import { toPep440 } from '../../version/pep440.ts'
import { GITHUB_ISSUER, type Policy } from '../signing/policy.ts'
import { lookForRepository } from '../signing/repository.ts'
import { builtFiles, foreseen, type BuiltFile } from './artifact.ts'
import { pypiAttest, pypiAttestLog, toLog, toSign } from './attest.ts'
import { lookForAllowance } from './allowance.ts'
import { pypiArrival } from './arrival.ts'
import { pypiBuild } from './build.ts'
import { pypiCheck } from './check.ts'
import { downloads } from './downloads.ts'
import { identitySecrets, MISSING_PUBLISHER } from './exchange.ts'
import type { FetchInput } from './fetch.ts'
import { fileTo, type Destination } from './file.ts'
import { pypiInstall } from './install.ts'
import { fileStem, isWheel } from './name.ts'
import { pypiNeeds } from './needs.ts'
import { base, settings, USUAL_PYTHONS, type Settings } from './settings.ts'
import { pypiTrialInstall } from './trial-install.ts'
import { pypiTrial } from './trial.ts'
import { pypiUpload } from './upload.ts'
import { pypiVerify } from './verify.ts'
import { lookForVersion, unpublished } from './version-fact.ts'

const ALLOWED = 'pypi.allowed'
const SOURCE = 'pypi.repository'

/** Releases to PyPI. */
export const pypiTarget = defineTarget({
  name: 'pypi',
  summary: 'Builds a Python package, tries it in fresh environments, uploads it to PyPI and verifies it by installing it from there.',
  settings,
  kinds: [pypiBuild, pypiCheck, pypiInstall, pypiTrial, pypiTrialInstall, pypiAttest, pypiAttestLog, pypiUpload, workflowDispatch, workflowRun, pypiArrival, pypiVerify],
  facts: { 'pypi.version': lookForVersion, [ALLOWED]: lookForAllowance, [SOURCE]: lookForRepository, 'workflow.state': lookForWorkflow },
  expects: (context, set) => [
    ...[set.index, ...(set.trial ? [set.trialIndex] : [])].map((index) => unpublished(base(index), set.package, toPep440(context.release.to))),
    ...(set.via === undefined ? [] : [runnable(set.via)]),
  ],
  observes: ({ remote }, set) => set.via === undefined && mayAttest(set) ? [...(set.auth === 'auto' ? [{ ask: ALLOWED, about: { index: base(set.index), token: set.token } }] : []), { ask: SOURCE, about: { remote } }] : [],
  prepare,
  publish,
  foresees: ({ release }, set) => [`${fileStem(set.package)}-${toPep440(release.to)}-*.whl`, `${fileStem(set.package)}-${toPep440(release.to)}.tar.gz`].map(foreseen),
  needs: (_context, set) => [...pypiNeeds(set), ...(set.via === undefined ? [] : workflowNeeds(set.via))],
  relies: ({ via }) => via === undefined ? [] : [reliedWorkflow(via, ['via'])],
  signals: (context, set) => [downloads(set.package, base(set.index), context)],
  secrets,
})

function secrets(set: Settings): readonly SecretNeed[] {
  const [asked, given] = identitySecrets(base(set.index))
  const followed = set.via === undefined ? [] : [{ name: set.via.token, for: `GitHub (${set.via.repository}): the runs of ${set.via.workflow}` }]
  // A workflow has its own right to upload.
  if (set.via !== undefined && !set.trial) return followed
  if (set.auth === 'trusted') return [...followed, { name: asked, for: `uploading ${set.package} as a trusted publisher, by the identity of the job`, or: [given], hint: MISSING_PUBLISHER }]
  const either = (index: string) => set.auth === 'auto' ? { or: identitySecrets(base(index)) } : {}
  return [
    ...(set.via === undefined ? [{ name: set.token, for: `uploading ${set.package} to ${new URL(set.upload).host}`, ...either(set.index) }] : followed),
    ...(set.trial ? [{ name: set.trialToken, for: `the trial upload of ${set.package} to ${new URL(set.trialUpload).host}`, ...either(set.trialIndex) }] : []),
  ]
}

function prepare({ commit, date, release }: PrepareContext, set: Settings): readonly StepDraft[] {
  const version = toPep440(release.to)
  const artifacts = { $from: pypiBuild.kind, at: '/artifacts' }
  return [
    {
      phase: 'make',
      kind: pypiBuild.kind,
      title: `Build ${set.package} ${version}`,
      input: { tree: commit.tree, package: set.package, version, epoch: Math.floor(Date.parse(date) / 1000), isolated: set.isolated },
      yields: ['artifacts', 'evidence'],
    },
    { phase: 'test', kind: pypiCheck.kind, title: 'Check the packages with twine', input: { artifacts }, yields: ['evidence'] },
    ...(set.pythons ?? USUAL_PYTHONS).map((python): StepDraft => ({
      phase: 'test',
      kind: pypiInstall.kind,
      of: python,
      title: `Install the wheel on Python ${python}`,
      input: { artifacts, package: set.package, version, python, smoke: set.smoke, index: base(set.index), claimed: set.pythons !== undefined },
      yields: ['evidence', 'environment'],
    })),
  ]
}

function publish(context: PublishContext, set: Settings): readonly StepDraft[] {
  const { artifacts, release, seen } = context
  // The wheel goes first: the index takes the metadata of a release from its first file, for ever.
  const files = builtFiles(artifacts).toSorted((one, other) => Number(isWheel(other.name)) - Number(isWheel(one.name)))
  if (files.length === 0) return []
  const named = { project: set.package, version: toPep440(release.to) }
  const listed = files.map(({ name, sha256 }) => ({ name, sha256 }))
  const fetched = { ...named, files: listed, pythons: [...(set.pythons ?? USUAL_PYTHONS)], smoke: set.smoke }
  const trial = { upload: set.trialUpload, index: base(set.trialIndex), auth: set.auth, token: set.trialToken }
  const final = { upload: set.upload, index: base(set.index), auth: set.auth, token: set.token }
  const tried = uploads(files, { phase: 'trial', kind: pypiTrial.kind, to: trial, named })
  const trialInstall = { phase: 'trial', kind: pypiTrialInstall.kind, needs: tried.map(draftId) } as const
  const attested = set.via === undefined ? attesters(seen, set) : undefined
  return [
    ...(attested === undefined ? [] : files.flatMap((file) => attest(file, attested))),
    ...(set.trial ? [...tried, fetching(trialInstall, { ...fetched, index: trial.index, dependencies: final.index })] : []),
    ...(set.via === undefined
      ? [
          ...uploads(files, { phase: 'publish', kind: pypiUpload.kind, to: final, named, attested: attested !== undefined }),
          fetching({ phase: 'verify', kind: pypiVerify.kind }, { ...fetched, index: final.index, ...(attested === undefined ? {} : { attested }) }),
        ]
      : delegated(set.via, context, { ...fetched, index: final.index })),
  ]
}

/** Published by a workflow, which may build by itself: what is verified is what has arrived. */
function delegated(via: Via, context: PublishContext, fetched: FetchInput): readonly StepDraft[] {
  const { steps, after } = followedSteps(via, context)
  const { index, project, version, files } = fetched
  const host = new URL(index).host
  const arrival: StepDraft = {
    ...after,
    kind: pypiArrival.kind,
    title: `See that ${project} ${version} has arrived on ${host}`,
    input: { index, project, version, files: [...files], workflow: via.workflow },
    yields: ['evidence'],
  }
  const verify = fetching({ phase: 'verify', kind: pypiVerify.kind, ...(after.phase === 'verify' ? { needs: [draftId(arrival)] } : {}) }, fetched)
  return [...steps, arrival, { ...verify, input: { ...fetched, files: { $from: draftId(arrival), at: '/files' }, builtBy: via.workflow } }]
}

interface Uploading extends Pick<StepDraft, 'phase' | 'kind'> {
  readonly to: Destination
  readonly named: { readonly project: string; readonly version: string }
  /** True where an attestation of each file was made before. */
  readonly attested?: boolean
}

function mayAttest({ auth, attestations }: Settings): boolean {
  return attestations && auth !== 'token'
}

/** Who attests the files, undefined where nobody does: an index takes attestations from trusted publishers only. */
function attesters(seen: readonly Fact[], set: Settings): Policy | undefined {
  const saw = (question: string) => seen.find(({ ask }) => ask === question)?.saw
  if (!mayAttest(set) || (set.auth === 'auto' && saw(ALLOWED) !== 'identity')) return undefined
  const repository = saw(SOURCE)
  if (typeof repository !== 'string') return { issuer: GITHUB_ISSUER }
  return { issuer: new URL(repository).host === 'gitlab.com' ? 'https://gitlab.com' : GITHUB_ISSUER, repository }
}

function attest(file: BuiltFile, policy: Policy): readonly StepDraft[] {
  const sign: StepDraft = { phase: 'sign', kind: pypiAttest.kind, of: file.name, title: `Sign the attestation of ${file.name}`, input: toSign(file, policy) }
  return [sign, { phase: 'sign', kind: pypiAttestLog.kind, of: file.name, title: `Enter the attestation of ${file.name} in the public log`, input: toLog(file, policy), needs: [draftId(sign)] }]
}

/** One step for each file; all wait for the first, so that two of them never create the release at once. */
function uploads(files: readonly BuiltFile[], { to, named, attested = false, ...draft }: Uploading): readonly StepDraft[] {
  const host = new URL(to.index).host
  const steps = files.map((file): StepDraft => {
    const input = fileTo(to, file, named)
    const whole = { ...draft, of: file.name, title: `Upload ${file.name} to ${host}` }
    if (!attested) return { ...whole, input }
    return { ...whole, input: { ...input, attestation: { $from: draftId({ kind: pypiAttestLog.kind, of: file.name }), at: '/sha256' } }, back: pypiUpload.describe(input).undo }
  })
  return steps.map((step, at) => (at === 0 || steps[0] === undefined ? step : { ...step, needs: [draftId(steps[0])] }))
}

function fetching(draft: Pick<StepDraft, 'phase' | 'kind' | 'needs'>, input: FetchInput): StepDraft {
  return { ...draft, title: `Install ${input.project} ${input.version} from ${new URL(input.index).host}`, input, yields: ['evidence'] }
}
