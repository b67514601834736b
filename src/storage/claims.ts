// Who may drive a run: the rules of claims and fences, the same in every journal.
import { SlipwayError } from '../model/error.ts'
import type { Claim } from '../model/entry.ts'

/** A run's claim as a journal keeps it. */
export interface Holding {
  /** Null while nobody holds the run. */
  readonly driver: string | null
  /** 0 before the first claim. */
  readonly fence: number
  /** Milliseconds since the epoch, when the claim ends unless it is renewed. */
  readonly until: number
}

/** A driver that wants a run. */
export interface Claimant {
  readonly driver: string
  /** Milliseconds since the epoch. */
  readonly at: number
  alive(driver: string): boolean
}

/** What a run holds before anybody claimed it. */
export const UNCLAIMED: Holding = { driver: null, fence: 0, until: 0 }

/** True when the run is free, its claim is over, or its holder is this driver or gone. */
export function mayClaim(holding: Holding, claimant: Claimant): boolean {
  const { driver, until } = holding
  return driver === null || driver === claimant.driver || until <= claimant.at || !claimant.alive(driver)
}

/** Throws SlipwayError `run-claimed`, naming the holder, unless the claim is the run's newest and not released. */
export function requireHeld(claim: Claim, holding: Holding): void {
  if (claim.fence === holding.fence && claim.driver === holding.driver) return
  const free = holding.driver === null
  throw new SlipwayError({
    code: 'run-claimed',
    message: `The run ${claim.run} is no longer driven by ${claim.driver}: ${free ? 'the claim was given back' : `${holding.driver} has claimed it`}.`,
    hint: free ? 'Run again to go on; what was recorded is kept.' : 'Let that driver go on; `slipway status` shows how far the run is.',
  })
}

/** SlipwayError `release-unknown` for a run that was never opened. */
export function unknownRun(run: string): SlipwayError {
  return new SlipwayError({ code: 'release-unknown', message: `The journal has no run ${run}.`, hint: '`slipway status` lists the runs that it has.' })
}
