// The findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), as GitHub's code scanning reads it.
import { createHash } from 'node:crypto'
import type { Json } from '../../model/json.ts'
import { namesOf, type Finding } from './finding.ts'
import type { Severity } from './severity.ts'

const LEVELS: Readonly<Record<Severity, string>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note', unknown: 'warning' }

// Where no score is known: the lowest score of each rating, by which code scanning sorts.
const SCORES: Readonly<Record<Severity, number>> = { critical: 9, high: 7, medium: 4, low: 0.1, unknown: 4 }

/** One run of a scanner. Findings that are let through are in it, suppressed with their reason. */
export function sarif(scanner: string, findings: readonly Finding[]): Json {
  const rules = [...Map.groupBy(findings, ({ id }) => id)].map(([id, all]) => ruleOf(id, all))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: `Slipway (${scanner})`, informationUri: 'https://osv.dev', rules } },
      columnKind: 'utf16CodeUnits',
      results: findings.map((one) => resultOf(one, rules.findIndex(({ id }) => id === one.id))),
    }],
  }
}

function ruleOf(id: string, all: readonly Finding[]) {
  const [first] = all
  const packages = [...new Set(all.map((one) => `${one.package} ${one.version}${one.fixed === undefined ? '' : `, fixed in ${one.fixed}`}`))]
  const help = [first?.summary ?? '', ...packages, ...namesOf({ id, aliases: first?.aliases ?? [] }).map((name) => `https://osv.dev/vulnerability/${name}`)].filter((line) => line !== '')
  const score = Math.max(...all.map((one) => one.score ?? SCORES[one.severity]))
  return {
    id,
    name: 'VulnerablePackage',
    shortDescription: { text: `${id}${first?.summary ? `: ${first.summary}` : ''}` },
    fullDescription: { text: first?.summary || id },
    helpUri: `https://osv.dev/vulnerability/${id}`,
    help: { text: help.join('\n'), markdown: help.map((line) => `- ${line}`).join('\n') },
    defaultConfiguration: { level: LEVELS[first?.severity ?? 'unknown'] ?? 'warning' },
    properties: { 'security-severity': score.toFixed(1), tags: ['security', 'vulnerability'] },
  }
}

function resultOf(one: Finding, ruleIndex: number): Json {
  const fixed = one.fixed === undefined ? 'no version has a fix' : `fixed in ${one.fixed}`
  return {
    ruleId: one.id,
    ruleIndex,
    level: LEVELS[one.severity],
    message: { text: `${one.package} ${one.version} has ${one.id} (${one.severity}, ${fixed}).` },
    locations: one.in.map((name) => ({
      physicalLocation: { artifactLocation: { uri: encodeURI(name) }, region: { startLine: 1 } },
      logicalLocations: [{ kind: 'package', name: one.package, fullyQualifiedName: one.purl }],
    })),
    partialFingerprints: { 'slipwayFinding/v1': createHash('sha256').update(`${one.purl.replace(/@[^@/]*$/, '')}\n${one.id}`).digest('hex') },
    ...(one.standing === 'ignored' || one.standing === 'not-affected' ? { suppressions: [{ kind: 'external', status: 'accepted', justification: one.why ?? '' }] } : {}),
  }
}
