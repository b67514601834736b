// The SQLite journal among processes: killed while writing, and racing for the same run.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { after, test, type TestContext } from 'node:test'
import { openSqliteJournal } from './sqlite.ts'
import { planOf } from '../../test/contract/journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'slipway-journal-'))
after(() => rmSync(folder, { recursive: true }))

const childFile = fileURLToPath(new URL('sqlite.child.ts', import.meta.url))
const now = () => new Date()

/** Starts the other process; it is gone when the test is, whatever becomes of the test. */
function start(t: TestContext, task: 'write' | 'race', file = '') {
  const child = spawn(process.execPath, [childFile, task, file, JSON.stringify(planOf('p'))], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  return { child, lines: createInterface({ input: child.stdout }) }
}

test('every entry acknowledged before a SIGKILL is there afterwards, without a gap', async (t) => {
  const file = join(folder, 'killed.db')
  let acknowledged = 0
  for (let round = 0; round < 10; round += 1) {
    const { child, lines } = start(t, 'write', file)
    // The first round is killed before an entry of it is heard, the others somewhere in their writing.
    let left = round === 0 ? 0 : 1 + Math.floor(Math.random() * 60)
    for await (const line of lines) {
      if (line !== 'ready') acknowledged = Number(line)
      if (left-- === 0) child.kill('SIGKILL')
    }
    const journal = openSqliteJournal({ file, now })
    const entries = await journal.read('r')
    assert.deepEqual(entries.map((entry) => entry.seq), entries.map((_, index) => index + 1), `round ${round}: without a gap`)
    // One more than was heard may be there: the kill came between the commit and the word.
    const more = entries.length - acknowledged
    assert.ok(more === 0 || more === 1, `round ${round}: ${acknowledged} acknowledged, ${entries.length} kept`)
    acknowledged = entries.length
    journal.close()
  }
  assert.ok(acknowledged > 10)
  const db = new DatabaseSync(file)
  assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' })
  db.close()
})

test('of the processes that open one new journal and claim one run at the same time exactly one wins', async (t) => {
  const racers = Array.from({ length: 5 }, () => start(t, 'race'))
  const heard = racers.map(({ lines }) => lines[Symbol.asyncIterator]())
  const next = async () => Promise.all(heard.map(async (lines) => (await lines.next()).value as string))
  assert.deepEqual(new Set(await next()), new Set(['ready']))
  for (let round = 0; round < 25; round += 1) {
    for (const { child } of racers) child.stdin.write(`${join(folder, `race-${round}`, 'journal.db')}\n`)
    assert.deepEqual((await next()).toSorted(), ['lost', 'lost', 'lost', 'lost', 'won 1'], `round ${round}`)
  }
  for (const { child } of racers) child.stdin.end()
  await Promise.all(racers.map(({ child }) => once(child, 'exit')))
})
