// The threat model says what is so: every row names the test that shows its defence, and that test is there.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const root = resolve(import.meta.dirname, '..')
const PAGE = 'docs/threat-model.md'

/** What is wrong with the tables of a page; nothing when every row names tests that are there. */
function faultsOf(page: string, read: (path: string) => string | undefined): readonly string[] {
  const lines = page.split('\n').map((text, index) => ({ text, number: index + 1 }))
  const rows = lines.filter(({ text }) => text.startsWith('|') && !/^\| *(?:---|What the attacker)/.test(text))
  return rows.flatMap(({ text, number }) => {
    const cells = text.replace(/^\| *| *\|$/g, '').split(/ \| /)
    const at = `line ${number}`
    if (cells.length !== 3 || cells.some((cell) => cell.trim() === '')) return [`${at} has no three cells`]
    const named = [...(cells[2] ?? '').matchAll(/`([^`]+)` “([^”]+)”/g)]
    if (named.length === 0) return [`${at} names no test`]
    return named.flatMap(([, path = '', title = '']) => {
      const source = read(path)
      if (source === undefined) return [`${at}: there is no ${path}`]
      const found = path.endsWith('.json') ? source.includes(`"about": "${title}"`) : source.includes(`test('${title.replaceAll('\'', '\\\'')}'`)
      return found ? [] : [`${at}: ${path} has no test “${title}”`]
    })
  })
}

function fileOf(path: string): string | undefined {
  const full = join(root, path)
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined
}

test('every row of the threat model names tests, and each of them is there', () => {
  const page = readFileSync(join(root, PAGE), 'utf8')
  assert.deepEqual(faultsOf(page, fileOf), [])
  for (const threat of ['A hostile plan file', 'Hostile repository content', 'A hostile answer', 'A stolen token', 'A leaked log']) {
    const section = page.split(/^## /m).find((text) => text.startsWith(threat)) ?? ''
    assert.ok(section.split('\n').filter((line) => line.startsWith('| ')).length >= 4, `${threat} has no table`)
  }
})

test('a row without a test, and a test that is gone, are told', () => {
  const read = (path: string): string | undefined => path === 'a.test.ts' ? "test('it\\'s held', () => {})" : path === 'case.json' ? '{ "about": "it is held" }' : undefined
  assert.deepEqual(faultsOf('| a | b | `a.test.ts` “it\'s held”, `case.json` “it is held” |', read), [])
  assert.deepEqual(faultsOf('| a | b | none |', read), ['line 1 names no test'])
  assert.deepEqual(faultsOf('| a | b | `b.test.ts` “it\'s held” |', read), ['line 1: there is no b.test.ts'])
  assert.deepEqual(faultsOf('| a | b | `a.test.ts` “it is” |', read), ['line 1: a.test.ts has no test “it is”'])
  assert.deepEqual(faultsOf('| a | b |', read), ['line 1 has no three cells'])
})
