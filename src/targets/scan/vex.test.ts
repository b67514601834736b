// Tests of VEX documents: which statements excuse which findings.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { advisoryOf, openRig, type Rig } from './scan.rig.ts'

const vex = (...statements: readonly Json[]): Json => ({ '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'https://example.org/vex/1', author: 'Ann', timestamp: '2026-01-01T00:00:00Z', version: 1, statements })
const says = (name: string, status: string, more: Readonly<Record<string, Json>>): Json => ({ vulnerability: { name }, status, ...more })

async function standings(rig: Rig, ...statements: readonly Json[]): Promise<unknown> {
  const tree = rig.tree({ 'vex/app.json': vex(...statements) })
  const artifacts = [await rig.sbom(['pkg:pypi/requests@2.32.0'])]
  return rig.scan({ artifacts, tree, vex: ['vex/app.json'] }).then(({ findings }) => findings[0]?.why, (error: unknown) => (error instanceof Refused ? error.code : error))
}

test('a finding is excused by a statement on its vulnerability and its product, and on nothing else', async () => {
  await using rig = await openRig()
  rig.osv.advisories.push(advisoryOf('GHSA-1', 'requests', { aliases: ['CVE-2026-0001'] }))
  const justification = 'vulnerable_code_not_in_execute_path'
  const not = (products: Json, name = 'CVE-2026-0001') => says(name, 'not_affected', { justification, products })
  const excused = 'not affected, vulnerable code not in execute path'
  assert.equal(await standings(rig, not([{ '@id': 'pkg:pypi/requests@2.32.0' }])), excused)
  assert.equal(await standings(rig, not([{ '@id': 'pkg:pypi/requests' }], 'GHSA-1')), excused)
  assert.equal(await standings(rig, not([{ '@id': 'x', identifiers: { purl: 'pkg:pypi/Requests@2.32.0' } }])), excused)
  assert.equal(await standings(rig, not([{ '@id': 'pkg:pypi/app@2.1.0', subcomponents: [{ '@id': 'pkg:pypi/requests' }] }])), excused)
  assert.equal(await standings(rig, not([{ '@id': 'app' }])), excused)
  assert.equal(await standings(rig, says('CVE-2026-0001', 'fixed', { products: [{ '@id': 'pkg:pypi/app' }], impact_statement: 'patched here' })), 'fixed, patched here')
  for (const products of [[{ '@id': 'pkg:pypi/requests@2.31.0' }], [{ '@id': 'pkg:pypi/app@2.0.0' }], [{ '@id': 'pkg:pypi/app', subcomponents: [{ '@id': 'pkg:pypi/idna' }] }], [{ '@id': 'pkg:pypi/other', subcomponents: [{ '@id': 'pkg:pypi/requests' }] }], []]) {
    assert.equal(await standings(rig, not(products)), 'scan-failed', JSON.stringify(products))
  }
  assert.equal(await standings(rig, not([{ '@id': 'pkg:pypi/requests' }], 'CVE-2026-0002')), 'scan-failed')
})

test('the latest statement on a finding counts', async () => {
  await using rig = await openRig()
  rig.osv.advisories.push(advisoryOf('CVE-1', 'requests'))
  const products = [{ '@id': 'pkg:pypi/requests' }]
  const excuse = (timestamp: string) => says('CVE-1', 'not_affected', { products, timestamp, impact_statement: 'not called' })
  const affected = (timestamp: string) => says('CVE-1', 'affected', { products, timestamp, action_statement: 'update' })
  assert.equal(await standings(rig, affected('2026-02-01T00:00:00Z'), excuse('2026-03-01T00:00:00Z')), 'not affected, not called')
  assert.equal(await standings(rig, excuse('2026-03-01T00:00:00Z'), affected('2026-04-01T00:00:00Z')), 'scan-failed')
  assert.equal(await standings(rig, excuse('2026-03-01T00:00:00Z'), says('CVE-1', 'under_investigation', { products, timestamp: '2026-04-01T00:00:00Z' })), 'scan-failed')
})

test('a document that is missing or says something else is refused with its name', async () => {
  await using rig = await openRig()
  const artifacts = [await rig.sbom(['pkg:pypi/requests@2.32.0'])]
  const tree = rig.tree({ 'no.json': 'no json', 'csaf.json': { document: { category: 'csaf_vex' } }, 'odd.json': vex(says('CVE-1', 'harmless', { products: [] })) })
  for (const [path, words] of [['none.json', /^The VEX document none\.json is not in the tree/], ['no.json', /^no\.json is no OpenVEX/], ['csaf.json', /^csaf\.json is no OpenVEX/], ['odd.json', /^odd\.json is no OpenVEX/]] as const) {
    await assert.rejects(rig.scan({ artifacts, tree, vex: [path] }), (error) => error instanceof Refused && error.code === 'scan-unreadable' && words.test(error.message))
  }
  assert.equal(rig.served.calls.length, 0, 'nobody is asked before the documents are read')
})
