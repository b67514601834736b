// What the rehearsal's OSV knows: plain data, so that it can be copied and set back.

/** An advisory in OSV's form (https://ossf.github.io/osv-schema/), as far as it is looked at here. */
export interface OsvDocument {
  readonly id: string
  /** ISO 8601, UTC. */
  readonly modified: string
  readonly schema_version?: string
  readonly published?: string
  readonly withdrawn?: string
  readonly aliases?: readonly string[]
  readonly upstream?: readonly string[]
  readonly summary?: string
  readonly details?: string
  readonly severity?: readonly { readonly type: string; readonly score: string }[]
  readonly affected?: readonly OsvAffected[]
  readonly references?: readonly { readonly type: string; readonly url: string }[]
  readonly database_specific?: Readonly<Record<string, unknown>>
}

/** One affected package. */
export interface OsvAffected {
  readonly package: { readonly ecosystem: string; readonly name: string; readonly purl?: string }
  readonly ranges?: readonly { readonly type: 'SEMVER' | 'ECOSYSTEM' | 'GIT'; readonly events: readonly Readonly<Record<string, string>>[] }[]
  readonly versions?: readonly string[]
}

/** The whole state. */
export interface OsvState {
  readonly advisories: OsvDocument[]
  /** When set, the next package that is asked for with a version turns out to be vulnerable. */
  plantNext: boolean
  /** How many ids one answer holds before it is continued on another page. */
  pageSize: number
}

/** The id of what is planted. */
export const PLANTED_ID = 'SLIPWAY-REHEARSED-2026-0001'

/** A database that knows these advisories, and otherwise nothing. */
export function createOsvState(setup: { readonly advisories?: readonly OsvDocument[]; readonly pageSize?: number } = {}): OsvState {
  return { advisories: [...setup.advisories ?? []], plantNext: false, pageSize: setup.pageSize ?? 1000 }
}

/** Plants a critical advisory about this version of a package, which the next patch mends. Planted twice, it is about the last one. */
export function plantAdvisory({ advisories }: OsvState, { ecosystem, name, version }: { readonly ecosystem: string; readonly name: string; readonly version: string }): OsvDocument {
  const document: OsvDocument = {
    schema_version: '1.7.5',
    id: PLANTED_ID,
    modified: '2026-01-01T00:00:00Z',
    published: '2026-01-01T00:00:00Z',
    summary: `A vulnerability of ${name} that a rehearsal made up`,
    details: 'It shows what a release does when something that it contains is vulnerable.',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: nextOf(version) }] }], versions: [version] }],
    database_specific: { severity: 'CRITICAL' },
  }
  const at = advisories.findIndex(({ id }) => id === PLANTED_ID)
  advisories.splice(at === -1 ? advisories.length : at, at === -1 ? 0 : 1, document)
  return document
}

/** The version with its last number counted up. */
function nextOf(version: string): string {
  const [, before = '', number = '0', after = ''] = /^(.*?)(\d+)(\D*)$/.exec(version) ?? []
  return `${before}${Number(number) + 1}${after}`
}
