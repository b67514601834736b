// Appends through the journal's port against bare SQLite transactions of the same size on the same disk.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { openSqliteJournal } from '../src/storage/sqlite.ts'
import type { Digest, Plan } from '../src/model/plan.ts'
import type { NewEntry } from '../src/model/entry.ts'

/** One measurement beside its limit, in the same unit. */
export interface JournalRow {
  readonly name: string
  readonly ours: number
  /** What the least program reaches that does the same in the same run. */
  readonly limit: number
  /** `ours / limit`: below 1 by what the port costs. */
  readonly ratio: number
  readonly unit: string
}

const ROUNDS = 15
const PER_ROUND = 400

/** Measures appends and reads of entries of about 400 bytes; takes a few seconds. */
export async function benchJournal(): Promise<readonly JournalRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
  const ours = await port(join(folder, 'ours.db'))
  const limit = bare(join(folder, 'limit.db'))
  try {
    const appends = { ours: [] as number[], limit: [] as number[] }
    const reads = { ours: [] as number[], limit: [] as number[] }
    // In turns, so that whatever else the machine does falls on both.
    for (let round = 0; round < ROUNDS; round += 1) {
      appends.limit.push(await rate(PER_ROUND, limit.append))
      appends.ours.push(await rate(PER_ROUND, ours.append))
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      reads.limit.push(await rate(1, limit.read) * PER_ROUND * ROUNDS)
      reads.ours.push(await rate(1, ours.read) * PER_ROUND * ROUNDS)
    }
    return [
      row('journal append, 400 bytes, durable', 'appends/s', appends),
      row(`journal read of ${PER_ROUND * ROUNDS} entries`, 'entries/s', reads),
    ]
  } finally {
    ours.close()
    limit.close()
    rmSync(folder, { recursive: true })
  }
}

interface Subject {
  append(this: void, attempt: number): Promise<void>
  read(this: void): Promise<unknown>
  close(): void
}

function entryOf(attempt: number): NewEntry {
  const step = `pypi.upload:oneflow_ai-2.1.0-py3-none-any.whl:${attempt}`
  return { type: 'settled', step, way: 'apply', how: 'did', output: { bytes: 'x'.repeat(290) } }
}

async function port(file: string): Promise<Subject> {
  const digest: Digest = `sha256:${'0'.repeat(64)}`
  const plan: Plan = {
    format: 'slipway.plan/1', digest, stage: 'publish', subject: { repository: 'r', commit: 'c', tree: 't' }, date: '2026-01-02T03:04:05Z',
    releases: [{ name: 'oneflow', from: null, to: '2.1.0', because: [] }], artifacts: [], basis: [], steps: [],
  }
  const journal = openSqliteJournal({ file, now: () => new Date() })
  await journal.open('r', plan)
  const claim = await journal.claim('r', 'bench', 3_600_000)
  if (claim === undefined) throw new Error('A new run is free.')
  return {
    append: async (attempt) => void (await journal.append(claim, entryOf(attempt))),
    read: () => journal.read('r'),
    close: () => journal.close(),
  }
}

/** The least that keeps the same entries as durably: one insert per transaction, nothing checked. */
function bare(file: string): Subject {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  db.exec('CREATE TABLE entries (run TEXT, seq INTEGER, at TEXT, entry TEXT, UNIQUE (run, seq)) STRICT')
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')]
  const insert = db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?)')
  const select = db.prepare('SELECT seq, at, entry FROM entries WHERE run = ? ORDER BY seq')
  let seq = 0
  return {
    append: async (attempt) => {
      begin.run()
      insert.run('r', (seq += 1), new Date().toISOString(), JSON.stringify(entryOf(attempt)))
      commit.run()
    },
    read: async () => select.all('r').map((kept) => JSON.parse(kept['entry'] as string) as unknown),
    close: () => db.close(),
  }
}

async function rate(times: number, work: (attempt: number) => Promise<unknown>): Promise<number> {
  const start = performance.now()
  for (let attempt = 1; attempt <= times; attempt += 1) await work(attempt)
  return (times * 1000) / (performance.now() - start)
}

function row(name: string, unit: string, rates: { readonly ours: readonly number[]; readonly limit: readonly number[] }): JournalRow {
  const [ours, limit] = [median(rates.ours), median(rates.limit)]
  return { name, ours, limit, ratio: ours / limit, unit }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, ours, limit, ratio, unit } of await benchJournal()) {
    console.log(`${name}: ${Math.round(ours)} ${unit}, bare SQLite ${Math.round(limit)} ${unit}, ratio ${ratio.toFixed(2)}`)
  }
}
