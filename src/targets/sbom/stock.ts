// Takes stock of an image for one platform, or of a Python package with its environment.
import type { Once } from '../../model/kind.ts'
import type { World } from '../../model/world.ts'
import type { Environment, ImageSubject, PackageSubject } from './artifact.ts'
import { componentsOf, type Component } from './component.ts'
import type { Inventory } from './inventory.ts'
import { readLayers } from './layers.ts'
import { licenceReader } from './licence.ts'
import { licenceIn } from './python.ts'

/** An inventory, and what a person is told of it. `whole` is false where something could not be listed. */
export interface Stock {
  readonly inventory: Inventory
  readonly detail: string
  readonly whole: boolean
}

/** Reads the layers of an image. Throws Refused `image-invalid` and what the artifact store throws. */
export async function stockOfImage({ world, once }: { readonly world: World; readonly once: Once }, image: ImageSubject, epoch: number): Promise<Stock> {
  const { PackageURL } = await import('packageurl-js')
  const layers = await Promise.all(image.layers.map(async (digest) => ({ digest, body: await world.artifacts.body(digest) })))
  const { packages, distro, unread } = await readLayers(layers, {
    of: `${image.image} ${image.version} for ${image.platform}`, signal: once.signal, progress: (done, total) => { once.progress(done, total) },
  })
  const components = await componentsOf(packages, distro)
  const name = image.image.split('/').at(-1) ?? image.image
  const purl = new PackageURL('oci', undefined, name, image.sha256, { arch: image.platform.split('/')[1] ?? '', repository_url: image.image }).toString()
  const notes = [['slipway:platform', image.platform] as const, ...unread.map((text) => ['slipway:not-read', text] as const)]
  return {
    inventory: { of: 'image', root: { name: image.image, version: image.version, purl, sha256: image.sha256, licence: undefined }, notes, distro, components, epoch },
    detail: [counts(components), ...unread.slice(0, 3).map((text) => `not read: ${text}`)].join('; '),
    whole: unread.length === 0,
  }
}

/** The wheel and the environment that it was installed into: that of the newest Python. */
export async function stockOfPackage(wheel: PackageSubject, environments: readonly Environment[], epoch: number): Promise<Stock> {
  const { PackageURL } = await import('packageurl-js')
  const licenceOf = await licenceReader()
  const field = (name: string): string => wheel.fields.find(([key]) => key === name)?.[1] ?? ''
  const [name, version] = [field('name'), field('version')]
  const stated = licenceIn(new Map(['license_expression', 'license', 'classifiers'].map((key) => [
    key === 'classifiers' ? 'classifier' : key.replace('_', '-'), wheel.fields.filter(([each]) => each === key).map(([, value]) => value),
  ] as const)))
  const newest = environments.toSorted((one, other) => compareVersions(other.python, one.python))[0]
  const own = new PackageURL('pypi', undefined, name, version).toString()
  const installed = (newest?.packages ?? []).map((one) => ({ from: 'pypi' as const, ...one }))
  const components = (await componentsOf(installed, undefined)).filter(({ ref }) => ref !== own)
  const purl = new PackageURL('pypi', undefined, name, version, { file_name: wheel.file }).toString()
  return {
    inventory: {
      of: 'package',
      root: { name, version, purl, sha256: wheel.sha256, licence: stated === undefined ? undefined : licenceOf(stated) },
      notes: [['slipway:wheel', wheel.file] as const, newest === undefined ? ['slipway:not-read', NO_ENVIRONMENT] as const : ['slipway:python', newest.python] as const],
      distro: undefined, components, epoch,
    },
    detail: newest === undefined ? `not verified: ${NO_ENVIRONMENT}` : `${counts(components)}, as installed on Python ${newest.python}`,
    whole: newest !== undefined,
  }
}

const NO_ENVIRONMENT = 'no install test told what the package depends on'

/** `93 packages (dpkg 88, pypi 5)` */
function counts(components: readonly Component[]): string {
  const by = new Map<string, number>()
  for (const { from } of components) by.set(from, (by.get(from) ?? 0) + 1)
  const parts = [...by].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([from, count]) => `${from} ${count}`)
  return `${components.length} ${components.length === 1 ? 'package' : 'packages'}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`
}

function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split('.').map((part) => Number.parseInt(part, 10) || 0))
  for (let at = 0; at < 3; at += 1) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
