// The one message: filled in, shortened, and escaped by the rules of each channel.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AnnounceContext } from '../../../model/target.ts'
import { announceSettings } from '../settings.ts'
import { emptyFeed, entryIn, entryText, withEntry, withoutEntry } from './atom.ts'
import { codePoints, fitted, graphemes } from './fit.ts'
import { messageOf } from './message.ts'
import { htmlOf, mrkdwnOf, plainOf, unmentioning } from './render.ts'

const NOTES = '### Added\n\n- A **bold** `a<b` feature, see\n  [the guide](https://example.org/a?b=1&c=2).\n  - Below it.\n\n### Fixed\n\n- 5 > 4 & 3 < 4, by @ada (ada@example.org).\n\n```\n<b>as is</b>\n```'

const context: AnnounceContext = {
  about: 'release', release: { name: 'tiny', from: '1.0.0', to: '1.1.0', because: [] }, tag: 'v1.1.0', date: '2026-03-01T12:00:00Z', prerelease: false, notes: NOTES, repository: 'git@github.com:acme/tiny.git',
}
const settings = announceSettings.parse({})

test('plain text has no markup left, and shows where links lead', () => {
  assert.equal(plainOf(NOTES), 'Added:\n• A bold a<b feature, see the guide (https://example.org/a?b=1&c=2).\n  • Below it.\n\nFixed:\n• 5 > 4 & 3 < 4, by @ada (ada@example.org).\n\n<b>as is</b>')
})

test('Slack is given its own markup, in which no text can call anybody', () => {
  assert.equal(mrkdwnOf(NOTES), '*Added*\n• A *bold* `a&lt;b` feature, see <https://example.org/a?b=1&amp;c=2|the guide>.\n    • Below it.\n\n*Fixed*\n• 5 &gt; 4 &amp; 3 &lt; 4, by @ada (ada@example.org).\n\n```\n&lt;b&gt;as is&lt;/b&gt;\n```')
  assert.equal(mrkdwnOf('- <!channel> and [x|y](https://example.org/)'), '• &lt;!channel&gt; and <https://example.org/|x¦y>')
})

test('HTML has everything escaped, in texts and in addresses', () => {
  assert.equal(htmlOf(NOTES), '<h3>Added</h3>\n<ul><li>A <strong>bold</strong> <code>a&lt;b</code> feature, see <a href="https://example.org/a?b=1&amp;c=2">the guide</a>.</li>\n<li>Below it.</li></ul>\n<h3>Fixed</h3>\n<ul><li>5 &gt; 4 &amp; 3 &lt; 4, by @ada (ada@example.org).</li></ul>\n<pre>&lt;b&gt;as is&lt;/b&gt;</pre>')
  assert.equal(htmlOf('a " \' \x00\x0b b'), '<p>a &quot; &#39;  b</p>')
  assert.doesNotMatch(htmlOf('[x](javascript:alert(1)) <script>'), /<script|href/)
})

test('people are not mentioned, and mail addresses stay', () => {
  assert.equal(unmentioning('by @ada, (@bob) ada@example.org'), 'by @\u200bada, (@\u200bbob) ada@example.org')
})

test('the first line of the template is the title, and the page is that of the release', () => {
  const message = messageOf(context, settings)
  assert.equal(message.title, 'tiny 1.1.0 is out')
  assert.equal(message.page, 'https://github.com/acme/tiny/releases/tag/v1.1.0')
  assert.equal(message.body, `${NOTES}\n\nhttps://github.com/acme/tiny/releases/tag/v1.1.0`)
  assert.equal(message.bare, NOTES)
  const other = messageOf({ ...context, release: { ...context.release, from: null } }, { ...settings, template: '# News of {name}\r\n\n{before} {date} {tag}', page: 'https://tiny.example.org/{version}' })
  assert.deepEqual([other.title, other.body, other.page], ['News of tiny', 'There is no version before it. 2026-03-01 v1.1.0', 'https://tiny.example.org/1.1.0'])
})

test('what is in the notes is not taken for a placeholder', () => {
  assert.match(messageOf({ ...context, notes: '- {version} and {nothing}, $& too' }, settings).body, /^- \{version\} and \{nothing\}, \$& too/)
})

test('a placeholder that means nothing is a mistake in the settings', () => {
  const wrong = announceSettings.safeParse({ template: '{name} {verison}' })
  assert.match(wrong.error?.issues[0]?.message ?? '', /\{verison\}, which means nothing/)
})

test('a withdrawal has words of its own', () => {
  const message = messageOf({ ...context, about: 'withdrawal' }, settings)
  assert.equal(message.title, 'tiny 1.1.0 was taken back')
  assert.match(message.body, /Please do not use tiny 1\.1\.0\. The version before it is 1\.0\.0\./)
})

test('what does not fit loses whole lines, says so, and ends with the address of the whole', () => {
  const message = messageOf({ ...context, notes: Array.from({ length: 30 }, (_, at) => `- Change number ${at}.`).join('\n') }, settings)
  const room = { limit: 200, measure: codePoints, render: plainOf, title: (title: string) => title }
  const text = fitted(message, room)
  assert.equal(text.shortened, true)
  assert.ok(codePoints(text.text) <= 200)
  assert.match(text.text, /^tiny 1\.1\.0 is out\n\n• Change number 0\.\n• Change number 1\.\n[^…]+\.\n…\n\nhttps:\/\/github\.com\/acme\/tiny\/releases\/tag\/v1\.1\.0$/)
  assert.deepEqual(fitted(message, { ...room, limit: 5000 }).shortened, false)
})

test('characters are counted as the channel counts them', () => {
  assert.deepEqual(['👩‍👩‍👧', '\u00e9', 'e\u0301'].map((text) => [graphemes(text), codePoints(text)]), [[1, 5], [1, 1], [1, 2]])
})

test('a feed is told by its entries, the newest first, and is as it was when one is taken out', () => {
  const entry = { id: 'https://example.org/1', title: 'one <b> & "two"', html: htmlOf('- a & b'), link: 'https://example.org/?a=1&b=2', updated: '2026-03-02T12:00:00Z' }
  const empty = emptyFeed({ id: 'https://example.org/', title: 'News & more' }, '2026-03-01T12:00:00Z')
  const one = withEntry(empty, entry) ?? ''
  const two = withEntry(one, { ...entry, id: 'https://example.org/2' }) ?? ''
  assert.deepEqual([...two.matchAll(/<id>(.*)<\/id>/g)].map(([, id]) => id), ['https://example.org/', 'https://example.org/2', 'https://example.org/1'])
  assert.match(one, /<updated>2026-03-02T12:00:00Z<\/updated>\n {2}<author>/)
  assert.equal(entryIn(two, entry.id), entryText(entry))
  assert.equal(withoutEntry(two, 'https://example.org/2'), one)
  assert.equal(withoutEntry(one, 'https://example.org/none'), one)
  assert.equal(withEntry('<html></html>', entry), undefined)
  assert.doesNotMatch(two.replace(/&(?:amp|lt|gt|quot|#39);/g, ''), /&|<b>/)
})
