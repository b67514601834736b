// Lines, their table, the place of the table in a document, and the forms for other programs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseSemVer } from '../version/index.ts'
import { lifecycleText, type ReleasedLine } from './lifecycle.ts'
import { compareLines, endOf, lineHolds, lineOf, overlap, standingOn, type SupportLine } from './line.ts'
import { REGION_BEGINS, REGION_ENDS, regionIn, withRegion } from './marked-region.ts'
import { isSameTable, supportTable } from './support-table.ts'

const LINES: readonly SupportLine[] = [
  { line: '3.x', active: 'tba' },
  { line: '2.1.x', active: '2026-10-10', security: '2027-10-10' },
  { line: '2.0.x', active: '2026-06-30' },
  { line: '1.x', security: '2025-07-15' },
]

test('a line is supported through its last day', () => {
  const [, line = LINES[0]!] = LINES
  assert.deepEqual(['2026-10-10', '2026-10-11', '2027-10-10', '2027-10-11'].map((day) => standingOn(line, day)), ['active', 'security', 'security', 'ended'])
  assert.deepEqual(['2025-07-15', '2025-07-16'].map((day) => standingOn(LINES[3]!, day)), ['security', 'ended'])
  assert.equal(standingOn(LINES[0]!, '9999-12-31'), 'active')
  assert.deepEqual(LINES.map(endOf), ['tba', '2027-10-10', '2026-06-30', '2025-07-15'])
})

test('a version belongs to its line, and a prerelease to that of what it leads to', () => {
  const line = (version: string): string | undefined => lineOf(LINES, parseSemVer(version))?.line
  assert.deepEqual(['3.0.0-rc.1', '2.1.9', '2.0.0', '2.2.0', '1.99.0', '13.0.0', '0.1.0'].map(line), ['3.x', '2.1.x', '2.0.x', undefined, '1.x', undefined, undefined])
})

test('two lines overlap exactly when a version belongs to both', () => {
  const anyLine = fc.tuple(fc.nat(3), fc.option(fc.nat(3))).map(([major, minor]) => minor === null ? `${major}.x` : `${major}.${minor}.x`)
  fc.assert(fc.property(anyLine, anyLine, (one, other) => {
    const versions = Array.from({ length: 16 }, (_, at) => ({ major: BigInt(at >> 2), minor: BigInt(at & 3) }))
    assert.equal(overlap(one, other), versions.some((version) => lineHolds(one, version) && lineHolds(other, version)))
    assert.equal(Math.sign(compareLines(one, other)) + Math.sign(compareLines(other, one)), 0)
  }))
  assert.ok(compareLines('10.x', '9.x') > 0)
})

test('the table says how each line stands, and changes on no other day', () => {
  assert.equal(supportTable(LINES, '2026-07-01'), [
    '| Version | Status | End of support |', '| --- | --- | --- |',
    '| 3.x | ✅ Active | not announced |', '| 2.1.x | ✅ Active until 2026-10-10, then security fixes only | 2027-10-10 |', '| 2.0.x | ❌ Ended | 2026-06-30 |', '| 1.x | ❌ Ended | 2025-07-15 |',
  ].join('\n'))
  assert.equal(supportTable(LINES, '2026-10-10'), supportTable(LINES, '2026-07-01'))
  assert.match(supportTable(LINES, '2026-10-11'), /^\| 2\.1\.x \| ⚠️ Security fixes only \| 2027-10-10 \|$/m)
})

test('a table that a formatter has spaced is the same table, one with another word is not', () => {
  const table = supportTable(LINES, '2026-07-01')
  const spaced = `\n${table.replaceAll('| ', '|   ').replaceAll(' |', '    |').replaceAll('---', ':--------')}\n\n`
  assert.ok(isSameTable(table, spaced))
  assert.ok(!isSameTable(table, table.replace('2027-10-10', '2027-10-11')))
})

const REGION = `${REGION_BEGINS}\nnew\n${REGION_ENDS}`

test('what a person wrote around the region stays to the letter', () => {
  const text = fc.array(fc.constantFrom('# Title', '', 'Some words.', '| a | b |', '  indented', '## Supported versions?', '```sh', '```', '<!-- else -->'), { maxLength: 8 }).map((lines) => lines.join('\n'))
  fc.assert(fc.property(text, fc.constantFrom('\n', '\r\n'), (written, ending) => {
    const before = written.replaceAll('\n', ending)
    const once = withRegion(before, 'new')
    if (once === undefined) {
      const region = regionIn(before)
      assert.ok(region.is === 'broken' && written.split('\n')[region.line - 1]?.startsWith('```'), 'only a fenced block without an end is left alone')
      return
    }
    assert.deepEqual(regionIn(once), { is: 'there', content: 'new' })
    assert.equal(withRegion(once, 'new'), once, 'writing again changes nothing')
    const other = withRegion(once, 'other\nwords')
    assert.equal(other, once.replace('new', `other${ending === '\r\n' && before.includes('\r\n') ? '\r\n' : '\n'}words`))
    if (before.trim() !== '') assert.ok(once.startsWith(before.trimEnd()), 'it was added below')
  }))
})

