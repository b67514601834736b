// What a config may say, and what is said of a config that is wrong.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { placeText, SlipwayError } from '../model/error.ts'
import type { Problem } from '../model/error.ts'
import type { ConfigTarget } from './config.ts'
import { missingConfig, SMALLEST_CONFIG } from './missing.ts'
import { parseConfig } from './parse.ts'

const targets: readonly ConfigTarget[] = [
  { name: 'git', settings: z.strictObject({ branch: z.string().default('main') }) },
  { name: 'checks', settings: z.array(z.strictObject({ name: z.string(), run: z.string(), minutes: z.number().int().min(1).max(60).optional() })) },
  {
    name: 'pypi',
    settings: z.strictObject({
      package: z.string().min(1),
      smoke: z.string().optional(),
      pythons: z.array(z.string()).default([]),
      token: z.string().default('PYPI_TOKEN'),
      merge: z.enum(['merge', 'squash', 'rebase']).default('merge'),
      owner: z.string().regex(/^\w+\/\w+$/, 'must be owner/name').optional(),
      trial: z.boolean().default(false),
    }),
  },
]

const parse = (text: string) => parseConfig({ file: 'slipway.yaml', text, targets })

function problems(text: string): readonly Problem[] {
  try {
    parse(text)
  } catch (error) {
    assert.ok(error instanceof SlipwayError, String(error))
    assert.equal(error.code, 'config-invalid')
    for (const problem of error.problems) {
      assert.ok(problem.hint, `no hint: ${problem.message}`)
      assert.match(problem.message, /\.$/)
      assert.ok(problem.place?.line && problem.place.column, `no place: ${problem.message}`)
    }
    return error.problems
  }
  assert.fail('the config was taken')
}

/** The text from a problem's place to the end of the word there: what a squiggle would underline. */
function under(text: string, problem: Problem | undefined): string {
  const line = text.replace(/^\uFEFF/, '').split(/\r?\n/)[(problem?.place?.line ?? 0) - 1] ?? ''
  return /^(?:"[^"]*"|[^\s:,\]}]+)/.exec(line.slice((problem?.place?.column ?? 0) - 1))?.[0] ?? ''
}

/** Each problem as `word: message`, the word being what stands at its place. */
const told = (text: string) => problems(text).map((problem) => `${under(text, problem)}: ${problem.message}`)

const whole = (rest: string) => `name: demo\nversion:\n  places:\n    - setup.py\n${rest}`

test('a config is read with its defaults, and git is on without being named', () => {
  const config = parse(whole('pypi:\n  package: demo\n'))
  assert.equal(config.name, 'demo')
  assert.deepEqual(config.places, [{ path: 'setup.py' }])
  assert.equal(config.changelog, 'CHANGELOG.md')
  assert.deepEqual(config.policy, { onFailure: 'turn' })
  assert.deepEqual([...config.targets.keys()], ['git', 'pypi'])
  assert.deepEqual(config.targets.get('git'), { branch: 'main' })
  assert.deepEqual(config.targets.get('pypi'), { package: 'demo', pythons: [], token: 'PYPI_TOKEN', merge: 'merge', trial: false })
})

test('a place by pattern is replaced by its own search text unless told otherwise', () => {
  const { places } = parse('name: demo\nversion:\n  places:\n    - path: ./docs/../README.md\n      search: "demo=={version}"\n    - {path: x, search: "a{version}", replace: "b{version}"}\n')
  assert.deepEqual(places, [
    { path: 'README.md', search: 'demo=={version}', replace: 'demo=={version}' },
    { path: 'x', search: 'a{version}', replace: 'b{version}' },
  ])
})

test('a key with nothing behind it switches a target on', () => {
  const on = [{ name: 'image', settings: z.strictObject({ registry: z.string().default('ghcr.io') }) }]
  assert.deepEqual(parseConfig({ file: 'f', text: whole('image:\n'), targets: on }).targets.get('image'), { registry: 'ghcr.io' })
})

test('the config knows where each of its values is written', () => {
  const { place } = parse(whole('pypi:\n  package: demo\n'))
  assert.equal(placeText(place(['pypi', 'package'])), 'slipway.yaml:6:12')
  assert.equal(placeText(place(['version', 'places', 0])), 'slipway.yaml:4:7')
  assert.equal(placeText(place(['pypi', 'token'])), 'slipway.yaml:5:1')
})

