// Runs a toy release in processes that are killed where a test says, each taking up what the one before left.
import type { Entry, Journal } from '../../src/model/entry.ts'
import type { Verdict } from '../../src/model/event.ts'
import type { AnyKind } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { World } from '../../src/model/world.ts'
import { drive, type Policy } from '../../src/engine/drive.ts'
import { fold, isOurs } from '../../src/engine/fold.ts'
import { observe } from '../../src/engine/observe.ts'
import { resolveInput } from '../../src/engine/resolve.ts'
import { rollbackPlan, type Begun } from '../../src/plan/back.ts'
import { memoryJournal } from '../../src/storage/memory.ts'
import { toyKinds } from './toy-kinds.ts'
import { newLine } from './toy-line.ts'
import { toyServers, type ToyFault, type ToyServers } from './toy-servers.ts'

const HOUR = 3_600_000

/** A release and everything about it that is not the kills. */
export interface Scene {
  readonly plan: Plan
  /** Milliseconds until an index shows what was done. */
  readonly lag?: number
  /** The effect that is refused whenever it is asked for. */
  readonly refusing?: string
  readonly faults?: Readonly<Record<string, ToyFault>>
  readonly concurrency?: number
  /** Decides how long each outside call takes. */
  readonly seed?: number
  readonly onFailure?: Policy['onFailure']
  /** Whether each process finds the journal of the one before. */
  readonly journalIs?: 'kept' | 'lost'
  readonly broken?: BrokenEngine
}

/** A fault of the engine, made from outside: what it reads, writes and sees goes through here. */
export interface BrokenEngine {
  readonly journal?: (journal: Journal) => Journal
  readonly kind?: (kind: AnyKind) => AnyKind
}

/** How a release ended, and everything that can be said about the way there. */
export interface Ended {
  readonly servers: ToyServers
  readonly verdict: Verdict
  /** Of the last journal. */
  readonly entries: readonly Entry[]
  /** The crossing at which each killed process was killed. */
  readonly killedAt: readonly string[]
  /** Crossings of the last process. */
  readonly crossed: readonly string[]
}

/** Runs a plan on empty servers, or on those given, through one process per kill and a last one that ends by itself. */
export async function runThrough(scene: Scene, kills: readonly number[] = [], servers = serversOf(scene)): Promise<Ended> {
  let journal = newJournal(servers)
  const killedAt: string[] = []
  for (const killAt of [...kills, Infinity]) {
    const end = await oneProcess(scene, { servers, journal, killAt, number: killedAt.length })
    if (typeof end !== 'string') return { servers, ...end, entries: await journal.read('toy'), killedAt }
    killedAt.push(end)
    if (scene.journalIs === 'lost') journal = newJournal(servers)
  }
  throw new Error('A process without a kill ends by itself.')
}

/** The servers that a scene begins with. */
export function serversOf({ lag = 0, refusing, faults = {} }: Scene): ToyServers {
  const servers = toyServers({ lag })
  if (refusing !== undefined) servers.refusing.add(refusing)
  for (const [what, fault] of Object.entries(faults)) servers.faults.set(what, fault)
  return servers
}

/** Where a run can be killed: before and after each crossing of the run that is not. */
export function killPoints({ crossed }: Ended): readonly number[] {
  return Array.from({ length: 2 * crossed.length }, (_, point) => point)
}

/** The plan that takes back what a journal says was begun. */
export function backOf(plan: Plan, entries: readonly Entry[]): Plan | undefined {
  const state = fold(plan, entries)
  const begun = plan.steps.flatMap((step): Begun[] => {
    const at = state.steps.get(step.id)
    if (at === undefined || !isOurs(at)) return []
    return [{ plan, step, input: resolveInput(step.input, (id) => state.steps.get(id)?.output), at: new Date(at.apply.last).toISOString() }]
  })
  return rollbackPlan(begun, plan.date)
}

/** The plan that takes back what a look at the servers shows. */
export async function backByLooking(plan: Plan, servers: ToyServers): Promise<Plan | undefined> {
  const found = await observe({ plan, kinds: toyKinds(servers, newLine()), look: {} as World })
  const begun = found.flatMap(({ step: id, probe, input }): Begun[] => {
    const step = plan.steps.find((each) => each.id === id)
    return step !== undefined && input !== undefined && probe.state === 'present' ? [{ plan, step, input, at: undefined }] : []
  })
  return rollbackPlan(begun, plan.date)
}

function newJournal(servers: ToyServers): Journal {
  return memoryJournal({ now: () => servers.clock.now(), alive: () => false })
}

interface ProcessOptions {
  readonly servers: ToyServers
  readonly journal: Journal
  readonly killAt: number
  readonly number: number
}

/** One process from its start to its end: the crossing at which it was killed, or how it ended. */
async function oneProcess(scene: Scene, { servers, journal, killAt, number }: ProcessOptions): Promise<string | Pick<Ended, 'verdict' | 'crossed'>> {
  const { plan, concurrency = 1, seed = 0, onFailure = 'turn', broken = {} } = scene
  const line = newLine({ killAt, seed: seed === 0 ? 0 : seed + number })
  const kinds = new Map([...toyKinds(servers, line)].map(([name, kind]) => [name, broken.kind?.(kind) ?? kind]))
  const written = broken.journal?.(journal) ?? journal
  const lined: Journal = {
    ...written,
    append: (claim, entry) => line.cross(`append ${entry.type} ${'step' in entry ? `${entry.way} ${entry.step}` : ''}`.trim(), () => written.append(claim, entry)),
  }
  const work = async () => {
    await journal.open('toy', plan)
    const claim = await journal.claim('toy', `process ${number}`, HOUR)
    if (claim === undefined) throw new Error('The process before is dead.')
    await lined.append(claim, { type: 'opened', plan: plan.digest, driver: claim.driver })
    const verdict = await drive({
      run: 'toy', plan, kinds, claim, journal: lined,
      world: {} as World, look: {} as World,
      clock: { now: servers.clock.now, sleep: (ms, signal) => line.cross('sleep', () => servers.clock.sleep(ms, signal)) },
      policy: { onFailure, concurrency, attempts: 3, patience: { person: HOUR, world: HOUR } },
      signal: new AbortController().signal,
      ask: () => line.cross('ask', () => ({ verdict: 'approved', by: 'Ada' })),
      tell(event) {
        if (event.type === 'by-hand') servers.chores.add(event.instructions.page)
      },
    })
    return { verdict, crossed: line.crossed }
  }
  return Promise.race([work(), line.died])
}

/** Runs a plan until it is killed, and gives the journal as the kill left it. */
export async function runKilled(scene: Scene, killAt: number, servers: ToyServers): Promise<Pick<Ended, 'entries'>> {
  const journal = newJournal(servers)
  await oneProcess(scene, { servers, journal, killAt, number: 0 })
  return { entries: await journal.read('toy') }
}
