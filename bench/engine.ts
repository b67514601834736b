// A run of a thousand steps through the whole engine against bare SQLite transactions of the same number and size on the same disk.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { drive } from '../src/engine/drive.ts'
import { seal } from '../src/plan/digest.ts'
import { openSqliteJournal } from '../src/storage/sqlite.ts'
import { median, row, type Row } from './row.ts'
import type { AnyKind } from '../src/model/kind.ts'
import type { Plan, Step } from '../src/model/plan.ts'
import type { World } from '../src/model/world.ts'

const STEPS = 1_000
const ROUNDS = 7
const HASH = 'a'.repeat(40)

/** Measures plans of a thousand steps, side by side and one after the other; takes some seconds. */
export async function benchEngine(): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const shape of ['side by side', 'in a row'] as const) {
    const ours: number[] = []
    const limit: number[] = []
    // In turns, so that whatever else the machine does falls on both.
    for (let round = 0; round < ROUNDS; round += 1) {
      const { milliseconds, written } = await driven(planOf(shape))
      ours.push(milliseconds)
      limit.push(bare(written))
    }
    const [mine, least] = [median(ours), median(limit)]
    const rate = (milliseconds: number) => (STEPS * 1_000) / milliseconds
    const against = 'bare SQLite, the same entries, one transaction each'
    rows.push(
      row(`engine, ${STEPS} steps ${shape}`, { ours: rate(mine), limit: rate(least), unit: 'steps/s', against }),
      row(`engine, ${STEPS} steps ${shape}, wall`, { ours: mine, limit: least, unit: 'ms', against }),
    )
  }
  return rows
}

/** Side by side, ten steps need each one of ten before them, as files of one release need its draft. */
function planOf(shape: 'side by side' | 'in a row'): Plan {
  const id = (number: number) => `bench.effect:${number}`
  const steps = Array.from({ length: STEPS }, (_, number): Step => {
    const need = shape === 'in a row' ? number - 1 : Math.floor(number / 10) - 1
    return { id: id(number), kind: 'bench.effect', title: `Effect ${number}`, input: { number }, needs: need < 0 ? [] : [id(need)], reversal: 'reversible' }
  })
  return seal({
    stage: 'publish', subject: { repository: 'bench', commit: HASH, tree: HASH }, date: '2026-01-02T03:04:05Z',
    releases: [{ name: 'bench', from: null, to: '1.0.0', because: [] }], artifacts: [], basis: [], steps,
  })
}

const effect: AnyKind = {
  kind: 'bench.effect',
  input: z.strictObject({ number: z.int() }),
  output: z.strictObject({ url: z.string() }),
  reversal: { is: 'reversible', undo: async () => {} },
  examples: () => [],
  describe: () => ({ apply: 'nothing', undo: 'nothing', byHand: [] }),
  probe: async () => ({ state: 'absent' }),
  apply: async (_, { number }: { number: number }) => ({ url: `https://example.org/effects/${number}` }),
}

/** Drives the plan over a new journal: the time it took, and the texts of the entries that it wrote. */
async function driven(plan: Plan): Promise<{ readonly milliseconds: number; readonly written: readonly string[] }> {
  return inFolder(async (folder) => {
    const journal = openSqliteJournal({ file: join(folder, 'ours.db'), now: () => new Date() })
    try {
      await journal.open('r', plan)
      const claim = await journal.claim('r', 'bench', 3_600_000)
      if (claim === undefined) throw new Error('A new run is free.')
      const start = performance.now()
      const verdict = await drive({
        run: 'r', plan, kinds: new Map([[effect.kind, effect]]), journal, claim, world: {} as World, look: {} as World,
        clock: { now: () => new Date(), sleep: async () => {} },
        policy: { onFailure: 'stop', concurrency: 6, attempts: 1, patience: { person: 0, world: 0 } },
        signal: new AbortController().signal,
        tell: () => {},
      })
      const milliseconds = performance.now() - start
      if (verdict.is !== 'done') throw new Error(`The run ended as ${verdict.is}.`)
      const written = (await journal.read('r')).map(({ seq: _, at: __, ...entry }) => JSON.stringify(entry))
      return { milliseconds, written }
    } finally {
      journal.close()
    }
  })
}

/** Milliseconds to write the same texts with one insert per transaction, nothing checked. */
function bare(written: readonly string[]): number {
  return inFolder((folder) => {
    const db = new DatabaseSync(join(folder, 'limit.db'))
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE entries (run TEXT, seq INTEGER, at TEXT, entry TEXT, UNIQUE (run, seq)) STRICT')
    const [begin, insert, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?)'), db.prepare('COMMIT')]
    const start = performance.now()
    for (const [index, entry] of written.entries()) {
      begin.run()
      insert.run('r', index + 1, new Date().toISOString(), entry)
      commit.run()
    }
    const milliseconds = performance.now() - start
    db.close()
    return milliseconds
  })
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
  const remove = () => { rmSync(folder, { recursive: true, force: true }) }
  const result = work(folder)
  if (result instanceof Promise) return result.finally(remove) as T
  remove()
  return result
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, ours, limit, ratio, unit } of await benchEngine()) console.log(`${name}: ${Math.round(ours)} ${unit}, bare SQLite ${Math.round(limit)} ${unit}, ratio ${ratio.toFixed(2)}`)
}
