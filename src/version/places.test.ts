// The places in files that carry a version, in every format.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SlipwayError } from '../model/error.ts'
import { toPep440 } from './pep440.ts'
import { editPlace, findPlaces, heldVersion } from './places.ts'
import { PLACE_EXAMPLES } from './places.rig.ts'
import { mappableVersion } from './versions.rig.ts'
import type { VersionPlace } from './place-formats.ts'
import type { PlaceExample } from './places.rig.ts'

const fill = (text: string, version: string): string => text.replaceAll('§', version)
const written = (example: PlaceExample, version: string): string => (example.python ? toPep440(version) : version)
const placeOf = (example: PlaceExample): VersionPlace => example.place ?? example.path

test('each format edits its places and keeps every other character', () => {
  for (const example of PLACE_EXAMPLES) {
    const content = fill(example.text, '2.0.0')
    for (const to of ['2.1.0', '2.1.0-rc.1']) {
      const edited = editPlace({ path: example.path, content, place: placeOf(example), from: '2.0.0', to })
      assert.equal(edited, fill(example.text, written(example, to)), example.path)
    }
  }
})

const ENDS = new Map<string, (text: string) => string>([
  ['as it is', (text) => text],
  ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['byte order mark', (text) => `\uFEFF${text}`],
  ['no final line end', (text) => text.trimEnd()],
])

test('from one version to another and back is the identity, with any line ends, byte order mark or none', () => {
  fc.assert(fc.property(fc.constantFrom(...PLACE_EXAMPLES), fc.constantFrom(...ENDS.values()), mappableVersion, mappableVersion, (example, end, from, to) => {
    // The traps hold the old version, the new one, or neither.
    for (const trap of example.place === undefined ? [from, to, '2.0.0'] : ['77.7.7']) {
      fc.pre(!from.startsWith('77.7.7') && !to.startsWith('77.7.7'))
      const template = end(example.text.replaceAll(/[12]\.0\.0(?!1)/g, trap))
      const place = placeOf(example)
      const before = fill(template, written(example, from))
      const after = editPlace({ path: example.path, content: before, place, from, to })
      assert.equal(after, fill(template, written(example, to)))
      assert.equal(editPlace({ path: example.path, content: after, place, from: to, to: from }), before)
      assert.equal(heldVersion({ path: example.path, content: before, place }), from)
    }
  }), { numRuns: 300 })
})

test('a prerelease is accepted in either form', () => {
  for (const held of ['2.1.0-rc.1', '2.1.0rc1']) {
    assert.equal(editPlace({ path: 'setup.py', content: `VERSION = "${held}"`, place: 'setup.py', from: '2.1.0-rc.1', to: '2.1.0' }), 'VERSION = "2.1.0"')
    assert.equal(editPlace({ path: 'package.json', content: `{"version":"${held}"}`, place: 'package.json', from: '2.1.0-rc.1', to: '2.1.0-rc.2' }), '{"version":"2.1.0-rc.2"}')
    assert.equal(heldVersion({ path: 'setup.py', content: `VERSION = "${held}"`, place: 'setup.py' }), '2.1.0-rc.1')
  }
})

test('a pattern may replace more than the version, in the file’s own line ends', () => {
  const place = { path: 'a.txt', search: 'now {version}\nold', replace: 'now $& {version}\nnew {version}' }
  assert.equal(editPlace({ path: 'a.txt', content: 'x now 2.0.0\r\nold', place, from: '2.0.0', to: '2.1.0' }), 'x now $& 2.1.0\r\nnew 2.1.0')
})

