// Announcements, killed at every boundary: none is doubled, none is lost, and what nobody can know stops and asks.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { fuse, textOf } from '../support/ground-fuse.ts'
import { openAnnounceBench } from '../support/announce-bench.ts'

const BLOCK = `
discussion: {}
mail: {from: releases@example.org, lists: [{to: users@lists.example.org}]}
slack: {}
discord: {}
webhook: {url: https://hooks.example.org/releases}
`

/** Channels that nobody can look at. */
const MAIL = 'mail:users@lists.example.org'
const BLIND = [MAIL, 'slack', 'discord', 'webhook']

const bench = await openAnnounceBench(BLOCK)
after(() => bench[Symbol.asyncDispose]())

const channels = ['discussion', ...BLIND]

/** Each channel has exactly one message, or, where it is said to be in doubt, one or none. */
function onceEach(told: Awaited<ReturnType<typeof bench.announce>>, where: string): void {
  for (const channel of channels) {
    const count = bench.heard()[channel]?.length ?? 0
    const is = told.find((each) => each.channel === channel)?.is
    if (is === 'in doubt') {
      assert.ok(BLIND.includes(channel), `${where}: ${channel} can be looked at, and is in doubt`)
      assert.ok(count <= 1, `${where}: ${channel} has ${count} messages`)
    } else assert.equal(count, 1, `${where}: ${channel} is "${is}" and has ${count} messages`)
  }
}

describe('announcements that are killed', () => {
  test('at every boundary are made once, or ask', async () => {
    bench.reset()
    const quiet = fuse()
    onceEach(await bench.announce(bench.journal(), { fuse: quiet }), 'undisturbed')
    assert.ok(quiet.points.length > 30, `${quiet.points.length} boundaries`)
    let asked = 0
    for (const [place, point] of quiet.points.entries()) {
      bench.reset()
      const journal = bench.journal()
      const wire = fuse((_, at) => at === place)
      await assert.rejects(bench.announce(journal, { fuse: wire }), { name: 'Crash' }, textOf(point))
      const told = await bench.announce(journal)
      onceEach(told, `killed ${textOf(point)}`)
      asked += told.filter(({ is }) => is === 'in doubt').length
      // Asked again it says the same, and does nothing more.
      const before = bench.heard()
      await bench.announce(journal)
      assert.deepEqual(bench.heard(), before, textOf(point))
    }
    assert.ok(asked >= 4, `the blind channels asked ${asked} times: after they were begun, before the answer was on record`)
  })

  test('with the journal lost, what can be seen is not doubled, and what cannot is held for a person', async () => {
    const quiet = fuse()
    bench.reset()
    await bench.announce(bench.journal(), { fuse: quiet })
    for (const [place, point] of quiet.points.entries()) {
      if (point.moment !== 'after' || !point.changes) continue
      bench.reset()
      await assert.rejects(bench.announce(bench.journal(), { fuse: fuse((_, at) => at === place) }), { name: 'Crash' })
      const before = bench.heard()
      const told = await bench.announce(bench.journal(), { sure: false })
      assert.deepEqual(told.map(({ channel, is }) => [channel, is]), [['discussion', 'sent'], ...BLIND.map((channel) => [channel, 'held'])], textOf(point))
      assert.equal(bench.heard()['discussion']?.length, 1, textOf(point))
      for (const channel of BLIND) assert.deepEqual(bench.heard()[channel], before[channel], textOf(point))
    }
  })

  test('while they are taken back are gone, and nothing that stays is sent again', async () => {
    bench.reset()
    const quiet = fuse()
    let journal = bench.journal()
    await bench.announce(journal)
    assert.deepEqual((await bench.recall(journal, { fuse: quiet })).map(({ channel, is }) => [channel, is]), [['discussion', 'taken back'], [MAIL, 'stays'], ['slack', 'stays'], ['discord', 'taken back'], ['webhook', 'stays']])
    for (const [place, point] of quiet.points.entries()) {
      bench.reset()
      journal = bench.journal()
      await bench.announce(journal)
      await assert.rejects(bench.recall(journal, { fuse: fuse((_, at) => at === place) }), { name: 'Crash' }, textOf(point))
      await bench.recall(journal)
      assert.deepEqual(bench.heard(), { [MAIL]: ['tiny 1.1.0 is out'], slack: ['*tiny 1.1.0 is out*'], webhook: ['release.published'] }, textOf(point))
      await bench.announce(journal, { about: 'withdrawal', only: ['webhook', 'mail'] })
      await bench.announce(journal, { about: 'withdrawal', only: ['webhook', 'mail'] })
      assert.deepEqual(bench.heard(), { [MAIL]: ['tiny 1.1.0 is out', 'tiny 1.1.0 was taken back'], slack: ['*tiny 1.1.0 is out*'], webhook: ['release.published', 'release.withdrawn'] }, textOf(point))
    }
  })
})
