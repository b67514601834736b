// The contract under bad weather: a connection that breaks around a change, before or after its effect, costs nothing but another look.
import assert from 'node:assert/strict'
import type { AnyKind } from '../../src/model/kind.ts'
import { backOfMade, endedRight, isChange, live, mutations, newLife, type Bench, type Sample } from './kind-bench.ts'

/** Cuts the connection of every change that a run makes, going forward and going back, each in a run of its own. */
export async function cutOff(kind: AnyKind, bench: Bench): Promise<void> {
  for (const sample of bench.samples(kind)) {
    await cutEach(bench, sample, { ends: 'done', begin: () => bench.to('ready') })
    const back = kind.reversal.is === 'reversible' || kind.reversal.is === 'compensable' ? await backOfMade(bench, sample) : undefined
    if (back !== undefined) await cutEach(bench, back, { ends: 'rolled-back', begin: async () => { await bench.toMade(sample) } })
  }
}

async function cutEach(bench: Bench, sample: Sample, { begin, ends }: { readonly begin: () => Promise<void>; readonly ends: 'done' | 'rolled-back' }): Promise<void> {
  await begin()
  const before = await bench.snapshot()
  const changes = await mutations(bench, () => live(bench, sample, newLife(bench.ground)))
  const quiet = await bench.snapshot()
  for (const [place, change] of changes.entries()) {
    for (const moment of ['before', 'after'] as const) {
      await begin()
      const where = `${sample.step.id} cut off ${moment} ${change}`
      const { verdict, cuts } = await cutting(bench, { place, moment }, () => live(bench, sample, newLife(bench.ground)))
      assert.equal(cuts, 1, where)
      await endedRight(bench, { verdict, ends, worlds: { before, quiet }, where })
    }
  }
}

async function cutting<T>(bench: Bench, at: { readonly place: number; readonly moment: 'before' | 'after' }, act: () => Promise<T>): Promise<{ readonly verdict: T; readonly cuts: number }> {
  let place = -1
  let cuts = 0
  bench.ground.onCall = (call, moment) => {
    if (!isChange(call)) return undefined
    if (moment === 'before') place += 1
    if (place !== at.place || moment !== at.moment) return undefined
    cuts += 1
    return 'cut'
  }
  try {
    return { verdict: await act(), cuts }
  } finally {
    bench.ground.onCall = undefined
  }
}
