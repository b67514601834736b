// Keep a Changelog documents.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SlipwayError } from '../model/error.ts'
import { notesOf, parseChangelog, sectionOf, unreleasedOf } from './document.ts'

const TEXT = `# Changelog

All notable changes. See [Keep a Changelog].

## [Unreleased]

### Added

- First
  with a second line
* Second

### Removed
<!-- nothing -->

### Fixed

A paragraph.

## [2.0.0] - 2025-01-31

\`\`\`md
## [9.9.9] - 2025-01-01
\`\`\`

<!--
## [8.8.8] - 2025-01-01
-->

- \`\`\`
  ## [7.7.7] - 2025-01-01
  \`\`\`

## Notes on older versions

Text.

## 1.1.0 – 2024-02-29 [YANKED]
## [1.0.0-rc.1]

Body [1.0.0-rc.1].

[unreleased]: https://example.org/x/compare/v2.0.0...HEAD
[2.0.0]: <https://example.org/x/compare/v1.1.0...v2.0.0> "title"

[Keep a Changelog]: https://keepachangelog.com/en/1.1.0/
`

test('sections are read with their dates, lines and flags, whatever stands in code and comments', () => {
  const { sections } = parseChangelog('CHANGELOG.md', TEXT)
  assert.deepEqual(sections.map(({ version, date, yanked, bracketed, line }) => ({ version, date, yanked, bracketed, line })), [
    { version: undefined, date: undefined, yanked: false, bracketed: true, line: 5 },
    { version: '2.0.0', date: '2025-01-31', yanked: false, bracketed: true, line: 20 },
    { version: '1.1.0', date: '2024-02-29', yanked: true, bracketed: false, line: 38 },
    { version: '1.0.0-rc.1', date: undefined, yanked: false, bracketed: true, line: 39 },
  ])
})

test('entries are grouped below their headings; comments are none', () => {
  assert.deepEqual(unreleasedOf(parseChangelog('C', TEXT)).groups, [
    { heading: 'Added', entries: ['First\nwith a second line', 'Second'] },
    { heading: 'Removed', entries: [] },
    { heading: 'Fixed', entries: ['A paragraph.'] },
  ])
})

test('the notes of a version are its section without heading and without the links at the bottom', () => {
  const changelog = parseChangelog('C', TEXT)
  assert.equal(notesOf(changelog, '1.0.0-rc.1'), 'Body [1.0.0-rc.1].')
  assert.equal(notesOf(changelog, '1.1.0'), '')
  assert.match(notesOf(changelog, '2.0.0'), /^```md\n## \[9\.9\.9\][^]*```$/)
  assert.equal(sectionOf(changelog, '9.9.9'), undefined)
  assert.throws(() => notesOf(changelog, '9.9.9'), { code: 'changelog-invalid' })
})

test('links are read with their labels and addresses', () => {
  const { links } = parseChangelog('C', TEXT)
  assert.deepEqual(links.map(({ label, url, urlStart }) => [label, url, TEXT.startsWith(url, urlStart)]), [
    ['unreleased', 'https://example.org/x/compare/v2.0.0...HEAD', true],
    ['2.0.0', 'https://example.org/x/compare/v1.1.0...v2.0.0', true],
    ['Keep a Changelog', 'https://keepachangelog.com/en/1.1.0/', true],
  ])
})

test('carriage returns and a byte order mark change nothing but the text', () => {
  const plain = parseChangelog('C', TEXT)
  const windows = parseChangelog('C', `\uFEFF${TEXT.replaceAll('\n', '\r\n')}`)
  const facts = ({ sections }: typeof plain): unknown => sections.map(({ version, date, line, groups }) => ({ version, date, line, groups }))
  assert.deepEqual(facts(windows), facts(plain))
  assert.equal(windows.newline, '\r\n')
  assert.equal(notesOf(windows, '2.0.0'), notesOf(plain, '2.0.0').replaceAll('\n', '\r\n'))
})

const head = '# Changelog\n\n'
const INVALID: readonly (readonly [content: string, words: RegExp, line: number])[] = [
  ['', /no title/, 1],
  ['## [Unreleased]\n', /no title/, 1],
  ['#Changelog\n## [1.0.0] - 2025-01-01\n', /no title/, 1],
  [`${head}Words.\n\n## Notes\n`, /no heading of a version/, 1],
  [`${head}## [1.0] - 2025-01-01\n`, /"1\.0" is none/, 3],
  [`${head}## v1.0.0 - 2025-01-01\n`, /"v1\.0\.0" is none/, 3],
  [`${head}## [1.0.0 - 2025-01-01\n`, /neither a version nor a version with a date/, 3],
  [`${head}## [1.0.0](https://x) - 2025-01-01\n`, /neither/, 3],
  [`${head}## [1.0.0] 2025-01-01\n`, /neither/, 3],
  [`${head}## [1.0.0] - 2025-02-29\n`, /date "2025-02-29"/, 3],
  [`${head}## [1.0.0] - 01.02.2025\n`, /date "01\.02\.2025"/, 3],
  [`${head}## [1.0.0] - TBD\n`, /date "TBD"/, 3],
  [`${head}## [1.0.0] - 2024-01-01\n## [2.0.0] - 2025-01-01\n`, /2\.0\.0 stands below 1\.0\.0/, 4],
  [`${head}## [2.0.0-rc.1]\n## [2.0.0]\n`, /2\.0\.0 stands below 2\.0\.0-rc\.1/, 4],
  [`${head}## [1.0.0] - 2024-01-01\n## [Unreleased]\n`, /Unreleased stands below 1\.0\.0/, 4],
  [`${head}## [Unreleased]\n\n## Unreleased\n`, /two sections for Unreleased, at lines 3 and 5/, 5],
  [`${head}## [1.0.0] - 2024-01-01\n## 1.0.0 - 2024-01-01\n`, /two sections for 1\.0\.0/, 4],
]

test('what is no changelog is refused with the line and the reason', () => {
  for (const [content, words, line] of INVALID) {
    assert.throws(() => parseChangelog('docs/CHANGELOG.md', content), (error) => {
      assert.ok(error instanceof SlipwayError, content)
      assert.equal(error.code, 'changelog-invalid')
      assert.match(error.message, words)
      assert.equal(error.problems[0].place?.file, 'docs/CHANGELOG.md')
      assert.equal(error.problems[0].place?.line, line, content)
      return true
    }, content)
  }
})

test('a late release of an older line may stand above a greater version', () => {
  assert.equal(parseChangelog('C', `${head}## [1.9.5] - 2025-03-01\n## [2.0.0] - 2025-01-01\n## [1.9.4] - 2024-01-01\n`).sections.length, 3)
})

test('without Unreleased the hint shows the lines to add and where', () => {
  const changelog = parseChangelog('CHANGELOG.md', `${head}## [1.0.0] - 2025-01-01\n`)
  assert.throws(() => unreleasedOf(changelog), (error) => {
    assert.ok(error instanceof SlipwayError && error.code === 'changelog-no-unreleased')
    assert.match(error.problems[0].hint ?? '', /above line 3 \(`## \[1\.0\.0\] - 2025-01-01`\):\n\n## \[Unreleased\]\n\n/)
    return true
  })
})