test('all problems come at once, in the order of the text, each at its word', () => {
  const text = `nmae: demo
version:
  places:
    - setup.py
    - path: README.md
      serach: "x"
    - ../outside.py
    - 3
  place: x
policy:
  onFailure: trun
checks:
  - name: tests
    run: [a, b]
    minutes: 90
pypi:
  package: ""
  pythons: [3.10, "3.11"]
  owner: nobody
  trial: "yes"
  merge: 1
`
  assert.deepEqual(told(text), [
    'nmae: The key "nmae" means nothing at the top level.',
    'nmae: The key "name" is missing at the top level.',
    'path: The key "search" is missing under "version.places[1]".',
    'serach: The key "serach" means nothing under "version.places[1]".',
    '../outside.py: The path "../outside.py" in "version.places[2]" leads out of the repository.',
    '3: "version.places[3]" must be text or a mapping, but it is the number 3.',
    'place: The key "place" means nothing under "version".',
    'trun: "policy.onFailure" must be one of turn, stop, not "trun".',
    '[a: "checks[0].run" must be text, but it is a list.',
    '90: "checks[0].minutes" must be at most 60.',
    '"": "pypi.package" must be text that is not empty.',
    '3.10: "pypi.pythons[0]" must be text, but it is the number 3.1.',
    'nobody: "pypi.owner" must be owner/name.',
    '"yes": "pypi.trial" must be true or false, but it is text.',
    '1: "pypi.merge" must be one of merge, squash, rebase, but it is the number 1.',
  ])
  const hints = problems(text).map(({ hint }) => hint)
  assert.equal(hints[0], 'Did you mean "name"?')
  assert.equal(hints[3], 'Did you mean "search"?')
  assert.equal(hints[6], 'Did you mean "places"?')
  assert.equal(hints[7], 'Did you mean "turn"?')
  assert.equal(hints[11], 'Put it in quotes: "3.10".')
})

test('an unknown key of a target is pointed at, with the key that was meant', () => {
  const text = whole('checks:\n  - name: t\n    run: x\n  - nam: t\n    name: u\n    run: y\n  - {name: v, run: z, 7: 8}\n')
  assert.deepEqual(problems(text).map(({ place, hint }) => [place?.line, place?.column, hint]), [
    [8, 5, 'Did you mean "name"?'],
    [11, 23, 'Remove it, or use one of the keys that are known here: name, run, minutes.'],
  ])
})

test('a missing setting is shown at the key that should hold it', () => {
  const text = whole('pypi:\n')
  assert.deepEqual(told(text), ['pypi: The key "package" is missing under "pypi".'])
})

test('line and column are right after a byte order mark, with CRLF and after wide letters', () => {
  const text = '\uFEFFnmae: demo\r\nversion: {places: [setup.py]}\r\npypi: {package: "größe😀", oops: 1}\r\n'
  assert.deepEqual(problems(text).map(({ place }) => [place?.line, place?.column]), [[1, 1], [1, 1], [3, 28]])
  assert.equal(under(text, problems(text)[2]), 'oops')
})

test('text that is no YAML is told at its line, without guesses about the rest', () => {
  const cases: readonly [string, string, RegExp][] = [
    ['name: demo\n\tversion: 1\n', '2:1', /indented with a tab/],
    ['name: "demo\nversion: x\n', '1:7', /Missing closing  ?quote/],
    ['name: [a\n', '1:8', /not valid YAML/],
    ['name: @demo\n', '1:7', /reserved character/],
    ['name: a\n---\nname: b\n', '2:1', /second YAML document/],
    ['? [a]\n: b\n', '1:3', /key is not plain text/],
    ['name: !python/object x\n', '1:7', /YAML tag/],
    ['a:\n  b: 1\n c: 2\n', '3:2', /not valid YAML/],
  ]
  for (const [text, place, message] of cases) {
    const found = problems(text)
    assert.match(found[0]?.message ?? '', message, text)
    assert.equal(`${found[0]?.place?.line}:${found[0]?.place?.column}`, place, text)
  }
})

test('a key that stands twice is told with the line of the first, beside the other problems', () => {
  const text = 'name: a\nversion:\n  places: [x, x]\nname: b\n'
  assert.deepEqual(told(text), ['x: The place "x" stands twice; it is first "version.places[0]".', 'name: The key "name" stands twice; it is first on line 1.'])
})

test('of a key that stands twice the last one counts, and its problems are shown there', () => {
  assert.deepEqual(problems('name: a\nname: 7\nversion: {places: [x]}\n').map(({ place, message }) => [place?.line, place?.column, message.split(' ').slice(0, 3).join(' ')]), [[2, 1, 'The key "name"'], [2, 7, '"name" must be']])
})

test('aliases are refused before they unfold', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]', ...[...'bcdefghij'].map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(', ')}]`)].join('\n')
  const found = problems(bomb)
  assert.equal(found.length, 81)
  assert.match(found[0]?.message ?? '', /"\*a"/)
  assert.match(problems('name: &n [*n]\n')[0]?.message ?? '', /aliases are not allowed/)
})

