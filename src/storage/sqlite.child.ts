// The other process of the SQLite journal's tests: opens, claims or writes on command, and says each result at once.
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { thisDriver } from './drivers.ts'
import { openSqliteJournal } from './sqlite.ts'
import type { Plan } from '../model/plan.ts'

const [task, file = '', plan = ''] = process.argv.slice(2)
const parsedPlan = JSON.parse(plan) as Plan
const now = () => new Date()
// Nothing may stay in a buffer: what was said before a SIGKILL must have been heard.
const say = (line: string) => writeSync(1, `${line}\n`)

if (task === 'write') {
  const journal = openSqliteJournal({ file, now })
  await journal.open('r', parsedPlan)
  const claim = await journal.claim('r', thisDriver(), 3_600_000)
  if (claim === undefined) throw new Error('The run is held.')
  say('ready')
  for (let attempt = 1; ; attempt += 1) {
    const { seq } = await journal.append(claim, { type: 'begun', step: `${process.pid} ${'x'.repeat(attempt % 5000)}`, way: 'apply', attempt })
    say(String(seq))
  }
}

if (task === 'race') {
  say('ready')
  for await (const command of createInterface({ input: process.stdin })) {
    // Each line names a journal file that does not exist yet.
    const journal = openSqliteJournal({ file: command, now })
    await journal.open('r', parsedPlan)
    const claim = await journal.claim('r', thisDriver(), 3_600_000)
    const seq = claim && (await journal.append(claim, { type: 'opened', plan: parsedPlan.digest, driver: thisDriver() })).seq
    journal.close()
    say(claim ? `won ${seq}` : 'lost')
  }
}
