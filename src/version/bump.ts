// The version after a version: what each bump makes of it, and never one that does not come after.
import { SlipwayError } from '../model/error.ts'
import { compareSemVer, formatSemVer, isNumeric, parseSemVer } from './semver.ts'
import type { SemVer } from './semver.ts'

/** Which number to raise. `prerelease` goes on with the prerelease that is under way. */
export type Bump = 'major' | 'minor' | 'patch' | 'prerelease'

/** The prerelease stages, in their order; only these have a PEP 440 form. */
export const PRERELEASE_STAGES = ['alpha', 'beta', 'rc'] as const

/** A prerelease stage. */
export type Prerelease = (typeof PRERELEASE_STAGES)[number]

/** Throws SlipwayError `version-not-greater` unless `to` comes after `from` in SemVer precedence. */
export function assertGreater(from: string, to: string): void {
  if (compareSemVer(to, from) > 0) return
  throw new SlipwayError({
    code: 'version-not-greater',
    message: `The version ${to} does not come after ${from}.`,
    hint: 'Choose a version that is greater by SemVer precedence; alpha comes before beta, beta before rc, and rc before the final version.',
  })
}

/** The final version that a bump leads to. A prerelease of that very version is finished by it, not passed over. */
function coreAfter(from: SemVer, bump: Bump): SemVer {
  const bare = { ...from, prerelease: [], build: [] }
  const underWay = from.prerelease.length > 0
  if (bump === 'major') return underWay && from.minor === 0n && from.patch === 0n ? bare : { ...bare, major: from.major + 1n, minor: 0n, patch: 0n }
  if (bump === 'minor') return underWay && from.patch === 0n ? bare : { ...bare, minor: from.minor + 1n, patch: 0n }
  return underWay ? bare : { ...bare, patch: from.patch + 1n }
}

function counted(identifiers: readonly string[]): readonly string[] {
  const last = identifiers.at(-1)
  return last !== undefined && isNumeric(last) ? [...identifiers.slice(0, -1), String(BigInt(last) + 1n)] : [...identifiers, '1']
}

function prereleaseAfter(from: SemVer, stage: Prerelease): readonly string[] {
  const [current, count] = from.prerelease
  return current === stage && count !== undefined && isNumeric(count) ? counted([stage, count]) : [stage, '1']
}

function needsStage(from: string): SlipwayError {
  return new SlipwayError({
    code: 'usage',
    message: `${from} is a final version, so "prerelease" alone does not say which prerelease comes next.`,
    hint: 'Add --pre alpha, --pre beta or --pre rc, or name the version in full, for example "minor --pre rc".',
  })
}

/**
 * The version that follows `from`. Build metadata is dropped. The rules:
 *
 * - `major`, `minor`, `patch` raise their number: 2.0.3 becomes 3.0.0, 2.1.0 or 2.0.4. From a prerelease that leads to such a
 *   version already they finish it: `minor` makes 2.1.0 of 2.1.0-rc.2, `major` makes 3.0.0 of it.
 * - With `stage` they begin the prereleases of that version: `minor` with rc makes 2.1.0-rc.1 of 2.0.0. When the prereleases of
 *   that version are under way they go on: 2.1.0-rc.1 becomes 2.1.0-rc.2, 2.1.0-beta.3 becomes 2.1.0-rc.1.
 * - `prerelease` goes on with the prerelease under way: its last number is raised, or `.1` added where there is none. With `stage`
 *   it goes to that stage of the same version; from a final version, to that stage of the next patch.
 *
 * Throws SlipwayError `version-not-greater` when that would go backwards (beta after rc), `usage` for `prerelease` from a final
 * version without a stage, `version-invalid` when `from` is no version.
 */
export function nextVersion(from: string, bump: Bump, stage?: Prerelease): string {
  const current = parseSemVer(from)
  const core = coreAfter(current, bump)
  const to = formatSemVer({ ...core, prerelease: prereleaseOf(current, { core, bump, stage, from }) })
  assertGreater(from, to)
  return to
}

interface Raise {
  readonly core: SemVer
  readonly bump: Bump
  readonly stage: Prerelease | undefined
  readonly from: string
}

function prereleaseOf(current: SemVer, raise: Raise): readonly string[] {
  const underWay = current.prerelease.length > 0
  if (raise.stage === undefined) {
    if (raise.bump !== 'prerelease') return []
    if (!underWay) throw needsStage(raise.from)
    return counted(current.prerelease)
  }
  const sameCore = compareSemVer({ ...current, prerelease: [] }, raise.core) === 0
  return sameCore ? prereleaseAfter(current, raise.stage) : [raise.stage, '1']
}
