// Arguments that several commands share, parsed and checked.
import { Command, InvalidArgumentError, Option } from 'commander'
import { holdsToken } from '../config/literal-secret.ts'
import type { VersionRequest } from '../app/version.ts'
import { tryParse } from '../version/index.ts'
import type { Bump, Prerelease } from '../version/index.ts'
import { PRERELEASE_STAGES } from '../version/index.ts'

const BUMPS = ['major', 'minor', 'patch', 'prerelease', 'auto'] as const

/** A command with the options that every command takes. */
export function command(name: string, summary: string): Command {
  return new Command(name)
    .description(summary)
    .option('--json', 'print one JSON object per line (docs/json.md)')
    .option('--folder <path>', 'the project, instead of the current folder')
    .option('--no-color', 'no colours, also on a terminal')
}

/** Adds the version argument and `--pre`. */
export function withVersion(to: Command): Command {
  return to
    .argument('[version]', `${BUMPS.join(' | ')} | X.Y.Z`, parseBump, 'auto')
    .addOption(new Option('--pre <stage>', 'make it a prerelease of this stage').choices([...PRERELEASE_STAGES]))
}

/** What `--force` and `--reason` say. */
export interface AllowanceOptions { readonly force?: boolean; readonly reason?: string }

/** Adds `--force` and `--reason`. */
export function withAllowance(to: Command): Command {
  return to
    .option('--force', 'release on a line whose support has ended, or more than a patch on one that gets security fixes only')
    .option('--reason <text>', 'why it is released in a freeze; stands in the plan, in the tag and in every report', parseReason)
}

/** Adds `--journal`. */
export function withJournal(to: Command): Command {
  return to.addOption(new Option('--journal <where>', 'keep the journal on this machine, or also on the remote for other machines to go on from').choices(['local', 'remote']))
}

/** Parses the version of a release that is there: as SemVer writes it, a leading `v` left out. */
export function parseVersion(text: string): string {
  const version = text.replace(/^v(?=\d)/, '')
  if (tryParse(version) !== undefined) return version
  throw new InvalidArgumentError('It must be a version such as 2.1.0.')
}

/** Parses a reason: one line that anybody may read. */
function parseReason(text: string): string {
  if (/[\x00-\x1f\x7f]/.test(text) || text.trim() === '') throw new InvalidArgumentError('It must be one line of words.')
  if (text.length > 300) throw new InvalidArgumentError('It must have at most 300 characters.')
  if (holdsToken(text)) throw new InvalidArgumentError('It holds a token, and it will be read by everybody.')
  return text.trim()
}

/** The version request of parsed arguments. */
export function versionRequest(bump: VersionRequest['bump'], pre: string | undefined): VersionRequest {
  const stage = PRERELEASE_STAGES.find((each) => each === pre)
  return stage === undefined ? { bump } : { bump, pre: stage satisfies Prerelease }
}

function parseBump(text: string): VersionRequest['bump'] {
  const word = BUMPS.find((each) => each === text)
  if (word !== undefined) return word satisfies Bump | 'auto'
  if (tryParse(text) !== undefined) return { version: text }
  throw new InvalidArgumentError(`It must be ${BUMPS.join(', ')} or a version such as 2.1.0 (SemVer 2.0.0, without a "v").`)
}

/** Parses a duration such as `90s`, `20m` or `2h` into milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+)(s|m|h)$/.exec(text)
  if (match === null) throw new InvalidArgumentError('It must be a number with s, m or h, e.g. 20m.')
  return Number(match[1]) * ({ s: 1_000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] ?? 0)
}
