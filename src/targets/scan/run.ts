// The kind scan.run: what is known to be vulnerable in what a release built, and whether that stops it.
import { z } from 'zod'
import { canonicalJson, type Json } from '../../model/json.ts'
import { defineKind, type Probe } from '../../model/kind.ts'
import type { Look, World } from '../../model/world.ts'
import { shellWord } from '../checks/copy.ts'
import { evidenceKey, evidenceLine, probeEvidence, recordEvidence } from '../checks/evidence.ts'
import { listOf } from '../checks/lists.ts'
import { digest } from '../checks/digest.ts'
import { manifestsIn, sbomsIn, scanned, type Scanned } from './artifact.ts'
import { finding } from './finding.ts'
import { grype } from './grype.ts'
import { scanWithOsv } from './osv.ts'
import { isOver, judged, policy } from './policy.ts'
import { loadPurls } from './purl.ts'
import type { Bench, Result } from './result.ts'
import { sarif } from './sarif.ts'
import { scanWith } from './scanner.ts'
import { trivy } from './trivy.ts'
import { excuseIn, readVex } from './vex.ts'
import { evidenceText, refusalOf, worstOf, type Told } from './words.ts'

const stored = z.strictObject({ sha256: digest, size: z.int().nonnegative() })

const input = z.strictObject({
  with: z.enum(['osv', 'trivy', 'grype']),
  /** Lists, as several steps yield them; those that the scanner reads are picked out. */
  artifacts: listOf(scanned),
  ...policy,
  /** Paths of OpenVEX documents in the tree. */
  vex: z.array(z.string()),
  tree: z.string(),
  /** Base of OSV's API. */
  api: z.url(),
  database: z.string().exactOptional(),
  /** Whether the findings are to be uploaded to code scanning, by whoever does that. */
  sarif: z.boolean(),
  /** The release's own date, ISO 8601 in UTC: the clock for ignores that end. */
  date: z.string(),
})

const output = z.strictObject({
  evidence: z.array(evidenceLine),
  findings: z.array(finding),
  /** All that was found, as JSON. */
  report: stored,
  /** The same as SARIF: the file that the step makes. */
  ...stored.shape,
})

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/** Milliseconds for which a scan counts: every day brings new advisories, and a review may take weeks. */
export const COUNTS_FOR = 86_400_000

/** Scans. Throws Refused `scan-failed` with the worst finding, `scan-unreadable` where nobody can tell, `tool-missing`. */
export const scanRun = defineKind<Input, Output>({
  kind: 'scan.run',
  input,
  output,
  reversal: { is: 'none' },
  examples: ({ artifacts: all, release }) => [{
    with: 'osv', artifacts: [...sbomsIn(z.array(scanned).parse(all))], fail: 'high', fixedOnly: false, ignore: [], vex: [], tree: release.tree, api: 'https://api.osv.dev', sarif: false, date: release.date,
  }],
  describe: (scan) => ({
    apply: `Look for known vulnerabilities with ${scan.with} in ${scannedBy(scan).map(({ name }) => name).join(', ') || 'what was built'}; ${scan.fail}${scan.fail === 'critical' ? '' : ' or above'} stops the release.`,
    undo: 'Nothing to take back: a scan changes nothing outside.',
    byHand: byHand(scan),
  }),
  probe: probeFresh,
  async apply(world, scan, once) {
    const bench: Bench = { world, once }
    const statements = await readVex(world, scan.tree, scan.vex)
    const result = await resultOf(bench, scan)
    const purls = await loadPurls()
    const findings = judged(result.found, { policy: scan, date: scan.date, excuse: excuseIn(statements, result.products, purls), purls })
    const told: Told = { scanner: scan.database === undefined ? scan.with : `${scan.with} (from ${scan.database})`, what: result.what, notes: result.notes, findings, policy: scan, date: scan.date }
    const kept = await keep(world, scan, told)
    const worst = worstOf(findings)
    const title = `vulnerability scan with ${scan.with}`
    const evidence = [{ title, passed: worst === undefined, detail: `${evidenceText(told)}; report ${kept.report.sha256}` }]
    const done: Output = { evidence, findings: [...findings], ...kept }
    await recordEvidence(world, { key: keyOf(scan, dayOf(world.now())), title, passed: worst === undefined, output: done })
    if (worst !== undefined) throw refusalOf(told, worst, kept.report.sha256)
    return done
  },
})

