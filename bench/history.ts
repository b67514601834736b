// Next version and notes on long histories, against the least program that reads the same range.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Built } from './built.ts'
import { history } from './histories.ts'
import type { HistoryReport } from './history-child.ts'
import { race } from './race.ts'
import { median, row, type Row } from './row.ts'

const ROUNDS = 11
/** Megabytes. */
const MEMORY_GOAL = 150

/** Measures 100,000 and 1,000,000 commits with 250 new ones, 1,000,000 with 25,000 new ones, and an old branch beside many newer versions. */
export async function historyRows(built: Built): Promise<readonly Row[]> {
  const histories = [await history(100_000, 250), await history(1_000_000, 250), await history(1_000_000, 25_000)]
  const rows: Row[] = []
  for (const { folder, commits, unreleased, lastTag, next } of histories) {
    rows.push(...await measure(`${count(commits)} commits, ${count(unreleased)} new`, { built, folder, at: 'HEAD', expected: { last: lastTag, next } }))
  }
  const [first] = histories
  if (first !== undefined) rows.push(...await oldBranch(first.folder, built))
  return rows
}

/** Half the versions are newer and not reachable, which has to be proved; the least program does not look. */
async function oldBranch(folder: string, built: Built): Promise<readonly Row[]> {
  const { stdout } = await promisify(execFile)('git', ['for-each-ref', '--sort=creatordate', '--format=%(refname:strip=2)', 'refs/tags/v*'], { cwd: folder })
  const tags = stdout.trim().split('\n')
  const middle = Math.floor(tags.length / 2)
  const [last = '', following = ''] = tags.slice(middle)
  const name = `an old branch of 100,000 commits, beside ${tags.length - middle - 1} newer versions`
  return measure(name, { built, folder, at: `${following}^{commit}~1`, expected: { last, next: following.slice(1) } })
}

interface Subject {
  readonly built: Built
  readonly folder: string
  readonly at: string
  readonly expected: Partial<HistoryReport>
}

async function measure(name: string, { built, folder, at, expected }: Subject): Promise<readonly Row[]> {
  const least = { program: process.execPath, args: [join(import.meta.dirname, 'history-least.mjs'), at], folder }
  const ours = { program: process.execPath, args: [built.history, at], folder }
  const seen = await race({ least, ours }, ROUNDS)
  const reports = seen.ours.printed.map((text) => JSON.parse(text) as HistoryReport)
  for (const report of reports) {
    if (!Object.entries(expected).every(([key, value]) => report[key as keyof HistoryReport] === value)) {
      throw new Error(`${folder}: ${JSON.stringify(report)} is not ${JSON.stringify(expected)}`)
    }
  }
  return [
    row(`next version and notes: ${name}`, { ours: seen.ours.wall, limit: seen.least.wall, unit: 'ms', against: 'git describe, git log and a split, in Node' }),
    row(`its peak memory: ${name}`, { ours: median(reports.map(({ peak }) => peak)) / 1e6, limit: MEMORY_GOAL, unit: 'MB', against: 'the goal' }),
  ]
}

function count(value: number): string {
  return value.toLocaleString('en')
}
