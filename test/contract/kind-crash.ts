// The contract's harshest promise: killed at any call and any entry of the journal, once and twice, a run that is taken up again leaves the same world.
import assert from 'node:assert/strict'
import type { AnyKind } from '../../src/model/kind.ts'
import { fuse, textOf, type Point } from '../support/ground-fuse.ts'
import { backOfMade, endedRight, live, newLife, type Bench, type Life, type Sample } from './kind-bench.ts'

/** One way of a sample: how it begins and how it must end. */
interface Course {
  readonly sample: Sample
  readonly ends: 'done' | 'rolled-back'
  begin(): Promise<void>
}

/** What an undisturbed life came to, and the points that it passed. */
interface Undisturbed {
  readonly world: unknown
  /** How it was before. */
  readonly before: unknown
  readonly points: readonly Point[]
}

/** How often a life ends, and with what it begins again. */
export type Deaths = 'once' | 'twice' | 'and its journal is lost'

/** Kills a run going forward. */
export async function killedForward(kind: AnyKind, bench: Bench, deaths: Deaths): Promise<void> {
  // What nobody can see is known by its journal alone; who has lost that asks a person before anything is sent.
  if (bench.case.blind === true && deaths === 'and its journal is lost') return
  for (const sample of tried(kind, bench, deaths)) await killed(bench, { sample, ends: 'done', begin: () => bench.to('ready') }, deaths)
}

/** Kills a run going back. Does nothing for kinds that no program takes back. */
export async function killedBack(kind: AnyKind, bench: Bench, deaths: Deaths): Promise<void> {
  if (kind.reversal.is === 'final' || kind.reversal.is === 'none') return
  for (const made of tried(kind, bench, deaths)) {
    const sample = await backOfMade(bench, made)
    assert.ok(sample !== undefined)
    await killed(bench, { sample, ends: 'rolled-back', begin: async () => { await bench.toMade(made) } }, deaths)
  }
}

/** Slow kinds are killed once only. Examples differ in what they hold and hardly in what they call: the first one dies twice for all of them. */
function tried(kind: AnyKind, bench: Bench, deaths: Deaths): readonly Sample[] {
  if (deaths === 'once') return bench.samples(kind)
  return bench.case.pace === 'slow' ? [] : bench.samples(kind).slice(0, 1)
}

async function killed(bench: Bench, course: Course, deaths: Deaths): Promise<void> {
  const quiet = await undisturbed(bench, course)
  const every = quiet.points.map((point, place) => ({ ...point, place }))
  // Around a call that only looks the world is what it was before, and a death there is like the one before it.
  const telling = every.filter(isTelling)
  switch (deaths) {
    case 'once': {
      for (const { place } of bench.case.pace === 'slow' ? lastOfEachSort(telling) : every) await killedAt(bench, { course, quiet }, [place])
      return
    }
    case 'and its journal is lost': {
      for (const { place } of telling) await killedAt(bench, { course, quiet, forgets: true }, [place])
      return
    }
    case 'twice': {
      for (const { place } of telling) {
        for (let second = 0; await killedAt(bench, { course, quiet }, [place, second]) === 'killed'; second += 1);
      }
    }
  }
}

/** True for points at which the world is another one than at the point before. */
function isTelling({ moment, changes }: Point): boolean {
  return changes && moment === 'after'
}

/** A sort is what a call begins with: `run`, `keep`, `journal begun`. */
function lastOfEachSort<P extends Point>(points: readonly P[]): readonly P[] {
  return [...new Map(points.map((point) => [/^(?:journal )?\S+/.exec(point.call)?.[0], point])).values()]
}

async function undisturbed(bench: Bench, { sample, begin, ends }: Course): Promise<Undisturbed> {
  await begin()
  const before = await bench.snapshot()
  const wire = fuse()
  const verdict = await live(bench, sample, newLife(bench.ground), { fuse: wire })
  assert.equal(verdict === 'killed' ? verdict : verdict.is, ends, JSON.stringify(verdict))
  return { world: await bench.snapshot(), before, points: wire.points }
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
  const fuses = [fuse((_, place) => place === first), ...(second === undefined ? [] : [fuse((point) => {
    if (isTelling(point)) count += 1
    return count === second
  })])]
  for (const wire of fuses) {
    if (forgets) life = { ...newLife(bench.ground), arrived: life.arrived }
    await live(bench, sample, life, { fuse: wire })
    if (wire.blown !== undefined) deaths.push(textOf(wire.blown))
  }
  assert.notEqual(deaths.length, 0, 'the same calls are made in every life')
  if (forgets) life = { ...newLife(bench.ground), arrived: life.arrived }
  const where = `${sample.step.id} killed ${deaths.join(', then ')}`
  const verdict = await live(bench, sample, life)
  await endedRight(bench, { verdict, ends, worlds: { before: quiet.before, quiet: quiet.world }, where })
  return deaths.length === fuses.length ? 'killed' : 'died of old age'
}
