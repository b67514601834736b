// The SQLite file of a journal: opened, made when it is new, refused when it is somebody else's.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SlipwayError } from '../model/error.ts'
import { WITHOUT_IT } from './entry-text.ts'
import { folderFailure, isBusy, journalFailure, PATIENCE } from './sqlite-failure.ts'

/** The format that this program writes, kept in `user_version`. */
export const JOURNAL_FORMAT = 1

/** Tells a journal from other programs' databases: `SLPW`. */
const APPLICATION = 0x534c5057

const TABLES = `
  CREATE TABLE runs (
    nr INTEGER PRIMARY KEY,
    run TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL,
    opened_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE claims (
    run TEXT PRIMARY KEY REFERENCES runs (run),
    driver TEXT,
    fence INTEGER NOT NULL,
    until INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE entries (
    run TEXT NOT NULL REFERENCES runs (run),
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    entry TEXT NOT NULL CHECK (json_valid(entry)),
    UNIQUE (run, seq)
  ) STRICT;
  CREATE TABLE evidence (
    key TEXT PRIMARY KEY,
    passed INTEGER NOT NULL,
    evidence TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER entries_without_gaps BEFORE INSERT ON entries
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entries WHERE run = NEW.run)
    BEGIN SELECT raise(ABORT, 'entries are appended, one after the other'); END;
  CREATE TRIGGER entries_unchanged BEFORE UPDATE ON entries BEGIN SELECT raise(ABORT, 'entries are never changed'); END;
  CREATE TRIGGER entries_kept BEFORE DELETE ON entries BEGIN SELECT raise(ABORT, 'entries are never deleted'); END;
  CREATE TRIGGER runs_unchanged BEFORE UPDATE ON runs BEGIN SELECT raise(ABORT, 'runs are never changed'); END;
  CREATE TRIGGER runs_kept BEFORE DELETE ON runs BEGIN SELECT raise(ABORT, 'runs are never deleted'); END;
  PRAGMA application_id = ${APPLICATION};
  PRAGMA user_version = ${JOURNAL_FORMAT};
`

/**
 * Opens the file, making it and its folder when there is none; any number of processes may do so at once.
 * Throws SlipwayError `journal-invalid` for a damaged file, another program's database or a newer format, and `journal-write`.
 */
export function openDatabase(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw folderFailure(file, error)
  }
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { timeout: PATIENCE })
    patiently(prepare, db, file)
    return db
  } catch (error) {
    db?.close()
    throw journalFailure(file, 'written', error)
  }
}

function prepare(db: DatabaseSync, file: string): void {
  // FULL syncs the write-ahead log at every commit; on macOS only F_FULLFSYNC reaches the disk.
  db.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON')
  if (isNew(db, file)) {
    db.exec('BEGIN IMMEDIATE')
    try {
      if (isNew(db, file)) db.exec(TABLES)
      db.exec('COMMIT')
    } finally {
      if (db.isTransaction) db.exec('ROLLBACK')
    }
  }
  db.exec('PRAGMA journal_mode = WAL')
}

/** Whether the file is still empty. Throws SlipwayError `journal-invalid` when it holds anything but a journal of this format. */
function isNew(db: DatabaseSync, file: string): boolean {
  const { application, format, tables } = db
    .prepare(`
      SELECT application_id AS application, user_version AS format, (SELECT count(*) FROM sqlite_schema) AS tables
      FROM pragma_application_id, pragma_user_version`)
    .get() as { application: number; format: number; tables: number }
  if (application === 0 && format === 0 && tables === 0) return true
  if (application !== APPLICATION) {
    throw new SlipwayError({ code: 'journal-invalid', message: `The file ${file} is another program's database, not a journal.`, hint: WITHOUT_IT })
  }
  if (format !== JOURNAL_FORMAT) {
    throw new SlipwayError({
      code: 'journal-invalid',
      message: `The journal ${file} has format ${format}; this Slipway reads format ${JOURNAL_FORMAT}.`,
      hint: `Use the version of Slipway that wrote it. Or go on without it: ${WITHOUT_IT.charAt(0).toLowerCase()}${WITHOUT_IT.slice(1)}`,
    })
  }
  return false
}

/** Tries again while another process is in the way: SQLite's own timeout does not cover the change to a write-ahead log. */
function patiently(work: (db: DatabaseSync, file: string) => void, db: DatabaseSync, file: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  const deadline = performance.now() + PATIENCE
  for (;;) {
    try {
      return work(db, file)
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
      Atomics.wait(pause, 0, 0, 5)
    }
  }
}
