// The crash matrix of a whole release: the real program killed with SIGKILL at every boundary, run again, and the worlds compared.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { openBench, RELEASE } from '../support/crash-bench.ts'
import { boundariesOf, crash } from '../support/crash-case.ts'

const { bench, whole, scene } = await openBench()
after(() => { bench.close() })

await using site = await bench.site({ seed: bench.seeds.proved })
const proved = await site.run({ args: RELEASE })

test('a release that nothing happens to makes every effect once', () => {
  assert.equal(whole.code, 0)
  assert.equal(scene.pulls.length, 1)
  assert.equal(scene.releases.length, 1)
  assert.deepEqual(scene.moves, ['made refs/heads/release/v2.1.0', 'made refs/pull/1/head', 'made refs/tags/v2.1.0', 'moved refs/heads/main'])
  assert.equal(scene.refs['refs/slipway/lease'], undefined)
})

describe('a release killed at a boundary and run again ends in the same world', { concurrency: 2 }, () => {
  for (const boundary of boundariesOf(proved)) {
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: 0, scene, site: { seed: bench.seeds.proved } }))
  }
})