test('brackets nested without end are one problem', () => {
  const found = problems(`name: ${'['.repeat(50_000)}`)
  assert.equal(found.length, 1)
  assert.match(found[0]?.message ?? '', /nested too deeply/)
})

test('a file that holds no mapping is told so, with a config to begin with', () => {
  for (const [text, is] of [['', 'is empty'], ['# only a comment\n', 'is empty'], ['- a\n', 'holds a list'], ['hello\n', 'holds plain text'], ['---\n...\n', 'is empty']] as const) {
    const [problem, ...more] = problems(text)
    assert.equal(more.length, 0)
    assert.equal(problem?.message, `slipway.yaml ${is}, but a config is a mapping of keys to values.`)
    assert.ok(problem?.hint?.includes(SMALLEST_CONFIG))
  }
})

test('the config to begin with is a config', () => {
  assert.deepEqual([...parse(SMALLEST_CONFIG).targets.keys()], ['git', 'pypi'])
  const missing = missingConfig('slipway.yaml')
  assert.equal(missing.code, 'config-missing')
  assert.ok(missing.problems[0].hint?.includes(SMALLEST_CONFIG))
})

test('paths may not leave the repository, its own git folder is closed, and each names one file', () => {
  const bad = ['/etc/passwd', 'a/../../b', '..', 'C:/x', 'a\\b', '~/x', '.git/config', '.GIT/hooks/x', 'src/', '.', ' ', 'a\u0007b']
  for (const path of bad) assert.equal(problems(`name: a\nversion: {places: [${JSON.stringify(path)}]}`).length, 1, path)
  assert.match(told(whole('changelog: ../C.md\n'))[0] ?? '', /^\.\.\/C\.md: The path .* leads out of the repository/)
  assert.deepEqual(parse('name: a\nversion: {places: ["./a//b/./../c", "..x", ".github/a"]}').places.map(({ path }) => path), ['a/c', '..x', '.github/a'])
})

test('the changelog is no version place, and a place by pattern must hold the version', () => {
  const text = 'name: a\nversion:\n  places:\n    - CHANGELOG.md\n    - path: b\n      search: "c"\n    - path: d\n      search: "{version}"\n      replace: e\n'
  assert.deepEqual(problems(text).map(({ place, message }) => [place?.line, message.replace(/ (must|is) .*/, '')]), [
    [4, '"CHANGELOG.md"'], [6, '"version.places[1].search"'], [9, '"version.places[2].replace"'],
  ])
})

