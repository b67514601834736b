// Which version comes next, and why.
import { SlipwayError } from '../model/error.ts'
import { assertGreater, compareSemVer, decideBump, nextVersion, type Bump, type Prerelease } from '../version/index.ts'
import type { Commit } from '../survey/history.ts'
import type { ChangelogSection } from '../changelog/index.ts'

/** What a person asked for: a sort of step, or a version itself. */
export interface VersionRequest {
  /** `auto` decides from commits and changelog. */
  readonly bump: Bump | 'auto' | { readonly version: string }
  readonly pre?: Prerelease
}

/** What the next version is decided from. */
export interface VersionFacts {
  /** The last released version before the commit; undefined before the first release. */
  readonly last: string | undefined
  /** The version that the project's files carry. */
  readonly current: string
  /** Commits since the last release. */
  readonly commits: readonly Commit[]
  readonly unreleased: ChangelogSection | undefined
}

/** The version to release, and the sentences that explain it. Throws SlipwayError `nothing-to-release`, `version-not-greater` or `usage`. */
export function chooseVersion(request: VersionRequest, facts: VersionFacts): { readonly to: string; readonly because: readonly string[] } {
  const { last, current, commits, unreleased } = facts
  const asked = typeof request.bump === 'object' ? request.bump.version : undefined
  if (asked !== undefined) {
    if (asked === last) throw releasedAlready(asked)
    if (last !== undefined) assertGreater(last, asked)
    return { to: asked, because: [`${asked} was asked for.`] }
  }
  if (last !== undefined && commits.length === 0) throw nothing(last, 'no commit has been made since')
  const from = last ?? current
  const decided = decideBump({ commits, unreleased, current: from })
  if (request.bump === 'auto') {
    if (decided.bump === undefined) throw nothing(from, 'no commit and no changelog entry since then asks for a release')
    if (last === undefined) return { to: current, because: [`${current} is what the files carry, and nothing has been released yet.`] }
    return beyond(current, decided.bump, { from, because: decided.because, pre: request.pre })
  }
  const bump = request.bump as Bump
  const needed = decided.bump
  const short = needed !== undefined && bump !== 'prerelease' && LEVELS.indexOf(needed) > LEVELS.indexOf(bump)
  const asking = needed === undefined ? [] : [short ? `The changes ask for more, a ${needed} release:` : `The changes ask for a ${needed} release:`, ...decided.because]
  return beyond(current, bump, { from, because: [`A ${bump} release after ${from} was asked for.`, ...asking], pre: request.pre })
}

/**
 * The next version after the last release, or after what the files carry where that is further on: a release that was prepared and
 * never came out, or was taken back.
 */
function beyond(current: string, bump: Bump, { from, because, pre }: { readonly from: string; readonly because: readonly string[]; readonly pre: Prerelease | undefined }): ReturnType<typeof chooseVersion> {
  const to = nextVersion(from, bump, pre)
  if (compareSemVer(to, current) >= 0) return { to, because }
  return { to: nextVersion(current, bump, pre), because: [...because, `The files carry ${current} already, which is beyond ${to}.`] }
}

const LEVELS: readonly Bump[] = ['patch', 'minor', 'major']

function releasedAlready(version: string): SlipwayError {
  return new SlipwayError({
    code: 'version-not-greater',
    message: `${version} is tagged as released already.`,
    hint: `Choose a higher version. \`slipway status ${version}\` tells where that release stands, \`slipway rollback ${version}\` takes it back.`,
  })
}

function nothing(since: string, why: string): SlipwayError {
  return new SlipwayError({ code: 'nothing-to-release', message: `There is nothing to release since ${since}: ${why}.`, hint: 'To release all the same, name the version: `slipway release X.Y.Z`.' })
}