test('a pattern takes only whole versions, and leaves other versions alone as long as one is the current', () => {
  const edit = (content: string, search: string): string => editPlace({ path: 'a', content, place: { path: 'a', search }, from: '2.0.0', to: '2.1.0' })
  assert.equal(edit('2.0.0 12.0.0 2.0.01 2.0.0-rc.1 2.0.0rc1 v2.0.0. 1.2.0.0', '{version}'), '2.1.0 12.0.0 2.0.01 2.0.0-rc.1 2.0.0rc1 v2.1.0. 1.2.0.0')
  assert.equal(edit('py:2.0.0-slim py:2.0.0-rc.1-slim', 'py:{version}-slim'), 'py:2.1.0-slim py:2.0.0-rc.1-slim')
  assert.equal(edit('a.b(2.0.0)? axb(2.0.0)?', 'a.b({version})?'), 'a.b(2.1.0)? axb(2.0.0)?')
  assert.throws(() => edit('py:2.0.0-slim', 'py:{version}'), { code: 'place-mismatch' })
})

test('a version that Python cannot carry is refused where a Python file holds it', () => {
  assert.throws(() => editPlace({ path: 'setup.py', content: 'VERSION = "2.0.0"', place: 'setup.py', from: '2.0.0', to: '2.1.0-next.1' }), { code: 'version-unmappable' })
  assert.equal(editPlace({ path: 'package.json', content: '{"version":"2.0.0"}', place: 'package.json', from: '2.0.0', to: '2.1.0-next.1' }), '{"version":"2.1.0-next.1"}')
})

test('another version is a mismatch with its line and column, and all of them come at once', () => {
  const content = 'x = 1\r\nVERSION = "1.9.0"\r\nsetup(version="2.0")\r\n'
  assert.throws(() => findPlaces({ path: 'pkg/setup.py', content, place: 'pkg/setup.py', version: '2.0.0' }), (error) => {
    assert.ok(error instanceof SlipwayError)
    assert.deepEqual(error.problems.map(({ code, place }) => ({ code, place })), [
      { code: 'place-mismatch', place: { file: 'pkg/setup.py', line: 2, column: 12 } },
      { code: 'place-mismatch', place: { file: 'pkg/setup.py', line: 3, column: 16 } },
    ])
    assert.match(error.message, /1\.9\.0.*2\.0\.0/)
    return true
  })
})

test('found places have their line, column and form', () => {
  assert.deepEqual(findPlaces({ path: 'setup.py', content: '\uFEFFVERSION = "2.0.0"\nsetup(version="2.0.0")', place: 'setup.py', version: '2.0.0' }), [
    { line: 1, column: 12, written: '2.0.0', form: 'pep440' },
    { line: 2, column: 16, written: '2.0.0', form: 'pep440' },
  ])
})

