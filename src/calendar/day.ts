// Days of the calendar, counted in UTC: what support, cadences and freezes are measured in.

/** A day as `YYYY-MM-DD` (RFC 3339, full-date), in UTC. Days compare as texts. */
export type Day = string

/** The days of the week, Monday first (ISO 8601). */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** A day of the week. */
export type Weekday = (typeof WEEKDAYS)[number]

const MS_OF_DAY = 86_400_000

/** True for a text that names a day there is: neither 2026-02-30 nor 2026-2-3. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const moment = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && dayOf(moment) === text
}

/** The day of a moment, in UTC. */
export function dayOf(moment: Date): Day {
  return moment.toISOString().slice(0, 10)
}

/** The day that many days later; earlier for a negative number. */
export function addDays(day: Day, count: number): Day {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + count * MS_OF_DAY))
}

/** The same day of the month that many months later, or that month's last one where it is shorter. */
export function addMonths(day: Day, count: number): Day {
  const [, month = 0, date = 0] = day.split('-').map(Number)
  const first = new Date(`${day.slice(0, 7)}-01T00:00:00Z`)
  first.setUTCMonth(month - 1 + count)
  const length = new Date(first)
  length.setUTCMonth(first.getUTCMonth() + 1, 0)
  first.setUTCDate(Math.min(date, length.getUTCDate()))
  return dayOf(first)
}

/** How many days lie between two days; negative when `to` is the earlier one. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / MS_OF_DAY)
}

/** The day of the week. */
export function weekdayOf(day: Day): Weekday {
  return WEEKDAYS[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7] ?? 'monday'
}
