// Crashes that take more than the process with them: the journal, everything that was kept, or the whole machine.
import assert from 'node:assert/strict'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { openBench, RELEASE } from '../support/crash-bench.ts'
import { boundariesOf, crash, lastOfEachSort, loseJournal, type Named } from '../support/crash-case.ts'
import { wordsOf, type Ended } from '../support/crash-driver.ts'
import { differences } from '../support/crash-portrait.ts'
import type { Site } from '../support/crash-site.ts'

const { bench, scene } = await openBench()
after(() => { bench.close() })

async function prove() {
  await using site = await bench.site({ seed: bench.seeds.proved })
  return await site.run({ args: RELEASE })
}

const proved = await prove()
const boundaries = boundariesOf(proved)

function loseAll({ state }: Site): void {
  rmSync(state, { recursive: true })
}

/** The boundary around a write or request of this name. */
function boundary(moment: Named['moment'], name: RegExp): Named {
  return boundaries.find((each) => each.moment === moment && name.test(each.name))!
}

function codeOf({ lines }: Ended): unknown {
  const problems = lines.find(({ type }) => type === 'problems')?.['problems']
  return Array.isArray(problems) ? problems[0]?.code : undefined
}

describe('a release whose journal is lost in a crash is found again by looking', { concurrency: 2 }, () => {
  const site = { seed: bench.seeds.proved }
  // What a blob is, it is by its digest: each is found again or sent again, whatever else is known.
  const ends = lastOfEachSort(boundaries.filter(({ at, moment, name }) => at === 'request' && moment === 'after' && !name.includes('/blobs/uploads/')))
  const writes = [/settled git\.branch/, /begun github\.merge/, /begun github\.draft/, /gate/, /settled github\.release/].map((name) => boundary('after', name))
  for (const each of [...ends.slice(0, -1), ...writes]) {
    test(`killed ${each.name}`, () => crash(bench, { boundary: each, args: RELEASE, exit: 0, scene, site, between: loseJournal }))
  }
  // Nothing is left of the release but its effects: the second run is told that the branch has moved on.
  test(`killed ${ends.at(-1)!.name}`, () => crash(bench, { boundary: ends.at(-1)!, args: RELEASE, exit: 2, scene, site, between: loseJournal }))
})

test('a release whose artifacts are lost with the journal is built again, to the same bytes', () =>
  crash(bench, { boundary: boundary('after', /upload\.pypi\.org/), args: RELEASE, exit: 0, scene, site: { seed: bench.seeds.proved }, between: loseAll }))

test('a dead machine keeps others out while its lease lasts, then another clone finishes the release', async () => {
  await using site = await bench.site({ seed: bench.seeds.proved })
  const other = join(site.folder, 'another-clone')
  cpSync(bench.project, other, { recursive: true })
  const first = await site.run({ args: RELEASE, dies: boundary('after', /POST .*\/releases$/) })
  assert.equal(first.signal, 'SIGKILL')
  const refused = await site.run({ args: RELEASE, project: other })
  assert.equal(refused.code, 5, wordsOf(refused))
  assert.equal(codeOf(refused), 'lease-held')
  assert.deepEqual(refused.requests, [])
  site.setTime(new Date(site.time().getTime() + 61 * 60_000))
  const second = await site.run({ args: RELEASE, project: other })
  assert.equal(second.code, 0, wordsOf(second))
  assert.deepEqual(differences(scene, await site.scene()), [])
})

test('Ctrl-C during an upload lets the attempt in flight finish, and says how to go on', async () => {
  await using site = await bench.site({ seed: bench.seeds.proved })
  let stopping: () => void = () => undefined
  const heardIt = new Promise<void>((done) => { stopping = done })
  const first = await site.run({
    args: RELEASE,
    heard: (line) => { if (line.type === 'note') stopping() },
    async asked(request, moment, { pid }) {
      if (moment === 'after' || !request.includes('upload.pypi.org')) return
      process.kill(pid, 'SIGINT')
      await heardIt
    },
  })
  assert.equal(first.code, 4, wordsOf(first))
  assert.equal(first.requests.filter((request) => request.includes('upload.pypi.org')).length, 1)
  // The image is tagged at the same time; whichever ends last, nothing is begun after it.
  assert.ok(first.writes.slice(-2).some((write) => write.startsWith('settled pypi.upload')))
  assert.match(first.writes.at(-1) ?? '', /^settled /)
  assert.match(String(first.lines.at(-1)?.['next']), /slipway release 2\.1\.0/)
  const second = await site.run({ args: RELEASE })
  assert.equal(second.code, 0, wordsOf(second))
  assert.deepEqual(differences(scene, await site.scene()), [])
})

test('a second driver on the same run is turned away, and the first one goes on', async () => {
  await using site = await bench.site({ seed: bench.seeds.proved })
  let second: Ended | undefined
  const first = await site.run({
    args: RELEASE,
    async asked(request, moment) {
      if (moment === 'before' && request.endsWith('/pulls')) second = await site.run({ args: RELEASE })
    },
  })
  assert.equal(second?.code, 5)
  assert.equal(codeOf(second), 'run-claimed')
  assert.equal(first.code, 0, wordsOf(first))
  assert.deepEqual(differences(scene, await site.scene()), [])
})

describe('the matrix turns red', () => {
  const site = { seed: bench.seeds.proved }

  test('for a probe that does not see what was made', () =>
    assert.rejects(crash(bench, { boundary: boundary('after', /POST .*\/releases$/), args: RELEASE, exit: 0, scene, site, broken: { blind: 'github.draft' } }), /after request \d+.*the world differs:[^]*\/releases\/1/))

  test('for an image step that is made twice', { skip: bench.withoutImage }, () =>
    assert.rejects(crash(bench, { boundary: boundary('after', /PUT .*\/manifests\/latest$/), args: RELEASE, exit: 0, scene, site, broken: { blind: 'image.float' } }), /the world differs:[^]*\/puts\//))

  test('for a journal that forgets what was begun', async () => {
    await using whole = await bench.site({ ...site, preset: 'expired-token' })
    const turned = await whole.run({ args: RELEASE })
    assert.equal(turned.code, 6)
    await assert.rejects(
      crash(bench, { boundary: boundary('after', /POST .*\/releases$/), args: RELEASE, exit: 6, scene: await whole.scene(), site: { ...site, preset: 'expired-token' }, broken: { forgets: 'begun' } }),
      /after request \d+.*the world differs/,
    )
  })

  test('for a driver that does not die', () =>
    assert.rejects(crash(bench, { boundary: { at: 'write', number: 999, moment: 'after', name: 'after the last write' }, args: RELEASE, exit: 0, scene, site }), /was to be killed after the last write/))
})