async function resultOf(bench: Bench, scan: Input): Promise<Result> {
  switch (scan.with) {
    case 'osv': return scanWithOsv(bench, sbomsIn(scan.artifacts), scan)
    case 'trivy': return scanWith(bench, trivy, manifestsIn(scan.artifacts))
    case 'grype': return scanWith(bench, grype, manifestsIn(scan.artifacts))
  }
}

/** Puts the report, and the same as SARIF, into the artifact store. */
async function keep(world: World, scan: Input, told: Told): Promise<Pick<Output, 'report' | 'sha256' | 'size'>> {
  const { findings, notes, what, scanner } = told
  const report: Json = {
    scanner, what, notes: [...notes], date: scan.date, findings: [...findings],
    scanned: scannedBy(scan).map(({ name, sha256 }) => ({ name, sha256 })),
    policy: { fail: scan.fail, fixedOnly: scan.fixedOnly, ignore: scan.ignore, vex: scan.vex },
  }
  return world.scratch(async (scratch) => {
    await scratch.write('report.json', `${canonicalJson(report)}\n`)
    await scratch.write('report.sarif', `${canonicalJson(sarif(scan.with, findings))}\n`)
    return { report: await scratch.keep('report.json'), ...await scratch.keep('report.sarif') }
  })
}

/** Present while the same scan passed within the last 24 hours and its reports can still be read. */
async function probeFresh(look: Look, scan: Input): Promise<Probe<Output>> {
  const now = look.now()
  for (const day of [dayOf(now), dayOf(now) - 1]) {
    const key = keyOf(scan, day)
    const kept = await look.evidence.find(key)
    if (kept === undefined || now.getTime() - Date.parse(kept.at) >= COUNTS_FOR) continue
    const probe = await probeEvidence(look, key, output)
    if (probe.state === 'present' && await look.artifacts.has(probe.output.report.sha256) && await look.artifacts.has(probe.output.sha256)) return probe
  }
  return { state: 'absent' }
}

/** Days since 1970. Evidence that passed is never replaced, so the scans of each day have a key of their own. */
function dayOf(moment: Date): number {
  return Math.floor(moment.getTime() / COUNTS_FOR)
}

/** Made of what was scanned, with what, and by which policy: an ignore that has ended is another policy, the date alone is not. */
function keyOf(scan: Input, day: number): string {
  return evidenceKey('scan.run', {
    day,
    scanned: scannedBy(scan).map(({ sha256 }) => sha256),
    with: scan.with,
    from: scan.database ?? scan.api,
    fail: scan.fail,
    fixedOnly: scan.fixedOnly,
    ignore: scan.ignore.map((one) => ({ ...one, over: isOver(one, scan.date) })),
    vex: scan.vex.length === 0 ? [] : [scan.tree, ...scan.vex],
  })
}

function scannedBy(scan: Input): readonly Scanned[] {
  return scan.with === 'osv' ? sbomsIn(scan.artifacts) : manifestsIn(scan.artifacts).map(({ artifact }) => artifact)
}

function byHand(scan: Input): readonly string[] {
  const names = scannedBy(scan).map(({ name }) => name)
  if (scan.with === 'osv') return [`osv-scanner scan source ${names.map((name) => `--lockfile ${shellWord(name)}`).join(' ') || '--recursive .'}`]
  const [image = 'IMAGE'] = manifestsIn(scan.artifacts).map((one) => one.image)
  return [scan.with === 'trivy' ? `trivy image --severity ${severities(scan.fail)} --exit-code 1 ${image}` : `grype ${image} --fail-on ${scan.fail}`]
}

function severities(from: Input['fail']): string {
  const all = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']
  return all.slice(all.indexOf(from.toUpperCase())).join(',')
}
