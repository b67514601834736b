// The real program with a clock that makes nobody wait and a journal that kills its own process where it is told to.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { App } from '../../src/app/app.ts'
import type { Composed } from '../../src/app/compose.ts'
import type { Entry, Journal, NewEntry } from '../../src/model/entry.ts'
import type { AnyKind } from '../../src/model/kind.ts'
import { ORDER, type Moment, type Order } from '../support/crash-order.ts'

const order = JSON.parse(process.env[ORDER] ?? '') as Order
const RealDate = Date
const now = (): number => RealDate.parse(readFileSync(order.clock, 'utf8'))

// The journal stamps its entries itself, so it is the machine's clock that must jump.
globalThis.Date = class extends RealDate {
  constructor(...at: readonly unknown[]) {
    super(...((at.length === 0 ? [now()] : at) as [number]))
  }
  static override now = now
} as DateConstructor

let writes = 0

async function around<T>(name: string, write: () => Promise<T>): Promise<T> {
  const number = (writes += 1)
  appendFileSync(order.writes, `${name}\n`)
  const dieAt = (moment: Moment): void => {
    if (order.dies?.write === number && order.dies.moment === moment) process.kill(process.pid, 'SIGKILL')
  }
  dieAt('before')
  const written = await write()
  dieAt('after')
  return written
}

function nameOf(entry: NewEntry): string {
  return ['way' in entry && entry.way === 'undo' ? 'undo' : '', entry.type, 'step' in entry ? entry.step : ''].filter((word) => word !== '').join(' ')
}

function journalThatKills(journal: Journal): Journal {
  return {
    ...journal,
    open: (run, plan) => around(`open ${plan.stage}`, () => journal.open(run, plan)),
    append: (claim, entry) => around(nameOf(entry), async () => {
      if (order.broken !== undefined && 'forgets' in order.broken && entry.type === order.broken.forgets) return { ...entry, seq: 0, at: new Date().toISOString() } satisfies Entry
      return journal.append(claim, entry)
    }),
  }
}

function seeing(targets: App['targets']): App['targets'] {
  const { broken } = order
  if (broken === undefined || !('blind' in broken)) return targets
  return targets.map((target) => ({ ...target, kinds: target.kinds.map((kind): AnyKind => kind.kind === broken.blind ? { ...kind, probe: async () => ({ state: 'absent' }) } : kind) }))
}

function composed(real: Composed): Composed {
  const clock = {
    now: () => new Date(),
    async sleep(ms: number, signal?: AbortSignal) {
      if (signal?.aborted === true) return
      writeFileSync(order.clock, new Date(now() + ms).toISOString())
      // Lets whoever is being waited for have a turn.
      await pause(1)
    },
  }
  const app = { ...real.app, clock, journal: journalThatKills(real.app.journal), targets: seeing(real.app.targets) }
  return { ...real, app, [Symbol.asyncDispose]: () => real[Symbol.asyncDispose]() }
}

const { main } = await import('../../src/cli/main.ts')
await main(process.argv.slice(2), { composed })
