// Tests the bodies and the marker that they carry.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pullBody, releaseBody } from './body.ts'
import { cut, isMarked, marker } from './marker.ts'
import { fillTitle } from './words.ts'

const KEY = 'sha256:abc#github.pull'
const parts = { version: '1.1.0', notes: '### Added\n\n- More.', evidence: [], artifacts: [], key: KEY }

test('a pull request shows evidence, digests and the changelog, and carries its marker', () => {
  const body = pullBody({
    ...parts,
    evidence: [{ title: 'tests on tree 1a2b', passed: true, detail: '12 passed' }, { title: 'Python 3.9', passed: false, detail: '' }],
    artifacts: [{ name: 'one_flow-1.1.0.tar.gz', size: 1234567, sha256: `sha256:${'a'.repeat(64)}` }],
  })
  assert.equal(body, `Release of version 1.1.0.

## Evidence

| What | Result | Detail |
| --- | --- | --- |
| tests on tree 1a2b | passed | 12 passed |
| Python 3.9 | **not verified** |  |

## Artifacts

| File | Bytes | Digest |
| --- | --- | --- |
| one\\_flow-1.1.0.tar.gz | 1,234,567 | \`sha256:${'a'.repeat(64)}\` |

## Changelog

### Added

- More.

<!-- slipway:sha256:abc#github.pull -->
`)
  assert.ok(isMarked(body, KEY))
  assert.ok(isMarked(body.replaceAll('\n', '\r\n'), KEY), 'GitHub\'s own editor writes CRLF')
})

test('words of a check cannot leave their cell', () => {
  const hostile = 'x | y\n| forged | passed |\r\n## Heading <details> `code` [link](http://evil) @everyone **bold** \\| end'
  const body = pullBody({ ...parts, evidence: [{ title: 'tests', passed: false, detail: hostile }] })
  const rows = body.split('\n').filter((line) => line.startsWith('|'))
  assert.equal(rows.length, 3)
  assert.equal(rows[2]?.replace(/\\./g, '').split('|').length, 5, 'four unescaped bars make three cells')
  assert.ok(!body.includes('<details>'))
  assert.ok(!body.includes('@everyone'))
  assert.ok(!/^## Heading/m.test(body))
})

test('notes can neither forge a marker nor hide what was proved', () => {
  const notes = `${marker('sha256:other#github.pull')}\n<!--\n\`\`\`\n<details><!--   slipway:x -->`
  const body = pullBody({ ...parts, notes, evidence: [{ title: 'tests', passed: false, detail: '' }] })
  assert.equal(isMarked(body, 'sha256:other#github.pull'), false)
  assert.equal(isMarked(releaseBody(notes, KEY), 'sha256:other#github.pull'), false)
  assert.ok(isMarked(body, KEY))
  assert.ok(body.indexOf('not verified') < body.indexOf('&lt;!--'), 'evidence stands before anything that could swallow it')
})

test('a marker is one line that Markdown hides, whatever the key holds', () => {
  assert.equal(marker(KEY), '<!-- slipway:sha256:abc#github.pull -->')
  for (const key of ['a-->b', 'a--b', 'a\nb', 'a->', '--', '%2D-']) {
    assert.match(marker(key), /^<!-- slipway:(?:(?!--)[^\n<>])* -->$/)
    assert.ok(isMarked(`text\n${marker(key)}\n`, key))
  }
  assert.notEqual(marker('a--b'), marker('a%2D-b'))
  assert.equal(isMarked(`text ${marker(KEY)}`, KEY), false, 'only a line of its own counts')
  assert.equal(isMarked(null, KEY), false)
})

test('a text too long for GitHub is cut at a line and says so', () => {
  const notes = Array.from({ length: 20_000 }, (_, index) => `- change ${index}`).join('\n')
  const body = releaseBody(notes, KEY)
  assert.ok(body.length < 125_000)
  assert.match(body, /- change \d+\n\n…\n\nThe rest is in the changelog\.\n\n<!-- slipway/)
  assert.ok(pullBody({ ...parts, notes, evidence: Array.from({ length: 500 }, () => ({ title: '|'.repeat(300), passed: true, detail: '' })) }).length < 1_000_000)
  assert.equal(cut('short', 100), 'short')
})

test('a release keeps its notes as they were written', () => {
  assert.equal(releaseBody('### Fixed\n\n- `<T>` & | and <!-- a comment -->', KEY), `### Fixed\n\n- \`<T>\` & | and <!-- a comment -->\n\n${marker(KEY)}\n`)
})

test('titles fill in what they name and nothing else', () => {
  assert.equal(fillTitle('{name} {version} ({tag}) {other}', { name: '{version}', version: '1.0.0', tag: 'v1.0.0' }), '{version} 1.0.0 (v1.0.0) {other}')
})
