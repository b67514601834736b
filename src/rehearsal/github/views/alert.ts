// Alerts as GitHub shows them.
import type { Alert } from '../state.ts'
import { pageLink, repositoryLink, timeText, type Viewer } from './links.ts'

const UNTOUCHED = { dismissed_by: null, dismissed_at: null, dismissed_reason: null, dismissed_comment: null }

/** An alert of code scanning. */
export function scanningAlertView(viewer: Viewer, { number, state, severity, title, at }: Alert): Record<string, unknown> {
  const url = repositoryLink(viewer, `/code-scanning/alerts/${number}`)
  return {
    number, state, url, ...UNTOUCHED,
    html_url: pageLink(viewer, `/security/code-scanning/${number}`),
    instances_url: `${url}/instances`,
    created_at: timeText(at),
    updated_at: timeText(at),
    fixed_at: state === 'fixed' ? timeText(at) : null,
    rule: { id: `rehearsed/${number}`, name: `rehearsed/${number}`, severity: 'error', security_severity_level: severity, description: title, tags: ['security'] },
    tool: { name: 'rehearsed', guid: null, version: '1.0.0' },
    most_recent_instance: { ref: `refs/heads/${viewer.state.defaultBranch}`, analysis_key: '(default)', environment: '{}', category: '', state, commit_sha: '0'.repeat(40), message: { text: title }, location: { path: 'src/main.py', start_line: 1, end_line: 1, start_column: 1, end_column: 2 }, classifications: [] },
  }
}

/** An alert of Dependabot. */
export function dependabotAlertView(viewer: Viewer, { number, state, severity, title, at, package: name = 'rehearsed' }: Alert): Record<string, unknown> {
  const named = { ecosystem: 'pip', name }
  const vulnerability = { package: named, severity, vulnerable_version_range: '< 2.0.0', first_patched_version: { identifier: '2.0.0' } }
  return {
    number, state, ...UNTOUCHED,
    url: repositoryLink(viewer, `/dependabot/alerts/${number}`),
    html_url: pageLink(viewer, `/security/dependabot/${number}`),
    created_at: timeText(at),
    updated_at: timeText(at),
    fixed_at: state === 'fixed' ? timeText(at) : null,
    dependency: { package: named, manifest_path: 'setup.py', scope: 'runtime' },
    security_vulnerability: vulnerability,
    security_advisory: {
      ghsa_id: 'GHSA-xxxx-xxxx-xxxx', cve_id: null, summary: title, description: title, severity,
      identifiers: [{ type: 'GHSA', value: 'GHSA-xxxx-xxxx-xxxx' }], references: [], vulnerabilities: [vulnerability],
      cvss: { score: 0, vector_string: null }, cwes: [], published_at: timeText(at), updated_at: timeText(at), withdrawn_at: null,
    },
  }
}
