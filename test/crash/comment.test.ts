// The comment on the pull request, with the real program killed around every request that makes or changes it: there is never a second one.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { openBench, RELEASE } from '../support/crash-bench.ts'
import { crash, distinctBoundariesOf, loseJournal } from '../support/crash-case.ts'

const { bench, scene } = await openBench()
after(() => { bench.close() })

async function proved() {
  await using site = await bench.site({ seed: bench.seeds.proved })
  return await site.run({ args: RELEASE })
}

const boundaries = distinctBoundariesOf(await proved()).filter(({ at, name }) => at === 'request' && name.includes('/comments'))

test('a release that nothing happens to has one comment, which says that it is released', () => {
  assert.equal(scene.comments.length, 1)
  assert.match(scene.comments[0] ?? '', /: released\n<!-- slipway:comment/)
  assert.ok(boundaries.some(({ name }) => /POST .*\/comments$/.test(name)) && boundaries.some(({ name }) => name.includes('PATCH')))
})

describe('killed around a request about the comment and run again, a release has one comment in the end', { concurrency: 2 }, () => {
  for (const boundary of boundaries) {
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: 0, scene, site: { seed: bench.seeds.proved } }))
  }
  const made = boundaries.find(({ name, moment }) => moment === 'after' && /POST .*\/comments$/.test(name))
  test('killed after it was made, with the journal lost', async () => {
    assert.ok(made !== undefined)
    await crash(bench, { boundary: made, args: RELEASE, exit: 0, scene, site: { seed: bench.seeds.proved }, between: loseJournal })
  })
})
