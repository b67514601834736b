// Tests of the scan with OSV's API: what is asked, what is made of the answers, what stops a release, and what happens when nobody answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused } from '../../model/error.ts'
import { faultPlan } from '../../rehearsal/faults.ts'
import { PLANTED_ID } from '../../rehearsal/osv/state.ts'
import { merged } from './finding.ts'
import { COUNTS_FOR, scanRun } from './run.ts'
import { advisoryOf, DATE, inputOf, openRig } from './scan.rig.ts'

const probe = (rig: Awaited<ReturnType<typeof openRig>>, input: Parameters<typeof inputOf>[0]) => scanRun.probe(rig.world, inputOf(input), 'key')

async function refusal(scan: Promise<unknown>, code: string): Promise<Refused> {
  const error: unknown = await scan.then(() => undefined, (thrown: unknown) => thrown)
  assert(error instanceof Refused, `refused, and not ${String(error)}`)
  assert.equal(error.code, code)
  assert.match(error.problems[0].hint ?? '', /\w/)
  return error
}

test('a release without vulnerable packages passes, says how many were looked at, and is not scanned again', async () => {
  await using rig = await openRig()
  const artifacts = [await rig.sbom(['pkg:pypi/requests@2.32.0', 'pkg:pypi/idna@3.7?x=y', 'pkg:generic/thing@1', 'pkg:pypi/unversioned'])]
  assert.equal((await probe(rig, { artifacts })).state, 'absent')
  const output = await rig.scan({ artifacts })
  assert.deepEqual(output.findings, [])
  assert.deepEqual(output.evidence, [{
    title: 'vulnerability scan with osv', passed: true,
    detail: `osv: 2 packages, no finding of high or above; 2 components of sorts or versions that OSV does not know; report ${output.report.sha256}`,
  }])
  assert.deepEqual(rig.served.calls.map(({ method, url }) => `${method} ${new URL(url).pathname}`), ['POST /v1/querybatch'])
  assert.deepEqual(await probe(rig, { artifacts: [artifacts] as never }), { state: 'present', output })
  const report = JSON.parse(await rig.read(output.report.sha256)) as { scanned: unknown; scanner: string }
  assert.deepEqual(report.scanned, [{ name: artifacts[0]!.name, sha256: artifacts[0]!.sha256 }])
})

test('evidence counts for 24 hours, for the same SBOMs and the same policy only, and a later scan is kept beside it', async () => {
  await using rig = await openRig()
  const artifacts = [await rig.sbom(['pkg:pypi/requests@2.32.0'])]
  const others = [await rig.sbom(['pkg:pypi/requests@2.32.1'])]
  await rig.scan({ artifacts })
  for (const other of [{ artifacts: others }, { artifacts, fail: 'low' as const }, { artifacts, fixedOnly: true }, { artifacts, ignore: [{ id: 'CVE-1', reason: 'no' }] }, { artifacts, api: 'https://osv.example.org' }]) {
    assert.equal((await probe(rig, other)).state, 'absent')
  }
  assert.equal((await probe(rig, { artifacts, date: '2026-12-01T00:00:00Z', tree: 'another', sarif: true })).state, 'present', 'the date alone, a tree without VEX and an upload change nothing')
  rig.ahead = COUNTS_FOR - 1
  assert.equal((await probe(rig, { artifacts })).state, 'present')
  rig.ahead = COUNTS_FOR
  assert.equal((await probe(rig, { artifacts })).state, 'absent')
  await rig.scan({ artifacts })
  assert.equal((await probe(rig, { artifacts })).state, 'present')
})

test('evidence whose report is gone is made again', async () => {
  await using rig = await openRig()
  const artifacts = [await rig.sbom(['pkg:pypi/requests@2.32.0'])]
  await rig.scan({ artifacts })
  assert.equal((await scanRun.probe({ ...rig.world, artifacts: { ...rig.world.artifacts, has: async () => false } }, inputOf({ artifacts }), 'key')).state, 'absent')
})

