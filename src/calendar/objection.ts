// What the calendar says against releasing a version on a day.
import { isPrerelease, parseSemVer } from '../version/index.ts'
import type { Day } from './day.ts'
import { freezesOn, freezeText, nextFreeDay, type Freeze } from './freeze.ts'
import { endOf, lineOf, standingOn, type SupportLine } from './line.ts'

/** The rules that a release may go past when somebody says so. */
export type CalendarRule = 'freeze' | 'line-ended' | 'line-security'

/** One thing against a release. The same objection has the same `of` on every day that it holds for. */
export interface Objection {
  readonly rule: CalendarRule
  /** What stands in the way, as the subject of a sentence. */
  readonly of: string
  readonly message: string
  /** What happens by itself, or could be done instead. */
  readonly instead: string
}

/** What objections are made from. */
export interface Asked {
  readonly version: string
  /** The version before on the way to it; undefined for a first release. */
  readonly from: string | undefined
  readonly day: Day
}

/** Everything that the calendar says against releasing a version on a day; a version that no line holds is nothing against it. */
export function objectionsTo({ lines, freezes }: { readonly lines: readonly SupportLine[]; readonly freezes: readonly Freeze[] }, asked: Asked): readonly Objection[] {
  return [...lineObjections(lines, asked), ...freezesOn(freezes, asked.day).map((freeze) => freezeObjection(freeze, freezes, asked))]
}

function lineObjections(lines: readonly SupportLine[], { version, from, day }: Asked): readonly Objection[] {
  const line = lineOf(lines, parseSemVer(version))
  if (line === undefined) return []
  const standing = standingOn(line, day)
  const of = `the support of ${line.line}`
  if (standing === 'ended') {
    const supported = lines.filter((each) => standingOn(each, day) !== 'ended').map((each) => each.line)
    const instead = `${supported.length === 0 ? 'S' : `Release on a line that is supported (${supported.join(', ')}), or s`}et a later last day in \`support.lines\`.`
    return [{ rule: 'line-ended', of: `${of}, which ended on ${endOf(line)}`, message: `${version} is of the line ${line.line}, whose support ended on ${endOf(line)}.`, instead }]
  }
  if (standing === 'active' || isPatch(version, from)) return []
  return [{ rule: 'line-security', of: `${of}, which is for security fixes only`, message: `${version} is of the line ${line.line}, which gets security fixes only, and is more than a patch${from === undefined ? '' : ` after ${from}`}.`, instead: 'Release a patch, or set a later day as `active` in `support.lines`.' }]
}

/** A fix on a line: only the last number is raised. A prerelease of a patch counts as one. */
function isPatch(version: string, from: string | undefined): boolean {
  const { major, minor, patch } = parseSemVer(version)
  if (from === undefined) return false
  const before = parseSemVer(from)
  return before.major === major && before.minor === minor && (patch > before.patch || isPrerelease(before))
}

function freezeObjection(freeze: Freeze, freezes: readonly Freeze[], { version, day }: Asked): Objection {
  const free = nextFreeDay(freezes, day)
  return {
    rule: 'freeze',
    of: freezeText(freeze, day),
    message: `${version} would be released on ${day}, in ${freezeText(freeze, day)}.`,
    instead: free === undefined ? 'No day of the next ten years lies outside of every freeze: mend `schedule.freezes`.' : `The first day outside of every freeze is ${free}.`,
  }
}
