// The shapes that the kinds of this target share: what provenance is about, and how it is signed.
import { z } from 'zod'
import type { Ground } from '../../model/kind.ts'
import { digest } from '../checks/digest.ts'
import { identity } from '../signing/identity.ts'
import { GITHUB_ISSUER, policy } from '../signing/policy.ts'
import { SIGSTORE_TIMESTAMPS } from '../signing/timestamp.ts'

/** One artifact and where it comes from: all that is said of it before anybody signs. */
export const stated = z.object({
  /** The file name of the artifact. */
  name: z.string().min(1),
  /** What the statement calls it: the file, or the image. */
  subject: z.string().min(1),
  sha256: digest,
  /** The web address of the source repository, null where the remote tells none. */
  repository: z.url().nullable(),
  commit: z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/),
  /** The full name of the release's tag. */
  ref: z.string().startsWith('refs/tags/'),
  version: z.string(),
})

/** One artifact and where it comes from. */
export type Stated = z.infer<typeof stated>

/** All that decides a signature, save chance. */
export const signing = stated.extend({
  identity,
  fulcio: z.url(),
  rekor: z.url(),
  /** Where timestamps are asked for; without one where it is left out. */
  timestamps: z.url().exactOptional(),
  policy,
})

/** All that decides a signature, save chance. */
export type Signing = z.infer<typeof signing>

/** The file names of the statement and of the bundle about an artifact. */
export const fileNames = {
  statement: (artifact: string): string => `${artifact}.intoto.json`,
  bundle: (artifact: string): string => `${artifact}.sigstore.json`,
}

/** The examples of the kinds: every artifact of the ground, signed by its job. */
export function groundSignings({ artifacts, repository, release, tag, version }: Ground): readonly Signing[] {
  const source = `https://github.com/${repository.owner}/${repository.name}`
  return artifacts.filter(({ internal }) => internal !== true).map(({ name, sha256 }) => ({
    name, subject: name, sha256, repository: source, commit: release.commit, ref: `refs/tags/${tag}`, version,
    identity: 'github-actions', fulcio: 'https://fulcio.sigstore.dev', rekor: 'https://rekor.sigstore.dev', timestamps: SIGSTORE_TIMESTAMPS,
    policy: { issuer: GITHUB_ISSUER, repository: source, ref: `refs/tags/${tag}` },
  }))
}
