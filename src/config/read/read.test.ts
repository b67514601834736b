// Settings files of every format are read to values with places, and never throw.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readIni } from './ini.ts'
import { at, dataOf } from './node.ts'
import { readToml } from './toml.ts'
import { readJson, readYaml } from './yaml.ts'

const placed = (node: ReturnType<typeof at>) => node && [node.place.line, node.place.column]

test('TOML is read with tables, lists of tables, dotted keys, every sort of text, and places', () => {
  const { node, problems } = readToml('p.toml', [
    '\uFEFF# top', 'title = "a\\tb\\u00e9" # x', "path = 'C:\\x'", 'long = """', 'one \\', '   two "quoted\"""""', '[tool.x]', 'a.b.c = [ 1, 2.5, # y', '  true, ]', 'at = 2024-01-02 10:00:00',
    'i = { x = 1, "y z" = \'q\' }', '[[tool.x.files]]', 'name = "one"', '[[tool.x.files]]', 'name = "two"', '[tool.x.files.sub]', 'k = -3', '["tool".\'y\']', "s = '''", "it's'''",
  ].join('\r\n'))
  assert.deepEqual(problems, [])
  assert.ok(node)
  assert.deepEqual(dataOf(node), {
    title: 'a\tbé', path: 'C:\\x', long: 'one two "quoted""',
    tool: { x: { a: { b: { c: [1, 2.5, true] } }, at: '2024-01-02 10:00:00', i: { x: 1, 'y z': 'q' }, files: [{ name: 'one' }, { name: 'two', sub: { k: -3 } }] }, y: { s: 'it\'s' } },
  })
  assert.deepEqual(placed(at(node, 'title')), [2, 9])
  assert.deepEqual(placed(at(node, 'tool', 'x', 'i', 'y z')), [11, 22])
})

test('broken TOML is one problem with its place', () => {
  for (const [text, line, column, words] of [
    ['a = 1\nb = ', 2, 5, /a value is missing/], ['a = word', 1, 5, /text stands in quotes/], ['a = "x\nb = 1', 1, 5, /quote is never closed/], ['[a\nb = 1', 1, 3, /"\]" is missing/],
    ['a = 1 b = 2', 1, 7, /line end is missing/], ['a = 1\na = 2', 2, 1, /stands twice/], ['a = 1\n[a.b]', 2, 2, /no table/], ['a = [1 2]', 1, 8, /"\]" is missing/], [`a = ${'['.repeat(5000)}`, 1, 106, /too deeply/],
  ] as const) {
    const { node, problems } = readToml('p.toml', text)
    assert.equal(node, undefined, text)
    assert.deepEqual(problems.map(({ place }) => place), [{ file: 'p.toml', line, column }], text)
    assert.match(problems[0]?.message ?? '', words)
  }
})

test('JSON is read with places, tabs and escapes, and broken JSON is one problem with its place', () => {
  const { node } = readJson('p.json', '\uFEFF{\r\n\t"a": { "b": ["x\\u00e9\\ud83d\\ude00\\/", 1e2, null] },\r\n\t"c d": false }')
  assert.ok(node)
  assert.deepEqual(dataOf(node), { a: { b: ['xé😀/', 100, null] }, 'c d': false })
  assert.deepEqual(placed(at(node, 'c d')), [3, 9])
  for (const [text, line, column, words] of [['{\n  "a": 1,\n}', 3, 1, /"}" is not expected/], ['{"a": [1', 1, 9, /ends too early/], ['', 1, 1, /ends too early/], ['{ // no\n}', 1, 3, /"\/" is not expected/]] as const) {
    const { problems } = readJson('p.json', text)
    assert.deepEqual(problems.map(({ place }) => place), [{ file: 'p.json', line, column }], text)
    assert.match(problems[0]?.message ?? '', words)
  }
})

test('YAML is read with aliases and merge keys unfolded, but not without end', () => {
  const { node } = readYaml('p.yaml', 'base: &b { x: 1 }\nuse:\n  <<: *b\n  y: 2\nagain: *b\nempty:\n')
  assert.ok(node)
  assert.deepEqual(dataOf(node), { base: { x: 1 }, use: { x: 1, y: 2 }, again: { x: 1 }, empty: null })
  assert.deepEqual(placed(at(node, 'use', 'y')), [4, 6])
  assert.deepEqual(readYaml('p.yaml', 'a: 1\nb: [1').problems.map(({ place }) => place?.line), [2])
  const bomb = Array.from({ length: 12 }, (_, level) => `a${level}: &a${level} [${level === 0 ? 'x' : Array(10).fill(`*a${level - 1}`).join(', ')}]`).join('\n')
  assert.match(readYaml('p.yaml', bomb).problems[0]?.message ?? '', /unfold to more/)
  assert.deepEqual(readYaml('p.yaml', 'a: &x [*x]').problems.length, 1)
})

test('INI is read with sections, values over lines, comments, and what is wrong line by line', () => {
  const { node, problems } = readIni('p.cfg', '[bumpversion]\r\nTag_Name: v{new_version}\r\nserialize =\r\n    {major}.{minor}\r\n\r\n    # no\r\n    {major}\r\n[bumpversion:file:a=b.py]\r\nsearch = x = "{current_version}"\r\n; c\r\nword\r\n')
  assert.ok(node)
  assert.deepEqual(dataOf(node), { bumpversion: { tag_name: 'v{new_version}', serialize: '{major}.{minor}\n{major}' }, 'bumpversion:file:a=b.py': { search: 'x = "{current_version}"' } })
  assert.deepEqual(placed(at(node, 'bumpversion:file:a=b.py', 'search')), [9, 10])
  assert.deepEqual(problems.map(({ place }) => place), [{ file: 'p.cfg', line: 11, column: 1 }])
  assert.deepEqual(readIni('p.cfg', 'a = 1').problems.map(({ place }) => place?.line), [1])
})

test('any text is read without an exception by every reader', () => {
  const piece = fc.constantFrom('"', '"""', "'''", "'", '\\', '\n', '\r\n', '{', '}', '[', ']', '[[', ']]', ',', ':', '=', '.', '#', ' ', '\t', 'a', 'b.c', '1', 'true', '- ', '&x ', '*x', '<<: ', '\uFEFF', '\\u12', '|', '!t ', '? ', '---\n', '%')
  fc.assert(fc.property(fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')), (text) => {
    for (const read of [readIni, readToml, readJson, readYaml]) {
      const { node, problems } = read('p', text)
      assert.ok(node !== undefined || problems.length > 0)
      for (const { place } of problems) assert.ok((place?.line ?? 0) >= 1 && (place?.column ?? 0) >= 1)
    }
  }), { numRuns: 3000 })
})
