// What makes a release public: its tag, its date, the mark of the latest, and whether it can change afterwards.
import { resolveObject, tryGit } from '../git/bare.ts'
import { readRules } from '../git/rules.ts'
import { readCommit } from './objects.ts'
import { readRef } from './refs.ts'
import { invalid } from './refusal.ts'
import type { Flaw } from './refusal.ts'
import type { GithubState, Release } from './state.ts'

const NO_TAG: Flaw = { resource: 'Release', code: 'custom', message: 'Published releases must have a valid tag' }

/**
 * Publishes a release: makes a lightweight tag at its target where there is none yet, marks it as the latest if it asks
 * for that, and closes it for good where releases are immutable. Throws 422 before anything is changed.
 */
export async function publish(state: GithubState, release: Release): Promise<void> {
  const ref = `refs/tags/${release.tag}`
  const flaws: Flaw[] = []
  if (state.releases.some((other) => other !== release && !other.draft && other.tag === release.tag)) {
    flaws.push({ resource: 'Release', code: 'already_exists', field: 'tag_name' })
  }
  const tagged = (await readRef(state.bare, ref)) !== undefined
  if (readRules(state.bare).burnt.includes(ref)) {
    const broken = 'pre_receive Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n'
    if (!tagged) flaws.push({ resource: 'Release', code: 'custom', field: 'pre_receive', message: broken })
    flaws.push({ resource: 'Release', code: 'custom', field: 'tag_name', message: 'tag_name was used by an immutable release' })
    if (!tagged) flaws.push(NO_TAG)
  }
  const target = tagged ? undefined : await resolveTarget(state, release.target)
  if (!tagged && target === undefined) flaws.push({ resource: 'Release', code: 'invalid', field: 'target_commitish' })
  if (flaws.length > 0) throw invalid(...flaws)
  if (target !== undefined && (await tryGit(state.bare, ['update-ref', ref, target, '0'.repeat(40)])).code !== 0) {
    throw invalid({ resource: 'Release', code: 'invalid', field: 'tag_name' }, NO_TAG)
  }
  release.draft = false
  release.publishedAt = state.now()
  release.createdAt = await releaseDate(state, release)
  if (state.immutable) {
    release.immutable = true
    state.lockTag(release.tag)
  }
  markLatest(state, release)
}

/** The commit that a release's target stands for: a branch or a whole hash. */
export async function resolveTarget(state: GithubState, target: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(target)) return resolveObject(state.bare, target, 'commit')
  return resolveObject(state.bare, `refs/heads/${target.replace(/^refs\/heads\//, '')}`, 'commit')
}

/** The date of the commit that a release is about, now when there is none yet. */
export async function releaseDate(state: GithubState, release: Pick<Release, 'tag' | 'target'>): Promise<Date> {
  const commit = (await resolveObject(state.bare, `refs/tags/${release.tag}`, 'commit')) ?? (await resolveTarget(state, release.target))
  return commit === undefined ? state.now() : new Date((await readCommit(state.bare, commit)).committer.date)
}

/** Lets a published release take the mark of the latest, or give it up, as its `makeLatest` says. */
export function markLatest(state: GithubState, release: Release): void {
  const eligible = !release.draft && !release.prerelease
  const current = latestRelease(state)
  const wins = release.makeLatest === 'true' || (release.makeLatest === 'legacy' && (current === undefined || newer(release, current) < 0))
  if (eligible && wins) state.latest = release.id
  else if (state.latest === release.id && (!eligible || release.makeLatest === 'false')) state.latest = undefined
}

/**
 * The latest release: the marked one, else the newest full release by the date of its commit. One that was asked not to
 * be the latest is so only when there is no other.
 */
export function latestRelease(state: GithubState): Release | undefined {
  const full = state.releases.filter((release) => !release.draft && !release.prerelease)
  const marked = full.find((release) => release.id === state.latest)
  if (marked !== undefined) return marked
  const willing = full.filter((release) => release.makeLatest !== 'false')
  return (willing.length > 0 ? willing : full).toSorted(newer)[0]
}

/** Sorts the newer release first: by the date of its commit, then by its version. */
export function newer(left: Release, right: Release): number {
  const byDate = right.createdAt.getTime() - left.createdAt.getTime()
  if (byDate !== 0) return byDate
  return new Intl.Collator('en', { numeric: true }).compare(right.tag, left.tag) || right.id - left.id
}
