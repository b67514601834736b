// Kills the engine before and after every outside call and every entry, and compares what is left with what an unkilled run makes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toyPlan } from '../../test/support/toy-plan.ts'
import { backOf, runKilled, runThrough, serversOf, type Scene } from '../../test/support/toy-run.ts'
import { matrix, type Ground } from '../../test/support/toy-matrix.ts'
import { copyOf } from '../../test/support/toy-servers.ts'
import type { Verdict } from '../model/event.ts'

const LAG = 5_000
const EFFECTS = ['toy.tag', 'toy.draft', 'toy.asset', 'toy.trial:a.whl', 'toy.upload:a.whl', 'toy.upload:b.whl', 'toy.reveal', 'toy.post']
/** Refusals of these come before anything final. */
const TURNING = EFFECTS.slice(0, 5)

async function groundOf(scene: Scene): Promise<Ground> {
  return { scene, base: await runThrough(scene) }
}

async function holds(scene: Scene, ends: Verdict['is'] | undefined, options?: { readonly pairs?: number }): Promise<void> {
  const ground = await groundOf(scene)
  if (ends !== undefined) assert.equal(ground.base.verdict.is, ends)
  assert.deepEqual(await matrix(ground, options), [])
}

test('a release that is killed once or twice, anywhere, ends as one that is not', () => holds({ plan: toyPlan(), lag: LAG }, 'done', { pairs: 7 }))

test('so does one on indexes without lag', () => holds({ plan: toyPlan() }, 'done'))

for (const seed of [1, 2, 3]) {
  test(`so does one whose steps run at once and take their time, in another order (${seed})`, () =>
    holds({ plan: toyPlan(seed), lag: LAG, concurrency: 4, seed }, 'done', seed === 1 ? { pairs: 29 } : {}))
}

for (const refusing of EFFECTS) {
  const ends = refusing === 'toy.tag' || !TURNING.includes(refusing) ? 'failed' : 'rolled-back'
  test(`a release in which ${refusing} is refused ends alike wherever it is killed`, () =>
    holds({ plan: toyPlan(), lag: LAG, refusing }, ends, refusing === 'toy.upload:a.whl' ? { pairs: 23 } : {}))
  test(`and with steps at once, ${refusing} refused never turns what is final`, () => holds({ plan: toyPlan(4), lag: LAG, refusing, concurrency: 4, seed: 4 }, undefined))
}

test('a policy that stops at a refusal leaves everything for the next drive', () => holds({ plan: toyPlan(), refusing: 'toy.asset', onFailure: 'stop' }, 'failed'))

for (const fault of ['lost', 'failed'] as const) {
  const what = { lost: 'was made but the answer was lost', failed: 'was not made and nobody can tell' }[fault]
  for (const effect of EFFECTS) {
    test(`${effect} that ${what} is made once in all`, async () => {
      const scene: Scene = { plan: toyPlan(), lag: LAG, faults: { [effect]: fault } }
      const base = await runThrough({ plan: scene.plan, lag: LAG })
      const ended = await runThrough(scene)
      assert.equal(ended.verdict.is, effect === 'toy.post' ? 'stuck' : 'done')
      assert.deepEqual([...ended.servers.made].toSorted(), [...base.servers.made].filter(([name]) => effect !== 'toy.post' || name !== effect || fault === 'lost').toSorted())
      assert.deepEqual(await matrix({ scene, base }), [])
    })
  }
  for (const effect of TURNING.slice(0, 4)) {
    test(`taking back ${effect} that ${what} is done all the same`, async () => {
      const scene: Scene = { plan: toyPlan(), lag: LAG, refusing: 'toy.upload:a.whl', faults: { [`back ${effect}`]: fault } }
      const base = await runThrough({ plan: scene.plan, lag: LAG, refusing: 'toy.upload:a.whl' })
      assert.deepEqual(await matrix({ scene, base }), [])
    })
  }
}

test('a release whose journal is lost finds everything that can be read back', async () => {
  await holds({ plan: toyPlan(), lag: LAG, journalIs: 'lost' }, 'done', { pairs: 29 })
  await holds({ plan: toyPlan(2), lag: LAG, journalIs: 'lost', concurrency: 4, seed: 2 }, 'done')
})

for (const refusing of EFFECTS) {
  test(`a release whose journal is lost and in which ${refusing} is refused can still be taken back`, () => holds({ plan: toyPlan(), lag: LAG, refusing, journalIs: 'lost' }, undefined))
}

for (const journalIs of ['kept', 'lost'] as const) {
  test(`a rollback that is killed once or twice, its journal ${journalIs}, ends as one that is not`, async () => {
    const plan = toyPlan()
    const released = await runThrough({ plan, lag: LAG })
    const before = () => copyOf(released.servers)
    const back = backOf(plan, released.entries)
    assert.ok(back)
    for (const concurrency of [1, 4]) {
      const scene: Scene = { plan: back, lag: LAG, journalIs, concurrency, seed: concurrency - 1 }
      const base = await runThrough(scene, [], before())
      assert.equal(base.verdict.is, 'rolled-back')
      assert.deepEqual(await matrix({ scene, base, before }, { pairs: concurrency === 1 ? 11 : 31 }), [])
    }
  })
}

test('a rollback of a release that was killed anywhere takes back all that it began', async () => {
  const plan = toyPlan()
  const base = await runThrough({ plan, lag: LAG })
  for (let killAt = 0; killAt < 2 * base.crossed.length; killAt += 1) {
    const servers = serversOf({ plan, lag: LAG })
    const { entries } = await runKilled({ plan, lag: LAG }, killAt, servers)
    const back = backOf(plan, entries)
    if (back === undefined) {
      assert.deepEqual([...servers.made], [])
      continue
    }
    const { verdict } = await runThrough({ plan: back, lag: LAG }, [], servers)
    assert.equal(verdict.is, 'rolled-back', `killed at ${killAt}`)
    assert.deepEqual([[...servers.tags], servers.drafts, [...servers.files.values()].filter(({ yanked }) => !yanked)], [[], [], []], `killed at ${killAt}`)
  }
})