const MISSING: readonly (readonly [path: string, content: string, words: RegExp, line?: number])[] = [
  ['setup.py', 'setup(version=VERSION)\n', /holds no version/],
  ['setup.py', 'setup(version="2.0.0" if x else y)', /holds no version/],
  ['setup.py', 'VERSION = "2.0" ".0"\nVERSION == "2.0.0"\nVERSION += "2.0.0"\nVERSION = f"2.0.0"\nx.VERSION = "2.0.0"', /holds no version/],
  ['__init__.py', 'try:\n    __version__ = "2.0.0"\nexcept: pass', /holds no version/],
  ['pyproject.toml', '[project]\nname = "x"\ndynamic = [\n  "version",\n]\n', /its version is dynamic/, 3],
  ['pyproject.toml', '[tool.x]\nversion = "2.0.0"', /holds no version/],
  ['package.json', '{"name":"x","a":{"version":"2.0.0"}}', /holds no version/],
  ['pyproject.toml', '[[project]]\nversion = "2.0.0"', /holds no version/],
  ['package.json', '{"version": {"x": "2.0.0"}}', /holds no version/],
  ['package.json', '{"version": 2}', /holds no version/],
  ['package.json', '{"name":"x",\n "version":"2.0.0",}', /not valid JSON: "}" is not expected/, 2],
  ['package.json', '{"version":"2.0.0"', /ends too early/, 1],
  ['package.json', '{"version":"2.0.0"} x', /not valid JSON/, 1],
  ['package.json', '', /not valid JSON/, 1],
  ['Dockerfile', 'FROM x\nARG VERSION\nLABEL org.opencontainers.image.version=$VERSION', /ARG VERSION` has no default/, 2],
  ['Dockerfile', 'FROM x\n', /holds no version/],
  ['Cargo.toml', '[package]\nname = "x"\nversion.workspace = true\n', /its version is that of the workspace/, 3],
  ['Cargo.toml', '[package]\nversion = { workspace = true }\n', /its version is that of the workspace/, 2],
  ['Cargo.toml', '[dependencies]\nx = "2.0.0"\n', /holds no version/],
  ['Cargo.lock', '[[package]]\nname = "a"\nversion = "2.0.0"\n\n[[package]]\nname = "b"\nversion = "1.0.0"\n', /several packages.*\(a 2\.0\.0, b 1\.0\.0\)/, 7],
  ['Cargo.lock', '[[package]]\nname = "a"\nversion = "2.0.0"\nsource = "registry+x"\n', /holds no version/],
  ['Chart.yaml', 'name: x\ndependencies:\n  - version: 2.0.0\n', /holds no version/],
  ['Chart.yaml', 'name: x\nversion: [2.0.0\n', /not valid YAML/, 3],
  ['Chart.yaml', 'version: |\n  2.0.0\n', /holds no version/],
  ['CITATION.cff', 'preferred-citation:\n  version: 2.0.0\n', /holds no version/],
  ['pom.xml', '<project>\n  <parent><version>2.0.0</version></parent>\n</project>', /its version is that of its <parent>/, 2],
  ['pom.xml', '<project>\n<version>${a}${b}</version></project>', /its version is \$\{a\}\$\{b\}/, 2],
  ['pom.xml', '<project>\n<version>2.0.0</project>', /not valid XML/, 2],
  ['pom.xml', '<project>\n<version>2.0.0</version>\n', /ends before/, 3],
  ['VERSION', '2.0.0\nstable\n', /holds more than a version/, 2],
  ['version.txt', '\n', /it is empty/],
]

test('a place that is not in the file is missing, with the reason where there is one', () => {
  for (const [path, content, words, line] of MISSING) {
    assert.throws(() => editPlace({ path, content, place: path, from: '2.0.0', to: '2.1.0' }), (error) => {
      assert.ok(error instanceof SlipwayError, content)
      assert.equal(error.code, 'place-missing')
      assert.match(error.message, words)
      assert.equal(error.problems[0].place?.line, line)
      return true
    }, content)
  }
  assert.throws(() => findPlaces({ path: 'a', content: 'x', place: { path: 'a', search: 'v{version}' }, version: '2.0.0' }), { code: 'place-missing' })
})

test('a file whose name tells nothing needs a pattern, and a pattern needs its mark', () => {
  for (const place of ['README.md', { path: 'README.md' }, { path: 'README.md', search: '2.0.0' }, { path: 'README.md', search: '{version}', replace: 'x' }]) {
    assert.throws(() => findPlaces({ path: 'README.md', content: '2.0.0', place, version: '2.0.0' }), { code: 'config-invalid' })
  }
})

test('what a place holds is read as a semantic version, or refused with its place', () => {
  assert.equal(heldVersion({ path: '__init__.py', content: '__version__ = "2.1.0b2"', place: { path: '__init__.py' } }), '2.1.0-beta.2')
  assert.throws(() => heldVersion({ path: '__init__.py', content: '\n__version__ = "2.1"', place: '__init__.py' }), (error) => {
    assert.ok(error instanceof SlipwayError && error.code === 'version-invalid')
    assert.deepEqual(error.problems[0].place, { file: '__init__.py', line: 2, column: 16 })
    return true
  })
})

test('the day of the release is written beside a new version, as the file quotes it, and left alone otherwise', () => {
  const edit = (content: string, to: string): string => editPlace({ path: 'CITATION.cff', content, place: 'CITATION.cff', from: '2.0.0', to, date: '2026-03-04' })
  assert.equal(edit('date-released: "2024-02-01" # day\r\nversion: 2.0.0\r\n', '2.1.0'), 'date-released: "2026-03-04" # day\r\nversion: 2.1.0\r\n')
  assert.equal(edit('\uFEFFversion: 2.0.0\ndate-released: 2024-02-01\nreferences:\n  - date-released: 2024-02-01\n', '2.1.0'), '\uFEFFversion: 2.1.0\ndate-released: 2026-03-04\nreferences:\n  - date-released: 2024-02-01\n')
  assert.equal(edit('version: 2.0.0\n', '2.1.0'), 'version: 2.1.0\n')
  assert.equal(edit('version: 2.0.0\ndate-released: 2024-02-01\n', '2.0.0'), 'version: 2.0.0\ndate-released: 2024-02-01\n')
})

test('a chart whose app has another version is told where, and how to name one of the two', () => {
  assert.throws(() => findPlaces({ path: 'x/Chart.yaml', content: 'name: x\nversion: 2.0.0\nappVersion: "16.1"\n', place: 'x/Chart.yaml', version: '2.0.0' }), (error) => {
    assert.ok(error instanceof SlipwayError && error.code === 'place-mismatch')
    assert.deepEqual(error.problems[0].place, { file: 'x/Chart.yaml', line: 3, column: 14 })
    assert.match(error.problems[0].hint ?? '', /counts on its own.*search/)
    return true
  })
  const place = { path: 'x/Chart.yaml', search: 'appVersion: "{version}"' }
  assert.equal(editPlace({ path: place.path, content: 'version: 7.1.0\nappVersion: "2.0.0"\n', place, from: '2.0.0', to: '2.1.0' }), 'version: 7.1.0\nappVersion: "2.1.0"\n')
})

test('any text in any format ends in an edit or in one of the known errors', () => {
  const paths = ['setup.py', 'a.py', 'pyproject.toml', 'package.json', 'package-lock.json', 'Dockerfile', 'Cargo.toml', 'Cargo.lock', 'Chart.yaml', 'CITATION.cff', 'pom.xml', 'VERSION']
  const piece = fc.constantFrom('"', "'", '"""', '\\', '\n', '\r\n', '{', '}', '[', ']', '(', ')', ',', ':', '=', '#', ' ', 'version', 'VERSION', '__version__', 'ARG ', 'LABEL ', 'setup(', '[project]', '[package]', '[[package]]', '<project>', '<version>', '</version>', '</project>', '2.0.0', '<<EOF', '$', 'é', '\u{1F600}')
  fc.assert(fc.property(fc.constantFrom(...paths), fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')), (path, content) => {
    try {
      const edited = editPlace({ path, content, place: path, from: '2.0.0', to: '3.0.0' })
      assert.equal(edited.replaceAll('3.0.0', '2.0.0'), content)
    } catch (error) {
      assert.ok(error instanceof SlipwayError && ['place-missing', 'place-mismatch'].includes(error.code), String(error))
    }
  }), { numRuns: 1000 })
})

test('long and broken files are read to their end', () => {
  const long = 300_000
  for (const [path, content] of [
    ['a.py', `"""${'a"'.repeat(long)}`],
    ['a.py', `'${'\\'.repeat(long)}`],
    ['pyproject.toml', `a = """${'\\"a'.repeat(long)}`],
    ['pyproject.toml', `a = ${'['.repeat(long)}`],
    ['package.json', `"${'a'.repeat(long)}`],
    ['package.json', '['.repeat(2000)],
    ['Cargo.lock', `[[package]]\nversion = '${'a'.repeat(long)}`],
    ['pom.xml', '<a>'.repeat(20_000)],
    ['pom.xml', `<project ${'a="" '.repeat(20_000)}`],
    ['VERSION', 'a '.repeat(long)],
    ['Dockerfile', `LABEL ${'a '.repeat(20_000)}"`],
  ] as const) {
    assert.throws(() => findPlaces({ path, content, place: path, version: '2.0.0' }), { code: 'place-missing' }, path)
  }
})
