// Notes made from commits.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decideBump } from '../version/index.ts'
import { parseChangelog } from './document.ts'
import { markdownText } from './markdown-text.ts'
import { notesFromCommits } from './notes.ts'
import { releaseChangelog } from './release.ts'
import type { Commit } from '../version/index.ts'

const commits = (messages: readonly string[]): readonly Commit[] => messages.map((message, index) => ({ sha: String(index).padStart(40, '0'), message }))

test('commits are grouped under the headings of Keep a Changelog, in the order given', () => {
  const messages = [
    'fix(core): stop the leak (#2)', 'feat: add upload (#1)', 'chore: x', 'docs: x', 'test: x', 'ci: x', 'build: x', 'style: x', 'refactor: x', 'Merge x',
    'security: check paths', 'fix(security): check tokens', 'chore(security): x', 'perf: read once', 'feat(api): list files', 'deprecate: old call', 'revert: feat: list folders', 'revert: fix: y',
    'refactor(api)!: drop v1 (#9)\n\nBREAKING CHANGE: v1 is gone,\nuse v2',
  ]
  assert.equal(notesFromCommits(commits(messages)), `### Added

- add upload (#1)
- **api:** list files

### Changed

- read once
- Revert fix: y
- **Breaking:** **api:** drop v1 (#9)
  v1 is gone, use v2

### Deprecated

- old call

### Removed

- Revert feat: list folders

### Fixed

- **core:** stop the leak (#2)

### Security

- check paths
- **security:** check tokens`)
})

test('nothing noticeable gives no notes', () => {
  assert.equal(notesFromCommits(commits(['chore: a', 'Merge b'])), '')
  assert.equal(notesFromCommits([]), '')
})

test('a commit that was taken back is not told', () => {
  const [first, second] = commits(['feat: a', 'fix: b'])
  assert.ok(first !== undefined && second !== undefined)
  assert.equal(notesFromCommits([{ sha: 'f'.repeat(40), message: `Revert "feat: a"\n\nThis reverts commit ${first.sha}.` }, second, first]), '### Fixed\n\n- b')
})

const ESCAPES: readonly (readonly [string, string])[] = [
  ['# heading', '\\# heading'],
  ['> quote', '\\> quote'],
  ['- item', '\\- item'],
  ['+ item', '\\+ item'],
  ['* item', '\\* item'],
  ['=== rule', '\\=== rule'],
  ['1. item', '1\\. item'],
  ['12) item', '12\\) item'],
  ['[x]: https://evil', '\\[x\\]: https://evil'],
  ['[ ] task', '\\[ \\] task'],
  ['![x](y)', '!\\[x\\](y)'],
  ['<script>', '\\<script>'],
  ['<!-- x', '\\<!-- x'],
  ['a &lt; b & c', 'a \\&lt; b & c'],
  ['a | b', 'a \\| b'],
  ['*a* __b__ _c_ d_e ~~f~~', '\\*a\\* \\_\\_b\\_\\_ \\_c\\_ d_e \\~\\~f\\~\\~'],
  ['back\\slash', 'back\\\\slash'],
  ['thanks @someone and @org/team.', 'thanks `@someone` and `@org/team`.'],
  ['mail a@b.org', 'mail a@b.org'],
  ['@x@y', '`@x@y`'],
  ['(@x)', '(`@x`)'],
  ['use `@x` and `<b>`', 'use `@x` and `<b>`'],
  ['one ` tick @x', 'one \\` tick `@x`'],
  ['`a``b`', '\\`a\\`\\`b\\`'],
  ['`a`@x', '\\`a\\``@x`'],
  ['see https://x.org/a_b?c=1&d=~2_ (#3)', 'see https://x.org/a_b?c=1&d=~2_ (#3)'],
  ['https://x.org/@me', 'https://x.org/`@me`'],
  ['a\r\n## b\u2028c\u001b[0m\u202ed', 'a ## b c\\[0m' + 'd'],
]

test('words show as they are and do nothing else', () => {
  for (const [words, escaped] of ESCAPES) assert.equal(markdownText(words), escaped, words)
})

test('whatever commits say, notes stay lines of entries, nobody is mentioned, and a changelog with them stays one', () => {
  const piece = fc.oneof(fc.constantFrom('# ', '## [9.9.9]', '`', '@x', '<', '-->', '[', ']: ', '\n', ' ', '\\', '```', '~~~', '\n\nBREAKING CHANGE: ', '- ', '| '), fc.string({ maxLength: 6 }))
  const message = fc.tuple(fc.constantFrom('feat: ', 'fix(@a): ', 'perf!: ', 'security(`): '), fc.array(piece, { maxLength: 10 })).map(([header, pieces]) => header + pieces.join(''))
  fc.assert(fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), (messages) => {
    const notes = notesFromCommits(commits(messages))
    for (const line of notes.split('\n')) assert.match(line, /^(?:|### (?:Added|Changed|Fixed|Security)|- [^#>+\-=].*| {2}[^#>+\-=\s].*| {2})$/u)
    const plain = notes.replaceAll(/\\[^]|`[^`]+`/g, '\0')
    assert.doesNotMatch(plain, /(?<![A-Za-z0-9])@[A-Za-z0-9]|[`<[]/)
    const content = '# C\n\n## [Unreleased]\n\n## [1.0.0] - 2024-01-01\n\n- x\n'
    const released = releaseChangelog({ file: 'C', content, version: '1.1.0', date: '2025-01-01', tag: (version) => version, notes })
    assert.equal(released.notes, notes)
    assert.deepEqual(parseChangelog('C', released.content).sections.map(({ version }) => version), [undefined, '1.1.0', '1.0.0'])
  }), { numRuns: 400 })
})

test('whatever gets into the notes is worth a version, and the other way round', () => {
  const type = fc.constantFrom('feat', 'fix', 'perf', 'security', 'deprecate', 'revert', 'chore', 'docs', 'refactor', 'test', 'ci', 'build', 'style', 'other')
  fc.assert(fc.property(fc.array(fc.tuple(type, fc.boolean()), { maxLength: 4 }), (heads) => {
    const list = commits(heads.map(([name, breaking]) => `${name}${breaking ? '!' : ''}: x`))
    assert.equal(notesFromCommits(list) === '', decideBump({ commits: list, unreleased: undefined, current: '1.0.0' }).bump === undefined)
  }))
})
