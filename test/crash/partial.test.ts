// The rollback of a release of which the journal here knows only a part: the rest is found by looking, and nothing is called gone unseen.
import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openBench, RELEASE } from '../support/crash-bench.ts'
import { boundariesOf, loseJournal, person } from '../support/crash-case.ts'
import { wordsOf } from '../support/crash-driver.ts'
import { imagesIn } from '../support/crash-portrait.ts'
import type { Site } from '../support/crash-site.ts'

const ROLLBACK = ['rollback', '2.1.0', '--yes', '--wait', '100h'] as const

const { bench } = await openBench()
after(() => { bench.close() })

async function assertTakenBack(site: Site): Promise<void> {
  const scene = await site.scene()
  assert.deepEqual(scene.releases, [])
  assert.equal(scene.refs['refs/tags/v2.1.0'], undefined)
  assert.match(JSON.stringify(scene.pypi), /"version":"2.1.0","yanked":true/)
  for (const image of imagesIn(scene)) {
    assert.equal(image.tags['2.1.0'], undefined)
    assert.equal(image.tags['latest'], image.tags['2.0.0'])
  }
}

test('a release that a second run merely found is taken back whole', async () => {
  await using first = await bench.site({ seed: bench.seeds.proved })
  const whole = await first.run({ args: RELEASE })
  const uploaded = boundariesOf(whole).findLast(({ moment, name }) => moment === 'after' && /settled pypi\.upload/.test(name))!
  await using site = await bench.site({ seed: bench.seeds.proved })
  assert.equal((await site.run({ args: RELEASE, dies: uploaded })).signal, 'SIGKILL')
  loseJournal(site)
  assert.equal((await site.run({ args: RELEASE })).code, 0)
  const back = await site.run({ args: ROLLBACK, heard: person(site) })
  assert.equal(back.code, 6, wordsOf(back))
  await assertTakenBack(site)
})

test('a release that was made in another checkout is taken back whole from here', async () => {
  await using site = await bench.site({ seed: bench.seeds.proved })
  const other = join(site.folder, 'another-clone')
  cpSync(bench.project, other, { recursive: true })
  assert.equal((await site.run({ args: RELEASE, project: other })).code, 0)
  const back = await site.run({ args: ROLLBACK, heard: person(site) })
  assert.equal(back.code, 6, wordsOf(back))
  await assertTakenBack(site)
})
