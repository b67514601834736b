// The table of supported versions, in Markdown, as documents show it.
import type { Day } from './day.ts'
import { endOf, standingOn, type LastDay, type SupportLine } from './line.ts'

/** The table as of a day, newest line first, without a line break at its end. It changes only when a line passes into another standing. */
export function supportTable(lines: readonly SupportLine[], day: Day): string {
  const rows = lines.map((each) => [each.line, statusOf(each, day), lastDayText(endOf(each))])
  return [['Version', 'Status', 'End of support'], ['---', '---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** True for the same table, however a formatter has spaced it. */
export function isSameTable(one: string, other: string): boolean {
  return bare(one) === bare(other)
}

function bare(table: string): string {
  const rows = table.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  return rows.map((row) => row.split('|').map((cell) => cell.trim().replace(/^:?-{2,}:?$/, '---')).join('|')).join('\n')
}

/** A last day in words. */
export function lastDayText(day: LastDay): string {
  return day === 'tba' ? 'not announced' : day
}

function statusOf(line: SupportLine, day: Day): string {
  switch (standingOn(line, day)) {
    case 'active': return line.active === 'tba' || line.active === endOf(line) ? '✅ Active' : `✅ Active until ${line.active ?? ''}, then security fixes only`
    case 'security': return '⚠️ Security fixes only'
    case 'ended': return '❌ Ended'
  }
}
