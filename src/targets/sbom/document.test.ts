// Tests of the documents: what stands in them, that their schema holds, and that the same content gives the same bytes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PackageURL } from 'packageurl-js'
import { Refused } from '../../model/error.ts'
import { componentsOf } from './component.ts'
import { checkCycloneDx, cycloneDx } from './cyclonedx.ts'
import { uuidOf, type Inventory } from './inventory.ts'
import { licenceReader } from './licence.ts'
import type { Located } from './package.ts'
import { spdx } from './spdx.ts'

const debian = { id: 'debian', version: '12' }
const PACKAGES: readonly Located[] = [
  { from: 'dpkg', name: 'libc6', version: '2.36-9', arch: 'amd64', upstream: 'glibc', path: 'var/lib/dpkg/status' },
  { from: 'dpkg', name: 'g++', version: '4:12.2.0-3', arch: 'amd64', path: 'var/lib/dpkg/status' },
  { from: 'pypi', name: 'Typing_Extensions', version: '4.9.0', licence: 'PSF-2.0', path: 'b.dist-info/METADATA' },
  { from: 'pypi', name: 'typing-extensions', version: '4.9.0', path: 'a.dist-info/METADATA' },
  { from: 'npm', name: '@scope/name', version: '1.0.0', licence: '(MIT OR Apache-2.0)', path: 'x' },
  { from: 'go', name: 'example.org/Acme/app', version: undefined, path: 'bin/app' },
  { from: 'rpm', name: 'curl', version: '8-1', epoch: '2', licence: 'Own words & others', path: 'y' },
]

async function inventory(packages: readonly Located[] = PACKAGES): Promise<Inventory> {
  return {
    of: 'image', distro: debian, epoch: 1_760_486_400, notes: [['slipway:platform', 'linux/amd64']],
    root: { name: 'ghcr.io/acme/app', version: '2.1.0', purl: 'pkg:oci/app@sha256%3Aabc?arch=amd64', sha256: `sha256:${'c'.repeat(64)}`, licence: undefined },
    components: await componentsOf(packages, debian),
  }
}

