// Releasing a version in a changelog.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextVersion } from '../version/index.ts'
import { notesOf, parseChangelog } from './document.ts'
import { releaseChangelog } from './release.ts'
import type { ReleasedChangelog } from './release.ts'

const tag = (version: string): string => `v${version}`
const release = (content: string, more: { notes?: string; version?: string; date?: string } = {}): ReleasedChangelog =>
  releaseChangelog({ file: 'CHANGELOG.md', content, version: '2.1.0', date: '2025-06-30', tag, ...more })

const LINKS = `[unreleased]: https://github.com/o/r/compare/v2.0.0...HEAD
[2.0.0]: https://github.com/o/r/compare/v1.0.0...v2.0.0
[1.0.0]: https://github.com/o/r/releases/tag/v1.0.0
`

const document = (unreleased: string, links = LINKS): string => `# Changelog

## [Unreleased]
${unreleased}
## [2.0.0] - 2025-01-31

- Old. ${'  '}
## [1.0.0] - 2024-01-31

${links}`

test('Unreleased becomes the version, a fresh one stays above, and the links follow', () => {
  const { content, notes } = release(document('\n### Added\n\n-  New,   by hand \t\n'))
  assert.equal(content, `# Changelog

## [Unreleased]

## [2.1.0] - 2025-06-30

### Added

-  New,   by hand \t

## [2.0.0] - 2025-01-31

- Old. ${'  '}
## [1.0.0] - 2024-01-31

[unreleased]: https://github.com/o/r/compare/v2.1.0...HEAD
[2.1.0]: https://github.com/o/r/compare/v2.0.0...v2.1.0
[2.0.0]: https://github.com/o/r/compare/v1.0.0...v2.0.0
[1.0.0]: https://github.com/o/r/releases/tag/v1.0.0
`)
  assert.equal(notes, '### Added\n\n-  New,   by hand')
})

