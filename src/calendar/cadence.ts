// Cadences: how often a release of some level is made, and when the next one is due.
import { addDays, addMonths, type Day } from './day.ts'

/** How often: when there is a need, or after so many days or months. */
export type Cadence = 'as-needed' | { readonly days: number } | { readonly months: number }

const WORDS: Readonly<Record<string, Cadence>> = { 'as-needed': 'as-needed', weekly: { days: 7 }, monthly: { months: 1 }, quarterly: { months: 3 }, yearly: { months: 12 } }

/** Reads `as-needed`, `weekly`, `monthly`, `quarterly`, `yearly` or `every 6 weeks` (days, weeks, months); undefined for anything else. */
export function parseCadence(text: string): Cadence | undefined {
  if (Object.hasOwn(WORDS, text)) return WORDS[text]
  const [, number, unit] = /^every ([1-9][0-9]{0,2}) (days|weeks|months)$/.exec(text) ?? []
  if (number === undefined) return undefined
  return unit === 'months' ? { months: Number(number) } : { days: Number(number) * (unit === 'weeks' ? 7 : 1) }
}

/** The day on which the next release is due, by the day of the last one; undefined where releases are made as needed. */
export function dueAfter(cadence: Cadence, last: Day): Day | undefined {
  if (cadence === 'as-needed') return undefined
  return 'days' in cadence ? addDays(last, cadence.days) : addMonths(last, cadence.months)
}
