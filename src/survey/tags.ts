// The released versions: tags of the configured pattern, by precedence and reachability, never by date.
import type { Look } from '../model/world.ts'
import { compareSemVer, taggedVersion, type SemVer } from '../version/index.ts'
import { gitText, lines } from './git.ts'
import { firstReachable } from './reachable.ts'

/** A released version, its tag, and the day of that tag in UTC. */
export interface DatedTag {
  readonly version: string
  readonly parsed: SemVer
  readonly tag: string
  /** `YYYY-MM-DD` */
  readonly day: string
}

/** Every released version on any branch with the day of its release, highest first. A light tag has the day of its commit. */
export async function surveyDates(look: Look, pattern: string): Promise<readonly DatedTag[]> {
  const [before = ''] = pattern.split('{version}')
  const refs = lines(await gitText(look, ['for-each-ref', '--format=%(creatordate:unix) %(refname)', `refs/tags/${before}*`]))
  return refs.flatMap((ref): DatedTag[] => {
    const [seconds = '', name = ''] = ref.split(' ')
    const tag = name.slice('refs/tags/'.length)
    const carried = taggedVersion(tag, pattern)
    // A tag on something other than a commit may have no date.
    return carried === undefined || seconds === '' ? [] : [{ tag, ...carried, day: new Date(Number(seconds) * 1000).toISOString().slice(0, 10) }]
  }).toSorted((a, b) => compareSemVer(b.parsed, a.parsed))
}

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
