// The crash matrix of the way back: a release that turns, and the rollback of a finished one, killed with SIGKILL at every boundary.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { merge, openBench, RELEASE } from '../support/crash-bench.ts'
import { type Case, crash, distinctBoundariesOf, loseJournal, type Named, person } from '../support/crash-case.ts'
import { wordsOf } from '../support/crash-driver.ts'
import { imagesIn } from '../support/crash-portrait.ts'
import type { Scene } from '../support/crash-site.ts'

const { bench } = await openBench()
after(() => { bench.close() })

const ROLLBACK = ['rollback', '2.1.0', '--yes', '--wait', '100h'] as const

/** The comments of a scene with another last word. */
function saying({ comments }: Scene, word: string): readonly string[] {
  return comments.map((text) => text.replace(/^(## .*: ).*$/m, `$1${word}`))
}

interface Turned {
  /** Boundaries after which the run turns all the same. */
  readonly boundaries: readonly Named[]
  /** Boundaries after which nobody can tell whether the upload took effect: a refusal then stops the run. */
  readonly inDoubt: readonly Named[]
  /** The last one: everything is over, and only the word of it is lost. */
  readonly told: Named
  readonly scene: Scene
  /** The world after one more run, which tries to publish again and turns again. */
  readonly again: Scene
  /** The world when what the turned release had merged is rolled back, too. */
  readonly rolledBack: Scene
}

async function turn(): Promise<Turned> {
  await using site = await bench.site({ frozen: merged, preset: 'expired-token' })
  const run = await site.run({ args: RELEASE })
  assert.equal(run.code, 6, wordsOf(run))
  const refused = run.writes.findIndex((name) => name.startsWith('begun pypi.upload')) + 1
  const back = run.requests.findIndex((name) => name.startsWith('DELETE')) + 1
  // Up to the refusal it is the release that the other matrix kills everywhere; here its requests are enough.
  const boundaries = distinctBoundariesOf(run).filter(({ at, number, moment, name }) => at === 'write' ? number >= refused : number >= back || (moment === 'after' && !name.includes('/blobs/uploads/')))
  const inDoubt = (each: Named) => each.at === 'write' && ((each.number === refused && each.moment === 'after') || (each.number === refused + 1 && each.moment === 'before'))
  const told = (each: Named) => each.at === 'request' && each.number === run.requests.length && each.moment === 'after'
  const scene = await site.scene()
  assert.equal((await site.run({ args: RELEASE })).code, 6)
  return {
    boundaries: boundaries.filter((each) => !inDoubt(each) && !told(each)),
    inDoubt: boundaries.filter(inDoubt),
    told: boundaries.find(told)!,
    scene,
    again: await site.scene(),
    rolledBack: {
      ...scene,
      refs: Object.fromEntries(Object.entries(scene.refs).filter(([name]) => !['refs/heads/release/v2.1.0', 'refs/slipway/lease'].includes(name))),
      moves: [...scene.moves, 'deleted refs/heads/release/v2.1.0'].toSorted(),
      comments: saying(scene, 'rolled back'),
    },
  }
}

/** A registry that refuses to move a tag: seen when everything else is published. */
const keepingTags: NonNullable<Case['site']> = {
  arrange: ({ registries: [registry] }) => { if (registry !== undefined) registry.rules = { ...registry.rules, immutableTags: true } },
}

/** A release whose moving tag is refused when the index has its files and the image its version tag, which only a person takes back: it stops, and is rolled back. */
async function halt() {
  await using site = await bench.site({ frozen: merged, ...keepingTags })
  const run = await site.run({ args: RELEASE })
  assert.equal(run.code, 1, wordsOf(run))
  const back = await site.run({ args: ROLLBACK, heard: person(site) })
  assert.equal(back.code, 6, wordsOf(back))
  const write = run.writes.findIndex((name) => name.startsWith('begun image.fixed-tag')) + 1
  const request = run.requests.findIndex((name) => name.endsWith('/manifests/2.1.0')) + 1
  return { boundaries: distinctBoundariesOf(run).filter(({ at, number }) => number >= (at === 'write' ? write : request)), scene: await site.scene() }
}

async function rollBack() {
  await using released = await bench.site({ frozen: merged })
  assert.equal((await released.run({ args: RELEASE })).code, 0)
  const frozen = await released.freeze(join(bench.folder, 'released'))
  await using site = await bench.site({ frozen })
  const run = await site.run({ args: ROLLBACK, heard: person(site) })
  assert.equal(run.code, 6, wordsOf(run))
  return { frozen, boundaries: distinctBoundariesOf(run), scene: await site.scene() }
}

const { merged } = await merge(bench)
const turned = await turn()
const halted = bench.withoutImage === false ? await halt() : undefined
const back = await rollBack()

test('a release that turns leaves what it merged, on record for the next run, and nothing of what it published', () => {
  const { scene } = turned
  assert.deepEqual(scene.releases, [])
  assert.deepEqual(Object.keys(scene.refs).toSorted(), ['refs/heads/main', 'refs/heads/release/v2.1.0', 'refs/pull/1/head', 'refs/slipway/lease', 'refs/tags/v2.0.0'])
  assert.match(scene.refs['refs/slipway/lease']?.[0] ?? '', /"holder":null/)
  assert.equal(JSON.stringify(scene.pypi).includes('2.1.0'), false)
  for (const image of imagesIn(scene)) assert.equal(image.tags['2.1.0'], undefined)
})

test('a rollback leaves what cannot be taken back, and nothing else', () => {
  const { scene } = back
  assert.deepEqual(scene.releases, [])
  assert.deepEqual(Object.keys(scene.refs).toSorted(), ['refs/heads/main', 'refs/pull/1/head', 'refs/tags/v2.0.0'])
  assert.match(JSON.stringify(scene.pypi), /"version":"2.1.0","yanked":true/)
  for (const image of imagesIn(scene)) {
    assert.equal(image.tags['2.1.0'], undefined)
    assert.equal(image.tags['latest'], image.tags['2.0.0'])
  }
})

describe('a release that turns, killed at a boundary and run again, ends in the same world', { concurrency: 2 }, () => {
  const { boundaries, inDoubt, told, scene, again, rolledBack } = turned
  const site = { frozen: merged, preset: 'expired-token' }
  for (const boundary of boundaries) {
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: RELEASE, exit: 6, scene, site }))
  }
  test('killed when it had given the lease up, it tries once more', () => crash(bench, { boundary: told, args: RELEASE, exit: 6, scene: again, site }))
  for (const boundary of inDoubt) {
    test(`killed ${boundary.name}, it stops for a person, who rolls it back`, () =>
      crash(bench, { boundary, args: RELEASE, exit: 5, then: { args: ROLLBACK, exit: 6 }, scene: rolledBack, site }))
  }
})

