// The crash matrix of trusted publishing: killed with SIGKILL around each exchange, signature, log entry and upload, a release attests and uploads each file once.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { merge, openBench, publish, RELEASE } from '../support/crash-bench.ts'
import { boundariesOf, crash } from '../support/crash-case.ts'

const { bench, scene } = await openBench('sbom', 'identity')
after(() => { bench.close() })
const { merged } = await merge(bench)

const published = await publish(bench, merged, ({ world: { pypi } }) => [...(pypi.projects.get('oneflow-ai')?.releases.values() ?? [])].flatMap(({ files }) => files.map(({ provenance }) => provenance?.attestation_bundles.length)))
const boundaries = boundariesOf(published.run).filter(({ moment, name }) => moment === 'after' && /pypi\.org\/_\/oidc|sigstore|upload\.pypi\.org|pypi\.(attest|upload|verify)/.test(name))

test('a release that nothing happens to attests each file once', () => {
  assert.deepEqual(published.seen, [1, 1])
  for (const each of [scene, published.scene]) assert.equal(each.logged, 2, 'the trial is given the same attestations')
})

describe('a release by a trusted publisher that is killed and run again attests and uploads nothing twice', { concurrency: 2 }, () => {
  for (const boundary of boundaries) {
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: 0, scene: published.scene, site: { frozen: merged } }))
  }
})
