// The lease of a release on its remote, as the app holds it around its runs.
import type { SlipwayError } from '../model/error.ts'
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
  /** `keep` leaves the release on record for whoever drives it next, `end` removes the record. */
  giveUp(how: 'keep' | 'end'): Promise<void>
}

/** The lease of a project's remote. */
export function leaseOf({ world, holder }: Pick<App, 'world' | 'holder'>, { git }: Pick<Project, 'git'>): {
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
      giveUp: (how) => releaseLease(world, { ...at, holder, how }),
    }
  }
  return {
    read: () => readLease(world, at),
    otherRelease: (lease) => otherRelease(at, lease),
    takeFor,
    take({ proposal }) {
      const { context, base } = proposal
      const { release, date, author } = context
      return takeFor({ name: release.name, version: release.to, base, date, author, because: [...release.because] })
    },
  }
}
