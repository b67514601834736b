// The journal's entries: what a run did, in order, each durable before the engine goes on.
import type { Json } from './json.ts'
import type { Digest, Plan } from './plan.ts'
import type { Evidence } from './world.ts'
import type { Problem } from './error.ts'

/** Forward or back. */
export type Way = 'apply' | 'undo'

/** How a run ended for good. A run that stopped or waits is not closed. */
export type Outcome = 'done' | 'failed' | 'rolled-back'

/** What is written; the journal adds `seq` and `at`. */
export type NewEntry =
  | { readonly type: 'opened'; readonly plan: Digest; readonly driver: string }
  | { readonly type: 'begun'; readonly step: string; readonly way: Way; readonly attempt: number }
  | { readonly type: 'settled'; readonly step: string; readonly way: Way; readonly how: 'did' | 'found'; readonly output?: Json }
  /** An attempt that ended in an error. `certain` means that nothing changed outside (a refusal). */
  | { readonly type: 'failed'; readonly step: string; readonly way: Way; readonly attempt: number; readonly certain: boolean; readonly problem: Problem }
  /** The run stopped here for a person to look; the next drive looks again. */
  | { readonly type: 'stuck'; readonly step: string; readonly way: Way; readonly why: string }
  | { readonly type: 'gate'; readonly gate: string; readonly plan: Digest; readonly verdict: 'approved' | 'denied'; readonly by: string }
  | { readonly type: 'turned'; readonly why: string }
  | { readonly type: 'closed'; readonly outcome: Outcome }

/** One line of the journal. `seq` counts from 1 within a run; `at` is ISO 8601, UTC. */
export type Entry = NewEntry & { readonly seq: number; readonly at: string }

/** The sole right to append to a run, until another driver takes it. */
export interface Claim {
  readonly run: string
  readonly driver: string
  /** Grows with every claim of the run; an append with an older fence is refused. */
  readonly fence: number
}

/** A run as the journal lists it. */
export interface RunRecord {
  readonly run: string
  readonly plan: Plan
  /** ISO 8601, UTC. */
  readonly openedAt: string
  readonly closed: Outcome | undefined
}

/** The durable list of entries of every run. */
export interface Journal {
  /** Records the run and its plan. Does nothing when the same plan is recorded already; another plan under this id throws SlipwayError `journal-invalid`. */
  open(run: string, plan: Plan): Promise<void>
  /** Claims a run for a driver for `ttl` milliseconds. Undefined while another living driver holds it. */
  claim(run: string, driver: string, ttl: number): Promise<Claim | undefined>
  /** Prolongs a claim. Throws SlipwayError `run-claimed` when it has been superseded. */
  renew(claim: Claim, ttl: number): Promise<void>
  release(claim: Claim): Promise<void>
  /** Durable once resolved. Throws SlipwayError `run-claimed` when the claim has been superseded, `journal-write` when the disk refuses. */
  append(claim: Claim, entry: NewEntry): Promise<Entry>
  /** Entries of a run after `seq`, in order. */
  read(run: string, after?: number): Promise<readonly Entry[]>
  /** Runs, newest first. */
  runs(): Promise<readonly RunRecord[]>
  /** Approves or denies a gate of a run from outside its driver; needs no claim. */
  decide(run: string, gate: Extract<NewEntry, { type: 'gate' }>): Promise<Entry>
  readonly evidence: { find(key: string): Promise<Evidence | undefined>; record(evidence: Evidence): Promise<void> }
  close(): void
}
