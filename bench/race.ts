// Programs run by turns, so that whatever else the machine does falls on all of them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { median } from './row.ts'

/** One program to run from its start to its end. */
export interface Contestant {
  readonly program: string
  readonly args: readonly string[]
  readonly folder: string
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** How a contestant did. */
export interface Result {
  /** Median wall time of the whole process, milliseconds. */
  readonly wall: number
  /** What it printed, round by round. */
  readonly printed: readonly string[]
}

/** Runs every contestant once to warm up and then `rounds` times, by turns. Throws when one fails. */
export async function race<Name extends string>(contestants: Readonly<Record<Name, Contestant>>, rounds: number): Promise<Record<Name, Result>> {
  const seen = new Map<Name, { readonly walls: number[]; readonly printed: string[] }>()
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of Object.keys(contestants) as Name[]) {
      const { wall, printed } = await run(contestants[name])
      if (round === 0) {
        seen.set(name, { walls: [], printed: [] })
        continue
      }
      seen.get(name)?.walls.push(wall)
      seen.get(name)?.printed.push(printed)
    }
  }
  const results = [...seen].map(([name, { walls, printed }]): [Name, Result] => [name, { wall: median(walls), printed }])
  return Object.fromEntries(results) as Record<Name, Result>
}

async function run({ program, args, folder, env }: Contestant): Promise<{ readonly wall: number; readonly printed: string }> {
  // Extra certificates would be parsed at every start, by programs that need no network.
  const whole = { ...process.env, NODE_EXTRA_CA_CERTS: '', ...env }
  const began = performance.now()
  const child = spawn(program, args, { cwd: folder, env: whole, stdio: ['ignore', 'pipe', 'pipe'] })
  const [[code], printed, complaints] = await Promise.all([once(child, 'close') as Promise<[number | null]>, text(child.stdout), text(child.stderr)])
  const wall = performance.now() - began
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${printed}${complaints}`)
  return { wall, printed }
}
