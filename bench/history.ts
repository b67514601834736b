// Next version and notes on long histories, against the least program that reads the same range.
import { join } from 'node:path'
import type { Built } from './built.ts'
import { history, type History } from './histories.ts'
import type { HistoryReport } from './history-child.ts'
import { race } from './race.ts'
import { median, row, type Row } from './row.ts'

const ROUNDS = 11
/** Megabytes. */
const MEMORY_GOAL = 150

/** Measures 100,000 and 1,000,000 commits with 250 new ones, and 1,000,000 with 25,000 new ones. */
export async function historyRows(built: Built): Promise<readonly Row[]> {
  const histories = [await history(100_000, 250), await history(1_000_000, 250), await history(1_000_000, 25_000)]
  const rows: Row[] = []
  for (const each of histories) rows.push(...await measure(each, built))
  return rows
}

async function measure(each: History, built: Built): Promise<readonly Row[]> {
  const least = { program: process.execPath, args: [join(import.meta.dirname, 'history-least.mjs')], folder: each.folder }
  const ours = { program: process.execPath, args: [built.history], folder: each.folder }
  const seen = await race({ least, ours }, ROUNDS)
  const reports = seen.ours.printed.map((text) => JSON.parse(text) as HistoryReport)
  for (const report of reports) {
    if (report.next !== each.next || report.last !== each.lastTag) throw new Error(`${each.folder}: ${report.next} after ${report.last}, not ${each.next} after ${each.lastTag}`)
  }
  const name = `${count(each.commits)} commits, ${count(each.unreleased)} new`
  return [
    row(`next version and notes: ${name}`, { ours: seen.ours.wall, limit: seen.least.wall, unit: 'ms', against: 'git describe, git log and a split, in Node' }),
    row(`its peak memory: ${name}`, { ours: median(reports.map(({ peak }) => peak)) / 1e6, limit: MEMORY_GOAL, unit: 'MB', against: 'the goal' }),
  ]
}

function count(value: number): string {
  return value.toLocaleString('en')
}
