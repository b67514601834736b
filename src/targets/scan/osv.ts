// The scanner that is built in: packages of the SBOMs against OSV's advisories, by its API or out of a folder.
import { normalName } from '../../model/python-name.ts'
import type { Scanned } from './artifact.ts'
import { matchAnswered, matchOffline, speaksOf } from './advisory.ts'
import { loadOrders, type Orders } from './compare.ts'
import { merged, type Found } from './finding.ts'
import { askOsv } from './osv-api.ts'
import { readFolder } from './osv-folder.ts'
import { loadPurls } from './purl.ts'
import type { Bench, Result } from './result.ts'
import { readInventory, type Package } from './sbom.ts'
import { unreadable } from './unreadable.ts'

/** Where the advisories come from. */
export interface Advisories {
  /** Base of the API. */
  readonly api: string
  /** A folder of advisories in its place. */
  readonly database?: string
}

/** Looks for what is known about every package. Throws Refused `scan-unreadable`, and a plain Error where asking again may help. */
export async function scanWithOsv(bench: Bench, sboms: readonly Scanned[], from: Advisories): Promise<Result> {
  if (sboms.length === 0) {
    throw unreadable('There is no CycloneDX SBOM among what this release built, so OSV cannot be asked about anything.', 'Add `sbom: {}` to slipway.yaml, which makes SBOMs of the package and the image.')
  }
  const [purls, orders] = await Promise.all([loadPurls(), loadOrders()])
  const { packages, left, products } = await readInventory(bench.world, sboms, purls)
  const found = from.database === undefined ? await asked(bench, packages, { api: from.api, orders }) : await lookedUp(bench, packages, { database: from.database, orders })
  const unordered = from.database === undefined ? [] : packages.filter(({ place, source }) => orders(place.ecosystem)?.(source, source) !== 0)
  const places = new Map(packages.map(({ purl, place }) => [purl.plain, place]))
  const distinct = new Set(packages.map(({ purl }) => purl.plain)).size
  return {
    what: counted(distinct, 'package'),
    found: merged(found, (one, other) => later(orders(places.get(one.purl)?.ecosystem ?? ''), one.fixed, other.fixed)),
    notes: [
      ...(left === 0 ? [] : [`${counted(left, 'component')} of sorts or versions that OSV does not know`]),
      ...(unordered.length === 0 ? [] : [`${counted(unordered.length, 'package')} matched by exact version only`]),
    ],
    products,
  }
}

/** `1 package`, `2 packages` */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

async function asked(bench: Bench, packages: readonly Package[], { api, orders }: { api: string; orders: Orders }): Promise<readonly Found[]> {
  const queries = [...new Set(packages.map((one) => one.asked))]
  if (queries.length === 0) return []
  bench.once.say(`Asking ${new URL(api).host} about ${counted(queries.length, 'package')}.`)
  const answers = new Map((await askOsv(bench, api, queries)).map((advisories, at) => [queries[at], advisories]))
  return packages.flatMap((one) => (answers.get(one.asked) ?? []).flatMap((of) => matchAnswered(of, one, orders) ?? []))
}

async function lookedUp({ world, once }: Bench, packages: readonly Package[], { database, orders }: { database: string; orders: Orders }): Promise<readonly Found[]> {
  once.say(`Looking up ${counted(packages.length, 'package')} in ${database}.`)
  const byName = Map.groupBy(packages, ({ place }) => place.name)
  const named = (of: { affected: readonly { package?: { name: string } | null | undefined }[] }): readonly Package[] =>
    [...new Set(of.affected.flatMap((entry) => byName.get(normalName(entry.package?.name ?? '')) ?? byName.get(entry.package?.name ?? '') ?? []))]
  const advisories = await readFolder(world.folder(database), database, (of) => !of.withdrawn && named(of).some((one) => speaksOf(of, one)))
  return advisories.flatMap((of) => named(of).flatMap((one) => matchOffline(of, one, orders) ?? []))
}

/** The fixed version that has both fixes. */
function later(compare: ((one: string, other: string) => number | undefined) | undefined, one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return (compare?.(one, other) ?? 0) < 0 ? other : one
}
