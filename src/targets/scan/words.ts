// A scan's outcome in words: one line for the evidence, a table of all findings, and the sentence of a refusal.
import { Refused } from '../../model/error.ts'
import type { Finding } from './finding.ts'
import { isOver, type Policy } from './policy.ts'
import { rank } from './severity.ts'

/** What is told of a scan. */
export interface Told {
  /** `osv`, `osv (from advisories)`, `trivy`. */
  readonly scanner: string
  readonly what: string
  readonly notes: readonly string[]
  readonly findings: readonly Finding[]
  readonly policy: Policy
  readonly date: string
}

/** `osv: 93 packages, no finding of high or above (2 lower, 1 ignored until 2027-01-01: reason)`. */
export function evidenceText(told: Told): string {
  const { scanner, what, findings, policy } = told
  const count = ofStanding(findings, 'stops').length
  const main = `${count === 0 ? 'no' : count} finding${count > 1 ? 's' : ''} of ${policy.fail}${policy.fail === 'critical' ? '' : ' or above'}`
  const rest = restText(findings)
  return [`${scanner}: ${what}, ${main}${rest === '' ? '' : ` (${rest})`}`, ...told.notes, ...expired(told)].join('; ')
}

/** The refusal of findings that stop the release: the worst one by name, and the number of the others. */
export function refusalOf(told: Told, worst: Finding, report: string): Refused {
  const others = ofStanding(told.findings, 'stops').length - 1
  const known = [`${worst.severity === 'unknown' ? 'of unknown severity' : worst.severity}`, worst.fixed === undefined ? 'no version has a fix' : `fixed in ${worst.fixed}`].join(', ')
  const more = others === 0 ? '' : `, and ${others} more finding${others === 1 ? ' stops' : 's stop'} the release`
  return new Refused({
    code: 'scan-failed',
    message: `${worst.package} ${worst.version} has ${worst.id} (${known})${more}.`,
    hint: `${worst.fixed === undefined ? `Replace ${worst.package}` : `Update ${worst.package} to ${worst.fixed}`} and release again, or list ${worst.id} under "ignore" of "scan" in slipway.yaml with a reason and the last day on which that holds ("until").`,
    detail: [...told.notes, ...expired(told), findingsTable(told.findings), `The whole report: ${report}`].join('\n'),
  })
}

/** All findings, one a line, in columns. */
export function findingsTable(findings: readonly Finding[]): string {
  const head = ['SEVERITY', 'PACKAGE', 'VERSION', 'VULNERABILITY', 'FIXED IN', 'STANDING']
  const rows = findings.map((one) => [one.severity, one.package, one.version, one.id, one.fixed ?? '-', `${STANDINGS[one.standing]}${one.why === undefined ? '' : ` (${one.why})`}`])
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  return [head, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')
}

const STANDINGS: Readonly<Record<Finding['standing'], string>> = {
  stops: 'stops the release', below: 'below the threshold', unfixed: 'let through', ignored: 'ignored', 'not-affected': 'excused by VEX',
}

function ofStanding(findings: readonly Finding[], standing: Finding['standing']): readonly Finding[] {
  return findings.filter((one) => one.standing === standing)
}

function restText(findings: readonly Finding[]): string {
  const below = ofStanding(findings, 'below')
  const unrated = below.filter(({ severity }) => severity === 'unknown').length
  const byWhy = Map.groupBy(ofStanding(findings, 'ignored'), ({ why = '' }) => why)
  return [
    counted(below.length - unrated, 'lower'),
    counted(unrated, 'of unknown severity'),
    counted(ofStanding(findings, 'unfixed').length, 'without a fix'),
    counted(ofStanding(findings, 'not-affected').length, 'excused by VEX'),
    ...[...byWhy].map(([why, all]) => counted(all.length, `ignored${why.startsWith('until ') ? '' : ':'} ${why}`)),
  ].filter((text) => text !== '').join(', ')
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}`
}

function expired({ policy, date }: Told): readonly string[] {
  return policy.ignore.filter((one) => isOver(one, date)).map(({ id, until = '' }) => `the ignore of ${id} ended with ${until}`)
}

/** The worst finding that stops the release, undefined when none does. */
export function worstOf(findings: readonly Finding[]): Finding | undefined {
  return ofStanding(findings, 'stops').toSorted((one, other) => rank(other.severity) - rank(one.severity))[0]
}