test('an empty Unreleased is filled from the notes, and keeps its comments and empty headings for next time', () => {
  const { content, notes } = release(document('\n<!-- Put changes here. -->\n### Added\n'), { notes: '### Fixed\n\n- A\n' })
  assert.equal(notes, '### Fixed\n\n- A')
  assert.match(content, /## \[Unreleased\]\n\n<!-- Put changes here\. -->\n### Added\n\n## \[2\.1\.0\] - 2025-06-30\n\n### Fixed\n\n- A\n\n## \[2\.0\.0\]/)
})

test('written entries are never replaced by notes', () => {
  assert.equal(release(document('\n- By hand.\n'), { notes: 'X' }).notes, '- By hand.')
})

test('without entries and without notes the section is empty', () => {
  assert.equal(release(document('')).notes, '')
})

test('a first release works with and without a line end at the end', () => {
  assert.equal(release('# C\n\n## Unreleased').content, '# C\n\n## Unreleased\n\n## 2.1.0 - 2025-06-30')
  assert.equal(release('# C\n\n## Unreleased\n').content, '# C\n\n## Unreleased\n\n## 2.1.0 - 2025-06-30\n')
  assert.equal(release('# C\r\n\r\n## [unreleased]\r\n', { notes: 'a\nb' }).content, '# C\r\n\r\n## [unreleased]\r\n\r\n## [2.1.0] - 2025-06-30\r\n\r\na\r\nb\r\n')
  assert.equal(release('# C\n\n## [Unreleased]\n- x', {}).content, '# C\n\n## [Unreleased]\n\n## [2.1.0] - 2025-06-30\n- x')
})

const LINK_CASES: readonly (readonly [reason: string, before: string, after: string])[] = [
  ['no links are invented', '', ''],
  ['other links stay alone', '[docs]: https://x/compare/a...b\n', '[docs]: https://x/compare/a...b\n'],
  ['case, two dots, another host, brackets and a title are kept', '[UNRELEASED]: <https://git.x/g/p/-/compare/v2.0.0..main?w=1> "t"\n', '[UNRELEASED]: <https://git.x/g/p/-/compare/v2.1.0..main?w=1> "t"\n[2.1.0]: https://git.x/g/p/-/compare/v2.0.0..v2.1.0?w=1\n'],
  ['a missing line end at the end stays missing', '[unreleased]: https://x/compare/v2.0.0...HEAD', '[unreleased]: https://x/compare/v2.1.0...HEAD\n[2.1.0]: https://x/compare/v2.0.0...v2.1.0'],
  ['old tags keep their spelling', '[unreleased]: https://x/compare/2.0.0...HEAD\n', '[unreleased]: https://x/compare/v2.1.0...HEAD\n[2.1.0]: https://x/compare/2.0.0...v2.1.0\n'],
  ['a forgotten Unreleased link does not mislead the new one', '[unreleased]: https://x/compare/v1.0.0...HEAD\n', '[unreleased]: https://x/compare/v2.1.0...HEAD\n[2.1.0]: https://x/compare/v2.0.0...v2.1.0\n'],
  ['pages by tag stay pages by tag', '[2.0.0]: https://x/releases/tag/v2.0.0\n[1.0.0]: https://x/releases/tag/v1.0.0\n', '[2.1.0]: https://x/releases/tag/v2.1.0\n[2.0.0]: https://x/releases/tag/v2.0.0\n[1.0.0]: https://x/releases/tag/v1.0.0\n'],
  ['after a first version with a page by tag comparisons begin', '[unreleased]: https://x/compare/v2.0.0...HEAD\n[2.0.0]: https://x/releases/tag/v2.0.0\n', '[unreleased]: https://x/compare/v2.1.0...HEAD\n[2.1.0]: https://x/compare/v2.0.0...v2.1.0\n[2.0.0]: https://x/releases/tag/v2.0.0\n'],
  ['versions alone are continued', '[2.0.0]: https://x/compare/v1.0.0...v2.0.0\n', '[2.1.0]: https://x/compare/v2.0.0...v2.1.0\n[2.0.0]: https://x/compare/v1.0.0...v2.0.0\n'],
  ['the oldest may come first', '[1.0.0]: https://x/t/1.0.0\n[2.0.0]: https://x/compare/v1.0.0...v2.0.0\n[unreleased]: https://x/compare/v2.0.0...HEAD\n', '[1.0.0]: https://x/t/1.0.0\n[2.0.0]: https://x/compare/v1.0.0...v2.0.0\n[2.1.0]: https://x/compare/v2.0.0...v2.1.0\n[unreleased]: https://x/compare/v2.1.0...HEAD\n'],
  ['a link that is written already is not written twice', '[unreleased]: https://x/compare/v2.0.0...HEAD\n[2.1.0]: https://mine\n', '[unreleased]: https://x/compare/v2.1.0...HEAD\n[2.1.0]: https://mine\n'],
  ['a comparison with the newer side first is left alone', '[unreleased]: https://x/compare/HEAD..v2.0.0\n', '[unreleased]: https://x/compare/HEAD..v2.0.0\n'],
]

test('links follow in the shape that they have', () => {
  for (const [reason, before, after] of LINK_CASES) {
    for (const unreleased of ['\n- x\n', '\n']) {
      assert.ok(release(document(unreleased, before)).content.endsWith(`\n\n${after}`), reason)
    }
  }
})

test('an empty Unreleased right above the links gets its section before them', () => {
  const content = '# C\n\n## [Unreleased]\n\n[2.0.0]: https://x/compare/v1.0.0...v2.0.0\n'
  assert.equal(release(content, { notes: 'N' }).content, '# C\n\n## [Unreleased]\n\n## [2.1.0] - 2025-06-30\n\nN\n\n[2.0.0]: https://x/compare/v1.0.0...v2.0.0\n')
})

test('a version that is there, or not greater, is refused with the line; a later date lets an older line pass', () => {
  assert.throws(() => release(document('\n- x\n'), { version: '2.0.0' }), { code: 'version-not-greater', message: /has a section for 2\.0\.0 already/ })
  assert.throws(() => release(document('\n- x\n'), { version: '1.5.0', date: '2025-01-31' }), { code: 'version-not-greater', message: /1\.5\.0 does not come after 2\.0\.0/ })
  assert.ok(release(document('\n- x\n'), { version: '1.5.0' }).content.includes('## [1.5.0] - 2025-06-30'))
  assert.throws(() => release('# C\n\n## [1.0.0] - 2025-01-01\n'), { code: 'changelog-no-unreleased' })
  assert.throws(() => release(document('\n'), { version: 'v2.1.0' }), { code: 'version-invalid' })
})

const line = fc.oneof(fc.constantFrom('', '', '- entry', '  more', '### Added', '### Fixed', 'text', '```\n## [9.0.0]\n```', '<!-- ## x -->', '[a]: https://a', '\tx ', '> q', 'é\u{1F600}'), fc.stringMatching(/^[ -~]{0,20}$/).filter((text) => !/^ {0,3}#{1,2}(?:\s|$)|<!--|```|~~~/.test(text)))
const body = fc.array(line, { maxLength: 6 }).map((lines) => lines.map((text) => `${text}\n`).join(''))
const anyDocument = fc
  .record({ intro: body.filter((text) => !text.includes('#')), unreleased: body, sections: fc.array(body, { maxLength: 4 }), linked: fc.boolean(), bracketed: fc.boolean(), end: fc.constantFrom('\n', '\r\n'), final: fc.boolean() })
  .map(({ intro, unreleased, sections, linked, bracketed, end, final }) => {
    const name = (text: string): string => (bracketed ? `[${text}]` : text)
    const versions = sections.map((_, index) => `1.${sections.length - index}.0`)
    const parts = versions.map((version, index) => `## ${name(version)} - 2024-01-01\n${sections[index] ?? ''}`)
    const links = linked ? `\n[unreleased]: https://x/compare/v${versions[0] ?? '0.0.0'}...HEAD\n` : ''
    const text = `# Log\n${intro}## ${name('Unreleased')}\n${unreleased}${parts.join('')}${links}`
    return (final ? text : text.trimEnd()).replaceAll('\n', end)
  })

/** True when `text` comes out of `longer` by leaving characters out. */
function isKept(text: string, longer: string): boolean {
  let at = 0
  for (const character of longer) if (text.startsWith(character, at)) at += character.length
  return at === text.length
}

test('after a release the new section is there, every old one is as it was, and no written character is lost', () => {
  fc.assert(fc.property(anyDocument, fc.constantFrom('minor', 'major', 'patch'), (content, bump) => {
    const before = parseChangelog('C', content)
    const version = nextVersion(before.sections[1]?.version ?? '1.0.0', bump)
    const written = before.sections[0]?.body ?? ''
    const released = releaseChangelog({ file: 'C', content, version, date: '2025-01-01', tag, notes: '### Fixed\n\n- Filled' })
    const after = parseChangelog('C', released.content)
    assert.deepEqual(after.sections.map((section) => section.version), [undefined, version, ...before.sections.slice(1).map((section) => section.version)])
    for (const old of before.sections.slice(1)) assert.equal(notesOf(after, old.version ?? ''), old.body)
    const entries = before.sections[0]?.groups.flatMap((group) => group.entries) ?? []
    assert.equal(released.notes, entries.length > 0 ? written : `### Fixed${after.newline}${after.newline}- Filled`)
    assert.equal(after.sections[0]?.body, entries.length > 0 ? '' : written)
    assert.ok(isKept(content.replace(/compare\/v[0-9.]+?\.\.\.HEAD/, 'compare/v...HEAD'), released.content))
    assert.equal(/(?<!\r)\n/.test(released.content), after.newline === '\n')
    assert.equal(released.content.endsWith('\n'), content.endsWith('\n'))
  }), { numRuns: 400 })
})
