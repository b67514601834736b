// The lease: one ref of the remote that lets one release at a time be under way, and one driver drive it.
import { SlipwayError } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { LEASE_FORMAT, leaseText, parseLease, type Lease, type LeaseRecord } from './lease-record.ts'
import { ATTEMPTS, bringOwnRef, changeOwnRef, writeOwnCommit, type Held } from './own-ref.ts'
import type { Remote } from './remote.ts'
import { plumb } from './tree.ts'

/** The ref that holds the lease. */
export const LEASE_REF = 'refs/slipway/lease'

/** Whoever drives a release: an id of its own and the name of its machine. */
export interface Holder {
  readonly id: string
  readonly host: string
}

/** Takes the lease for a holder: the record of the release, and for how many milliseconds. */
export interface Taking extends Remote {
  readonly release: LeaseRecord
  readonly holder: Holder
  readonly ttl: number
}

/** How a lease is given up: `keep` leaves the release on record to be picked up, `end` removes it. */
export interface Releasing extends Remote {
  readonly holder: Pick<Holder, 'id'>
  readonly how: 'keep' | 'end'
}

/** The lease on a remote. Throws SlipwayError `lease-held` when the ref holds something else, `remote-unreachable`. */
export async function readLease(world: World, at: Remote): Promise<Lease | undefined> {
  return (await standing(world, at))?.value
}

/**
 * Takes or prolongs the lease. While a release is on record its record stays as it was first written, and is what comes back.
 * Throws SlipwayError `lease-held` when another release is under way or another living holder drives this one.
 */
export async function takeLease(world: World, { release, holder, ttl, ...at }: Taking): Promise<Lease> {
  return swapLease(world, at, (current) => {
    const now = world.now()
    if (current !== undefined && (current.name !== release.name || current.version !== release.version)) throw otherRelease(at, current)
    const mine = current?.holder?.id === holder.id
    if (current?.holder && !mine && Date.parse(current.holder.until) > now.getTime()) throw otherHolder(current)
    const fresh: LeaseRecord & Pick<Lease, 'format'> = { format: LEASE_FORMAT, ...release, because: [...release.because] }
    // The record stays as it was first written, but for what is observed or excepted later, and the turn from a release to its rollback.
    const record: LeaseRecord & Pick<Lease, 'format'> = current === undefined ? fresh : { ...(release.seen === undefined ? {} : { seen: release.seen }), ...current, ...exceptionsOf(current, release), ...(release.bump === undefined ? {} : { bump: release.bump }) }
    const since = (mine && current?.holder?.since) || now.toISOString()
    return { ...record, holder: { id: holder.id, host: holder.host, since, until: new Date(now.getTime() + ttl).toISOString() } }
  })
}

/** Those on record, and those that are new. */
function exceptionsOf(current: LeaseRecord, release: LeaseRecord): Pick<LeaseRecord, 'exceptions'> {
  const all = [...current.exceptions ?? [], ...release.exceptions ?? []]
  const exceptions = all.filter(({ rule, of }, at) => all.findIndex((each) => each.rule === rule && each.of === of) === at)
  return exceptions.length === 0 ? {} : { exceptions }
}

/** Gives the lease up. Does nothing where there is none or another has taken over; `end` throws SlipwayError `lease-held` for another's. */
export async function releaseLease(world: World, { holder, how, ...at }: Releasing): Promise<void> {
  await swapLease(world, at, (current) => {
    if (current === undefined) return undefined
    const others = current.holder !== null && current.holder.id !== holder.id
    if (others && how === 'end' && Date.parse(current.holder.until) > world.now().getTime()) throw otherHolder(current)
    if (how === 'end') return undefined
    return others ? current : { ...current, holder: null }
  })
}

async function swapLease<T extends Lease | undefined>(world: World, at: Remote, decide: (current: Lease | undefined) => T): Promise<T> {
  return changeOwnRef(world, at, {
    ref: LEASE_REF,
    read: () => standing(world, at),
    decide,
    write: (lease, parent) => writeLease(world, lease, parent),
    lost: () => new SlipwayError({
      code: 'lease-held',
      message: `The lease on ${at.remote} changed hands ${ATTEMPTS} times while this program tried to take it.`,
      hint: 'Other releases are being started at this very moment; run the same command again when they are through.',
    }),
  })
}

async function standing(world: World, at: Remote): Promise<Held<Lease> | undefined> {
  const commit = await bringOwnRef(world, at, { ref: LEASE_REF, called: 'The lease' })
  if (commit === undefined) return undefined
  const text = await world.git(['cat-file', 'commit', commit])
  const value = parseLease(text.stdout.slice(text.stdout.indexOf('\n\n') + 2))
  if (value === undefined) throw unreadable(at)
  return { commit, value }
}

async function writeLease(world: World, lease: Lease, parent: string | undefined): Promise<string> {
  const tree = (await plumb(world, ['hash-object', '-t', 'tree', '-w', '--stdin'], { stdin: '' })).trim()
  return writeOwnCommit(world, { tree, parent, message: leaseText(lease) })
}

/** The problem of a release that is under way while another is asked for: which one, whose, and the ways on. */
export function otherRelease(at: Pick<Remote, 'remote'>, lease: Lease): SlipwayError {
  const who = lease.holder === null ? 'nobody drives it now' : `started by ${lease.holder.host} at ${lease.holder.since}`
  return new SlipwayError({
    code: 'lease-held',
    message: `The release of ${lease.name} ${lease.version} is under way in this repository (from ${lease.base.slice(0, 12)}, dated ${lease.date}, ${who}).`,
    hint: `Finish it with \`slipway release ${lease.version}\`, take it back with \`slipway rollback ${lease.version}\`, or, when it is known to be dead, forget it with \`git push ${at.remote} :${LEASE_REF}\`.`,
  })
}

function otherHolder(lease: Lease): SlipwayError {
  const { host, since, until } = lease.holder ?? { host: 'another machine', since: lease.date, until: lease.date }
  return new SlipwayError({
    code: 'lease-held',
    message: `The release of ${lease.name} ${lease.version} is being driven by ${host} since ${since} (from ${lease.base.slice(0, 12)}).`,
    hint: `Let it finish there. If that machine is gone, its lease ends at ${until}; then run the same command again.`,
  })
}

function unreadable(at: Remote): SlipwayError {
  return new SlipwayError({
    code: 'lease-held',
    message: `${LEASE_REF} on ${at.remote} holds something that this version of Slipway cannot read.`,
    hint: `Another version of Slipway may be releasing; when none is, remove the ref with \`git push ${at.remote} :${LEASE_REF}\`.`,
  })
}
