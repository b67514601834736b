// `npm run bench [name…]`: measures each part beside its limit and prints one table. Nothing here asserts on time.
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, totalmem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildInto, type Built } from './built.ts'
import { benchEngine } from './engine.ts'
import { benchJournal } from './engine-journal.ts'
import { historyRows } from './history.ts'
import { imageRows } from './image.ts'
import { planRows } from './plan.ts'
import { table, type Row } from './row.ts'
import { startUpRows } from './start-up.ts'
import { uploadRows } from './upload.ts'

/** What can be measured, by name. */
const benches: Readonly<Record<string, (built: Built) => Promise<readonly Row[]>>> = {
  'start-up': startUpRows,
  'history': historyRows,
  'plan': planRows,
  'upload': async () => (await uploadRows()).map((each) => ({ ...each, against: 'curl --upload-file' })),
  'image': imageRows,
  'journal': async () => (await benchJournal()).map((each) => ({ ...each, against: 'bare SQLite, one transaction each' })),
  'engine': benchEngine,
}

const names = process.argv.slice(2)
const unknown = names.find((name) => !Object.hasOwn(benches, name))
if (unknown !== undefined) {
  console.error(`There is no bench named ${unknown}; there are ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-built-'))
try {
  const built = await buildInto(folder)
  const rows: Row[] = []
  for (const [name, bench] of Object.entries(benches)) {
    if (names.length > 0 && !names.includes(name)) continue
    console.error(`measuring ${name}`)
    rows.push(...await bench(built))
  }
  const memory = Math.round(totalmem() / 1024 ** 3)
  console.log(`${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, ${memory} GB, Node ${process.versions.node}; medians, ours and the limit by turns\n`)
  console.log(table(rows))
} finally {
  await rm(folder, { recursive: true })
}
