// A release that a freeze comes across: refused when it is planned, when its plan is run and before it is published, and let go past with a reason that stays on record.
import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { compose, type Composed } from '../../src/app/compose.ts'
import { release, start } from '../../src/app/release.ts'
import type { RunEvent } from '../../src/model/event.ts'
import type { Clock } from '../../src/model/world.ts'
import { exceptionsIn } from '../../src/targets/git/index.ts'
import { photograph } from '../support/rig-photo.ts'
import { openRig, replaceIn, RIG_TOKEN, withoutPackage, type Rig } from '../support/rig.ts'

const MINOR = { bump: 'minor' } as const
const REASON = 'a customer waits'

const saying = (freezes: string) => (project: string): void => { replaceIn(join(project, 'slipway.yaml'), 'changelog: CHANGELOG.md\n', `changelog: CHANGELOG.md\nschedule:\n  freezes:\n${freezes}`) }

/** The program in this process, on another day, or on days that turn while it runs. */
async function on(day: string | (() => string), rig: Rig, tell: (event: RunEvent) => void = () => undefined): Promise<Composed> {
  const { routes, gitRoutes } = JSON.parse(readFileSync(rig.worldFile, 'utf8')) as { routes: Record<string, string>; gitRoutes: Record<string, string> }
  const clock: Clock = { now: () => new Date(`${typeof day === 'string' ? day : day()}T12:00:00Z`), sleep: async () => undefined }
  return compose({ folder: rig.project, env: { ...process.env, GITHUB_TOKEN: RIG_TOKEN }, routes, gitRoutes, clock, patience: { person: 0, world: 0 }, signal: new AbortController().signal, tell, ask: async () => ({ verdict: 'approved', by: 'ada' }) })
}

describe('a plan and a freeze', () => {
  let rig: Rig
  before(async () => {
    rig = await openRig({
      prepare(project, { git }) {
        withoutPackage(project, git)
        saying('    - {from: 2030-12-20, until: 2031-01-04, reason: holidays}\n    - {on: [sunday], reason: rest}\n')(project)
        git(['commit', '--quiet', '--all', '--message', 'chore: rest'], project)
      },
    })
  })
  after(() => rig[Symbol.asyncDispose]())

  test('a plan from before the freeze is refused in it, one with a reason is another plan and is run', async () => {
    await using earlier = await on('2030-12-19', rig)
    const { plan, objections } = await start(earlier.app, MINOR)
    assert.deepEqual([objections, plan.exceptions], [[], undefined])
    const seen = await photograph(rig.world)
    await using later = await on('2030-12-20', rig)
    const refused = { name: 'SlipwayError', code: 'release-frozen' }
    await assert.rejects(release(later.app, { request: MINOR, plan }), refused)
    await assert.rejects(release(later.app, { request: MINOR, plan, allowance: { reason: REASON } }), refused, 'what was approved has no exception')
    await assert.rejects(release(later.app, { request: MINOR, allowance: { force: true } }), refused, 'force is for lines')
    const excepted = (await start(later.app, MINOR, { allowance: { reason: REASON } })).plan
    assert.deepEqual(excepted.exceptions, [{ rule: 'freeze', of: 'the freeze from 2030-12-20 until 2031-01-04 (holidays)', reason: REASON, stage: 'prepare' }])
    const bare = (await start(later.app, MINOR, { allowance: { reason: 'another' } })).plan
    assert.notEqual(excepted.digest, bare.digest, 'the reason is part of what is approved')
    await using sunday = await on('2030-12-22', rig)
    await assert.rejects(release(sunday.app, { request: MINOR, plan: excepted }), refused, 'another freeze has come across it')
    let asked = 0
    await using monday = await on('2031-01-04', rig)
    const end = await release(monday.app, { request: MINOR, plan: excepted, confirm: async () => { asked += 1; return false } })
    assert.deepEqual([asked, end.verdict.is], [1, 'interrupted'], 'it comes as far as the question')
    assert.deepEqual(await photograph(rig.world), seen, 'nothing was begun')
  })

  test('a freeze that begins while a release waits for its review stops it before anything is public', async () => {
    const tag = (): string => rig.git(['ls-remote', rig.world.bare, 'refs/tags/v2.1.0'])
    let today = '2030-12-19'
    await using evening = await on(() => today, rig, (event) => { if (event.type === 'verdict') today = '2030-12-20' })
    await assert.rejects(release(evening.app, { request: MINOR }), { name: 'SlipwayError', code: 'release-frozen' })
    assert.equal(rig.world.github.pulls[0]?.state, 'closed', 'it was merged the evening before')
    assert.deepEqual([tag(), rig.world.github.releases], ['', []])
    assert.match(rig.git(['cat-file', 'commit', rig.git(['ls-remote', rig.world.bare, 'refs/slipway/lease']).split('\t')[0] ?? '']), /"holder":null/, 'whoever is there afterwards goes on')
    await using afterwards = await on('2031-01-06', rig)
    assert.equal((await release(afterwards.app, { request: MINOR })).verdict.is, 'done')
    assert.notEqual(tag(), '')
  })
})

describe('a freeze between preparing and publishing', () => {
  let rig: Rig
  before(async () => {
    rig = await openRig({ prepare: (project, { git }) => { withoutPackage(project, git) } })
  })
  after(() => rig[Symbol.asyncDispose]())

  test('keeps what is prepared from being published', async () => {
    assert.equal((await rig.run(['release', 'minor', '--prepare', '--yes'])).code, 4)
    rig.git(['pull', '--quiet', 'origin', 'main'])
    saying('    - {from: 2001-01-01, until: 2999-12-31, reason: we are at sea}\n')(rig.project)
    rig.git(['commit', '--quiet', '--all', '--message', 'chore: go to sea'])
    rig.git(['push', '--quiet', 'origin', 'main'])
    const before = await photograph(rig.world)
    const { code, stderr } = await rig.run(['release', '--publish', '--yes'])
    assert.equal(code, 2)
    assert.match(stderr, /in the freeze from 2001-01-01 until 2999-12-31 \(we are at sea\)\.\n.*What was done so far is kept\./)
    assert.deepEqual(await photograph(rig.world), before)
  })

  test('lets it be published with a reason, which the plan, the report and the tag tell', async () => {
    const { code, stdout, stderr } = await rig.run(['release', '--publish', '--yes', '--reason', REASON])
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /Exceptions\n {2}It goes past the freeze from 2001-01-01 until 2999-12-31 \(we are at sea\): a customer waits\./)
    assert.match(rig.world.github.comments[0]?.body ?? '', /### Exceptions\n\n- It goes past the freeze .*: a customer waits\./)
    const message = rig.git(['cat-file', 'tag', rig.git(['ls-remote', rig.world.bare, 'refs/tags/v2.1.0']).split('\t')[0] ?? ''])
    assert.deepEqual(exceptionsIn(message), [{ rule: 'freeze', of: 'the freeze from 2001-01-01 until 2999-12-31 (we are at sea)', reason: REASON, stage: 'publish' }])
  })

  test('is taken back with the journal lost, in the freeze as on any other day', async () => {
    rmSync(rig.state, { recursive: true })
    const { code, stdout, stderr } = await rig.run(['rollback', '2.1.0', '--yes'])
    assert.equal(code, 6, stdout + stderr)
    assert.equal(rig.git(['ls-remote', rig.world.bare, 'refs/tags/v2.1.0']), '')
    assert.deepEqual(rig.world.github.releases, [])
  })
})
