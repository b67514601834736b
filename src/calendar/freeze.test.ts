// Freezes, cadences, and what the calendar says against a release.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dueAfter, parseCadence } from './cadence.ts'
import { addDays, WEEKDAYS, type Day } from './day.ts'
import { freezesOn, freezeText, nextFreeDay, type Freeze } from './freeze.ts'
import type { SupportLine } from './line.ts'
import { objectionsTo } from './objection.ts'

const HOLIDAYS: Freeze = { from: '2026-12-20', until: '2027-01-04', reason: 'holidays' }
const WEEKENDS: Freeze = { on: ['friday', 'saturday', 'sunday'], reason: 'nobody is here' }

test('a freeze lasts from its first day through its last, or all of a day of the week', () => {
  assert.deepEqual(['2026-12-19', '2026-12-20', '2027-01-04', '2027-01-05'].map((day) => freezesOn([HOLIDAYS], day).length), [0, 1, 1, 0])
  assert.deepEqual(['2026-11-26', '2026-11-27', '2026-11-29', '2026-11-30'].map((day) => freezesOn([WEEKENDS], day).length), [0, 1, 1, 0])
  assert.deepEqual(freezesOn([HOLIDAYS, WEEKENDS], '2026-12-25'), [HOLIDAYS, WEEKENDS])
})

test('the next free day is free, and no day before it is', () => {
  const anyDay = fc.integer({ min: 0, max: 800 }).map((count) => addDays('2026-01-01', count))
  const anyFreeze = fc.oneof(
    fc.tuple(anyDay, fc.integer({ min: 0, max: 60 })).map(([from, length]): Freeze => ({ from, until: addDays(from, length), reason: 'x' })),
    fc.subarray([...WEEKDAYS].slice(1), { minLength: 1 }).map((on): Freeze => ({ on, reason: 'x' })),
  )
  fc.assert(fc.property(fc.array(anyFreeze, { maxLength: 5 }), anyDay, (freezes, day) => {
    const free = nextFreeDay(freezes, day)
    assert.ok(free !== undefined && free >= day && freezesOn(freezes, free).length === 0)
    for (let before: Day = day; before < free; before = addDays(before, 1)) assert.ok(freezesOn(freezes, before).length > 0, before)
  }))
  assert.equal(nextFreeDay([HOLIDAYS, WEEKENDS], '2026-12-18'), '2027-01-05')
  assert.equal(nextFreeDay([{ on: WEEKDAYS, reason: 'never' }], '2026-01-01'), undefined)
  assert.equal(nextFreeDay([{ from: '2000-01-01', until: '2999-12-31', reason: 'long' }], '2026-01-01'), '3000-01-01')
})

test('a cadence says when the next release is due', () => {
  const due = (text: string, last: Day): Day | undefined => { const cadence = parseCadence(text); assert.ok(cadence !== undefined, text); return dueAfter(cadence, last) }
  assert.equal(due('as-needed', '2026-01-31'), undefined)
  assert.deepEqual(['weekly', 'monthly', 'quarterly', 'yearly', 'every 10 days', 'every 6 weeks', 'every 8 months'].map((text) => due(text, '2026-01-31')),
    ['2026-02-07', '2026-02-28', '2026-04-30', '2027-01-31', '2026-02-10', '2026-03-14', '2026-09-30'])
  for (const text of ['', 'Monthly', 'daily', 'every 0 days', 'every week', 'every 6 Weeks', 'every 1000 days', 'constructor']) assert.equal(parseCadence(text), undefined, text)
})

const LINES: readonly SupportLine[] = [{ line: '3.x', active: 'tba' }, { line: '2.x', active: '2026-06-30', security: '2026-12-31' }, { line: '1.x', security: '2025-07-15' }]
const against = (version: string, from: string | undefined, day: Day): readonly string[] => objectionsTo({ lines: LINES, freezes: [HOLIDAYS] }, { version, from, day }).map(({ rule }) => rule)

test('a line that has ended takes no release, and one with security fixes only takes patches', () => {
  assert.deepEqual(against('2.1.0', '2.0.0', '2026-06-30'), [])
  assert.deepEqual(against('2.1.0', '2.0.0', '2026-07-01'), ['line-security'])
  assert.deepEqual(against('2.0.1', '2.0.0', '2026-07-01'), [])
  assert.deepEqual(against('2.0.1-rc.1', '2.0.0', '2026-07-01'), [])
  assert.deepEqual(against('2.1.0-rc.1', '2.0.0', '2026-07-01'), ['line-security'])
  assert.deepEqual(against('2.0.0', undefined, '2026-07-01'), ['line-security'])
  assert.deepEqual(against('2.0.1', '2.0.0', '2027-01-05'), ['line-ended'])
  assert.deepEqual(against('1.0.1', '1.0.0', '2026-01-01'), ['line-ended'])
  assert.deepEqual(against('3.1.0', '3.0.0', '2099-01-01'), [])
  assert.deepEqual(against('4.0.0', '3.0.0', '2026-01-01'), [], 'a line that nobody named is nothing against it')
  assert.deepEqual(against('1.0.1', '1.0.0', '2026-12-24'), ['line-ended', 'freeze'])
})

test('an objection names what stands in the way the same on every day, but for a freeze of days of the week', () => {
  const of = (day: Day): readonly string[] => objectionsTo({ lines: LINES, freezes: [HOLIDAYS] }, { version: '1.0.1', from: '1.0.0', day }).map((each) => each.of)
  assert.deepEqual(of('2026-12-21'), of('2027-01-03'))
  assert.notEqual(freezeText(WEEKENDS, '2026-11-27'), freezeText(WEEKENDS, '2026-12-04'), 'next week somebody says why again')
})

test('an objection says when it is over, and which lines are supported', () => {
  const [ended, frozen] = objectionsTo({ lines: LINES, freezes: [HOLIDAYS] }, { version: '1.0.1', from: '1.0.0', day: '2026-12-24' })
  assert.match(ended?.instead ?? '', /^Release on a line that is supported \(3\.x, 2\.x\)/)
  assert.equal(frozen?.instead, 'The first day outside of every freeze is 2027-01-05.')
})
