// The contract's harshest promise: killed at any call and any entry of the journal, once and twice, a run that is taken up again leaves the same world.
import assert from 'node:assert/strict'
import type { AnyKind } from '../../src/model/kind.ts'
import { fuse, textOf, type Point } from '../support/ground-fuse.ts'
import { backOf, live, newLife, same, type Bench, type Life, type Sample } from './kind-bench.ts'

/** One way of a sample: how it begins and how it must end. */
interface Course {
  readonly sample: Sample
  readonly ends: 'done' | 'rolled-back'
  begin(): Promise<void>
}

/** What an undisturbed life came to, and the points that it passed. */
interface Undisturbed {
  readonly world: unknown
  readonly points: readonly Point[]
}

/** Kills a run going forward. */
export async function killedForward(kind: AnyKind, bench: Bench, times: 'once' | 'twice' | 'and its journal is lost'): Promise<void> {
  for (const sample of bench.samples(kind)) await killed(bench, { sample, ends: 'done', begin: () => bench.to('ready') }, times)
}

/** Kills a run going back. Does nothing for kinds that no program takes back. */
export async function killedBack(kind: AnyKind, bench: Bench, times: 'once' | 'twice'): Promise<void> {
  for (const made of bench.samples(kind)) {
    const sample = kind.reversal.is === 'final' ? undefined : backOf(made, bench.ground.clock)
    if (sample !== undefined) await killed(bench, { sample, ends: 'rolled-back', begin: async () => { await bench.toMade(made) } }, times)
  }
}

async function killed(bench: Bench, course: Course, times: 'once' | 'twice' | 'and its journal is lost'): Promise<void> {
  const quiet = await undisturbed(bench, course)
  const every = quiet.points.map((point, place) => ({ point, place }))
  // Around a call that only looks, the world is what it was: those points are tried once only, and not where a life is long.
  const telling = every.filter(({ point, place }) => place === 0 || (point.changes && point.moment === 'after'))
  if (times === 'once') for (const first of bench.case.pace === 'slow' ? telling : every) await killedAt(bench, { course, quiet }, [first.place])
  if (bench.case.pace === 'slow') return
  if (times === 'and its journal is lost') for (const first of telling) await killedAt(bench, { course, quiet, forgets: true }, [first.place])
  if (times === 'twice') {
    for (const first of telling) {
      for (let second = 0; second < every.length; second += 1) if (await killedAt(bench, { course, quiet }, [first.place, second]) === 'died of old age') break
    }
  }
}

async function undisturbed(bench: Bench, { sample, begin, ends }: Course): Promise<Undisturbed> {
  await begin()
  const wire = fuse()
  const verdict = await live(bench, sample, newLife(bench.ground), { fuse: wire })
  assert.equal(verdict === 'killed' ? verdict : verdict.is, ends, JSON.stringify(verdict))
  return { world: await bench.snapshot(), points: wire.points }
}

interface Expected {
  readonly course: Course
  readonly quiet: Undisturbed
  /** Whether each life begins without the journal of the one before. */
  readonly forgets?: boolean
}

/**
 * Lives through as many deaths as there are places, then in peace, and compares. The second place counts the telling points of the second
 * life; when it has not as many, the program died of old age.
 */
async function killedAt(bench: Bench, { course, quiet, forgets = false }: Expected, [first = 0, second]: readonly number[]): Promise<'killed' | 'died of old age'> {
  const { sample, begin, ends } = course
  await begin()
  let life: Life = newLife(bench.ground)
  const deaths: string[] = []
  let count = -1
  const fuses = [fuse((_, place) => place === first), ...(second === undefined ? [] : [fuse((point, place) => {
    if (place === 0 || (point.changes && point.moment === 'after')) count += 1
    return count === second
  })])]
  for (const wire of fuses) {
    if (forgets) life = { ...newLife(bench.ground), arrived: life.arrived }
    await live(bench, sample, life, { fuse: wire })
    if (wire.blown !== undefined) deaths.push(textOf(wire.blown))
  }
  if (forgets) life = { ...newLife(bench.ground), arrived: life.arrived }
  const where = `${sample.step.id} killed ${deaths.join(', then ')}`
  const verdict = await live(bench, sample, life)
  same(verdict === 'killed' ? verdict : verdict.is, ends, `${where}: ${JSON.stringify(verdict)}`)
  same(await bench.snapshot(), quiet.world, where)
  return deaths.length === fuses.length ? 'killed' : 'died of old age'
}
