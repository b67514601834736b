// The crash matrix of signed provenance: killed with SIGKILL around all that signs, logs, attests and attaches, a release makes none of it twice.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { merge, openBench, publish, RELEASE } from '../support/crash-bench.ts'
import { crash, distinctBoundariesOf, lastOfEachSort } from '../support/crash-case.ts'
import { imagesIn } from '../support/crash-portrait.ts'
import type { Boundary, SiteRun } from '../support/crash-site.ts'

const { bench, scene } = await openBench('provenance')
after(() => { bench.close() })

/** Steps that sign, log, attest or attach, or look at what did. */
const STEP = /^(provenance\.|github\.attestation|image\.(attach|referrers))/

/** True when one of these requests or writes belongs to such a step. */
function isOfProvenance({ requests, under, writes }: SiteRun, { at, number }: Pick<Boundary, 'at' | 'number'>): boolean {
  if (at === 'write') return STEP.test((writes[number - 1] ?? '').replace(/^\w+ /, ''))
  const request = requests[number - 1] ?? ''
  // Whatever is sent to the registry then is attached to the image: the image itself is there before.
  return /sigstore|\/attestations$/.test(request) || (request.includes('ghcr.io') && (under[number - 1] ?? []).some((step) => /^image\.(attach|referrers)/.test(step)))
}

const { merged } = await merge(bench)

const published = await publish(bench, merged, ({ world }) => world.github.attestations.flatMap(({ subjects }) => subjects))
// What is done for one artifact is done for each of the others.
const boundaries = lastOfEachSort(distinctBoundariesOf(published.run).filter((each) => each.moment === 'after' && isOfProvenance(published.run, each)))
const artifacts = bench.withoutImage === false ? 4 : 2

test('a release that nothing happens to signs each artifact once, in the log and in the attestations of its repository', () => {
  for (const each of [scene, published.scene]) {
    assert.equal(each.logged, artifacts)
    assert.equal(each.attestations, artifacts)
  }
  assert.equal(new Set(published.seen).size, artifacts)
  assert.equal(published.seen.length, artifacts)
})

test('the signed provenance of an image and of its platform is attached to them', { skip: bench.withoutImage }, () => {
  const [image] = imagesIn(published.scene)
  assert.ok(image)
  assert.equal(Object.values(image.tags).filter((named) => named === 'a list').length, 2)
})

describe('a release killed at a boundary of its provenance and run again makes none of it twice', { concurrency: 2 }, () => {
  for (const boundary of boundaries) {
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: 0, scene: published.scene, site: { frozen: merged } }))
  }
})
