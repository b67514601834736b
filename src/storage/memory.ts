// The journal in memory, for tests and rehearsals: the same contract, gone with the process.
import { mayClaim, requireHeld, UNCLAIMED, unknownRun, type Holding } from './claims.ts'
import { entryText, parseEntry, parseEvidence, parsePlan, planText, type Kept } from './entry-text.ts'
import { isAlive } from './drivers.ts'
import { otherPlan } from './runs.ts'
import type { Entry, Journal, NewEntry, Outcome } from '../model/entry.ts'

/** What a journal in memory asks of its surroundings. */
export interface MemoryJournalOptions {
  readonly now: () => Date
  /** Whether a driver may still be at work; by default `isAlive`. */
  readonly alive?: (driver: string) => boolean
}

interface MemoryRun {
  readonly plan: string
  readonly openedAt: string
  /** As text, so that what is read cannot be changed through what was written. */
  readonly entries: Kept[]
  holding: Holding
  closed: Outcome | undefined
}

/** An empty journal. */
export function memoryJournal({ now, alive = isAlive }: MemoryJournalOptions): Journal {
  const runs = new Map<string, MemoryRun>()
  const evidence = new Map<string, string>()
  const known = (run: string): MemoryRun => {
    const found = runs.get(run)
    if (found === undefined) throw unknownRun(run)
    return found
  }
  const append = (run: string, entry: NewEntry): Entry => {
    const { entries } = known(run)
    const kept = { seq: entries.length + 1, at: now().toISOString(), entry: entryText(entry) }
    entries.push(kept)
    if (entry.type === 'closed') known(run).closed = entry.outcome
    return parseEntry(kept, `run ${run}`)
  }

  return {
    async open(run, plan) {
      const text = planText(plan)
      const kept = runs.get(run)?.plan
      if (kept === text) return
      if (kept !== undefined) throw otherPlan(run, parsePlan(kept, `run ${run}`), plan)
      runs.set(run, { plan: text, openedAt: now().toISOString(), entries: [], holding: UNCLAIMED, closed: undefined })
    },
    async claim(run, driver, ttl) {
      const found = known(run)
      const at = now().getTime()
      if (!mayClaim(found.holding, { driver, at, alive })) return undefined
      const fence = found.holding.fence + 1
      found.holding = { driver, fence, until: at + ttl }
      return { run, driver, fence }
    },
    async renew(claim, ttl) {
      const found = known(claim.run)
      requireHeld(claim, found.holding)
      found.holding = { ...found.holding, until: now().getTime() + ttl }
    },
    async release(claim) {
      const found = known(claim.run)
      requireHeld(claim, found.holding)
      found.holding = { driver: null, fence: claim.fence, until: 0 }
    },
    async append(claim, entry) {
      requireHeld(claim, known(claim.run).holding)
      return append(claim.run, entry)
    },
    async read(run, after = 0) {
      return (runs.get(run)?.entries ?? []).filter(({ seq }) => seq > after).map((kept) => parseEntry(kept, `run ${run}`))
    },
    async runs() {
      return [...runs].map(([run, { plan, openedAt, closed }]) => ({ run, plan: parsePlan(plan, `run ${run}`), openedAt, closed })).toReversed()
    },
    async decide(run, gate) {
      return append(run, gate)
    },
    evidence: {
      async find(key) {
        const kept = evidence.get(key)
        return kept === undefined ? undefined : parseEvidence(kept, 'the journal in memory')
      },
      async record(found) {
        const kept = evidence.get(found.key)
        const stays = kept !== undefined && (!found.passed || parseEvidence(kept, 'the journal in memory').passed)
        if (!stays) evidence.set(found.key, JSON.stringify(found))
      },
    },
    close() {},
  }
}
