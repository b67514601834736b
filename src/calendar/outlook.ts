// What is due: for each level of release the last one, the day of the next one, and what waits for it.
import { formatSemVer, isPrerelease, nextVersion, type SemVer } from '../version/index.ts'
import { dueAfter, parseCadence } from './cadence.ts'
import { daysBetween, type Day } from './day.ts'
import { nextFreeDay } from './freeze.ts'
import { LEVELS, type Schedule } from './schedule.ts'

/** The number that a release raises. */
export type Level = (typeof LEVELS)[number]

/** How it stands with releases of one level. */
export interface LevelOutlook {
  readonly level: Level
  /** As slipway.yaml has it. */
  readonly cadence: string
  /** The version that the next release of this level would be; undefined while nothing is released. */
  readonly next: string | undefined
  /** The newest release of this level or a greater one. */
  readonly last: { readonly version: string; readonly day: Day } | undefined
  /** The day that the next one is due; undefined where releases are made as needed or nothing has been released. */
  readonly due: Day | undefined
  /** The first day from the due one on that lies in no freeze. */
  readonly free: Day | undefined
  /** Days since it was due; zero or less when it is not over. */
  readonly overdue: number | undefined
  /** The changes that ask for a release of this level, a sentence each. */
  readonly waits: readonly string[]
}

/** What the outlook is made from. */
export interface OutlookFacts {
  readonly schedule: Schedule
  /** Every released version with its day, highest first. */
  readonly released: readonly { readonly version: string; readonly parsed: SemVer; readonly day: Day }[]
  /** The changes since the newest release that ask for a release. */
  readonly waiting: readonly { readonly level: Level; readonly text: string }[]
  readonly day: Day
}

/** The outlook for each level, the smallest first. */
export function outlook({ schedule: { cadences, freezes }, released, waiting, day }: OutlookFacts): readonly LevelOutlook[] {
  const final = released.filter(({ parsed }) => !isPrerelease(parsed))
  return LEVELS.map((level) => {
    const last = final.find(({ parsed }) => isOf(parsed, level))
    const newest = final[0]
    const cadence = parseCadence(cadences[level]) ?? 'as-needed'
    const due = last === undefined ? undefined : dueAfter(cadence, last.day)
    return {
      level,
      cadence: cadences[level],
      next: newest === undefined ? undefined : nextVersion(formatSemVer(newest.parsed), level),
      last: last && { version: last.version, day: last.day },
      due,
      free: due === undefined ? undefined : nextFreeDay(freezes, due),
      overdue: due === undefined ? undefined : daysBetween(due, day),
      waits: waiting.filter((change) => change.level === level).map(({ text }) => text),
    }
  })
}

/** The level whose milestone comes next: what the waiting changes ask for beyond a patch, else what is due first, else minor. */
export function nextLevel(levels: readonly LevelOutlook[]): Level {
  const asked = levels.findLast(({ level, waits }) => level !== 'patch' && waits.length > 0)
  const due = levels.filter((each) => each.due !== undefined).toSorted((one, other) => (one.due ?? '') < (other.due ?? '') ? -1 : 1)[0]
  return (asked ?? due)?.level ?? 'minor'
}

/** True for a version that a release of this level, or a greater one, makes. */
function isOf({ minor, patch }: SemVer, level: Level): boolean {
  return level === 'patch' || (patch === 0n && (level === 'minor' || minor === 0n))
}
