// Tests of scans with installed programs, played by stand-ins that behave as documented, and as they should not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused } from '../../model/error.ts'
import { inputOf, openRig, type Rig } from './scan.rig.ts'
import { scanRun } from './run.ts'

const FINDINGS = JSON.stringify({
  SchemaVersion: 2, ArtifactName: 'layout', ArtifactType: 'container_image',
  Results: [
    { Target: 'app (debian 12)', Class: 'os-pkgs', Type: 'debian', Packages: [{ Name: 'bash' }, { Name: 'openssl' }], Vulnerabilities: [
      { VulnerabilityID: 'CVE-2026-0001', PkgName: 'openssl', PkgIdentifier: { PURL: 'pkg:deb/debian/openssl@3.0.11?arch=amd64&distro=debian-12' }, InstalledVersion: '3.0.11', FixedVersion: '3.0.12', Severity: 'CRITICAL', Title: 'Overflow', VendorIDs: ['DSA-1', 'GHSA-x'], Status: 'fixed' },
      { VulnerabilityID: 'CVE-2026-0002', PkgName: 'bash', InstalledVersion: '5', Severity: 'UNKNOWN', VendorIDs: ['DSA-1'] },
    ] },
    { Target: 'Python', Class: 'lang-pkgs', Type: 'python-pkg', Packages: [{ Name: 'idna' }] },
  ],
})
const CLEAN = JSON.stringify({ SchemaVersion: 2, ArtifactName: 'layout', ArtifactType: 'container_image' })

/** A stand-in for trivy that writes this report and ends so. */
const trivyThat = (report: string | undefined, { code = 0, says = '' } = {}): string => [
  'while [ $# -gt 0 ]; do case "$1" in --output) to=$2;; --input) layout=$2;; esac; shift; done',
  'grep -q imageLayoutVersion "$layout/oci-layout" || exit 9',
  'for digest in $(grep -o "[0-9a-f]\\{64\\}" "$layout/index.json"); do [ "$(sha256sum "$layout/blobs/sha256/$digest" | cut -c1-64)" = "$digest" ] || exit 9; done',
  '[ "$(ls "$layout/blobs/sha256" | wc -l)" -ge 3 ] || exit 9',
  ...(report === undefined ? [] : [`cat > "$to" <<'END'\n${report}\nEND`]),
  ...(says === '' ? [] : [`echo '${says}' >&2`]),
  `exit ${code}`,
].join('\n')

async function refusal(rig: Rig, input: Parameters<Rig['scan']>[0], code: string): Promise<Refused> {
  const error: unknown = await rig.scan(input).then(() => undefined, (thrown: unknown) => thrown)
  assert(error instanceof Refused, `refused, and not ${String(error)}`)
  assert.equal(error.code, code, error.message)
  assert.match(error.problems[0].hint ?? '', /\w/)
  return error
}

test('trivy\'s findings stop a release although it ends with exit code 0, and its report counts although it ends with 1', async () => {
  await using rig = await openRig()
  const artifacts = [...await rig.image()]
  for (const code of [0, 1]) {
    rig.standIn('trivy', trivyThat(FINDINGS, { code }))
    const error = await refusal(rig, { artifacts, with: 'trivy' }, 'scan-failed')
    assert.equal(error.message, 'openssl 3.0.11 has CVE-2026-0001 (critical, fixed in 3.0.12).')
    assert.match(error.problems[0].detail ?? '', /^unknown +bash +5 +CVE-2026-0002 +- +below the threshold$/m)
  }
  const { evidence, findings } = await rig.scan({ artifacts, with: 'trivy', ignore: [{ id: 'GHSA-x', reason: 'not reachable' }] })
  assert.match(evidence[0]?.detail ?? '', /^trivy: 3 packages in the image for linux\/amd64, no finding of high or above \(1 of unknown severity, 1 ignored: not reachable\)/)
  assert.deepEqual(findings.map(({ id, purl, in: where }) => [id, purl, where]), [['CVE-2026-0001', 'pkg:deb/debian/openssl@3.0.11', ['linux/amd64']], ['CVE-2026-0002', 'bash@5', ['linux/amd64']]])
})

