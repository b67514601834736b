// Tests of the page of a rehearsal: that it holds what was seen, loads nothing, runs nothing and can be read by everybody.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directionsMarkup } from './html-plan.ts'
import { rehearsalPage, type RehearsalPage } from './html.ts'
import { STYLE } from './html-style.ts'
import { markdownMarkup } from './markdown-markup.ts'
import { digestOf, failingRun, gate, proposal, publish, releaseRun, rollbackRun, summary } from './messages.fixture.ts'

const input: RehearsalPage = { summary, proposal, events: [...releaseRun, ...rollbackRun], when: '2026-03-01T12:30:00.000Z', version: '0.1.0' }
const text = (html: string): string => html.replace(/<style>.*<\/style>/s, '').replace(/<[^>]+>/g, ' ').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replace(/\s+/g, ' ')

const HOSTILE = '</script><img src=x onerror=alert(1)><script>alert(1)</script>"\'&amp;'

/** Every text in a value made hostile. */
function poisoned<T>(value: T): T {
  if (typeof value === 'string') return `${value}${HOSTILE}` as T
  if (Array.isArray(value)) return value.map(poisoned) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, ['type', 'is', 'stage', 'reversal', 'after', 'way', 'how', 'verdict', 'outcome'].includes(key) && typeof each === 'string' ? each : poisoned(each as unknown)])) as T
}

test('the page holds verdicts, what was verified, the version and why, the diff, the changelog, both directions, the timeline, faults, requests, artifacts and what is unproved', () => {
  const words = text(rehearsalPage(input))
  for (const expected of [
    'Rehearsal of tiny 1.1.0', '2026-03-01 12:30:00 UTC, by Slipway 0.1.0', 'Release ✓ done', 'Rollback ✓ rolled back',
    'git ls-remote finds the tag v1.1.0 it is there ✓ yes', 'pip install tiny tiny-1.1.0 ✗ no', '1.0.0 → 1.1.0', '1a2b3c4 "feat: a bell" adds a feature.',
    '+VERSION = "1.1.0"', 'A bell .', 'docs/install.md:14:22', 'Point of no return Merge the pull request', 'Gate: the plan is approved by its digest Point of no return Upload tiny-1.1.0-py3-none-any.whl',
    'Delete the tag v1.1.0 on origin.', 'A yanked file can still be installed', 'Press "Yank release".', 'attempt 1 in doubt: upload.pypi.org closed the connection', 'approved by ada',
    'POST upload.pypi.org/legacy/ is answered 503, once 1', 'api.github.com 52', `tiny-1.1.0.tar.gz 12 MB ${digestOf('f')}`, 'which slipway check cannot see',
  ]) assert.ok(words.includes(expected), `${expected} is missing`)
})

test('whatever the texts hold, they stay text', () => {
  const poison = { ...poisoned({ ...input, proposal: { ...proposal, proposal: { ...proposal.proposal, project: undefined } } }) } as unknown as RehearsalPage
  for (const page of [rehearsalPage(poison), rehearsalPage({ ...poison, summary: { ...poison.summary, release: poisoned({ is: 'failed', over: false, problems: [{ code: 'usage', message: 'a', hint: 'b' }] }) }, events: poisoned(failingRun) })]) {
    assert.ok(text(page).includes('onerror=alert(1)'), 'it is shown')
    assert.doesNotMatch(page, /<(?:script|img)/i)
    assert.doesNotMatch(page, /<[^>]*onerror/i)
    assert.doesNotMatch(page.replace(/<style>.*<\/style>/s, ''), /<[^>]*["'][^>]*alert/i, 'nor in an attribute')
  }
})

test('the page loads nothing and runs nothing', () => {
  const page = rehearsalPage(input)
  assert.doesNotMatch(page, /<(?:script|link|img|iframe|object|form)\b|\bsrc=|\bhref=|url\(|@import/i)
  assert.match(page, /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">/)
})

test('the page has a language, a title, one h1, headings without gaps and a scope for every header of a table', () => {
  const page = rehearsalPage(input)
  assert.match(page, /<html lang="en">/)
  assert.match(page, /<title>Rehearsal of tiny 1\.1\.0<\/title>/)
  const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level))
  assert.equal(levels.filter((level) => level === 1).length, 1)
  levels.reduce((before, level) => {
    assert.ok(level <= before + 1, `h${level} follows h${before}`)
    return level
  }, 0)
  for (const [header] of page.matchAll(/<th\b[^>]*>/g)) assert.match(header, /scope="(?:col|row|rowgroup)"/)
})

test('every tag that is opened is closed, in order', () => {
  const open: string[] = []
  for (const [, slash, tag = ''] of rehearsalPage(input).replace(/<!doctype html>/, '').matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (['meta', 'br'].includes(tag)) continue
    if (slash === '') open.push(tag)
    else assert.equal(open.pop(), tag)
  }
  assert.deepEqual(open, [])
})

test('every colour of text has a contrast of 4.5 to 1 on what it stands on, in light and in dark', () => {
  const [light = '', dark = ''] = STYLE.split('@media (prefers-color-scheme: dark)')
  for (const sheet of [light, dark]) {
    const colours = new Map([...sheet.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]))
    const pairs = [['ink', 'ground'], ['soft', 'ground'], ['ink', 'card'], ['soft', 'card'], ['ink', 'code'], ['back', 'code'], ...['good', 'bad', 'back', 'wait'].flatMap((tone) => [[tone, 'card'], [tone, `${tone}-ground`]])]
    for (const [ink = '', ground = ''] of pairs) {
      const ratio = contrast(colours.get(ink)!, colours.get(ground)!)
      assert.ok(ratio >= 4.5, `${ink} on ${ground} has ${ratio.toFixed(2)}`)
    }
  }
})

test('a step shows what it sets off', () => {
  const [first, ...rest] = gate.directions.forward
  const { markup } = directionsMarkup({ ...gate.directions, forward: [{ ...first!, starts: ['See that tiny <1.1.0> has arrived'] }, ...rest] }, 'Publish')
  assert.match(markup, /<th scope="row">[^<]*<br><span class="soft">sets off: See that tiny &#60;1\.1\.0&#62; has arrived<\/span><\/th>/)
})

test('a changelog is shown with its headings, lists and code; links and HTML in it stay text', () => {
  assert.equal(
    markdownMarkup('### Added\n\n- One `code`\n  goes on\n* Two **bold**\n\nA [link](javascript:alert(1))\nand <b>more</b>.').markup,
    '<h3>Added</h3><ul><li>One <code>code</code> goes on</li><li>Two <strong>bold</strong></li></ul><p>A [link](javascript:alert(1)) and &#60;b&#62;more&#60;/b&#62;.</p>',
  )
})

test('the artifacts are those of the last plan forward that names some', () => {
  const page = rehearsalPage({ ...input, events: [{ type: 'run', run: 'one', plan: { ...publish, artifacts: [] }, resumed: false }] })
  assert.doesNotMatch(text(page), /Artifacts/)
})

/** WCAG 2.2, contrast ratio of two colours. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