interface Read {
  readonly serialNumber: string
  readonly metadata: { readonly timestamp: string; readonly component: Record<string, unknown>; readonly properties: unknown }
  readonly components: readonly { readonly 'bom-ref': string; readonly type: string; readonly purl?: string; readonly group?: string; readonly name: string; readonly licenses?: unknown; readonly properties?: readonly { readonly value: string }[] }[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[]
}
const read = async (one: Inventory) => JSON.parse(await cycloneDx(one)) as Read

test('each package is one component with its package URL, and the same wherever it was found twice', async () => {
  const { components } = await inventory()
  assert.deepEqual(components.map(({ purl }) => purl), [
    'pkg:deb/debian/g%2B%2B@4:12.2.0-3?arch=amd64&distro=debian-12',
    'pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12&upstream=glibc',
    'pkg:golang/example.org/Acme/app',
    'pkg:npm/%40scope/name@1.0.0',
    'pkg:pypi/typing-extensions@4.9.0',
    'pkg:rpm/debian/curl@8-1?distro=debian-12&epoch=2',
  ])
  assert.deepEqual(components.find(({ from }) => from === 'pypi'), {
    ref: 'pkg:pypi/typing-extensions@4.9.0', from: 'pypi', purl: 'pkg:pypi/typing-extensions@4.9.0', group: undefined, name: 'typing-extensions', version: '4.9.0',
    licence: { id: 'PSF-2.0' }, paths: ['a.dist-info/METADATA', 'b.dist-info/METADATA'],
  })
  for (const { purl } of components) assert.equal(PackageURL.fromString(purl ?? '').toString(), purl)
  const [odd] = await componentsOf([{ from: 'go', name: 'x', version: 'vNext' }], undefined)
  assert.deepEqual([odd?.purl, odd?.ref], [undefined, 'go:x@vNext'])
})

test('a licence is an identifier, an expression, or the words of who wrote it', async () => {
  const licenceOf = await licenceReader()
  assert.deepEqual(['MIT', ' GPL-2.0-only WITH Classpath-exception-2.0 ', 'MIT License', 'MIT AND'].map(licenceOf), [
    { id: 'MIT' }, { expression: 'GPL-2.0-only WITH Classpath-exception-2.0' }, { name: 'MIT License' }, { name: 'MIT AND' },
  ])
})

test('CycloneDX holds the image, its system and everything in it, and keeps to its schema', async () => {
  const text = await cycloneDx(await inventory())
  await checkCycloneDx('The SBOM', text)
  const { metadata, components, dependencies, serialNumber } = JSON.parse(text) as Read
  assert.match(serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(metadata.timestamp, '2025-10-15T00:00:00.000Z')
  assert.deepEqual(metadata.properties, [{ name: 'slipway:platform', value: 'linux/amd64' }])
  assert.deepEqual(metadata.component, {
    type: 'container', name: 'ghcr.io/acme/app', version: '2.1.0', 'bom-ref': 'pkg:oci/app@sha256%3Aabc?arch=amd64', purl: 'pkg:oci/app@sha256%3Aabc?arch=amd64',
    hashes: [{ alg: 'SHA-256', content: 'c'.repeat(64) }],
  })
  assert.deepEqual(components.map(({ type, group, name }) => [type, group, name]), [
    ['operating-system', undefined, 'debian'], ['library', undefined, 'g++'], ['library', undefined, 'libc6'], ['library', 'example.org/Acme', 'app'],
    ['library', '@scope', 'name'], ['library', undefined, 'typing-extensions'], ['library', undefined, 'curl'],
  ])
  assert.deepEqual(components.map(({ licenses }) => licenses).filter((one) => one !== undefined), [
    [{ expression: '(MIT OR Apache-2.0)' }], [{ license: { id: 'PSF-2.0' } }], [{ license: { name: 'Own words & others' } }],
  ])
  assert.deepEqual(dependencies[0], { ref: 'pkg:oci/app@sha256%3Aabc?arch=amd64', dependsOn: components.map((one) => one['bom-ref']) })
})

test('the same content gives the same bytes in any order; other content gives another serial number', async () => {
  const [one, other] = [await inventory(), await inventory(PACKAGES.toReversed())]
  assert.equal(await cycloneDx(one), await cycloneDx(other))
  assert.equal(spdx(one), spdx(other))
  const fewer = await inventory(PACKAGES.slice(1))
  assert.notEqual((await read(one)).serialNumber, (await read(fewer)).serialNumber)
  assert.notEqual(uuidOf({ a: 1 }), uuidOf({ a: 2 }))
})

test('a document that breaks the schema is refused, with the place', async () => {
  const sound = await read(await inventory())
  const broken: readonly [string, object][] = [
    ['/components/1/type', { components: sound.components.map((one, at) => (at === 1 ? { ...one, type: 'thing' } : one)) }],
    ['/serialNumber', { serialNumber: 'urn:uuid:nonsense' }],
    ['additional', { extra: true }],
    ['/metadata/timestamp', { metadata: { ...sound.metadata, timestamp: 'yesterday' } }],
  ]
  for (const [where, change] of broken) {
    await assert.rejects(checkCycloneDx('The SBOM of linux/amd64', JSON.stringify({ ...sound, ...change })), (error) => {
      assert(error instanceof Refused && error.code === 'sbom-invalid')
      assert.match(error.message, /^The SBOM of linux\/amd64 does not follow the schema/)
      assert(error.problems[0].detail?.includes(where), error.problems[0].detail)
      return true
    })
  }
})

interface ReadSpdx {
  readonly documentNamespace: string
  readonly creationInfo: { readonly created: string; readonly creators: readonly string[]; readonly comment?: string }
  readonly packages: readonly { readonly SPDXID: string; readonly name: string; readonly licenseDeclared: string; readonly licenseComments?: string; readonly externalRefs?: readonly { readonly referenceLocator: string }[] }[]
  readonly relationships: readonly { readonly spdxElementId: string; readonly relationshipType: string; readonly relatedSpdxElement: string }[]
}

test('SPDX says the same: every package once, with its package URL, and how it belongs to the whole', async () => {
  const whole = await inventory()
  const { documentNamespace, creationInfo, packages, relationships } = JSON.parse(spdx(whole)) as ReadSpdx
  assert.match(documentNamespace, /^https:\/\/spdx\.org\/spdxdocs\/ghcr\.io%2Facme%2Fapp-2\.1\.0-[0-9a-f-]{36}$/)
  assert.deepEqual(creationInfo, { created: '2025-10-15T00:00:00Z', creators: ['Tool: slipway'], comment: 'slipway:platform: linux/amd64' })
  assert.equal(new Set(packages.map(({ SPDXID }) => SPDXID)).size, packages.length)
  assert.deepEqual(packages.flatMap(({ externalRefs = [] }) => externalRefs.map(({ referenceLocator }) => referenceLocator)), [whole.root.purl, ...whole.components.map(({ purl }) => purl)])
  assert.deepEqual(packages.map(({ name, licenseDeclared, licenseComments }) => [name, licenseDeclared, licenseComments]).slice(-3), [
    ['@scope/name', '(MIT OR Apache-2.0)', undefined], ['typing-extensions', 'PSF-2.0', undefined], ['curl', 'NOASSERTION', 'The package says: Own words & others'],
  ])
  assert.deepEqual(relationships[0], { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-Root' })
  assert.deepEqual(relationships.slice(1).map(({ relatedSpdxElement }) => relatedSpdxElement), packages.slice(1).map(({ SPDXID }) => SPDXID))
  assert(relationships.slice(1).every(({ relationshipType, spdxElementId }) => relationshipType === 'CONTAINS' && spdxElementId === 'SPDXRef-Root'))
  const own = JSON.parse(spdx(await inventory([{ ...PACKAGES[2]!, licence: 'MIT OR LicenseRef-own' }]))) as ReadSpdx
  assert.deepEqual([own.packages.at(-1)?.licenseDeclared, own.packages.at(-1)?.licenseComments], ['NOASSERTION', 'The package says: MIT OR LicenseRef-own'])
  const asPackage = JSON.parse(spdx({ ...whole, of: 'package', distro: undefined, notes: [] })) as ReadSpdx
  assert(asPackage.relationships.slice(1).every(({ relationshipType }) => relationshipType === 'DEPENDS_ON'))
})