test('a token in the config is refused and never shown', () => {
  const tokens = [`pypi-AgEIcHlwaS5vcmc${'x'.repeat(80)}`, `ghp_${'a1B2'.repeat(9)}`, `github_pat_${'a1_B'.repeat(20)}`, 'pypi-short']
  for (const token of tokens) {
    const text = whole(`pypi:\n  package: demo\n  token: ${token}\n`)
    const [problem, ...more] = problems(text)
    assert.equal(more.length, 0)
    assert.equal(under(text, problem), token)
    assert.match(problem?.message ?? '', /^"pypi\.token" holds a token itself/)
    assert.match(problem?.hint ?? '', /Write the variable's name/)
    assert.ok(!JSON.stringify(problem).includes(token))
  }
})

test('a token elsewhere, inside a command or as a wrong value or key, is not shown either', () => {
  const token = `ghp_${'a1B2'.repeat(9)}`
  const shown = (text: string) => JSON.stringify(problems(text))
  assert.match(shown(whole(`checks:\n  - name: t\n    run: TOKEN=${token} make\n`)), /holds a token itself/)
  for (const text of [whole(`${token}: x\n`), whole(`policy: {onFailure: ${token}}\n`), whole(`changelog: ../${token}\n`), `name: a\nname: ${token}\n- ${token}\n`, `${token}: 1\n${token}: 2\n`]) {
    assert.ok(!shown(text).includes(token), text)
  }
})

test('names that only begin like a token are names', () => {
  assert.equal(parse(whole('pypi:\n  package: pypi-tools\n  token: PYPI_TOKEN\n')).targets.size, 2)
})

test('a key that is named like an object property of JavaScript is only an unknown key', () => {
  for (const key of ['__proto__', 'constructor', 'toString']) assert.match(told(whole(`${key}: 1\npypi: {package: a, ${key}: 2}\n`)).join('\n'), /at the top level\.\n.*under "pypi"\.$/)
})

test('a setting of a target is told in the words of its own schema', () => {
  const own: readonly ConfigTarget[] = [{ name: 'plain', settings: { parse: (value) => value, safeParse: () => ({ success: false, error: { issues: [{ path: ['a', 0], message: 'Give at least a host' }] } }) } }]
  assert.throws(() => parseConfig({ file: 'f', text: whole('plain:\n  a:\n    - x\n'), targets: own }), (error: SlipwayError) => {
    assert.deepEqual(error.problems.map(({ message, place }) => [message, place]), [['"plain.a[0]": Give at least a host.', { file: 'f', line: 7, column: 7 }]])
    return true
  })
})

test('support lines are read with the document that shows them', () => {
  const { support } = parse(whole('support:\n  lines:\n    - line: 2.x\n      active: 2026-10-10\n      security: tba\n    - {line: 1.9.x, security: 2025-07-15}\n'))
  assert.deepEqual(support, { lines: [{ line: '2.x', active: '2026-10-10', security: 'tba' }, { line: '1.9.x', security: '2025-07-15' }], documents: ['SECURITY.md'] })
  assert.equal(parse(whole('')).support, undefined)
})

test('support lines that cannot be are told, each at its place', () => {
  const lines = (text: string): readonly string[] => told(whole(`support:\n  lines:\n${text}`))
  assert.deepEqual(lines('    - line: 2\n      active: 2026-02-29\n    - line: v2.x\n'), [
    '2: "support.lines[0].line" must be text, but it is the number 2.',
    '2026-02-29: "support.lines[0].active" is "2026-02-29", but must be a day such as 2027-01-31, or tba (to be announced).',
    'v2.x: "support.lines[1].line" must be a line such as 2.x or 2.1.x.',
  ])
  assert.deepEqual(lines('    - line: 2.x\n    - line: 1.x\n      active: 2026-01-02\n      security: 2026-01-01\n'), [
    'line: The line 2.x has no last day.',
    '2026-01-01: Security fixes for 1.x end (2026-01-01) before its features and fixes do (2026-01-02).',
  ])
  assert.deepEqual(lines('    - {line: 2.x, active: tba}\n    - {line: 2.1.x, active: tba}\n    - {line: 2.x, active: tba}\n'), [
    '2.1.x: The lines 2.x and 2.1.x overlap: a version such as 2.1.0 would belong to both.',
    '2.x: The line 2.x stands twice; it is first "support.lines[0]".',
  ])
  assert.deepEqual(lines('    - {line: 1.x, active: tba}\n    - {line: 10.x, active: tba}\n'), ['10.x: The line 10.x stands below an older one.'])
  assert.deepEqual(lines('    - {line: 1.x, active: tba}\n  documents: [../SECURITY.md]\n'), ['../SECURITY.md: The path "../SECURITY.md" in "support.documents[0]" leads out of the repository.'])
})

test('a schedule is read with its defaults', () => {
  const { schedule } = parse(whole('schedule:\n  minor: monthly\n  freezes:\n    - {from: 2026-12-20, until: 2027-01-04, reason: holidays}\n    - {on: [friday], reason: weekend}\n'))
  assert.deepEqual(schedule, {
    cadences: { patch: 'as-needed', minor: 'monthly', major: 'as-needed' },
    freezes: [{ from: '2026-12-20', until: '2027-01-04', reason: 'holidays' }, { on: ['friday'], reason: 'weekend' }],
    milestone: '{version}',
    blockers: ['priority:critical'],
  })
  assert.equal(parse(whole('')).schedule, undefined)
})

test('a schedule that cannot be is told, each at its place', () => {
  const schedule = (text: string): readonly string[] => told(whole(`schedule:\n${text}`))
  assert.deepEqual(schedule('  minor: fortnightly\n  freezes:\n    - {from: 2026-12-20, until: 2027-01-32, reason: x}\n    - {from: 2026-12-20, until: 2027-01-02}\n    - {on: [Friday], reason: x}\n'), [
    'fortnightly: "schedule.minor" is "fortnightly", but must be as-needed, weekly, monthly, quarterly, yearly, or every N days, weeks or months (every 6 weeks).',
    '2027-01-32: "schedule.freezes[0].until" is "2027-01-32", but must be a day such as 2027-01-31.',
    '{from: The key "reason" is missing under "schedule.freezes[1]".',
    'Friday: "schedule.freezes[2].on[0]" must be one of monday, tuesday, wednesday, thursday, friday, saturday, sunday, not "Friday".',
  ])
  assert.deepEqual(schedule('  milestone: next\n  freezes:\n    - {from: 2027-01-04, until: 2026-12-20, reason: x}\n'), [
    'next: "schedule.milestone" must contain {version}, which stands for the version.',
    '2026-12-20: The freeze that begins on 2027-01-04 ends before that, on 2026-12-20.',
  ])
  assert.match(schedule('  freezes:\n    - {on: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], reason: x}\n')[0] ?? '', /Every day of the week is frozen/)
})
