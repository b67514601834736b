// The crash matrix of trusted publishing: killed with SIGKILL around each exchange, signature, log entry and upload, a release attests and uploads each file once.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { merge, openBench, RELEASE } from '../support/crash-bench.ts'
import { boundariesOf, crash } from '../support/crash-case.ts'
import { wordsOf } from '../support/crash-driver.ts'

const { bench, scene } = await openBench('sbom', 'identity')
after(() => { bench.close() })
const { merged } = await merge(bench)

async function publish() {
  await using site = await bench.site({ frozen: merged })
  const run = await site.run({ args: RELEASE })
  assert.equal(run.code, 0, wordsOf(run))
  const files = [...(site.world.pypi.projects.get('oneflow-ai')?.releases.values() ?? [])].flatMap((release) => release.files)
  return {
    boundaries: boundariesOf(run).filter(({ moment, name }) => moment === 'after' && /pypi\.org\/_\/oidc|sigstore|upload\.pypi\.org|pypi\.(attest|upload|verify)/.test(name)),
    attested: files.map(({ provenance }) => provenance?.attestation_bundles.length),
    scene: await site.scene(),
  }
}

const published = await publish()

test('a release that nothing happens to attests each file once', () => {
  assert.deepEqual(published.attested, [1, 1])
  for (const each of [scene, published.scene]) assert.equal(each.logged, 2, 'the trial is given the same attestations')
})

describe('a release by a trusted publisher that is killed and run again attests and uploads nothing twice', { concurrency: 2 }, () => {
  for (const boundary of published.boundaries) {
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: 0, scene: published.scene, site: { frozen: merged } }))
  }
})
