// Days are counted as a calendar counts them, in UTC.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays, addMonths, dayOf, daysBetween, isDay, weekdayOf, WEEKDAYS } from './day.ts'

const anyDay = fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true }).map(dayOf)

test('a day that is not in the calendar is no day', () => {
  for (const text of ['2026-02-28', '2024-02-29', '2000-02-29', '2026-12-31', '0001-01-01']) assert.ok(isDay(text), text)
  for (const text of ['2026-02-29', '1900-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '2026-1-1', '26-01-01', '2026-01-01T00:00:00Z', ' 2026-01-01', '2026/01/01', 'tba', '']) assert.ok(!isDay(text), text)
})

test('a month later is the same day, or the last one of a shorter month', () => {
  assert.equal(addMonths('2026-01-31', 1), '2026-02-28')
  assert.equal(addMonths('2024-01-31', 1), '2024-02-29')
  assert.equal(addMonths('2026-10-31', 3), '2027-01-31')
  assert.equal(addMonths('2026-11-30', 3), '2027-02-28')
  assert.equal(addMonths('2026-03-31', -1), '2026-02-28')
  assert.equal(addMonths('2024-02-29', 12), '2025-02-28')
})

test('days later and days between undo each other, and days compare as texts', () => {
  fc.assert(fc.property(anyDay, fc.integer({ min: -5000, max: 5000 }), (day, count) => {
    const later = addDays(day, count)
    assert.ok(isDay(later))
    assert.equal(daysBetween(day, later), count)
    assert.equal(addDays(later, -count), day)
    assert.equal(later > day, count > 0)
  }))
})

test('months later is always a day of the month that was meant, never later in it than before', () => {
  fc.assert(fc.property(anyDay, fc.integer({ min: -60, max: 60 }), (day, count) => {
    const later = addMonths(day, count)
    assert.ok(isDay(later), later)
    const monthOf = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7))
    assert.equal(monthOf(later), monthOf(day) + count)
    assert.ok(later.slice(8) <= day.slice(8))
    if (later.slice(8) < day.slice(8)) assert.equal(addDays(later, 1).slice(8), '01', 'it is the last one of the month')
  }))
})

test('weeks have seven days, and a day of the week comes again after them', () => {
  assert.equal(weekdayOf('2026-11-27'), 'friday')
  assert.equal(weekdayOf('1970-01-01'), 'thursday')
  fc.assert(fc.property(anyDay, (day) => {
    assert.equal(weekdayOf(addDays(day, 7)), weekdayOf(day))
    assert.equal(WEEKDAYS[(WEEKDAYS.indexOf(weekdayOf(day)) + 1) % 7], weekdayOf(addDays(day, 1)))
  }))
})

test('the day of a moment is that of UTC, wherever it is told', () => {
  assert.equal(dayOf(new Date('2026-01-01T23:30:00-05:00')), '2026-01-02')
  assert.equal(dayOf(new Date('2026-01-01T00:30:00+05:00')), '2025-12-31')
})
