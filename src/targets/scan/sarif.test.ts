// Tests of the SARIF document that a scan keeps.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { sarif } from './sarif.ts'
import { advisoryOf, openRig } from './scan.rig.ts'

// What GitHub's code scanning requires (https://docs.github.com/en/code-security/reference/code-scanning/sarif-support).
const text = z.strictObject({ text: z.string().min(1) })
const level = z.enum(['error', 'warning', 'note'])
const document = z.strictObject({
  $schema: z.literal('https://json.schemastore.org/sarif-2.1.0.json'),
  version: z.literal('2.1.0'),
  runs: z.tuple([z.strictObject({
    tool: z.strictObject({ driver: z.strictObject({
      name: z.string(), informationUri: z.url(),
      rules: z.array(z.strictObject({
        id: z.string(), name: z.string().regex(/^\w+$/), shortDescription: text, fullDescription: text, helpUri: z.url(),
        help: z.strictObject({ text: z.string().min(1), markdown: z.string().min(1) }), defaultConfiguration: z.strictObject({ level }),
        properties: z.strictObject({ 'security-severity': z.string().regex(/^(?:10|\d)\.\d$/), tags: z.array(z.string()) }),
      })),
    }) }),
    columnKind: z.literal('utf16CodeUnits'),
    results: z.array(z.strictObject({
      ruleId: z.string(), ruleIndex: z.int().nonnegative(), level, message: text,
      locations: z.array(z.strictObject({
        physicalLocation: z.strictObject({ artifactLocation: z.strictObject({ uri: z.string().regex(/^[^\s/]+(?:\/[^\s/]+)*$/) }), region: z.strictObject({ startLine: z.literal(1) }) }),
        logicalLocations: z.array(z.strictObject({ kind: z.string(), name: z.string(), fullyQualifiedName: z.string() })),
      })).min(1),
      partialFingerprints: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
      suppressions: z.array(z.strictObject({ kind: z.literal('external'), status: z.literal('accepted'), justification: z.string() })).optional(),
    })),
  })]),
})

test('a scan keeps a SARIF document with a rule for each vulnerability and a result for each finding', async () => {
  await using rig = await openRig()
  rig.osv.advisories.push(
    advisoryOf('GHSA-1', 'requests', { aliases: ['CVE-1'], fixed: '2.33.0' }), advisoryOf('CVE-2', 'requests', { severity: [], summary: '' }),
    advisoryOf('CVE-2-too', 'idna', { aliases: ['CVE-2'], severity: [], database_specific: { severity: 'LOW' } }),
  )
  const ignore = [{ id: 'CVE-1', reason: 'not reachable' }]
  const output = await rig.scan({ artifacts: [await rig.sbom(['pkg:pypi/requests@2.32.0', 'pkg:pypi/idna@3.6'])], ignore })
  const { runs: [run] } = document.parse(JSON.parse(await rig.read(output.sha256)))
  assert.equal(run.tool.driver.name, 'Slipway (osv)')
  assert.deepEqual(run.tool.driver.rules.map(({ id, properties }) => [id, properties['security-severity']]), [['CVE-1', '9.8'], ['CVE-2', '4.0']])
  assert.deepEqual(run.results.map(({ ruleId, ruleIndex, level: of, suppressions }) => [ruleId, ruleIndex, of, suppressions?.[0]?.justification]), [
    ['CVE-1', 0, 'error', 'not reachable'], ['CVE-2', 1, 'warning', undefined], ['CVE-2', 1, 'note', undefined],
  ])
  const [first] = run.results
  assert.equal(first?.message.text, 'requests 2.32.0 has CVE-1 (critical, fixed in 2.33.0).')
  assert.equal(first?.locations[0]?.physicalLocation.artifactLocation.uri, 'app-2.1.0.cdx.json')
  assert.equal(first?.locations[0]?.logicalLocations[0]?.fullyQualifiedName, 'pkg:pypi/requests@2.32.0')
})

test('the fingerprint of a finding stays when only the version changes', () => {
  const one = { id: 'CVE-1', aliases: [], package: 'b', version: '1', purl: 'pkg:npm/%40a/b@1', severity: 'low', summary: '', in: ['x'], standing: 'below' } as const
  const print = (finding: object) => document.parse(sarif('osv', [{ ...one, aliases: [], in: ['x'], ...finding }])).runs[0].results[0]?.partialFingerprints['slipwayFinding/v1']
  assert.equal(print({}), print({ version: '2', purl: 'pkg:npm/%40a/b@2' }))
  assert.notEqual(print({}), print({ id: 'CVE-2' }))
  assert.notEqual(print({}), print({ purl: 'pkg:npm/b@1' }))
  document.parse(sarif('trivy', []))
})
