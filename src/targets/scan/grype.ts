// Grype as a scanner: how it is called, and its report (https://github.com/anchore/grype#output-formats).
import { z } from 'zod'
import type { Found } from './finding.ts'
import type { Scanner } from './scanner.ts'
import { ofWord } from './severity.ts'

const report = z.object({
  descriptor: z.object({ name: z.string() }),
  matches: z.array(z.object({
    vulnerability: z.object({
      id: z.string().min(1),
      severity: z.string().nullish(),
      description: z.string().nullish(),
      fix: z.object({ versions: z.array(z.string()).nullish() }).nullish(),
    }),
    relatedVulnerabilities: z.array(z.object({ id: z.string() })).nullish(),
    artifact: z.object({ name: z.string(), version: z.string(), purl: z.string().nullish() }),
  })),
})

/** Grype. A configuration of its own keeps the user's rules from hiding findings that the policy should see. */
export const grype: Scanner = {
  program: 'grype',
  files: { 'grype.yaml': 'check-for-app-update: false\n' },
  args: (layout, to) => [`oci-dir:${layout}`, '--config', 'grype.yaml', '--output', 'json', '--file', to],
  noDatabase: /load vulnerability db|vulnerability database|database does not exist|no database available/i,
  fetchDatabase: 'grype db update',
  from: 'https://github.com/anchore/grype',
  read(document, platform, purls) {
    const read = report.safeParse(document)
    if (!read.success) return undefined
    return {
      found: read.data.matches.map(({ vulnerability, relatedVulnerabilities, artifact }): Found => {
        const fixed = vulnerability.fix?.versions?.[0]
        // An advisory that is about several vulnerabilities is another name of none of them.
        const related = [...new Set((relatedVulnerabilities ?? []).map(({ id }) => id))].filter((id) => id !== vulnerability.id)
        return {
          id: vulnerability.id, aliases: related.length === 1 ? related : [],
          package: artifact.name, version: artifact.version, purl: purls.read(artifact.purl ?? '')?.plain ?? `${artifact.name}@${artifact.version}`,
          severity: ofWord(vulnerability.severity), ...(fixed === undefined ? {} : { fixed }), summary: vulnerability.description?.split('\n')[0]?.slice(0, 160) ?? '', in: [platform],
        }
      }),
    }
  },
}
