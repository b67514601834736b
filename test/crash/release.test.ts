// The crash matrix of a whole release: the real program killed with SIGKILL at every boundary, run again, and the worlds compared.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { openBench, RELEASE } from '../support/crash-bench.ts'
import { boundariesOf, crash, type Named } from '../support/crash-case.ts'

const { bench, whole, scene } = await openBench()
after(() => { bench.close() })

async function prove() {
  await using site = await bench.site({ seed: bench.seeds.proved })
  return await site.run({ args: RELEASE })
}

const proved = await prove()

test('a release that nothing happens to makes every effect once', () => {
  assert.equal(whole.code, 0)
  assert.equal(scene.pulls.length, 1)
  assert.equal(scene.releases.length, 1)
  assert.deepEqual(scene.moves, ['made refs/heads/release/v2.1.0', 'made refs/pull/1/head', 'made refs/tags/v2.1.0', 'moved refs/heads/main'])
  assert.equal(scene.refs['refs/slipway/lease'], undefined)
})

describe('a release killed at a boundary and run again ends in the same world', { concurrency: 2 }, () => {
  const told = (each: Named) => each.at === 'request' && each.number === proved.requests.length && each.moment === 'after'
  for (const boundary of boundariesOf(proved)) {
    // When the last request has taken effect the release is out, and the second run finds nothing left to release.
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: told(boundary) ? 3 : 0, scene, site: { seed: bench.seeds.proved } }))
  }
})

/** Boundaries of the run that proves everything itself which the runs with evidence do not have. */
const proving = boundariesOf(whole).filter(({ at, name }) => at === 'write' && /begun (checks|pypi\.(build|check|install|trial-install|verify))/.test(name))

describe('a release killed while it proves something does not prove it by halves', { concurrency: 2 }, () => {
  for (const boundary of proving) {
    if (boundary.moment === 'before') continue
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: 0, scene }))
  }
})
