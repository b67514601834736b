// The github target: the pull request with its review and merge, and the release with its assets.
import { z } from 'zod'
import { SlipwayError } from '../../model/error.ts'
import { defineTarget, type ReleaseContext, type StepDraft } from '../../model/target.ts'
import { githubAsset } from './asset.ts'
import { githubAttestation } from './attestation.ts'
import { githubDraft } from './draft.ts'
import { githubMerge, githubMerged } from './merge.ts'
import { githubNeeds } from './needs/index.ts'
import { publishSteps } from './publish.ts'
import { githubPull } from './pull.ts'
import { githubRelease } from './release.ts'
import { listReleases } from './releases.ts'
import { githubReview } from './review.ts'
import { githubReviewers } from './reviewers.ts'
import { githubSarif } from './sarif.ts'
import { accessOf, githubSettings, type GitHubSettings } from './settings.ts'
import { alertSignals } from './signals/alerts.ts'
import { assetSignal } from './signals/assets.ts'
import { issueSignal } from './signals/issues.ts'
import { accessShape, type Access } from './shape.ts'
import { githubVerify } from './verify.ts'
import { fillTitle } from './words.ts'

const releaseQuestion = z.strictObject({ ...accessShape, tag: z.string() })

export { publishedText } from './published-file.ts'
export { isRateLimit } from './trouble.ts'
export { findMilestone, issuesLabelled, openMilestone } from './milestone.ts'
export { accessOf, type GitHubSettings } from './settings.ts'
export { COMMENT_LIMIT, commentPlaceIn, keepComment, type CommentPlace, type KeptComment } from './comment.ts'

/** Releases on GitHub, proposed and reviewed as a pull request. */
export const github = defineTarget<GitHubSettings>({
  name: 'github',
  summary: 'Opens the pull request, waits for review and merge, and publishes the release with its assets.',
  settings: githubSettings,
  kinds: [githubPull, githubReviewers, githubReview, githubMerge, githubMerged, githubDraft, githubAsset, githubAttestation, githubSarif, githubRelease, githubVerify],
  facts: {
    /** The address of the release or draft of a tag, or null. */
    'github.release': async (look, about) => {
      const { tag, ...at } = releaseQuestion.parse(about)
      const releases = await listReleases(look, at).catch((error: unknown) => { throw error instanceof SlipwayError ? error : unreachable(at, error) })
      return releases.find((release) => release.tag_name === tag)?.html_url ?? null
    },
  },
  expects: (context, settings) => [{
    ask: 'github.release',
    about: { ...accessOf(settings), tag: context.tag },
    saw: null,
    otherwise: (seen) => ({
      code: 'release-exists',
      message: `A release or draft of ${context.tag} exists in ${settings.repository} already: ${typeof seen === 'string' ? seen : JSON.stringify(seen)}.`,
      hint: `If Slipway made it, \`slipway status\` tells where that release stands and \`slipway rollback ${context.release.to}\` takes it back; otherwise delete it on GitHub or choose another version.`,
    }),
  }],
  prepare(context, settings) {
    const at = accessOf(settings)
    const { version, name, title } = words(context, settings)
    const { commit, message } = context.commit
    const pull = { $from: 'github.pull', at: '/number' }
    const reviewers = settings.reviewers
    const steps: StepDraft[] = [{
      phase: 'propose',
      kind: 'github.pull',
      title: `Open the pull request of ${name} ${version}`,
      input: { ...at, head: context.releaseBranch, base: context.mainBranch, commit, version, title, notes: context.notes, evidence: { $all: 'evidence' }, artifacts: { $all: 'artifacts' } },
      back: 'Close the pull request.',
      needs: ['git.branch'],
    }]
    if (reviewers.length > 0) steps.push({ phase: 'propose', kind: 'github.reviewers', title: `Ask ${reviewers.join(', ')} for a review`, input: { ...at, pull, reviewers }, needs: ['github.pull'] })
    if (settings.approvals > 0) steps.push({ phase: 'review', kind: 'github.review', title: 'Wait for the review', input: { ...at, pull, commit, approvals: settings.approvals, reviewers } })
    if (settings.merge === 'person') {
      steps.push({ phase: 'merge', kind: 'github.merged', title: 'Wait for a person to merge', input: { ...at, pull, commit } })
    } else {
      const subject = settings.merge === 'squash' ? message.split('\n', 1)[0] ?? title : title
      steps.push({ phase: 'merge', kind: 'github.merge', title: 'Merge the pull request', input: { ...at, pull, commit, method: settings.merge, title: subject } })
    }
    return steps
  },
  publish: publishSteps,
  secrets: (settings) => [{ name: settings.token, for: `GitHub (${settings.repository}): contents and pull requests, read and write` }],
  needs: githubNeeds,
  signals: (context, settings) => [issueSignal(accessOf(settings), context), assetSignal(accessOf(settings), context), ...alertSignals(accessOf(settings), context)],
})

function words(context: ReleaseContext, settings: GitHubSettings): { readonly name: string; readonly version: string; readonly title: string } {
  const { name, to: version } = context.release
  return { name, version, title: fillTitle(settings.title, { name, version, tag: context.tag }) }
}

function unreachable(at: Access, error: unknown): SlipwayError {
  return new SlipwayError({
    code: 'remote-unreachable',
    message: `GitHub gives no answer about the releases of ${at.repository}.`,
    hint: 'Check the connection and run the same command again.',
    detail: error instanceof Error ? error.message : String(error),
  })
}
