// The calendar: which versions are maintained until when, when releases are due, and when none is made. Pure.
export { addDays, addMonths, dayOf, daysBetween, isDay, weekdayOf, WEEKDAYS } from './day.ts'
export type { Day, Weekday } from './day.ts'
export { compareLines, endOf, lineHolds, lineOf, overlap, standingOn } from './line.ts'
export type { LastDay, Standing, Support, SupportLine } from './line.ts'
export { lifecycleText, LIFECYCLE_FORMATS } from './lifecycle.ts'
export type { DatedVersion, Lifecycle, LifecycleFormat, ReleasedLine } from './lifecycle.ts'
export { REGION_BEGINS, REGION_ENDS, regionIn, withRegion } from './marked-region.ts'
export { isSameTable, lastDayText, supportTable } from './support-table.ts'
