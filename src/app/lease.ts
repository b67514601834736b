// The lease of a release on its remote, as the app holds it around its runs.
import { SlipwayError } from '../model/error.ts'
import type { Exception } from '../model/exception.ts'
import type { Fact } from '../model/plan.ts'
import type { Clock } from '../model/world.ts'
import { otherRelease, readLease, releaseLease, takeLease, type Lease, type LeaseRecord } from '../targets/git/index.ts'
import type { App } from './app.ts'
import type { Project } from './project.ts'
import type { Proposal } from './propose.ts'

/** Milliseconds a lease holds without a sign of life. */
const LEASE_TTL = 60 * 60_000

/** A lease that is held. */
export interface HeldLease {
  readonly lease: Lease
  /** Prolongs it when half its time is over. Throws SlipwayError `lease-held` when another has taken it. */
  renew(): Promise<void>
  /** Puts on record what was observed for the publish plan, and returns what is on record: the first observation stays. */
  remember(seen: readonly Fact[]): Promise<readonly Fact[]>
  /** Puts on record what the release goes past from now on, and returns all that is on record. */
  except(exceptions: readonly Exception[]): Promise<readonly Exception[]>
  /** `keep` leaves the release on record for whoever drives it next, `end` removes the record. */
  giveUp(how: 'keep' | 'end'): Promise<void>
}

/** The lease of a project's remote. */
export function leaseOf({ world, clock, holder }: Pick<App, 'world' | 'clock' | 'holder'>, { git }: Pick<Project, 'git'>): {
  read(): Promise<Lease | undefined>
  take(options: { readonly proposal: Proposal }): Promise<HeldLease>
  takeFor(record: LeaseRecord): Promise<HeldLease>
  otherRelease(lease: Lease): SlipwayError
} {
  const at = { remote: git.remote, token: { $secret: git.token } }
  const takeFor = async (record: LeaseRecord): Promise<HeldLease> => {
    const take = () => takeLease(world, { ...at, holder, ttl: LEASE_TTL, release: record })
    const lease = await take()
    let taken = world.now().getTime()
    return {
      lease,
      async renew() {
        if (world.now().getTime() - taken < LEASE_TTL / 2) return
        await take()
        taken = world.now().getTime()
      },
      async remember(seen) {
        const noted = await takeLease(world, { ...at, holder, ttl: LEASE_TTL, release: { ...record, ...seenOnRecord(seen) } })
        taken = world.now().getTime()
        return noted.seen ?? []
      },
      async except(exceptions) {
        const noted = await takeLease(world, { ...at, holder, ttl: LEASE_TTL, release: { ...record, ...exceptionsOnRecord(exceptions) } })
        taken = world.now().getTime()
        return noted.exceptions ?? []
      },
      giveUp: (how) => persistently(clock, () => releaseLease(world, { ...at, holder, how })),
    }
  }
  return {
    read: () => readLease(world, at),
    otherRelease: (lease) => otherRelease(at, lease),
    takeFor,
    take({ proposal }) {
      const { context, base, exceptions } = proposal
      const { release, date, author } = context
      return takeFor({ name: release.name, version: release.to, base, date, author, because: [...release.because], ...exceptionsOnRecord(exceptions) })
    },
  }
}

/** What was observed for the publish plan, as the lease's record has it: nothing where nothing was. */
export function seenOnRecord(seen: readonly Fact[]): Pick<LeaseRecord, 'seen'> {
  return seen.length === 0 ? {} : { seen: structuredClone(seen) as NonNullable<LeaseRecord['seen']> }
}

/** What a release goes past, as the lease's record has it: nothing where there is nothing. */
export function exceptionsOnRecord(exceptions: readonly Exception[] | undefined): Pick<LeaseRecord, 'exceptions'> {
  return exceptions === undefined || exceptions.length === 0 ? {} : { exceptions: exceptions.map((each) => ({ ...each })) }
}

/** Milliseconds before each further try. */
const PAUSES = [1_000, 4_000, 15_000]

/** A remote that does not answer for a moment must not turn a finished release into a failed command. */
async function persistently(clock: Clock, work: () => Promise<void>): Promise<void> {
  for (const pause of PAUSES) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof SlipwayError && error.code !== 'remote-unreachable') throw error
      await clock.sleep(pause)
    }
  }
  return work()
}
