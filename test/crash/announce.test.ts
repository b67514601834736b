// Announcements, killed at every boundary: none is doubled, none is lost, and what nobody can know stops and asks.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { fuse, textOf } from '../support/ground-fuse.ts'
import { openAnnounceBench } from '../support/announce-bench.ts'

const BLOCK = `
discussion: {}
mail: {from: releases@example.org, lists: [{to: users@lists.example.org}]}
slack: {}
mastodon: {instance: https://social.example.org}
bluesky: {handle: tiny.example.org}
discourse: {forum: https://forum.example.org, user: releases, category: 5}
discord: {}
webhook: {url: https://hooks.example.org/releases}
feed: {branch: pages}
`

/** Channels that nobody can look at. */
const MAIL = 'mail:users@lists.example.org'
const BLIND = [MAIL, 'slack', 'discord', 'webhook']

const bench = await openAnnounceBench(BLOCK)
after(() => bench[Symbol.asyncDispose]())

const SEEN = ['discussion', 'discourse', 'mastodon', 'bluesky', 'feed']
const channels = [...SEEN, ...BLIND]

/** Each channel has exactly one message, or, where it is said to be in doubt, one or none. */
async function onceEach(told: Awaited<ReturnType<typeof bench.announce>>, where: string): Promise<void> {
  for (const { channel } of told) {
    const count = (await bench.heard())[channel]?.length ?? 0
    const is = told.find((each) => each.channel === channel)?.is
    if (is === 'in doubt') {
      assert.ok(BLIND.includes(channel), `${where}: ${channel} can be looked at, and is in doubt`)
      assert.ok(count <= 1, `${where}: ${channel} has ${count} messages`)
    } else assert.equal(count, 1, `${where}: ${channel} is "${is}" and has ${count} messages`)
  }
}

describe('announcements that are killed', () => {
  test('at the end of any of them are made once each', async () => {
    await bench.reset()
    const quiet = fuse()
    const all = await bench.announce(bench.journal(), { fuse: quiet })
    assert.deepEqual(all.map(({ channel }) => channel).toSorted(), channels.toSorted())
    await onceEach(all, 'undisturbed')
    assert.deepEqual(bench.rehearsal.channels.discord.map(({ mentions }) => mentions), [[]], 'nobody is called')
    for (const [place, point] of quiet.points.entries()) {
      if (point.call !== 'journal settled') continue
      await bench.reset()
      const journal = bench.journal()
      await assert.rejects(bench.announce(journal, { fuse: fuse((_, at) => at === place) }), { name: 'Crash' })
      await onceEach(await bench.announce(journal), `killed ${textOf(point)}`)
    }
  })

  for (const channel of channels) {
    test(`at any boundary are made once, or ask: ${channel}`, async () => {
      const only = [channel]
      await bench.reset()
      const quiet = fuse()
      await bench.announce(bench.journal(), { fuse: quiet, only })
      let asked = 0
      for (const [place, point] of quiet.points.entries()) {
        await bench.reset()
        const journal = bench.journal()
        await assert.rejects(bench.announce(journal, { fuse: fuse((_, at) => at === place), only }), { name: 'Crash' }, textOf(point))
        const told = await bench.announce(journal, { only })
        assert.equal(told.length, 1)
        await onceEach(told, `killed ${textOf(point)}`)
        asked += told.filter(({ is }) => is === 'in doubt').length
        // Asked again it says the same, and does nothing more.
        const before = (await bench.heard())
        await bench.announce(journal, { only })
        assert.deepEqual((await bench.heard()), before, textOf(point))
      }
      assert.equal(asked > 0, BLIND.includes(channel), `it asked ${asked} times`)
    })
  }

  test('with the journal lost, what can be seen is not doubled, and what cannot is held for a person', async () => {
    const quiet = fuse()
    await bench.reset()
    await bench.announce(bench.journal(), { fuse: quiet })
    for (const [place, point] of quiet.points.entries()) {
      if (point.moment !== 'after' || !point.changes) continue
      await bench.reset()
      await assert.rejects(bench.announce(bench.journal(), { fuse: fuse((_, at) => at === place) }), { name: 'Crash' })
      const before = (await bench.heard())
      const told = await bench.announce(bench.journal(), { sure: false })
      assert.deepEqual(Object.fromEntries(told.map(({ channel, is }) => [channel, is])), Object.fromEntries([...SEEN.map((channel) => [channel, 'sent']), ...BLIND.map((channel) => [channel, 'held'])]), textOf(point))
      for (const channel of SEEN) assert.equal((await bench.heard())[channel]?.length, 1, textOf(point))
      for (const channel of BLIND) assert.deepEqual((await bench.heard())[channel], before[channel], textOf(point))
    }
  })

  for (const channel of channels) {
    test(`while it is taken back is gone, or stays and is not sent again: ${channel}`, async () => {
      const stays = [MAIL, 'slack', 'webhook'].includes(channel)
      const only = [channel]
      await bench.reset()
      const quiet = fuse()
      let journal = bench.journal()
      await bench.announce(journal, { only })
      assert.deepEqual((await bench.recall(journal, { fuse: quiet, only })).map(({ is }) => is), [stays ? 'stays' : 'taken back'])
      for (const [place, point] of quiet.points.entries()) {
        await bench.reset()
        journal = bench.journal()
        await bench.announce(journal, { only })
        await assert.rejects(bench.recall(journal, { fuse: fuse((_, at) => at === place), only }), { name: 'Crash' }, textOf(point))
        await bench.recall(journal, { only })
        assert.equal((await bench.heard())[channel]?.length ?? 0, stays ? 1 : 0, textOf(point))
      }
      await bench.announce(journal, { about: 'withdrawal', only })
      await bench.announce(journal, { about: 'withdrawal', only })
      assert.equal((await bench.heard())[channel]?.length ?? 0, stays ? 2 : 0, 'what stays is corrected, once')
    })
  }
})