describe('a release whose moving tag is refused, killed at a boundary, stops for a person who rolls it back', { concurrency: 2, skip: bench.withoutImage }, () => {
  if (halted === undefined) return
  const { boundaries, scene } = halted
  for (const boundary of boundaries) {
    // Nobody can tell of a move that was begun whether it took effect: its refusal counts as one only where the first one was heard.
    const unheard = boundary.moment === 'after' && /begun image\.float|\/manifests\/latest$/.test(boundary.name)
    test(`killed ${boundary.name}`, () =>
      crash(bench, { boundary, args: RELEASE, exit: unheard ? 5 : 1, then: { args: ROLLBACK, exit: 6 }, scene, site: { frozen: merged, ...keepingTags }, heard: person }))
  }
})

describe('a rollback killed at a boundary and run again ends in the same world', { concurrency: 2 }, () => {
  const { boundaries, frozen, scene } = back
  for (const boundary of boundaries) {
    test(`killed ${boundary.name}`, () => crash(bench, { boundary, args: ROLLBACK, exit: 6, scene, site: { frozen }, heard: person }))
  }
})

describe('a rollback whose journal is lost in a crash finds what is left by looking', { concurrency: 2 }, () => {
  const { boundaries, frozen, scene: whole } = back
  // What is found by looking does not tell the pull request: its comment stays as it was.
  const scene = ['rolled back', 'released', 'being taken back', 'being taken back, waiting'].map((word) => ({ ...whole, comments: saying(whole, word) }))
  const last = Math.max(...boundaries.filter(({ at }) => at === 'request').map(({ number }) => number))
  for (const boundary of boundaries) {
    const { at, number, moment, name } = boundary
    // The lease, the draft, the tag and the branch: each takes something away by which the release is found.
    const request = at === 'request' && moment === 'after' && [1, last - 3, last - 2, last - 1].includes(number)
    if (!request && !/^after (write \d+: undo (begun pypi\.upload|(begun|settled) image\.fixed-tag)|request \d+: PUT .*\/manifests\/latest$)/.test(name)) continue
    test(`killed ${name}`, () => crash(bench, { boundary, args: ROLLBACK, exit: 6, scene, site: { frozen }, heard: person, between: loseJournal }))
  }
})
