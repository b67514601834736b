// Tests of the SQLite journal beyond its contract.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { SlipwayError, type ErrorCode } from '../model/error.ts'
import { journalFailure } from './sqlite-failure.ts'
import { openDatabase } from './sqlite-schema.ts'
import { openSqliteJournal } from './sqlite.ts'
import { planOf } from '../../test/contract/journal.ts'
import type { Claim, Journal, NewEntry } from '../model/entry.ts'

const folder = mkdtempSync(join(tmpdir(), 'slipway-journal-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = () => join(folder, `${(files += 1)}`, 'deep', 'journal.db')
const now = () => new Date('2026-01-02T03:04:05Z')

const entry = (attempt: number, size = 0): NewEntry => ({ type: 'begun', step: 'x'.repeat(size), way: 'apply', attempt })

async function held(file: string, options: { readonly maxPages?: number } = {}): Promise<{ journal: Journal; claim: Claim }> {
  const journal = openSqliteJournal({ file, now, ...options })
  await journal.open('r', planOf('p'))
  const claim = await journal.claim('r', 'a', 60_000)
  assert.ok(claim)
  return { journal, claim }
}

const isProblem = (code: ErrorCode, words: RegExp, hint: RegExp) => (error: unknown) => {
  assert.ok(error instanceof SlipwayError, String(error))
  assert.equal(error.code, code)
  assert.match(error.message, words)
  assert.match(error.problems[0].hint ?? '', hint)
  return true
}

/** A file with a closed journal of this many entries. */
async function written(entries: number): Promise<string> {
  const file = newFile()
  const { journal, claim } = await held(file)
  for (let attempt = 1; attempt <= entries; attempt += 1) await journal.append(claim, entry(attempt, 500))
  journal.close()
  return file
}

function alter(file: string, sql: string): void {
  const db = new DatabaseSync(file)
  try {
    db.exec(sql)
  } finally {
    db.close()
  }
}

test('everything is there when the journal is opened again: entries, claim, evidence', async () => {
  const file = newFile()
  const { journal, claim } = await held(file)
  const appended = await journal.append(claim, entry(1))
  const evidence = { key: 'k', title: 'tests', passed: true, at: '2026-01-02T03:04:05.000Z', output: [1] }
  await journal.evidence.record(evidence)
  journal.close()
  journal.close()
  const again = openSqliteJournal({ file, now })
  assert.deepEqual(await again.read('r'), [appended])
  assert.deepEqual(await again.evidence.find('k'), evidence)
  assert.equal(await again.claim('r', 'b', 1), undefined)
  assert.equal((await again.append(claim, entry(2))).seq, 2)
  again.close()
})

test('two open journals on one file see each other at once', async () => {
  const file = newFile()
  const { journal: one, claim } = await held(file)
  const two = openSqliteJournal({ file, now, alive: () => false })
  await one.append(claim, entry(1))
  assert.equal((await two.read('r')).length, 1)
  assert.ok(await two.claim('r', 'b', 60_000))
  await assert.rejects(one.append(claim, entry(2)), isProblem('run-claimed', /b has claimed it/, /slipway status/))
  one.close()
  two.close()
})

test('every commit is synced to a write-ahead log', () => {
  const db = openDatabase(newFile())
  const settings = db.prepare('SELECT journal_mode, synchronous FROM pragma_journal_mode, pragma_synchronous').get()
  assert.deepEqual({ ...settings }, { journal_mode: 'wal', synchronous: 2 })
  db.close()
})

for (const { what, sql, words } of [
  { what: 'changed', sql: "UPDATE entries SET at = 'now'", words: /never changed/ },
  { what: 'deleted', sql: 'DELETE FROM entries WHERE seq = 2', words: /never deleted/ },
  { what: 'replaced', sql: "INSERT OR REPLACE INTO entries VALUES ('r', 2, 'now', '{}')", words: /appended/ },
  { what: 'added with a gap before it', sql: "INSERT INTO entries VALUES ('r', 5, 'now', '{}')", words: /appended/ },
  { what: 'added as anything but JSON', sql: "INSERT INTO entries VALUES ('r', 4, 'now', 'words')", words: /CHECK/ },
  { what: 'given another plan', sql: "UPDATE runs SET plan = '{}'", words: /never changed/ },
  { what: 'robbed of its run', sql: 'DELETE FROM runs', words: /never deleted/ },
]) {
  test(`the file itself refuses an entry to be ${what}`, async () => {
    const file = await written(3)
    assert.throws(() => alter(file, sql), words)
    const journal = openSqliteJournal({ file, now })
    assert.equal((await journal.read('r')).length, 3)
    journal.close()
  })
}

test('a journal of a newer format is refused, naming both, and left as it is', async () => {
  const file = await written(1)
  alter(file, 'PRAGMA user_version = 7')
  const before = readFileSync(file)
  assert.throws(() => openSqliteJournal({ file, now }), isProblem('journal-invalid', /format 7.*format 1\./, /version of Slipway that wrote it/))
  assert.deepEqual(readFileSync(file), before)
})

test("another program's database is refused and left as it is", () => {
  const file = join(folder, 'other.db')
  alter(file, 'CREATE TABLE songs (title TEXT)')
  const before = readFileSync(file)
  assert.throws(() => openSqliteJournal({ file, now }), isProblem('journal-invalid', /other\.db is another program's database/, /Move the file/))
  assert.deepEqual(readFileSync(file), before)
})

test('a file that is no database is refused and left as it is', () => {
  const file = join(folder, 'words.db')
  writeFileSync(file, 'words '.repeat(1000))
  assert.throws(() => openSqliteJournal({ file, now }), isProblem('journal-invalid', /words\.db is not a journal/, /found by looking at the world/))
  assert.equal(readFileSync(file, 'utf8'), 'words '.repeat(1000))
})

test('a truncated file is refused', async () => {
  const file = await written(100)
  truncateSync(file, 8192)
  assert.throws(() => openSqliteJournal({ file, now }), isProblem('journal-invalid', /is damaged/, /Move the file/))
})

test('damage inside the file is found when it is read, not passed over', async () => {
  const file = await written(100)
  const bytes = readFileSync(file)
  bytes.fill(0xa5, 8192)
  writeFileSync(file, bytes)
  const readAll = async () => openSqliteJournal({ file, now }).read('r')
  await assert.rejects(readAll(), isProblem('journal-invalid', /is damaged/, /Move the file/))
})

for (const { what, kept } of [
  { what: 'of an unknown type', kept: '{"type":"dreamt"}' },
  { what: 'with an unknown member', kept: '{"type":"turned","why":"x","mood":"blue"}' },
  { what: 'that lacks a member', kept: '{"type":"turned"}' },
]) {
  test(`an entry ${what} is refused by its number`, async () => {
    const file = await written(1)
    alter(file, `INSERT INTO entries VALUES ('r', 2, 'now', '${kept}')`)
    const journal = openSqliteJournal({ file, now })
    await assert.rejects(journal.read('r'), isProblem('journal-invalid', /Entry 2 of run r in .*journal\.db/, /Move the file/))
    assert.deepEqual(await journal.read('r', 2), [])
    journal.close()
  })
}

test('a journal whose folder cannot be made is refused', () => {
  writeFileSync(join(folder, 'file'), '')
  const file = join(folder, 'file', 'journal.db')
  assert.throws(() => openSqliteJournal({ file, now }), isProblem('journal-write', /folder cannot be made/, /Nothing further was begun/))
})

test('a folder in the place of the file is refused', () => {
  const file = join(folder, 'folder.db')
  mkdirSync(file)
  assert.throws(() => openSqliteJournal({ file, now }), isProblem('journal-write', /folder\.db cannot be written: it cannot be opened/, /writable/))
})

/** Appends until the disk is full; what was acknowledged must be readable then, and again after more room was made. */
async function fill(file: string, options: { readonly maxPages?: number }, makeRoom: (journal: Journal) => Journal): Promise<void> {
  const { journal, claim } = await held(file, options)
  const acknowledged: number[] = []
  const untilFull = async () => {
    for (let attempt = 1; attempt < 1000; attempt += 1) acknowledged.push((await journal.append(claim, entry(attempt, 3000))).seq)
  }
  const full = isProblem('journal-write', /journal\.db cannot be written: the disk is full\./, /Nothing further was begun.*free space.*run again/)
  await assert.rejects(untilFull(), full)
  assert.ok(acknowledged.length > 0)
  await assert.rejects(journal.append(claim, entry(1, 100_000)), full)
  assert.deepEqual((await journal.read('r')).map(({ seq }) => seq), acknowledged)
  const roomy = makeRoom(journal)
  assert.deepEqual((await roomy.read('r')).map(({ seq }) => seq), acknowledged)
  assert.equal((await roomy.append(claim, entry(1, 100_000))).seq, acknowledged.length + 1)
  roomy.close()
}

test('a full file stops the run with what was kept still readable, and goes on when there is room', async () => {
  const file = newFile()
  await fill(file, { maxPages: 40 }, (journal) => {
    journal.close()
    return openSqliteJournal({ file, now })
  })
})

test('a full disk stops the run with what was kept still readable, and goes on when there is room', async (t) => {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status !== 0) return t.skip('this user may not mount a small disk')
  try {
    const ballast = join(disk, 'ballast')
    writeFileSync(ballast, new Uint8Array(500_000))
    await fill(join(disk, 'journal.db'), {}, (journal) => {
      rmSync(ballast)
      return journal
    })
  } finally {
    spawnSync('umount', ['--lazy', disk])
  }
})

test('a disk that fills while the journal is made leaves a file that can be opened when there is room', (t) => {
  const disk = join(folder, 'tiny')
  mkdirSync(disk)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status !== 0) return t.skip('this user may not mount a small disk')
  try {
    const ballast = join(disk, 'ballast')
    writeFileSync(ballast, new Uint8Array(240 * 1024))
    const file = join(disk, 'journal.db')
    assert.throws(() => openSqliteJournal({ file, now }), isProblem('journal-write', /cannot be written/, /free space/))
    rmSync(ballast)
    openSqliteJournal({ file, now }).close()
  } finally {
    spawnSync('umount', ['--lazy', disk])
  }
})

test('an error that SQLite does not blame on the disk stays as it is', () => {
  const bug = new TypeError('x')
  assert.equal(journalFailure('f', 'read', bug), bug)
  assert.throws(() => alter(join(folder, 'bug.db'), 'SELECT * FROM nothing'), (error) => journalFailure('f', 'read', error) === error)
})

test('opening makes the folder and nothing beside it when closed', async () => {
  const file = await written(1)
  assert.ok(statSync(file).size > 0)
  assert.deepEqual([`${file}-wal`, `${file}-shm`, join(dirname(file), 'journal.db-journal')].filter(existsSync), [])
})
