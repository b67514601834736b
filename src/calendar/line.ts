// Lines: ranges of versions that are maintained together, and until when.
import type { SemVer } from '../version/index.ts'
import type { Day } from './day.ts'

/** A last day, which counts, or `tba` while it is not announced. Days compare as texts, and `tba` comes after all of them. */
export type LastDay = Day

/** A maintained range of versions. At least one of its two last days is there. */
export interface SupportLine {
  /** `2.x`, or `2.1.x`. */
  readonly line: string
  /** The last day of features and fixes. */
  readonly active?: LastDay
  /** The last day of security fixes. */
  readonly security?: LastDay
}

/** The lines of a project, newest first, and the documents that show them. */
export interface Support {
  readonly lines: readonly SupportLine[]
  /** Relative to the root of the repository. */
  readonly documents: readonly string[]
}

/** How a line stands on a day. */
export type Standing = 'active' | 'security' | 'ended'

/** How a line stands on a day: it is supported through its last day, in UTC. */
export function standingOn({ active, security }: SupportLine, day: Day): Standing {
  if (lasts(active, day)) return 'active'
  return lasts(security, day) ? 'security' : 'ended'
}

/** The last day of any support. */
export function endOf({ active, security }: SupportLine): LastDay {
  if (active === 'tba' || security === 'tba') return 'tba'
  return [active, security].filter((day) => day !== undefined).toSorted().at(-1) ?? 'tba'
}

/** True when a version belongs to the line; prereleases belong to the line of what they lead to. */
export function lineHolds(line: string, { major, minor }: Pick<SemVer, 'major' | 'minor'>): boolean {
  const [wanted, second] = numbersOf(line)
  return wanted === major && (second === undefined || second === minor)
}

/** The line that a version belongs to. */
export function lineOf(lines: readonly SupportLine[], version: Pick<SemVer, 'major' | 'minor'>): SupportLine | undefined {
  return lines.find(({ line }) => lineHolds(line, version))
}

/** True when some version would belong to both lines. */
export function overlap(one: string, other: string): boolean {
  const [first, second] = [numbersOf(one), numbersOf(other)]
  return first[0] === second[0] && (first[1] === undefined || second[1] === undefined || first[1] === second[1])
}

/** Greater than zero when the first line is the newer one. */
export function compareLines(one: string, other: string): number {
  const [first, second] = [numbersOf(one), numbersOf(other)]
  const [a, b] = first[0] === second[0] ? [first[1] ?? 0n, second[1] ?? 0n] : [first[0], second[0]]
  return a === b ? 0 : a > b ? 1 : -1
}

function lasts(last: LastDay | undefined, day: Day): boolean {
  return last === 'tba' || (last !== undefined && day <= last)
}

function numbersOf(line: string): readonly [bigint, bigint?] {
  const [major = '0', minor = 'x'] = line.split('.')
  return minor === 'x' ? [BigInt(major)] : [BigInt(major), BigInt(minor)]
}
