// An inventory as an SPDX document.
import type { Json, JsonObject } from '../../model/json.ts'
import type { Component } from './component.ts'
import { distroText } from './distro.ts'
import { uuidOf, type Inventory } from './inventory.ts'
import type { Licence } from './licence.ts'

const UNKNOWN = 'NOASSERTION'
const DOCUMENT = 'SPDXRef-DOCUMENT'
const ROOT = 'SPDXRef-Root'

/** SPDX 2.3 as JSON (https://spdx.github.io/spdx-spec/v2.3/): the same bytes for the same inventory, packages in its order. */
export function spdx(inventory: Inventory): string {
  const { root, components, distro, notes, epoch } = inventory
  const named = components.map((one, at) => ({ id: `SPDXRef-Package-${at + 1}`, one }))
  const system = distro === undefined ? [] : [{
    SPDXID: 'SPDXRef-OperatingSystem', name: distro.id, ...(distro.version === '' ? {} : { versionInfo: distro.version }), ...UNSTATED, primaryPackagePurpose: 'OPERATING-SYSTEM', licenseDeclared: UNKNOWN,
  }]
  const document: JsonObject = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: DOCUMENT,
    name: `${root.name} ${root.version}${distro === undefined ? '' : ` (${distroText(distro)})`}`,
    documentNamespace: `https://spdx.org/spdxdocs/${encodeURIComponent(root.name)}-${encodeURIComponent(root.version)}-${uuidOf(inventory as unknown as Json)}`,
    creationInfo: {
      created: new Date(epoch * 1000).toISOString().replace('.000Z', 'Z'),
      creators: ['Tool: slipway'],
      ...(notes.length === 0 ? {} : { comment: notes.map(([name, value]) => `${name}: ${value}`).join('\n') }),
    },
    packages: [
      {
        SPDXID: ROOT, name: root.name, versionInfo: root.version, ...UNSTATED,
        primaryPackagePurpose: inventory.of === 'image' ? 'CONTAINER' : 'LIBRARY',
        checksums: [{ algorithm: 'SHA256', checksumValue: root.sha256.slice('sha256:'.length) }],
        ...declared(root.licence),
        externalRefs: [purlRef(root.purl)],
      },
      ...system,
      ...named.map(({ id, one }) => packageOf(id, one)),
    ],
    relationships: [
      related(DOCUMENT, 'DESCRIBES', ROOT),
      ...system.map(({ SPDXID }) => related(ROOT, 'CONTAINS', SPDXID)),
      ...named.map(({ id }) => related(ROOT, inventory.of === 'image' ? 'CONTAINS' : 'DEPENDS_ON', id)),
    ],
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

/** What nobody here knows of a package. */
const UNSTATED = { downloadLocation: UNKNOWN, filesAnalyzed: false, licenseConcluded: UNKNOWN, copyrightText: UNKNOWN }

function packageOf(id: string, { group, name, version, purl, licence, paths }: Component): JsonObject {
  return {
    SPDXID: id,
    name: group === undefined ? name : `${group}/${name}`,
    ...(version === undefined ? {} : { versionInfo: version }),
    ...UNSTATED,
    ...declared(licence),
    ...(paths.length === 0 ? {} : { sourceInfo: `found in ${paths.join(', ')}` }),
    ...(purl === undefined ? {} : { externalRefs: [purlRef(purl)] }),
  }
}

function declared(licence: Licence | undefined): JsonObject {
  if (licence === undefined) return { licenseDeclared: UNKNOWN }
  const text = 'id' in licence ? licence.id : 'expression' in licence ? licence.expression : licence.name
  // A reference is good only in a document that holds the text of the licence.
  if ('name' in licence || text.includes('LicenseRef-')) return { licenseDeclared: UNKNOWN, licenseComments: `The package says: ${text}` }
  return { licenseDeclared: text }
}

function purlRef(purl: string): JsonObject {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }
}

function related(from: string, how: string, to: string): JsonObject {
  return { spdxElementId: from, relationshipType: how, relatedSpdxElement: to }
}