test('the table goes below a heading that is there, else below one of its own, else into a new document', () => {
  assert.equal(withRegion('# Security\n\n## Supported Versions\n\nOurs:\n', 'new'), `# Security\n\n## Supported Versions\n\n${REGION}\n\nOurs:\n`)
  assert.equal(withRegion('# Security\n', 'new'), `# Security\n\n## Supported versions\n\n${REGION}\n`)
  assert.equal(withRegion(undefined, 'new'), `# Security policy\n\n## Supported versions\n\n${REGION}\n`)
  assert.equal(withRegion(`a\n${REGION_BEGINS}\nold\n\n${REGION_ENDS}\nb`, 'new'), `a\n${REGION}\nb`)
})

test('comments that do not belong together are told by their line, and nothing is written', () => {
  const broken: readonly (readonly [string, number, RegExp])[] = [
    [`a\n${REGION_BEGINS}\nb`, 2, /is not followed by/],
    [`a\n${REGION_ENDS}`, 2, /stands before/],
    [`${REGION}\n${REGION_BEGINS}`, 4, /a second "<!-- slipway:support -->"/],
    [`${REGION}\n${REGION_ENDS}`, 4, /a second "<!-- \/slipway:support -->"/],
  ]
  for (const [text, line, why] of broken) {
    const region = regionIn(text)
    assert.ok(region.is === 'broken', text)
    assert.equal(region.line, line)
    assert.match(region.why, why)
    assert.equal(withRegion(text, 'new'), undefined)
  }
})

test('comments in a fenced block only show how it would look', () => {
  const text = `\`\`\`\`md\n${REGION}\n\`\`\`\n\`\`\`\`\n`
  assert.deepEqual(regionIn(text), { is: 'missing' })
  assert.ok(withRegion(text, 'x')?.startsWith(text.trimEnd()))
})

const RELEASED: readonly ReleasedLine[] = [
  { line: LINES[0]! },
  { line: LINES[1]!, first: { version: '2.1.0', day: '2025-10-10' }, latest: { version: '2.1.3', day: '2026-01-31' } },
  { line: LINES[3]!, first: { version: '1.0.0', day: '2024-01-01' }, latest: { version: '1.9.0', day: '2025-01-01' } },
]
const TOLD = { name: 'My Tool', lines: RELEASED, day: '2026-11-27', updated: '2026-01-01T00:00:00Z' }

test('endoflife.date is told of released lines, with last days as its dates', () => {
  const { result } = JSON.parse(lifecycleText('endoflife', TOLD)) as { result: { name: string; releases: Record<string, unknown>[] } }
  assert.equal(result.name, 'my-tool')
  assert.deepEqual(result.releases, [
    { name: '2.1', label: '2.1.x', releaseDate: '2025-10-10', isLts: false, ltsFrom: null, isEoas: true, eoasFrom: '2026-10-10', isEol: false, eolFrom: '2027-10-10', isMaintained: true, latest: { name: '2.1.3', date: '2026-01-31', link: null } },
    { name: '1', label: '1.x', releaseDate: '2024-01-01', isLts: false, ltsFrom: null, isEoas: true, eoasFrom: null, isEol: true, eolFrom: '2025-07-15', isMaintained: false, latest: { name: '1.9.0', date: '2025-01-01', link: null } },
  ])
})

test('OpenEoX is told of every line, what is not announced as tba', () => {
  const { statements } = JSON.parse(lifecycleText('openeox', TOLD)) as { statements: { product_version: string; core: Record<string, string> }[] }
  assert.deepEqual(statements.map(({ product_version: version }) => version), ['3.x', '2.1.x', '1.x'])
  const [open, line] = statements.map(({ core }) => core)
  assert.deepEqual([open?.['end_of_life'], open?.['end_of_security_support'], 'general_availability' in (open ?? {})], ['tba', 'tba', false])
  assert.deepEqual(line, { $schema: 'https://docs.oasis-open.org/openeox/eox-core/v1.0/schema/core.json', general_availability: '2025-10-10T00:00:00Z', end_of_security_support: '2027-10-10T23:59:59Z', end_of_life: '2027-10-10T23:59:59Z', last_updated: '2026-01-01T00:00:00Z' })
})
