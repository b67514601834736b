// Tests of the target: what it takes as settings, and what it puts into both plans.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../config/index.ts'
import { SlipwayError } from '../../model/error.ts'
import type { PrepareContext, PublishContext } from '../../model/target.ts'
import { scanTarget } from './index.ts'
import { scanRun } from './run.ts'
import { DATE, openRig } from './scan.rig.ts'

const git = { name: 'git', settings: { parse: (value: unknown) => value, safeParse: (value: unknown) => ({ success: true as const, data: value }) } }
const config = (scan: string) => parseConfig({ text: `name: app\nchangelog: CHANGELOG.md\nversion:\n  places: [setup.py]\nscan: ${scan}\n`, file: 'slipway.yaml', targets: [git, scanTarget] })

test('a scanner\'s name is the whole setting, and none plans nothing', () => {
  const all = { fail: 'high', fixedOnly: false, ignore: [], vex: [], sarif: false, api: 'https://api.osv.dev' }
  for (const name of ['osv', 'trivy', 'grype', 'none']) assert.deepEqual(scanTarget.settings.parse(name), { with: name, ...all })
  assert.deepEqual(scanTarget.settings.parse({}), { with: 'osv', ...all })
  assert.deepEqual(scanTarget.prepare({ commit: {} } as PrepareContext, scanTarget.settings.parse('none')), [])
  assert.deepEqual(scanTarget.publish({ commit: {}, artifacts: [] } as unknown as PublishContext, scanTarget.settings.parse('none')), [])
})

test('the same scan is planned before the proposal and before anything is published, under the same key', async () => {
  await using rig = await openRig()
  const set = scanTarget.settings.parse({ fail: 'critical', database: 'db', sarif: true, ignore: [{ id: 'CVE-1', reason: 'fine', until: '2027-01-01' }] })
  const artifacts = [await rig.sbom(['pkg:pypi/idna@3.7']), ...await rig.image()].map((one) => ({ ...one, by: 'any', about: { ...one.about, more: 'than is needed' } }))
  rig.write({ 'db/a.json': { id: 'A', modified: '' } })
  const commit = { commit: 'c', tree: 't' }
  const [before] = scanTarget.prepare({ date: DATE, commit } as unknown as PrepareContext, set)
  const [after] = scanTarget.publish({ date: DATE, commit, artifacts, release: { name: 'app', to: '2.1.0' } } as unknown as PublishContext, set)
  for (const step of [before, after]) assert.deepEqual([step?.phase, step?.kind, step?.yields], ['scan', 'scan.run', ['evidence']])
  assert.deepEqual([before?.makes, after?.makes], [undefined, { name: 'app-2.1.0.sarif', mediaType: 'application/sarif+json', describes: [] }], 'code scanning is told once, of what is published')
  const input = before?.input as Record<string, unknown>
  assert.deepEqual(input['artifacts'], { $all: 'artifacts' })
  const whole = scanRun.input.parse({ ...input, artifacts: [[artifacts[0]], artifacts.slice(1)] })
  const output = await scanRun.apply!(rig.world, whole, rig.once)
  assert.deepEqual(await scanRun.probe(rig.world, scanRun.input.parse(after?.input), 'another key'), { state: 'present', output })
  assert(!JSON.stringify(after?.input).includes('than is needed'))
  const words = scanRun.describe(whole)
  assert.equal(words.apply, 'Look for known vulnerabilities with osv in app-2.1.0.cdx.json; critical stops the release.')
  assert.deepEqual(words.byHand, ["osv-scanner scan source --lockfile 'app-2.1.0.cdx.json'"])
  assert.deepEqual(scanRun.describe({ ...whole, with: 'trivy' }).byHand, ['trivy image --severity CRITICAL --exit-code 1 ghcr.io/acme/app'])
})

test('bad settings are told one by one, with their place', () => {
  for (const [text, words] of [
    ['syft', /"scan" must be one of osv, trivy, grype, none/],
    ['{ fail: severe }', /"scan\.fail" must be one of low, medium, high, critical, not "severe"/],
    ['{ ignore: [{ id: CVE-1 }] }', /The key "reason" is missing under "scan\.ignore\[0\]"/],
    ['{ ignore: [{ id: CVE-1, reason: x, until: soon }] }', /A day is written as 2027-01-31/],
    ['{ ignore: [{ id: CVE-1, reason: x, until: 2027-02-30 }] }', /A day is written as 2027-01-31/],
    ['{ vex: [../x.json] }', /This is not a path inside the repository/],
    ['{ with: trivy, database: db }', /A folder of advisories is for osv; trivy has a database of its own/],
    ['{ fixed-only: true }', /The key "fixed-only" means nothing under "scan"/],
    ['{ api: not-an-address }', /This is not a web address/],
  ] as const) {
    assert.throws(() => config(text), (error) => {
      assert(error instanceof SlipwayError)
      assert.match(error.problems.map(({ message }) => message).join('\n'), words)
      return true
    }, text)
  }
})
