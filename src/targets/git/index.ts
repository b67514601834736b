// The git target: the release commit, its branch, its tag, and the questions about refs of the remote.
import { z } from 'zod'
import { canonicalJson, type Json } from '../../model/json.ts'
import type { Exception } from '../../model/exception.ts'
import type { Fact } from '../../model/plan.ts'
import { defineTarget, type PublishContext, type ReleaseContext } from '../../model/target.ts'
import { gitAdvance } from './advance.ts'
import { gitBranch } from './branch.ts'
import { gitCommit } from './commit.ts'
import { gitNeeds } from './needs.ts'
import { tagId } from './objects.ts'
import { remoteRef } from './remote.ts'
import { gitSettings, type GitSettings } from './settings.ts'
import { exceptionShape, nameShape, remoteShape, tokenShape } from './shape.ts'
import { gitTag } from './tag.ts'
import { reaching } from './trouble.ts'

export { readLease, releaseLease, takeLease, otherRelease, LEASE_REF, type Holder, type Releasing, type Taking } from './lease.ts'
export { LEASE_FORMAT, type Lease, type LeaseRecord } from './lease-record.ts'
export { readJournalRef, unreadableJournalRef, writeJournalRef } from './journal-ref.ts'
export { commitId, tagId } from './objects.ts'
export { bringCommit } from './remote.ts'
export type { GitSettings } from './settings.ts'
export { reaching } from './trouble.ts'

const refQuestion = z.strictObject({ remote: remoteShape, ref: nameShape, token: z.exactOptional(tokenShape) })

/** Releases as commits and tags; always part of a release. */
export const git = defineTarget<GitSettings>({
  name: 'git',
  summary: 'Commits the new version, pushes the release branch and the annotated tag, and keeps releases of one repository apart.',
  settings: gitSettings,
  kinds: [gitCommit, gitBranch, gitTag, gitAdvance],
  facts: {
    /** The commit that a ref of the remote leads to, or null. */
    'git.ref': async (look, about) => {
      const { ref, ...at } = refQuestion.parse(about)
      return (await reaching(at.remote, () => remoteRef(look, at, ref)))?.commit ?? null
    },
  },
  expects: (context, settings) => [
    {
      ask: 'git.ref',
      about: { ...access(context, settings), ref: `refs/tags/${context.tag}` },
      saw: null,
      otherwise: (seen) => ({
        code: 'tag-exists',
        message: `The tag ${context.tag} exists on ${context.remote} already, on the commit ${text(seen)}.`,
        hint: `If it is from a release made with Slipway, \`slipway status\` tells where that stands and \`slipway rollback ${context.release.to}\` takes it back; if somebody else made it, choose another version.`,
      }),
    },
    {
      ask: 'git.ref',
      about: { ...access(context, settings), ref: `refs/heads/${context.releaseBranch}` },
      saw: null,
      otherwise: (seen) => ({
        code: 'branch-exists',
        message: `The branch ${context.releaseBranch} exists on ${context.remote} already, on the commit ${text(seen)}.`,
        hint: `If nobody needs it, delete it with \`git push ${context.remote} :refs/heads/${context.releaseBranch}\`; if a release of ${context.release.to} is under way, \`slipway status\` tells where it stands.`,
      }),
    },
  ],
  prepare(context, settings) {
    const { commit, tree, parent, message, author, date, files } = context.commit
    const at = access(context, settings)
    return [
      { phase: 'commit', kind: 'git.commit', title: `Commit the version ${context.release.to}`, input: { ...at, commit, tree, parent, message, author, date, files } },
      { phase: 'propose', kind: 'git.branch', title: `Push the branch ${context.releaseBranch}`, input: { ...at, branch: context.releaseBranch, commit } },
      ...(settings.merge === 'push'
        ? [{ phase: 'merge', kind: 'git.advance', title: `Move ${context.mainBranch} to the release`, input: { ...at, branch: context.mainBranch, base: parent, commit, tree } } as const]
        : []),
    ]
  },
  publish(context, settings) {
    const { commit } = context.commit
    const parts = { tag: context.tag, commit, message: tagMessage(context), tagger: context.author, date: context.date }
    return [{ phase: 'mark', kind: 'git.tag', title: `Tag the release ${context.tag}`, input: { ...access(context, settings), object: tagId(parts), ...parts } }]
  },
  // The token is lent only where it has a value: most remotes are opened by git's own credentials.
  secrets: () => [],
  needs: gitNeeds,
})

/** The tag's message, with what was observed for the plan and what it goes past: it must be known for as long as the release can be taken back. */
function tagMessage({ release, seen, exceptions = [] }: PublishContext): string {
  const told = [{ name: SEEN_TRAILER, list: seen }, { name: EXCEPTIONS_TRAILER, list: exceptions }].filter(({ list }) => list.length > 0)
  const trailers = told.map(({ name, list }) => `${name}: ${canonicalJson(list as unknown as Json)}\n`)
  return `Release ${release.name} ${release.to}\n${trailers.length === 0 ? '' : `\n${trailers.join('')}`}`
}

const SEEN_TRAILER = 'Slipway-Seen'
const EXCEPTIONS_TRAILER = 'Slipway-Exceptions'

/** What the message of a release's tag says that the release went past; undefined when it says nothing, or nothing that can be read. */
export function exceptionsIn(message: string): readonly Exception[] | undefined {
  return trailerIn(message, EXCEPTIONS_TRAILER, z.array(exceptionShape))
}

/** What the message of a release's tag says was observed for its plan; undefined when it says nothing, or nothing that can be read. */
export function seenIn(message: string): readonly Fact[] | undefined {
  return trailerIn(message, SEEN_TRAILER, z.array(z.object({ ask: z.string(), about: z.record(z.string(), z.json()), saw: z.json() })))
}

function trailerIn<T>(message: string, name: string, shape: z.ZodType<T>): T | undefined {
  const text = new RegExp(`^${name}: (.*)$`, 'm').exec(message)?.[1]
  try {
    return text === undefined ? undefined : shape.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function access(context: ReleaseContext, settings: GitSettings): { readonly remote: string; readonly token: { readonly $secret: string } } {
  return { remote: context.remote, token: { $secret: settings.token } }
}

function text(seen: Json): string {
  return typeof seen === 'string' ? seen : JSON.stringify(seen)
}