test('every platform is scanned, and what is in several is one finding', async () => {
  await using rig = await openRig()
  rig.standIn('trivy', trivyThat(FINDINGS))
  const artifacts = [...await rig.image('linux/amd64'), ...await rig.image('linux/arm64/v8')]
  const { findings, evidence } = await rig.scan({ artifacts, with: 'trivy', fail: 'critical', ignore: [{ id: 'CVE-2026-0001', reason: 'known' }] })
  assert.deepEqual(findings.map(({ id, in: where }) => [id, where]), [['CVE-2026-0001', ['linux/amd64', 'linux/arm64/v8']], ['CVE-2026-0002', ['linux/amd64', 'linux/arm64/v8']]])
  assert.match(evidence[0]?.detail ?? '', /^trivy: 6 packages in the image for linux\/amd64, linux\/arm64\/v8, no finding of critical \(/)
  assert.equal((await scanRun.probe(rig.world, inputOf({ artifacts: artifacts.toReversed(), with: 'trivy', fail: 'critical', ignore: [{ id: 'CVE-2026-0001', reason: 'known' }] }), 'key')).state, 'present')
})

test('no report, an unreadable one, no database, no program and no image are each told apart, and none passes', async () => {
  await using rig = await openRig()
  const artifacts = [...await rig.image()]
  const noDatabase = '2026-09-22T16:16:53Z FATAL Fatal error run error: init error: DB error: --skip-db-update cannot be specified on the first run'
  for (const [script, words, detail] of [
    [trivyThat(undefined, { code: 1, says: 'something went wrong' }), /^trivy ended with exit code 1 and wrote no report on the image for linux\/amd64\.$/, /something went wrong/],
    [trivyThat(undefined, { code: 0 }), /^trivy ended with exit code 0 and wrote no report/, /^$/],
    [trivyThat(undefined, { code: 1, says: noDatabase }), /^trivy has no vulnerability database/, /first run/],
    [trivyThat('{"SchemaVersion": 2, "Artif'), /^The report of trivy on the image for linux\/amd64 cannot be read \(exit code 0\)\.$/, /^$/],
    [trivyThat('{"SchemaVersion": 3, "ArtifactName": "x"}'), /^The report of trivy .* cannot be read/, /^$/],
    [trivyThat('[]'), /^The report of trivy .* cannot be read/, /^$/],
  ] as const) {
    rig.standIn('trivy', script)
    const error = await refusal(rig, { artifacts, with: 'trivy' }, 'scan-unreadable')
    assert.match(error.message, words)
    assert.match(error.problems[0].detail ?? '', detail)
  }
  assert.equal(rig.evidence.size, 0)
  rig.standIn('trivy', trivyThat(CLEAN, { says: 'WARN the vulnerability database is old' }))
  assert.deepEqual((await rig.scan({ artifacts, with: 'trivy' })).findings, [])
  const missing = await refusal(rig, { artifacts, with: 'grype' }, 'tool-missing')
  assert.equal(missing.message, 'slipway.yaml asks for a scan with grype, but there is no grype on this machine.')
  assert.match((await refusal(rig, { artifacts: [await rig.sbom([])], with: 'trivy' }, 'scan-unreadable')).message, /^There is no image among what this release built/)
})

test('grype\'s report is read whatever its exit code says, and its words for a missing database are known', async () => {
  await using rig = await openRig()
  const artifacts = [...await rig.image()]
  const report = JSON.stringify({
    descriptor: { name: 'grype', version: '0.110.0' },
    matches: [
      { vulnerability: { id: 'GHSA-1', severity: 'High', fix: { versions: ['2.33.0'], state: 'fixed' }, description: 'Bad\nthings' }, relatedVulnerabilities: [{ id: 'CVE-2026-0001' }], artifact: { name: 'requests', version: '2.32.0', type: 'python', purl: 'pkg:pypi/requests@2.32.0' } },
      { vulnerability: { id: 'CVE-2026-0002', severity: 'Negligible', fix: { versions: [], state: 'wont-fix' } }, relatedVulnerabilities: [], artifact: { name: 'bash', version: '5', type: 'deb' } },
    ],
  })
  const grypeThat = (text: string | undefined, end: string): string => [
    'case "$1" in oci-dir:/*) ;; *) exit 9;; esac', 'while [ $# -gt 0 ]; do [ "$1" = --file ] && to=$2; [ "$1" = --config ] && config=$2; shift; done', '[ -f "$config" ] || exit 9',
    ...(text === undefined ? [] : [`cat > "$to" <<'END'\n${text}\nEND`]), end,
  ].join('\n')
  rig.standIn('grype', grypeThat(report, 'exit 2'))
  const error = await refusal(rig, { artifacts, with: 'grype' }, 'scan-failed')
  assert.equal(error.message, 'requests 2.32.0 has GHSA-1 (high, fixed in 2.33.0).')
  const { evidence } = await rig.scan({ artifacts, with: 'grype', ignore: [{ id: 'CVE-2026-0001', reason: 'fine' }] })
  assert.match(evidence[0]?.detail ?? '', /^grype: image for linux\/amd64, no finding of high or above \(1 lower, 1 ignored: fine\)/)
  rig.standIn('grype', grypeThat(undefined, "echo 'ERROR failed to load vulnerability db: database does not exist' >&2; exit 1"))
  const without = await refusal(rig, { artifacts, with: 'grype' }, 'scan-unreadable')
  assert.equal(without.message, 'grype has no vulnerability database, so it could not scan the image for linux/amd64.')
  assert.match(without.problems[0].hint ?? '', /grype db update/)
  rig.standIn('grype', grypeThat('{"matches": []}', 'exit 0'))
  assert.match((await refusal(rig, { artifacts, with: 'grype' }, 'scan-unreadable')).message, /cannot be read/)
})

test('a layer that is gone from the store is refused before anything is scanned', async () => {
  await using rig = await openRig()
  rig.standIn('trivy', trivyThat(CLEAN))
  const [manifest, ...rest] = await rig.image()
  const gone = { ...manifest!, about: { ...manifest!.about, layers: [{ digest: `sha256:${'0'.repeat(64)}` as const, mediaType: 'x', size: 1 }] } }
  await refusal(rig, { artifacts: [gone, ...rest], with: 'trivy' }, 'artifact-missing')
})
