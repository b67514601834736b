// The packages that CycloneDX SBOMs list (https://cyclonedx.org/docs/1.6/json/).
import { z } from 'zod'
import { parseJson } from '../../model/json.ts'
import type { World } from '../../model/world.ts'
import { storedText } from '../checks/stored.ts'
import type { Scanned } from './artifact.ts'
import { askedFor, placeOf, type Place } from './ecosystem.ts'
import type { Purl, Purls } from './purl.ts'
import { unreadable } from './unreadable.ts'

/** A package of the SBOMs that OSV may know. */
export interface Package {
  readonly purl: Purl
  readonly place: Place
  readonly version: string
  /** The version that advisories speak of: of a distribution, the source package's. */
  readonly source: string
  /** The package URL that OSV is asked for. */
  readonly asked: string
  /** Names of the SBOMs that list it. */
  readonly in: readonly string[]
}

/** What the SBOMs say together. */
export interface Inventory {
  readonly packages: readonly Package[]
  /** How many components have no package URL with a version that OSV knows. */
  readonly left: number
  /** By which names statements about what is scanned may call it: package URLs, references and names. */
  readonly products: readonly string[]
}

interface Component {
  readonly type?: string | undefined
  readonly name?: string | undefined
  readonly version?: string | undefined
  readonly purl?: string | undefined
  readonly 'bom-ref'?: string | undefined
  readonly components?: readonly Component[] | undefined
}

const component: z.ZodType<Component> = z.lazy(() => z.object({
  type: z.string().optional(), name: z.string().optional(), version: z.string().optional(), purl: z.string().optional(), 'bom-ref': z.string().optional(),
  components: z.array(component).optional(),
}))

const bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(component).default([]),
  metadata: z.object({ component: component.optional() }).optional(),
})

/** Reads the SBOMs. Throws Refused `scan-unreadable` for one that is no CycloneDX document, `artifact-missing` and `artifact-changed`. */
export async function readInventory(world: World, sboms: readonly Scanned[], purls: Purls): Promise<Inventory> {
  const packages = new Map<string, Package>()
  const left = new Set<string>()
  const products = new Set<string>()
  for (const sbom of sboms) {
    const read = bom.safeParse(parseJson(await storedText(world, sbom.sha256)))
    if (!read.success) throw unreadable(`${sbom.name} is no CycloneDX document in JSON, so its packages cannot be scanned.`, 'Make the SBOM again with `sbom: {}` in slipway.yaml.')
    const { components, metadata } = read.data
    for (const name of [metadata?.component?.purl, metadata?.component?.['bom-ref'], metadata?.component?.name]) if (name !== undefined) products.add(name)
    const all = flat(components)
    const distro = all.find(({ type }) => type === 'operating-system')
    const of = distro === undefined ? undefined : `${distro.name ?? ''}-${distro.version ?? ''}`
    for (const one of all.filter(({ type }) => type !== 'operating-system' && type !== 'file')) {
      const listed = packageOf(one, of, purls)
      if (listed === undefined) left.add(one.purl ?? `${one.name ?? ''}@${one.version ?? ''}`)
      // The same package may have come from another release of its distribution.
      else packages.set(keyOf(listed), { ...listed, in: [...new Set([...packages.get(keyOf(listed))?.in ?? [], sbom.name])] })
    }
  }
  return { packages: [...packages.values()], left: left.size, products: [...products] }
}

function flat(components: readonly Component[]): readonly Component[] {
  return components.flatMap((one) => [one, ...flat(one.components ?? [])])
}

function packageOf({ purl: text }: Component, distro: string | undefined, purls: Purls): Omit<Package, 'in'> | undefined {
  const purl = text === undefined ? undefined : purls.read(text)
  const place = purl === undefined ? undefined : placeOf(purl, distro)
  if (purl?.version === undefined || place === undefined) return undefined
  const asked = askedFor(purl)
  return { purl, place, version: purl.version, source: asked.version ?? purl.version, asked: purls.write(asked) }
}

function keyOf({ purl, place, asked }: Omit<Package, 'in'>): string {
  return `${purl.plain} ${place.release ?? ''} ${asked}`
}
