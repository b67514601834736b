// Freezes: days on which nothing is released.
import { addDays, weekdayOf, type Day, type Weekday } from './day.ts'

/** Days without releases, and why: all from one day through another, or certain days of every week. */
export type Freeze =
  | { readonly from: Day; readonly until: Day; readonly reason: string }
  | { readonly on: readonly Weekday[]; readonly reason: string }

/** The freezes that a day lies in, in the order given. Last days count. */
export function freezesOn(freezes: readonly Freeze[], day: Day): readonly Freeze[] {
  return freezes.filter((freeze) => 'on' in freeze ? freeze.on.includes(weekdayOf(day)) : freeze.from <= day && day <= freeze.until)
}

/** The first day from this one on that lies in no freeze; undefined when none does within ten years. */
export function nextFreeDay(freezes: readonly Freeze[], day: Day): Day | undefined {
  let at = day
  for (let looked = 0; looked < 3660; looked += 1) {
    const [first] = freezesOn(freezes, at)
    if (first === undefined) return at
    at = addDays('on' in first ? at : first.until, 1)
  }
  return undefined
}

/** A freeze as it stands on a day, as the subject of a sentence: `the freeze from 2026-12-20 until 2027-01-04 (holidays)`. */
export function freezeText(freeze: Freeze, day: Day): string {
  const { reason } = freeze
  return 'on' in freeze ? `the freeze of every ${weekdayOf(day)} (${day}; ${reason})` : `the freeze from ${freeze.from} until ${freeze.until} (${reason})`
}
