// Trivy as a scanner: how it is called, and its report (https://trivy.dev/latest/docs/configuration/reporting/#json).
import { z } from 'zod'
import type { Found } from './finding.ts'
import type { Scanner } from './scanner.ts'
import { ofWord } from './severity.ts'

const vulnerability = z.object({
  VulnerabilityID: z.string().min(1),
  /** A distribution's advisory may be about several vulnerabilities, so only GitHub's count as another name of this one. */
  VendorIDs: z.array(z.string()).nullish(),
  PkgName: z.string(),
  PkgIdentifier: z.object({ PURL: z.string().nullish() }).nullish(),
  InstalledVersion: z.string().nullish(),
  FixedVersion: z.string().nullish(),
  Severity: z.string().nullish(),
  Title: z.string().nullish(),
})

// Fields that hold nothing are left out.
const report = z.object({
  SchemaVersion: z.literal(2),
  ArtifactName: z.string(),
  Results: z.array(z.object({ Packages: z.array(z.unknown()).nullish(), Vulnerabilities: z.array(vulnerability).nullish() })).nullish(),
})

/** Trivy. Its exit code is 0 with findings and 1 for its own errors as for findings, so only the report is believed. */
export const trivy: Scanner = {
  program: 'trivy',
  files: {},
  args: (layout, to) => ['image', '--input', layout, '--format', 'json', '--output', to, '--exit-code', '0', '--scanners', 'vuln', '--pkg-types', 'os,library', '--list-all-pkgs', '--no-progress'],
  noDatabase: /DB error|failed to download vulnerability DB|database error|cannot be specified on the first run|vulnerability database|Java DB/i,
  fetchDatabase: 'trivy image --download-db-only',
  from: 'https://trivy.dev',
  read(document, platform, purls) {
    const read = report.safeParse(document)
    if (!read.success) return undefined
    const results = read.data.Results ?? []
    return {
      packages: results.reduce((sum, { Packages }) => sum + (Packages?.length ?? 0), 0),
      found: results.flatMap(({ Vulnerabilities }) => (Vulnerabilities ?? []).map((one): Found => {
        const version = one.InstalledVersion ?? ''
        return {
          id: one.VulnerabilityID, aliases: (one.VendorIDs ?? []).filter((id) => id.startsWith('GHSA-')), package: one.PkgName, version,
          purl: purls.read(one.PkgIdentifier?.PURL ?? '')?.plain ?? `${one.PkgName}@${version}`,
          severity: ofWord(one.Severity), ...(one.FixedVersion ? { fixed: one.FixedVersion } : {}), summary: one.Title ?? '', in: [platform],
        }
      })),
    }
  },
}
