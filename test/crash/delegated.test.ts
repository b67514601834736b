// The crash matrix of a package that a workflow publishes: killed with SIGKILL around its start, its run and its arrival, a release starts it once.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { merge, openBench, publish, RELEASE } from '../support/crash-bench.ts'
import { crash, distinctBoundariesOf, loseJournal } from '../support/crash-case.ts'

const { bench, scene } = await openBench('sbom', 'workflow')
after(() => { bench.close() })
const { merged } = await merge(bench)

const published = await publish(bench, merged, () => undefined)
const boundaries = distinctBoundariesOf(published.run).filter(({ name }) => /dispatch|workflow\.|pypi\.(arrival|verify)|gate/.test(name))

test('a release that nothing happens to starts the workflow once', () => {
  for (const { runs } of [scene, published.scene]) assert.deepEqual(runs, ['pypi-publish.yml by workflow_dispatch on v2.1.0, 1: success'])
})

describe('a release that is killed while a workflow publishes, and run again, starts it once', { concurrency: 2 }, () => {
  for (const boundary of boundaries) {
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: 0, scene: published.scene, site: { frozen: merged } }))
  }

  const started = boundaries.find(({ at, moment, name }) => at === 'request' && moment === 'after' && name.includes('/dispatches'))
  test('killed after the start, with its journal lost', () => {
    assert.ok(started)
    return crash(bench, { boundary: started, args: RELEASE, exit: 0, scene: published.scene, site: { frozen: merged }, between: loseJournal })
  })

  test('a start that is made twice is seen by these tests', async () => {
    assert.ok(started)
    await assert.rejects(crash(bench, { boundary: started, args: RELEASE, exit: 0, scene: published.scene, site: { frozen: merged }, broken: { blind: 'workflow.dispatch' } }), /\/runs\/1: expected nothing|differs|was to end/)
  })
})
