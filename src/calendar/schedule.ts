// The schedule of a project: its cadences and freezes, and what its milestones and blocking issues are called.
import type { Freeze } from './freeze.ts'

/** The levels of releases, each with a cadence of its own, smallest first. */
export const LEVELS = ['patch', 'minor', 'major'] as const

/** A schedule, checked and with its defaults. */
export interface Schedule {
  /** As `parseCadence` reads them. */
  readonly cadences: Readonly<Record<(typeof LEVELS)[number], string>>
  readonly freezes: readonly Freeze[]
  /** The title of a milestone, with `{version}` in it. */
  readonly milestone: string
  /** Labels of issues that block every release. */
  readonly blockers: readonly string[]
}