test('a vulnerable package stops the release, named with version, severity and fix, and is kept as failed', async () => {
  await using rig = await openRig()
  rig.osv.advisories.push(
    advisoryOf('GHSA-aaaa-bbbb-cccc', 'requests', { aliases: ['CVE-2026-0001'], fixed: '2.33.0' }),
    advisoryOf('PYSEC-2026-1', 'idna', { severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }] }),
    advisoryOf('GHSA-low', 'idna', { severity: [], database_specific: { severity: 'LOW' } }),
  )
  const artifacts = [await rig.sbom(['pkg:pypi/requests@2.32.0', 'pkg:pypi/idna@3.6'])]
  const error = await refusal(rig.scan({ artifacts }), 'scan-failed')
  assert.equal(error.message, 'requests 2.32.0 has CVE-2026-0001 (critical, fixed in 2.33.0), and 1 more finding stops the release.')
  assert.equal(error.problems[0].hint, 'Update requests to 2.33.0 and release again, or list CVE-2026-0001 under "ignore" of "scan" in slipway.yaml with a reason and the last day on which that holds ("until").')
  const lines = (error.problems[0].detail ?? '').split('\n')
  assert.deepEqual(lines.slice(0, 4).map((line) => line.split(/ {2,}/)), [
    ['SEVERITY', 'PACKAGE', 'VERSION', 'VULNERABILITY', 'FIXED IN', 'STANDING'],
    ['critical', 'requests', '2.32.0', 'CVE-2026-0001', '2.33.0', 'stops the release'],
    ['high', 'idna', '3.6', 'PYSEC-2026-1', '-', 'stops the release'],
    ['low', 'idna', '3.6', 'GHSA-low', '-', 'below the threshold'],
  ])
  assert.match(lines[4] ?? '', /^The whole report: sha256:[0-9a-f]{64}$/)
  assert.deepEqual([...rig.evidence.values()].map(({ passed }) => passed), [false])
  assert.equal((await probe(rig, { artifacts })).state, 'absent')
})

test('the policy lets through what it is told to: lower severities, ignored ones until their day, those without a fix', async () => {
  await using rig = await openRig()
  rig.osv.advisories.push(
    advisoryOf('GHSA-1', 'requests', { aliases: ['CVE-2026-0001'] }),
    advisoryOf('CVE-2026-0002', 'idna', { severity: [], fixed: '9' }),
    advisoryOf('CVE-2026-0003', 'idna', { severity: [], database_specific: { severity: 'LOW' } }),
  )
  const artifacts = [await rig.sbom(['pkg:pypi/requests@2.32.0', 'pkg:pypi/idna@3.6'])]
  const ignore = [{ id: 'cve-2026-0001', reason: 'we do not use it', until: '2026-11-25' }]
  const { evidence, findings } = await rig.scan({ artifacts, ignore })
  assert.match(evidence[0]?.detail ?? '', /^osv: 2 packages, no finding of high or above \(1 lower, 1 of unknown severity, 1 ignored until 2026-11-25: we do not use it\); report/)
  assert.deepEqual(findings.map(({ id, standing, why }) => [id, standing, why]), [
    ['CVE-2026-0001', 'ignored', 'until 2026-11-25: we do not use it'], ['CVE-2026-0002', 'below', undefined], ['CVE-2026-0003', 'below', undefined],
  ])
  const late = await refusal(rig.scan({ artifacts, ignore, date: '2026-11-26T00:00:00Z' }), 'scan-failed')
  assert.match(late.message, /^requests 2\.32\.0 has CVE-2026-0001 \(critical, no version has a fix\)\.$/)
  assert.match(late.problems[0].detail ?? '', /^the ignore of cve-2026-0001 ended with 2026-11-25\n/)
  assert.equal((await probe(rig, { artifacts, ignore, date: '2026-11-26T00:00:00Z' })).state, 'absent', 'what passed with the ignore proves nothing without it')
  const fixable = await rig.scan({ artifacts, fixedOnly: true })
  assert.match(fixable.evidence[0]?.detail ?? '', /1 without a fix/)
  assert.match((await refusal(rig.scan({ artifacts, fixedOnly: true, fail: 'medium' }), 'scan-failed')).message, /^idna 3\.6 has CVE-2026-0002 \(of unknown severity, fixed in 9\)\.$/)
  for (const [of, ok] of [['requests', true], ['pkg:pypi/requests', true], ['pkg:pypi/requests@2.32.0', true], ['pkg:pypi/requests@1.0', false], ['idna', false]] as const) {
    const scan = rig.scan({ artifacts, ignore: [{ id: 'GHSA-1', reason: 'fine', package: of }] })
    await (ok ? scan : refusal(scan, 'scan-failed'))
  }
})

