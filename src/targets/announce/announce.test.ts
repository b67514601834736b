// What each channel makes of the one message, which releases it is for, and what it says when one was taken back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AnnounceContext } from '../../model/target.ts'
import { linkFacets, tidFor } from './channels/bluesky.ts'
import { announceTarget } from './index.ts'
import { codePoints, graphemes } from './text/fit.ts'

const settings = announceTarget.settings.parse({
  discussion: {}, feed: {}, discord: {}, slack: {}, bluesky: { handle: 'tiny.example.org' }, mastodon: { instance: 'https://social.example.org' },
  discourse: { forum: 'https://forum.example.org', user: 'releases', category: 5 }, webhook: { url: 'https://hooks.example.org/releases' },
  mail: { from: 'Releases <releases@example.org>', lists: [{ to: 'users@lists.example.org', only: 'final' }, { to: 'security@lists.example.org', only: 'security' }] },
})
const context: AnnounceContext = {
  about: 'release', release: { name: 'tiny', from: '1.0.0', to: '1.1.0', because: [] }, tag: 'v1.1.0', date: '2026-03-01T12:00:00Z', prerelease: false, repository: 'https://github.com/acme/tiny.git',
  notes: `### Added\n\n- For @everyone & <!channel>.\n${Array.from({ length: 200 }, (_, at) => `- Ein größerer Schritt, der ${at}.`).join('\n')}`,
}
const told = (changes: Partial<AnnounceContext> = {}) => new Map(announceTarget.announces?.({ ...context, ...changes }, settings).map(({ channel, title, input }) => [channel, { title, input: input as Readonly<Record<string, string>> }]))

test('a long message is shortened to what each channel takes, and its step says so', () => {
  const all = told()
  const of = (channel: string, key: string): string => all.get(channel)?.input[key] ?? ''
  assert.ok(of('discord', 'content').length <= 2000 && of('slack', 'text').length <= 4000)
  assert.ok(codePoints(of('mastodon', 'status')) <= 500 && graphemes(of('bluesky', 'text')) <= 300)
  for (const [channel, key] of [['discord', 'content'], ['slack', 'text'], ['mastodon', 'status'], ['bluesky', 'text']] as const) {
    assert.match(of(channel, key), /^\W*tiny 1\.1\.0 is out\W*\n[^]*\n…\n\n<?https:\/\/github\.com\/acme\/tiny\/releases\/tag\/v1\.1\.0>?$/, channel)
    assert.match(all.get(channel)?.title ?? '', /shortened to \d+ characters, with the address of the notes/, channel)
  }
  assert.match(of('discussion', 'body'), /der 199\.\n\nhttps:/)
  assert.equal(all.get('discussion')?.title, 'Open a discussion in Announcements')
})

test('nobody is called by what stands in a changelog', () => {
  const all = told()
  assert.match(all.get('slack')?.input['text'] ?? '', /For @\u200beveryone &amp; &lt;!channel&gt;\./)
  for (const [channel, key] of [['mastodon', 'status'], ['bluesky', 'text'], ['discussion', 'body'], ['discourse', 'raw']] as const) assert.match(all.get(channel)?.input[key] ?? '', /For @\u200beveryone/, channel)
})

test('a channel is told of the releases that it is for', () => {
  const mails = (changes: Partial<AnnounceContext>): readonly string[] => [...told(changes).keys()].filter((channel) => channel.startsWith('mail'))
  assert.deepEqual(mails({}), ['mail:users@lists.example.org'])
  assert.deepEqual(mails({ notes: '### Security\n\n- A hole.' }), ['mail:users@lists.example.org', 'mail:security@lists.example.org'])
  assert.deepEqual(mails({ prerelease: true, notes: '### Fixed\n\n- No Security here.' }), [])
})

test('only what cannot be deleted is corrected', () => {
  assert.deepEqual([...told({ about: 'withdrawal' }).keys()], ['mail:users@lists.example.org', 'slack', 'webhook'])
})

test('every input is one of its kind', () => {
  for (const { kind, input } of announceTarget.announces?.(context, settings) ?? []) assert.deepEqual(announceTarget.kinds.find((each) => each.kind === kind)?.input.parse(input), input, kind)
})

test('the key of a record is the same every time, and another for anything else', () => {
  const keys = [tidFor(context.date, 'a'), tidFor(context.date, 'a'), tidFor(context.date, 'b'), tidFor('2026-03-02T12:00:00Z', 'a')]
  for (const key of keys) assert.match(key, /^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/)
  assert.equal(new Set(keys).size, 3)
  assert.ok((keys[3] ?? '') > (keys[0] ?? ''), 'keys sort by date')
})

test('links are told in bytes', () => {
  assert.deepEqual(linkFacets('größer: https://example.org/a, und').map(({ index, features: [{ uri } = { uri: '' }] }) => [index, uri]), [[{ byteStart: 10, byteEnd: 31 }, 'https://example.org/a']])
})
