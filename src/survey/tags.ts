// The released versions: tags of the configured pattern, by precedence and reachability, never by date.
import type { Look } from '../model/world.ts'
import { compareSemVer, taggedVersion, type SemVer } from '../version/index.ts'
import { gitText, lines } from './git.ts'
import { firstReachable } from './reachable.ts'

/** The tags that carry versions. */
export interface Released {
  /** The highest version reachable from the commit; undefined when there is none. */
  readonly last: { readonly version: string; readonly tag: string } | undefined
  /** Every version of all, on any branch, highest first. */
  readonly versions: readonly SemVer[]
}

/**
 * Finds the last release before a commit. Costs one reading of the refs and a few looks at the history since the tags at hand: neither
 * the length of the history nor the number of tags counts.
 */
export async function surveyTags(look: Look, { pattern, commit }: { pattern: string; commit: string }): Promise<Released> {
  const [before = ''] = pattern.split('{version}')
  const refs = lines(await gitText(look, ['for-each-ref', '--format=%(refname)', `refs/tags/${before}*`]))
  const versions = refs
    .map((ref) => ref.slice('refs/tags/'.length))
    .flatMap((tag) => {
      const carried = taggedVersion(tag, pattern)
      return carried === undefined ? [] : [{ tag, ...carried }]
    })
    .toSorted((a, b) => compareSemVer(b.parsed, a.parsed))
  const [highest] = versions
  if (highest === undefined) return { last: undefined, versions: [] }
  const onTop = (await look.git(['merge-base', '--is-ancestor', `refs/tags/${highest.tag}`, commit])).code === 0
  const tag = onTop ? highest.tag : await firstReachable(look, versions.map((each) => each.tag), commit)
  const last = versions.find((each) => each.tag === tag)
  return { last: last && { tag: last.tag, version: last.version }, versions: versions.map(({ parsed }) => parsed) }
}
