// The crash matrix of a whole release: the real program killed with SIGKILL at every boundary, run again, and the worlds compared.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { merge, openBench, RELEASE } from '../support/crash-bench.ts'
import { boundariesOf, crash, distinctBoundariesOf, type Named } from '../support/crash-case.ts'
import { imagesIn } from '../support/crash-portrait.ts'

const { bench, whole, scene } = await openBench()
after(() => { bench.close() })

const { run: merging, merged } = await merge(bench)

async function publish() {
  await using site = await bench.site({ frozen: merged })
  return await site.run({ args: RELEASE })
}

const publishing = await publish()

test('a release that nothing happens to makes every effect once', () => {
  assert.equal(whole.code, 0)
  assert.equal(scene.pulls.length, 1)
  assert.equal(scene.releases.length, 1)
  assert.deepEqual(scene.moves, ['made refs/heads/release/v2.1.0', 'made refs/pull/1/head', 'made refs/tags/v2.1.0', 'moved refs/heads/main'])
  assert.equal(scene.refs['refs/slipway/lease'], undefined)
  assert.equal(scene.comments.length, 1)
  assert.match(scene.comments[0] ?? '', /: released\n<!-- slipway:comment/)
})

test('a release pushes its image once, and moves the tag that moves', { skip: bench.withoutImage }, () => {
  const [image] = imagesIn(scene)
  assert.ok(image)
  assert.equal(image.tags['latest'], image.tags['2.1.0'])
  assert.notEqual(image.tags['2.0.0'], image.tags['2.1.0'])
  // The former image has three: an index over two platforms. Ours has two, its SBOM one, and the list that names the SBOM.
  assert.equal(image.manifests, 3 + 2 + 1 + 1)
  assert.equal(scene.puts.filter((name) => name === 'by its digest').length, 3)
  assert.deepEqual(scene.puts.filter((name) => !/sha256|digest/.test(name)), ['2.1.0', 'latest'])
})

describe('a release killed at a boundary and run again ends in the same world', { concurrency: 2 }, () => {
  const told = (each: Named) => each.at === 'request' && each.number === publishing.requests.length && each.moment === 'after'
  for (const boundary of distinctBoundariesOf(merging)) {
    test(`killed ${boundary.name}, before it publishes`, () => crash(bench, { boundary, args: RELEASE, exit: 0, scene, site: { seed: bench.seeds.proved } }))
  }
  for (const boundary of distinctBoundariesOf(publishing)) {
    // When the last request has taken effect the release is out, and the second run finds nothing left to release.
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: told(boundary) ? 3 : 0, scene, site: { frozen: merged } }))
  }
})

/** Boundaries of the run that proves everything itself which the runs with evidence do not have. */
const proving = boundariesOf(whole).filter(({ at, name }) => at === 'write' && /begun (checks|pypi\.(build|check|install|trial-install|verify)|image\.(build|verify)|sbom\.make)/.test(name))

describe('a release killed while it proves something does not prove it by halves', { concurrency: 2 }, () => {
  for (const boundary of proving) {
    if (boundary.moment === 'before') continue
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: 0, scene }))
  }
})
