// What is due by the tags, the cadences and the freezes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSemVer } from '../version/index.ts'
import { nextLevel, outlook, type LevelOutlook, type OutlookFacts } from './outlook.ts'

const SCHEDULE: OutlookFacts['schedule'] = { cadences: { patch: 'as-needed', minor: 'monthly', major: 'quarterly' }, freezes: [{ from: '2026-02-25', until: '2026-03-02', reason: 'x' }], milestone: '{version}', blockers: [] }
const released = (...all: readonly (readonly [string, string])[]): OutlookFacts['released'] => all.map(([version, day]) => ({ version, parsed: parseSemVer(version), day }))
const look = (facts: Partial<OutlookFacts>): readonly LevelOutlook[] => outlook({ schedule: SCHEDULE, released: [], waiting: [], day: '2026-03-01', ...facts })

test('a kind is due after its last release, which may be one of a greater kind', () => {
  const [patch, minor, major] = look({ released: released(['2.1.0-rc.1', '2026-02-20'], ['2.0.1', '2026-02-10'], ['2.0.0', '2026-01-31'], ['1.9.0', '2026-02-15'], ['1.0.0', '2025-06-01']) })
  assert.deepEqual([patch?.last, patch?.due, patch?.next], [{ version: '2.0.1', day: '2026-02-10' }, undefined, '2.0.2'])
  assert.deepEqual([minor?.last?.version, minor?.due, minor?.overdue, minor?.next], ['2.0.0', '2026-02-28', 1, '2.1.0'], 'the newest by its version, not by its day')
  assert.equal(minor?.free, '2026-03-03', 'the day that it is due is frozen')
  assert.deepEqual([major?.due, major?.free, major?.overdue, major?.next], ['2026-04-30', '2026-04-30', -60, '3.0.0'])
})

test('where nothing of a kind has been released nothing of it is due', () => {
  assert.deepEqual(look({}).map(({ last, due, next }) => [last, due, next]), Array(3).fill([undefined, undefined, undefined]))
  assert.deepEqual(look({ released: released(['0.2.0', '2026-01-01']) }).map(({ last, due }) => [last?.version, due]), [['0.2.0', undefined], ['0.2.0', '2026-02-01'], [undefined, undefined]])
})

test('each change waits in the kind that it asks for', () => {
  const waiting = [{ level: 'minor', text: 'a' }, { level: 'patch', text: 'b' }, { level: 'minor', text: 'c' }] as const
  assert.deepEqual(look({ waiting }).map(({ waits }) => waits), [['b'], ['a', 'c'], []])
})

test('the next milestone is of what the changes ask for beyond a patch, else of what is due first, else a minor one', () => {
  const last = released(['2.0.0', '2026-01-31'])
  assert.equal(nextLevel(look({ released: last, waiting: [{ level: 'major', text: 'x' }, { level: 'minor', text: 'y' }] })), 'major')
  assert.equal(nextLevel(look({ released: last, waiting: [{ level: 'patch', text: 'x' }] })), 'minor')
  assert.equal(nextLevel(look({ released: last, schedule: { ...SCHEDULE, cadences: { patch: 'weekly', minor: 'monthly', major: 'yearly' } } })), 'patch')
  assert.equal(nextLevel(look({})), 'minor')
})
