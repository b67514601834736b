// Pure: the github target's share of the publish plan: the draft with its files, what GitHub keeps beside it, and the look at the end.
import type { Json } from '../../model/json.ts'
import { draftId, type MadeFile, type PublishContext, type StepDraft } from '../../model/target.ts'
import { BUNDLE } from './attestation.ts'
import { SARIF } from './sarif.ts'
import { accessOf, type GitHubSettings } from './settings.ts'
import type { Access } from './shape.ts'
import { fillTitle, published } from './words.ts'

/** A file of the release. What an earlier step makes has its digest and size in that step's output. */
interface File {
  readonly name: string
  readonly mediaType: string
  readonly sha256: Json
  readonly size: Json
  /** For what a step makes: what it says something about. */
  readonly about?: readonly string[]
}

interface Made {
  readonly file: File
  readonly makes: MadeFile
  /** The step that makes it. */
  readonly step: string
}

/** The steps, in the order of their work. */
export function publishSteps(context: PublishContext, settings: GitHubSettings): readonly StepDraft[] {
  const at = accessOf(settings)
  const { tag, prerelease, release: { name, to: version } } = context
  const made = context.earlier.flatMap(madeBy)
  const built = published(context.artifacts).map(({ name, mediaType, sha256, size }): File => ({ name, mediaType, sha256, size }))
  const files = [...built, ...made.filter(({ file }) => file.mediaType !== SARIF).map(({ file }) => file)]
  const release = { $from: 'github.draft', at: '/id' }
  const uploadUrl = { $from: 'github.draft', at: '/uploadUrl' }
  const title = fillTitle(settings.title, { name, version, tag })
  const latest = !prerelease && (settings.latest === 'always' || (settings.latest === 'auto' && context.newest)) ? 'true' : 'false'
  return [
    { phase: 'draft', kind: 'github.draft', title: `Draft the GitHub release ${tag}`, input: { ...at, tag, commit: context.commit.commit, title, notes: context.notes, prerelease } },
    ...files.map(({ name, mediaType, size, sha256, about }): StepDraft => (
      { phase: 'draft', kind: 'github.asset', of: name, title: `Upload ${name} to the GitHub release`, input: { ...at, release, uploadUrl, name, mediaType, size, sha256, ...(about === undefined ? {} : { about }) }, back: `Delete ${name} from the draft.`, needs: ['github.draft'] })),
    ...(settings.attestations ? made.flatMap((each) => attestation(at, each)) : []),
    ...made.flatMap((each) => sarif(at, each, context)),
    { phase: 'reveal', kind: 'github.release', title: `Publish the GitHub release ${tag}`, input: { ...at, release, tag, latest, prerelease }, back: 'Set the release back to a draft; where releases are immutable, delete it.', needs: ['github.draft'] },
    { phase: 'verify', kind: 'github.verify', title: `Verify the files of the GitHub release ${tag}`, input: { ...at, tag, files: files.map(verified) }, yields: ['evidence'] },
  ]
}

/** What the asset's step found or made of a file that is signed anew each time is what must be served. */
function verified({ name, sha256, size, about }: File): Json {
  return about === undefined ? { name, sha256, size } : { name, sha256: { $from: `github.asset:${name}`, at: '/sha256' } }
}

function madeBy(draft: StepDraft): readonly Made[] {
  const { makes } = draft
  if (makes === undefined) return []
  const step = draftId(draft)
  const { name, mediaType, describes } = makes
  return [{ makes, step, file: { name, mediaType, sha256: { $from: step, at: '/sha256' }, size: { $from: step, at: '/size' }, ...(describes.length === 0 ? {} : { about: describes }) } }]
}

/** GitHub finds every subject in the statement by itself; looking for it under one of them is enough. */
function attestation(at: Access, { file: { name, mediaType, sha256, size }, makes: { describes }, step }: Made): readonly StepDraft[] {
  const [subject] = describes
  if (mediaType !== BUNDLE || subject === undefined) return []
  return [{ phase: 'draft', kind: 'github.attestation', of: name, title: `Give ${name} to GitHub's attestations`, input: { ...at, subject, name, bundle: { sha256, size } }, needs: [step] }]
}

function sarif(at: Access, { file: { name, mediaType, sha256, size }, step }: Made, { commit, mainBranch, release }: PublishContext): readonly StepDraft[] {
  if (mediaType !== SARIF) return []
  // The version is no part of what is scanned: the next release's findings take the place of these.
  const category = `slipway/${name.replace(`-${release.to}`, '').replace(/\.sarif(?:\.json)?$/, '')}`
  return [{ phase: 'draft', kind: 'github.sarif', of: name, title: `Give the findings in ${name} to GitHub's code scanning`, input: { ...at, commit: commit.commit, ref: `refs/heads/${mainBranch}`, category, name, sarif: { sha256, size } }, needs: [step] }]
}