test('advisories that are one vulnerability by their aliases are one finding, with the graver rating; withdrawn ones are none', async () => {
  await using rig = await openRig()
  rig.osv.advisories.push(
    advisoryOf('PYSEC-2026-7', 'requests', { aliases: ['CVE-2026-0007'], severity: [], fixed: '2.33.0' }),
    advisoryOf('GHSA-7', 'requests', { aliases: ['CVE-2026-0007'], fixed: '2.33.1' }),
    advisoryOf('CVE-2026-0008', 'requests', { severity: [], fixed: '2.34.0' }),
  )
  const artifacts = [await rig.sbom(['pkg:pypi/requests@2.32.0']), await rig.sbom(['pkg:pypi/Requests@2.32.0'], 'image.cdx.json')]
  const error = await refusal(rig.scan({ artifacts }), 'scan-failed')
  assert.equal(error.message, 'requests 2.32.0 has CVE-2026-0007 (critical, fixed in 2.33.1).')
  rig.osv.advisories.splice(0, 2)
  const { findings } = await rig.scan({ artifacts })
  assert.deepEqual(findings.map(({ id, in: where }) => [id, where]), [['CVE-2026-0008', ['app-2.1.0.cdx.json', 'image.cdx.json']]])
  rig.osv.advisories.push(advisoryOf('GHSA-8', 'requests', { aliases: ['CVE-2026-0008'], severity: [], database_specific: { severity: 'LOW' } }))
  assert.deepEqual((await rig.scan({ artifacts, fail: 'medium' })).findings.map(({ id, severity, fixed }) => [id, severity, fixed]), [['CVE-2026-0008', 'low', '2.34.0']], 'any rating counts before none')
  rig.osv.advisories.pop()
  // The API leaves out what is withdrawn; what is withdrawn in between is left out here.
  const withdrawing = { ...rig.world, http: async (request: Parameters<typeof rig.world.http>[0]) => {
    if (request.method === 'GET') Object.assign(rig.osv.advisories[0]!, { withdrawn: DATE })
    return rig.world.http(request)
  } }
  assert.deepEqual((await scanRun.apply!(withdrawing, inputOf({ artifacts }), rig.once)).findings, [])
})

test('of two ratings of one vulnerability the graver one counts, and any before none, in whatever order they come', () => {
  const one = { package: 'a', version: '1', purl: 'pkg:pypi/a@1', summary: '', aliases: ['CVE-1'], in: ['x'] }
  for (const [severities, severity] of [[['unknown', 'low'], 'low'], [['high', 'unknown'], 'high'], [['medium', 'critical'], 'critical'], [['unknown', 'unknown'], 'unknown']] as const) {
    const all = severities.map((of, at) => ({ ...one, id: `A-${at}`, severity: of }))
    for (const given of [all, all.toReversed()]) assert.deepEqual(merged(given, () => undefined), [{ ...one, id: 'CVE-1', aliases: ['A-0', 'A-1'], severity }])
  }
})

test('a distribution\'s package is asked for by its source, and what concerns another release does not count', async () => {
  await using rig = await openRig()
  const about = (release: string, fixed: string) => ({ package: { ecosystem: `Debian:${release}`, name: 'openssl' }, ranges: [{ type: 'ECOSYSTEM' as const, events: [{ introduced: '0' }, { fixed }] }] })
  rig.osv.advisories.push(
    advisoryOf('DEBIAN-CVE-2026-0009', 'openssl', { upstream: ['CVE-2026-0009'], affected: [about('12', '3.0.11-1~deb12u3'), about('13', '3.5.0-2')] }),
    advisoryOf('DEBIAN-CVE-2026-0010', 'openssl', { upstream: ['CVE-2026-0010'], affected: [about('12', '3.0.11-1~deb12u1'), about('13', '3.5.0-2')] }),
    advisoryOf('DEBIAN-CVE-2026-0011', 'openssl', { upstream: ['CVE-2026-0011'], affected: [about('13', '3.5.0-2')] }),
  )
  const artifacts = [await rig.sbom(['pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl'])]
  const error = await refusal(rig.scan({ artifacts }), 'scan-failed')
  assert.equal(error.message, 'libssl3 3.0.11-1~deb12u2 has CVE-2026-0009 (critical, fixed in 3.0.11-1~deb12u3).')
  const other = [await rig.sbom(['pkg:deb/debian/base@99?distro=debian-12&upstream=openssl%403.0.11-1~deb12u2'])]
  assert.match((await refusal(rig.scan({ artifacts: other }), 'scan-failed')).message, /^base 99 has CVE-2026-0009/, 'the source package has a version of its own')
})

