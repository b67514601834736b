// Which number the changes raise, and why.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideBump } from './decide.ts'
import type { Commit } from './commits.ts'

const commits = (...messages: string[]): readonly Commit[] => messages.map((message, index) => ({ sha: String(index + 1).repeat(40).slice(0, 40), message }))
const decide = (messages: readonly string[], groups: Readonly<Record<string, readonly string[]>> = {}, current = '2.0.0'): ReturnType<typeof decideBump> =>
  decideBump({ commits: commits(...messages), unreleased: { groups: Object.entries(groups).map(([heading, entries]) => ({ heading, entries })) }, current })

test('commits decide by the greatest of them', () => {
  assert.equal(decide(['chore: a', 'docs: b', 'Merge x']).bump, undefined)
  for (const type of ['fix', 'perf', 'security', 'revert']) assert.equal(decide([`${type}: a`, 'chore: b']).bump, 'patch', type)
  assert.equal(decide(['fix: a', 'feat: b', 'perf: c']).bump, 'minor')
  assert.equal(decide(['feat: a', 'chore!: b']).bump, 'major')
  assert.equal(decide(['fix: a\n\nBREAKING CHANGE: b']).bump, 'major')
})

test('changelog headings decide too, and the greater wins', () => {
  for (const heading of ['Added', 'Changed', 'deprecated']) assert.equal(decide(['fix: a'], { [heading]: ['x'] }).bump, 'minor', heading)
  for (const heading of ['Fixed', 'Security']) assert.equal(decide([], { [heading]: ['x'] }).bump, 'patch', heading)
  assert.equal(decide(['feat: a'], { Fixed: ['x'] }).bump, 'minor')
  assert.equal(decide([], { Removed: ['x'] }).bump, 'major')
  assert.equal(decide([], { Removed: [], Notes: ['x'], '': ['x'] }).bump, undefined)
})

test('an entry marked as breaking raises major under any heading, ordinary words do not', () => {
  for (const entry of ['**BREAKING** x', 'BREAKING: x', '**Breaking:** x']) assert.equal(decide([], { Fixed: [entry] }).bump, 'major', entry)
  assert.equal(decide([], { Fixed: ['line breaking of long words'] }).bump, 'patch')
})

test('in 0.y.z what breaks raises minor, and the reason says so', () => {
  const decision = decide(['feat!: a', 'feat: b'], { Removed: ['x'] }, '0.4.2')
  assert.equal(decision.bump, 'minor')
  assert.equal(decision.decidedBy.length, 2)
  assert.match(decision.because.at(-1) ?? '', /0\.4\.2 is initial development/)
})

test('the reasons name exactly the commits and headings that decided', () => {
  const decision = decide(['feat(api): add x', 'fix: y', 'feat: z'], { Added: ['x'], Fixed: ['y'] })
  assert.deepEqual(decision.because, [
    '1111111 "feat(api): add x" adds a feature.',
    '3333333 "feat: z" adds a feature.',
    'The changelog\'s Unreleased section has entries under "Added".',
  ])
  assert.deepEqual(decision.decidedBy, [{ sha: '1'.repeat(40), subject: 'feat(api): add x' }, { sha: '3'.repeat(40), subject: 'feat: z' }])
})

test('a long list of reasons is cut and says how many more there are; decidedBy holds all', () => {
  const decision = decide(Array.from({ length: 25 }, (_, index) => `fix: ${index}`))
  assert.equal(decision.because.length, 21)
  assert.equal(decision.because.at(-1), '5 more commits ask for the same.')
  assert.equal(decision.decidedBy.length, 25)
})

test('commits that were taken back do not count', () => {
  const list = [...commits('feat: a', 'fix: b'), { sha: 'f'.repeat(40), message: `Revert "feat: a"\n\nThis reverts commit ${'1'.repeat(40)}.` }]
  assert.equal(decideBump({ commits: list, unreleased: undefined, current: '1.0.0' }).bump, 'patch')
})

test('control characters of a subject do not reach the reasons', () => {
  assert.doesNotMatch(decide(['fix: \u001b[31mred\u202e']).because.join(''), /[\u001b\u202e]/)
})
