// The released versions: tags of the configured pattern, by precedence and reachability, never by date.
import type { Look } from '../model/world.ts'
import { compareSemVer, tryParse } from '../version/index.ts'
import { gitText, lines } from './git.ts'

/** The tags that carry versions. */
export interface Released {
  /** The highest version reachable from the commit; undefined when there is none. */
  readonly last: { readonly version: string; readonly tag: string } | undefined
  /** The highest version of all, on any branch. */
  readonly highest: string | undefined
}

/**
 * Finds the last release before a commit. Costs one reading of the refs and, for each version above the one found, one look at
 * the history since that tag: not the length of the history.
 */
export async function surveyTags(look: Look, { pattern, commit }: { pattern: string; commit: string }): Promise<Released> {
  const [before = '', after = ''] = pattern.split('{version}')
  const refs = lines(await gitText(look, ['for-each-ref', '--format=%(refname)', `refs/tags/${before}*`]))
  const versions = refs
    .map((ref) => ref.slice('refs/tags/'.length))
    .filter((tag) => tag.startsWith(before) && tag.endsWith(after))
    .flatMap((tag) => {
      const version = tag.slice(before.length, tag.length - after.length)
      const parsed = tryParse(version)
      return parsed === undefined ? [] : [{ tag, version, parsed }]
    })
    .toSorted((a, b) => compareSemVer(b.parsed, a.parsed))
  for (const { tag, version } of versions) {
    if ((await look.git(['merge-base', '--is-ancestor', `refs/tags/${tag}`, commit])).code === 0) {
      return { last: { tag, version }, highest: versions[0]?.version }
    }
  }
  return { last: undefined, highest: versions[0]?.version }
}
