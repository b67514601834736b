// A rig for driving small plans: kinds whose effects are cells that a test fills, empties and listens to.
import { z } from 'zod'
import { SlipwayError } from '../../src/model/error.ts'
import type { Claim, Entry, Journal, NewEntry } from '../../src/model/entry.ts'
import type { RunEvent, Verdict } from '../../src/model/event.ts'
import type { Json } from '../../src/model/json.ts'
import type { AnyKind, Once, Probe, Reversal } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { World } from '../../src/model/world.ts'
import { drive, type Drive, type Policy } from '../../src/engine/drive.ts'
import { memoryJournal } from '../../src/storage/memory.ts'

/** What a hook may do instead of letting the call go on: throw, return `skip` to answer as if it had been done, or do it and return something else. */
export type Hook = (call: { readonly input: Json; readonly once?: Once }) => Instead | Promise<Instead>

type Instead = void | 'skip' | { readonly returns: Json }

/** A journal, cells and a clock for one run of one plan. */
export interface Rig {
  readonly plan: Plan
  readonly journal: Journal
  /** What each step's effect is seen as, by the `cell` of its input or else by nothing; absent when not set. */
  readonly cells: Map<string, Probe<Json>>
  /** By `apply x`, `undo x` or `probe x`; called before each. */
  readonly hooks: Map<string, Hook>
  /** Every apply and undo, in order. */
  readonly calls: string[]
  readonly events: RunEvent[]
  readonly inputs: Map<string, Json>
  /** Called at every sleep. */
  onSleep: (ms: number) => void
  now(): number
  /** Lets milliseconds go by. */
  pass(ms: number): void
  drive(options?: Partial<Drive> & { readonly patience?: Policy['patience']; readonly claimed?: Claim } & Partial<Omit<Policy, 'patience'>>): Promise<Verdict>
  entries(): Promise<readonly Entry[]>
  /** Types of the entries, with their step. */
  told(): Promise<readonly string[]>
  /** Writes entries as a driver before would have. */
  before(...entries: readonly NewEntry[]): Promise<void>
}

/** Milliseconds that the kind `cell.slow` takes to show what was done. */
export const SLOW = 5_000

const HOUR = 3_600_000
const input = z.looseObject({ cell: z.string() })
const output = z.looseObject({ of: z.string() })

/** A rig for a plan whose steps are of the kinds `cell`, `cell.slow`, `cell.leaves`, `cell.hand`, `cell.final`, `cell.wait` and `cell.arrives`. */
export function newRig(plan: Plan): Rig {
  let time = Date.parse('2026-01-02T03:04:05.000Z')
  let drives = 0
  const journal = memoryJournal({ now: () => new Date(time), alive: () => false })
  const claim = async (): Promise<Claim> => {
    await journal.open('r', plan)
    const given = await journal.claim('r', `driver ${(drives += 1)}`, HOUR)
    if (given === undefined) throw new Error('Drivers before are dead.')
    return given
  }
  const rig: Rig = {
    plan, journal, cells: new Map(), hooks: new Map(), calls: [], events: [], inputs: new Map(),
    onSleep: () => {},
    now: () => time,
    pass: (ms) => { time += ms },
    async drive({ patience = { person: HOUR, world: HOUR }, onFailure = 'turn', concurrency = 1, attempts = 3, claimed, ...more } = {}) {
      return drive({
        run: 'r', plan, kinds: cellKinds(rig), journal, claim: claimed ?? await claim(),
        world: {} as World, look: {} as World,
        clock: {
          now: () => new Date(time),
          async sleep(ms, signal) {
            if (signal?.aborted === true) return
            time += ms
            rig.onSleep(ms)
          },
        },
        policy: { onFailure, concurrency, attempts, patience },
        signal: new AbortController().signal,
        tell: (event) => { rig.events.push(event) },
        ...more,
      })
    },
    entries: () => journal.read('r'),
    told: async () => (await journal.read('r')).map((entry) => ('step' in entry ? `${entry.type} ${entry.way} ${entry.step}` : entry.type)),
    async before(...entries) {
      const given = await claim()
      for (const entry of entries) await journal.append(given, entry)
    },
  }
  return rig
}

function cellKinds(rig: Rig): ReadonlyMap<string, AnyKind> {
  const absent = { state: 'absent' } as const
  const listen = async (call: string, heard: Parameters<Hook>[0]) => rig.hooks.get(call)?.(heard)
  const undo = (left: Probe<Json>): Extract<Reversal<z.infer<typeof input>, Json>, { is: 'reversible' }>['undo'] => async (_world, at, _output, once) => {
    rig.calls.push(`undo ${at.cell}`)
    if ((await listen(`undo ${at.cell}`, { input: at as Json, once })) !== 'skip') rig.cells.set(at.cell, left)
  }
  const base = {
    input, output, examples: () => [],
    describe: ({ cell }: z.infer<typeof input>) => ({ apply: `fill ${cell}`, undo: `empty ${cell}`, byHand: [] }),
    probe: async (_: unknown, at: z.infer<typeof input>) => {
      await listen(`probe ${at.cell}`, { input: at as Json })
      return rig.cells.get(at.cell) ?? absent
    },
  }
  const apply = async (_: unknown, at: z.infer<typeof input>, once: Once): Promise<Json> => {
    rig.calls.push(`apply ${at.cell}`)
    rig.inputs.set(at.cell, at as Json)
    const made = { of: at.cell, key: once.key }
    const instead = await listen(`apply ${at.cell}`, { input: at as Json, once })
    if (instead !== 'skip') rig.cells.set(at.cell, { state: 'present', output: made })
    return typeof instead === 'object' ? instead.returns : made
  }
  const reversible: AnyKind['reversal'] = { is: 'reversible', undo: undo(absent) }
  const kinds: readonly AnyKind[] = [
    { ...base, kind: 'cell', apply, reversal: reversible },
    { ...base, kind: 'cell.slow', apply, reversal: reversible, settlesWithin: SLOW },
    { ...base, kind: 'cell.leaves', apply, reversal: { is: 'compensable', leaves: 'a trace', undo: undo({ state: 'withdrawn' }) } },
    { ...base, kind: 'cell.hand', apply, reversal: { is: 'by-hand', leaves: 'a trace', instructions: ({ cell }: { cell: string }) => ({ page: cell, steps: ['Do it.'], done: `${cell} is gone` }) } },
    { ...base, kind: 'cell.final', apply, reversal: { is: 'final', because: 'everybody saw it' } },
    { ...base, kind: 'cell.wait', reversal: { is: 'none' } },
    { ...base, kind: 'cell.arrives', reversal: { is: 'by-hand', leaves: 'a trace', instructions: ({ cell }: { cell: string }) => ({ page: cell, steps: ['Do it.'], done: `${cell} is gone` }) } },
  ]
  return new Map(kinds.map((kind) => [kind.kind, kind]))
}

/** What a kind throws when something will not get better by itself. */
export function brokenError(message: string): SlipwayError {
  return new SlipwayError({ code: 'tool-missing', message })
}