test('many packages are asked for 500 at a time, further pages are fetched, and each advisory once', async () => {
  await using rig = await openRig({ pageSize: 2 })
  for (const id of [1, 2, 3, 4, 5]) rig.osv.advisories.push(advisoryOf(`CVE-${id}`, 'package-7', { severity: [], database_specific: { severity: 'LOW' } }))
  rig.osv.advisories.push(advisoryOf('CVE-6', 'package-600', { severity: [], database_specific: { severity: 'LOW' } }))
  const { findings, evidence } = await rig.scan({ artifacts: [await rig.sbom(Array.from({ length: 601 }, (_, at) => `pkg:pypi/package-${at}@1.0`))] })
  assert.deepEqual(findings.map(({ id }) => id).toSorted(), ['CVE-1', 'CVE-2', 'CVE-3', 'CVE-4', 'CVE-5', 'CVE-6'])
  assert.match(evidence[0]?.detail ?? '', /^osv: 601 packages, no finding of high or above \(6 lower\)/)
  const paths = rig.served.calls.map(({ url }) => new URL(url).pathname)
  assert.equal(paths.filter((path) => path === '/v1/querybatch').length, 3, 'the second page goes with the second batch, and the third alone')
  assert.equal(new Set(paths.filter((path) => path.startsWith('/v1/vulns/'))).size, paths.filter((path) => path.startsWith('/v1/vulns/')).length)
})

test('without a trustworthy answer nothing is called safe: refusals are refused, silence is doubt', async () => {
  const json = (status: number, body: unknown) => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  for (const [path, does, words] of [
    ['/v1/querybatch', json(400, { code: 3, message: 'Invalid query.' }), 'api.osv.dev answered 400 to POST /v1/querybatch: Invalid query.'],
    ['/v1/vulns/', json(404, { code: 5, message: 'Bug not found.' }), 'api.osv.dev answered 404 to GET /v1/vulns/CVE-1: Bug not found.'],
    ['/v1/querybatch', json(200, { results: [] }), 'What https://api.osv.dev/v1/querybatch answered is not what an OSV API answers'],
    ['/v1/querybatch', { status: 200, body: '<html>sign in</html>' }, 'What https://api.osv.dev/v1/querybatch answered is not'],
    ['/v1/vulns/', json(200, { hello: 1 }), 'What https://api.osv.dev/v1/vulns/CVE-1 answered is not'],
  ] as const) {
    await using rig = await openRig({ faults: faultPlan([{ host: 'api.osv.dev', path, times: 1, does }]) })
    rig.osv.advisories.push(advisoryOf('CVE-1', 'requests'))
    const error = await refusal(rig.scan({ artifacts: [await rig.sbom(['pkg:pypi/requests@1'])] }), 'scan-unreadable')
    assert(error.message.startsWith(words), error.message)
    assert.equal(rig.evidence.size, 0)
  }
  for (const does of [{ status: 503, body: 'no' }, { status: 429, body: 'slowly' }, 'refuse'] as const) {
    await using rig = await openRig({ faults: faultPlan([{ host: 'api.osv.dev', path: '/v1/querybatch', times: 1, does }]) })
    const artifacts = [await rig.sbom(['pkg:pypi/requests@1'])]
    await assert.rejects(rig.scan({ artifacts }), (error) => error instanceof Error && !(error instanceof Refused))
    assert.equal((await rig.scan({ artifacts })).findings.length, 0, 'asked again, it answers')
  }
})

test('nothing to scan, a document that is no SBOM and one that is gone are refused with their name', async () => {
  await using rig = await openRig()
  assert.match((await refusal(rig.scan({ artifacts: await rig.image() as never }), 'scan-unreadable')).problems[0].hint ?? '', /sbom: \{\}/)
  const sbom = await rig.sbom([])
  assert.match((await refusal(rig.scan({ artifacts: [{ ...sbom, ...await rig.keep('{"bomFormat":"SPDX"}') }] }), 'scan-unreadable')).message, /^app-2\.1\.0\.cdx\.json is no CycloneDX document/)
  await refusal(rig.scan({ artifacts: [{ ...sbom, sha256: `sha256:${'0'.repeat(64)}` }] }), 'artifact-missing')
  assert.match((await rig.scan({ artifacts: [sbom] })).evidence[0]?.detail ?? '', /^osv: 0 packages, no finding/)
  assert.equal(rig.served.calls.length, 0)
})

test('the planted advisory of a rehearsal stops a release', async () => {
  await using rig = await openRig()
  rig.osv.plantNext = true
  const error = await refusal(rig.scan({ artifacts: [await rig.sbom(['pkg:pypi/requests@2.32.0', 'pkg:pypi/idna@3.6'])] }), 'scan-failed')
  assert.equal(error.message, `requests 2.32.0 has ${PLANTED_ID} (critical, fixed in 2.32.1).`)
})
