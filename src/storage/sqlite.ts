// The journal in one SQLite file, for the processes of one machine.
import { journalFailure } from './sqlite-failure.ts'
import { openDatabase } from './sqlite-schema.ts'
import { mayClaim, requireHeld, UNCLAIMED, unknownRun, type Holding } from './claims.ts'
import { entryText, parseEntry, parseEvidence, parsePlan, planText, type Kept } from './entry-text.ts'
import { isAlive } from './drivers.ts'
import { otherPlan } from './runs.ts'
import type { Entry, Journal, NewEntry, Outcome } from '../model/entry.ts'
import type { DatabaseSync } from 'node:sqlite'

/** Where the journal is and what it asks of its surroundings. */
export interface SqliteJournalOptions {
  /** Made, with its folder, when it does not exist. */
  readonly file: string
  readonly now: () => Date
  /** Whether a driver may still be at work; by default `isAlive`. */
  readonly alive?: (driver: string) => boolean
  /** The size in pages at which the file counts as full, for tests of a full disk. */
  readonly maxPages?: number
}

interface RunRow {
  readonly run: string
  readonly plan: string
  readonly opened_at: string
  readonly outcome: Outcome | null
}

/**
 * Opens or makes the journal; several processes may have it open. Everything written is synced to the disk before the call resolves.
 * Throws SlipwayError `journal-invalid` for a file that is damaged, newer, or no journal, and `journal-write` when it cannot be made.
 */
export function openSqliteJournal({ file, now, alive = isAlive, maxPages }: SqliteJournalOptions): Journal {
  const db = openDatabase(file)
  if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`)
  const sql = statements(db)

  const reading = <T>(read: () => T): T => {
    try {
      return read()
    } catch (error) {
      throw journalFailure(file, 'read', error)
    }
  }
  const writing = <T>(write: () => T): T => {
    try {
      sql.begin.run()
      const result = write()
      sql.commit.run()
      return result
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (db.isOpen && db.isTransaction) db.exec('ROLLBACK')
      throw journalFailure(file, 'written', error)
    }
  }
  const holdingOf = (run: string): Holding => {
    const holding = sql.holding.get(run) as Holding | undefined
    if (holding === undefined) throw unknownRun(run)
    return holding
  }
  const append = (run: string, entry: NewEntry): Entry => {
    const text = entryText(entry)
    const at = now().toISOString()
    const { seq } = sql.append.get(run, at, text) as { seq: number }
    return { ...(JSON.parse(text) as NewEntry), seq, at }
  }

  return {
    async open(run, plan) {
      const text = planText(plan)
      writing(() => {
        const kept = sql.plan.get(run) as { plan: string } | undefined
        if (kept?.plan === text) return
        if (kept !== undefined) throw otherPlan(run, parsePlan(kept.plan, `run ${run} in ${file}`), plan)
        sql.open.run(run, text, now().toISOString())
        sql.unclaimed.run(run, UNCLAIMED.driver, UNCLAIMED.fence, UNCLAIMED.until)
      })
    },
    async claim(run, driver, ttl) {
      return writing(() => {
        const holding = holdingOf(run)
        const at = now().getTime()
        if (!mayClaim(holding, { driver, at, alive })) return undefined
        const fence = holding.fence + 1
        sql.hold.run(driver, fence, Math.round(at + ttl), run)
        return { run, driver, fence }
      })
    },
    async renew(claim, ttl) {
      writing(() => {
        requireHeld(claim, holdingOf(claim.run))
        sql.hold.run(claim.driver, claim.fence, Math.round(now().getTime() + ttl), claim.run)
      })
    },
    async release(claim) {
      writing(() => {
        requireHeld(claim, holdingOf(claim.run))
        sql.hold.run(null, claim.fence, 0, claim.run)
      })
    },
    async append(claim, entry) {
      return writing(() => {
        requireHeld(claim, holdingOf(claim.run))
        return append(claim.run, entry)
      })
    },
    async read(run, after = 0) {
      return reading(() => (sql.read.all(run, after) as unknown as Kept[]).map((kept) => parseEntry(kept, `run ${run} in ${file}`)))
    },
    async runs() {
      return reading(() =>
        (sql.runs.all() as unknown as RunRow[]).map(({ run, plan, opened_at, outcome }) => ({
          run,
          plan: parsePlan(plan, `run ${run} in ${file}`),
          openedAt: opened_at,
          closed: outcome ?? undefined,
        })),
      )
    },
    async decide(run, gate) {
      return writing(() => {
        holdingOf(run)
        return append(run, gate)
      })
    },
    evidence: {
      async find(key) {
        const kept = reading(() => sql.findEvidence.get(key)) as { evidence: string } | undefined
        return kept && parseEvidence(kept.evidence, file)
      },
      async record(evidence) {
        writing(() => sql.recordEvidence.run(evidence.key, evidence.passed ? 1 : 0, JSON.stringify(evidence)))
      },
    },
    close() {
      if (db.isOpen) db.close()
    },
  }
}

function statements(db: DatabaseSync) {
  return {
    // IMMEDIATE takes the write lock at once: what is read inside is still so when it is written.
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    plan: db.prepare('SELECT plan FROM runs WHERE run = ?'),
    open: db.prepare('INSERT INTO runs (run, plan, opened_at) VALUES (?, ?, ?)'),
    unclaimed: db.prepare('INSERT INTO claims (run, driver, fence, until) VALUES (?, ?, ?, ?)'),
    holding: db.prepare('SELECT driver, fence, until FROM claims WHERE run = ?'),
    hold: db.prepare('UPDATE claims SET driver = ?, fence = ?, until = ? WHERE run = ?'),
    append: db.prepare(
      'INSERT INTO entries (run, seq, at, entry) SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3 FROM entries WHERE run = ?1 RETURNING seq',
    ),
    read: db.prepare('SELECT seq, at, entry FROM entries WHERE run = ? AND seq > ? ORDER BY seq'),
    runs: db.prepare(`
      SELECT run, plan, opened_at, (
        SELECT entry ->> 'outcome' FROM entries WHERE entries.run = runs.run AND entry ->> 'type' = 'closed' ORDER BY seq DESC LIMIT 1
      ) AS outcome FROM runs ORDER BY nr DESC`),
    findEvidence: db.prepare('SELECT evidence FROM evidence WHERE key = ?'),
    recordEvidence: db.prepare(`
      INSERT INTO evidence (key, passed, evidence) VALUES (?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET passed = excluded.passed, evidence = excluded.evidence WHERE evidence.passed < excluded.passed`),
  }
}
