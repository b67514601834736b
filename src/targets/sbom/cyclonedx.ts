// An inventory as a CycloneDX document.
import { Refused } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { Component } from './component.ts'
import { distroText } from './distro.ts'
import { uuidOf, type Inventory } from './inventory.ts'
import type { Licence } from './licence.ts'

/** CycloneDX 1.6 as JSON (https://cyclonedx.org/docs/1.6/json/): the same bytes for the same inventory, components in its order. */
export async function cycloneDx(inventory: Inventory): Promise<string> {
  const { Bom, Component: Part, Property, SpdxLicense, LicenseExpression, NamedLicense } = await import('@cyclonedx/cyclonedx-library/Models')
  const { ComponentType, HashAlgorithm } = await import('@cyclonedx/cyclonedx-library/Enums')
  const { JsonSerializer, JSON: { Normalize: { Factory } } } = await import('@cyclonedx/cyclonedx-library/Serialize')
  const { Spec1dot6 } = await import('@cyclonedx/cyclonedx-library/Spec')
  const { root, distro, components, notes, epoch } = inventory
  const licenceOf = (licence: Licence): InstanceType<typeof SpdxLicense | typeof LicenseExpression | typeof NamedLicense> => {
    if ('id' in licence) return new SpdxLicense(licence.id)
    return 'expression' in licence ? new LicenseExpression(licence.expression) : new NamedLicense(licence.name)
  }
  const partOf = ({ ref, purl, group, name, version, licence, paths }: Component): InstanceType<typeof Part> => {
    const part = new Part(ComponentType.Library, name, { bomRef: ref, ...given({ purl, group, version }) })
    if (licence !== undefined) part.licenses.add(licenceOf(licence))
    for (const path of paths) part.properties.add(new Property('slipway:found-in', path))
    return part
  }

  const top = new Part(inventory.of === 'image' ? ComponentType.Container : ComponentType.Library, root.name, { bomRef: root.purl, version: root.version, purl: root.purl })
  top.hashes.set(HashAlgorithm['SHA-256'], root.sha256.slice('sha256:'.length))
  if (root.licence !== undefined) top.licenses.add(licenceOf(root.licence))
  const system = distro === undefined ? [] : [new Part(ComponentType.OperatingSystem, distro.id, { bomRef: `os:${distroText(distro)}`, ...given({ version: distro.version || undefined }) })]

  const bom = new Bom({ serialNumber: `urn:uuid:${uuidOf(inventory as unknown as Json)}` })
  bom.metadata.timestamp = new Date(epoch * 1000)
  bom.metadata.tools.components.add(new Part(ComponentType.Application, 'slipway'))
  bom.metadata.component = top
  for (const [name, value] of notes) bom.metadata.properties.add(new Property(name, value))
  for (const part of [...system, ...components.map(partOf)]) {
    bom.components.add(part)
    top.dependencies.add(part.bomRef)
  }
  return `${new JsonSerializer(new Factory(Spec1dot6)).serialize(bom, { sortLists: false, space: 2 })}\n`
}

/** Throws Refused `sbom-invalid` when a document breaks the schema of CycloneDX 1.6. */
export async function checkCycloneDx(name: string, text: string): Promise<void> {
  validator ??= makeValidator()
  const wrong = await (await validator).validate(text) as readonly Fault[] | null
  if (wrong === null) return
  throw new Refused({
    code: 'sbom-invalid',
    message: `${name} does not follow the schema of CycloneDX 1.6, so it was not kept.`,
    hint: 'Something that is installed has a name or a licence that cannot be written down. Take "cyclonedx" out of "formats" under "sbom" in slipway.yaml to go on without it, and report this.',
    detail: wrong.slice(0, 5).map(({ instancePath = '', message = '' }) => `${instancePath} ${message}`.trim()).join('\n'),
  })
}

// It takes most of a second to make, and serves every document.
let validator: ReturnType<typeof makeValidator> | undefined

async function makeValidator() {
  const { JsonStrictValidator } = await import('@cyclonedx/cyclonedx-library/Validation')
  const { Version } = await import('@cyclonedx/cyclonedx-library/Spec')
  return new JsonStrictValidator(Version.v1dot6)
}

/** What the validator behind the library says of one place. */
interface Fault {
  readonly instancePath?: string
  readonly message?: string
}

/** Without what is undefined, which exact optional members do not take. */
function given<T extends Record<string, string | undefined>>(members: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: string }
}
