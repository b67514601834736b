// Two machines, one remote: a release that is killed on the first goes on on the second, which knows what was begun.
import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { DatabaseSync } from 'node:sqlite'
import { git } from '../../src/rehearsal/git/bare.ts'
import { openBench, RELEASE } from '../support/crash-bench.ts'
import { boundariesOf } from '../support/crash-case.ts'
import { wordsOf } from '../support/crash-driver.ts'
import { differences } from '../support/crash-portrait.ts'
import type { Site } from '../support/crash-site.ts'

const { bench, scene } = await openBench()
after(() => { bench.close() })
const TRAVELLING = [...RELEASE, '--journal', 'remote']

async function proved() {
  await using site = await bench.site({ seed: bench.seeds.proved })
  return await site.run({ args: TRAVELLING })
}
const boundaries = boundariesOf(await proved())

/** Another clone, with what is proved and built, and no journal of this release. */
function anotherMachine(site: Site): string {
  const other = join(site.folder, 'another-machine')
  cpSync(bench.project, other, { recursive: true })
  cpSync(bench.seeds.proved, join(other, '.git', 'slipway'), { recursive: true })
  return other
}

/** How each step of the journal of a clone was settled. */
function settledIn(project: string): ReadonlyMap<string, string> {
  const db = new DatabaseSync(join(project, '.git', 'slipway', 'journal.db'), { readOnly: true })
  const rows = db.prepare("SELECT entry ->> 'step' AS step, entry ->> 'how' AS how FROM entries WHERE entry ->> 'type' = 'settled'").all() as { step: string; how: string }[]
  db.close()
  return new Map(rows.map(({ step, how }) => [step, how]))
}

describe('a release that is killed on one machine is finished on another, every effect made once', { concurrency: 2 }, () => {
  for (const [name, step] of [[/POST .*\/pulls$/, 'github.pull'], [/POST .*\/releases$/, 'github.draft'], [/POST .*upload\.pypi\.org/, 'pypi.upload']] as const) {
    const boundary = boundaries.find((each) => each.at === 'request' && each.moment === 'after' && name.test(each.name))
    test(`killed after ${String(name)}`, async () => {
      assert.ok(boundary !== undefined)
      await using site = await bench.site({ seed: bench.seeds.proved })
      const first = await site.run({ args: TRAVELLING, dies: boundary })
      assert.equal(first.signal, 'SIGKILL')
      const other = anotherMachine(site)
      site.setTime(new Date(site.time().getTime() + 61 * 60_000))
      const second = await site.run({ args: TRAVELLING, project: other })
      assert.equal(second.code, 0, wordsOf(second))
      assert.deepEqual(differences(scene, await site.scene()), [])
      const [, how] = [...settledIn(other)].find(([each]) => each.startsWith(step)) ?? []
      assert.equal(how, 'did', 'the second machine knows it as this release\'s own, not as something that it found')
    })
  }
})

test('a ref that holds something else stops the release before anything is begun, and says how to go on', async () => {
  await using site = await bench.site({ seed: bench.seeds.proved })
  const { bare } = site.world
  const head = (await git(bare, ['rev-parse', 'refs/heads/main'])).trim()
  await git(bare, ['update-ref', 'refs/slipway/journal', head])
  const refused = await site.run({ args: TRAVELLING })
  assert.notEqual(refused.code, 0)
  assert.match(wordsOf(refused), /refs\/slipway\/journal/)
  assert.deepEqual(refused.requests.filter((request) => !request.includes('git-receive-pack')), [])
})
