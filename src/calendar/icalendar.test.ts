// The calendar file, read back by the rules of RFC 5545.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { icalendarText, type CalendarEvent } from './icalendar.ts'

const STAMP = new Date('2026-11-27T09:08:07.654Z')
const written = (events: readonly CalendarEvent[], name = 'My Tool'): string => icalendarText({ name, stamp: STAMP, events })

interface Property { readonly name: string; readonly parameters: string; readonly value: string }

/** A strict reader: every line ends in CRLF, none is longer than 75 octets, folds are undone, and every content line is `NAME;PARAMETERS:VALUE`. */
function read(text: string): readonly Property[] {
  assert.ok(text.endsWith('\r\n'))
  const lines = text.slice(0, -2).split('\r\n')
  for (const line of lines) {
    assert.doesNotMatch(line, /[\r\n]/, 'no line break but CRLF')
    assert.ok(Buffer.byteLength(line) <= 75, `${Buffer.byteLength(line)} octets: ${line}`)
    assert.equal(Buffer.from(line).toString(), line, 'no character is cut')
  }
  return text.slice(0, -2).replaceAll('\r\n ', '').split('\r\n').map((line) => {
    const [, name = '', parameters = '', value = ''] = /^([A-Z-]+)((?:;[A-Z-]+=[A-Z-]+)*):(.*)$/s.exec(line) ?? assert.fail(`no content line: ${line}`)
    assert.doesNotMatch(value, /[\x00-\x08\x0a-\x1f\x7f]/)
    return { name, parameters, value }
  })
}

function unescaped(value: string): string {
  assert.doesNotMatch(value, /(?<!\\)(?:\\\\)*[;,]/, 'every separator is escaped')
  return value.replace(/\\([\\;,nN])/g, (_, what: string) => what.toLowerCase() === 'n' ? '\n' : what)
}

test('a calendar has what the standard asks for, and each event its own id', () => {
  const events: readonly CalendarEvent[] = [
    { key: 'minor-after-2.1.0', summary: 'My Tool: minor release 2.2.0 is due', description: 'one, two; three\nfour', from: '2026-12-31' },
    { key: 'freeze-2026-12-20-2027-01-04', summary: 'no releases', from: '2026-12-20', until: '2027-01-04' },
    { key: 'freeze-friday-sunday', summary: 'no releases', from: '2026-11-27', on: ['sunday', 'friday'] },
  ]
  const properties = read(written(events))
  assert.deepEqual(properties.slice(0, 3).map(({ name, value }) => `${name}:${value}`), ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Slipway//Release calendar//EN'])
  assert.deepEqual([properties.at(-1)?.name, properties.at(-1)?.value], ['END', 'VCALENDAR'])
  const of = (wanted: string): readonly string[] => properties.filter(({ name }) => name === wanted).map(({ parameters, value }) => `${parameters.slice(1)}${parameters === '' ? '' : ':'}${value}`)
  assert.deepEqual(of('UID'), ['minor-after-2.1.0@my-tool.slipway', 'freeze-2026-12-20-2027-01-04@my-tool.slipway', 'freeze-friday-sunday@my-tool.slipway'])
  assert.deepEqual(of('DTSTAMP'), Array(3).fill('20261127T090807Z'))
  assert.deepEqual(of('DTSTART'), ['VALUE=DATE:20261231', 'VALUE=DATE:20261220', 'VALUE=DATE:20261127'])
  assert.deepEqual(of('DTEND'), ['VALUE=DATE:20270101', 'VALUE=DATE:20270105', 'VALUE=DATE:20261128'], 'the end is the day after the last one')
  assert.deepEqual(of('RRULE'), ['FREQ=WEEKLY;BYDAY=FR,SU'])
  assert.deepEqual(of('DESCRIPTION').map(unescaped), ['one, two; three\nfour'])
})

test('a long line is folded as often as it takes, and no fold cuts a character', () => {
  for (const character of ['a', 'ü', '日', '🚢']) {
    const summary = character.repeat(300)
    const lines = written([{ key: 'k', summary, from: '2026-01-01' }]).split('\r\n').filter((line) => line.includes(character.repeat(10)))
    assert.ok(lines.length >= 4)
    assert.deepEqual(lines.slice(1, -1).filter((line) => Buffer.byteLength(line) > 75 || Buffer.byteLength(line) + Buffer.byteLength(character) <= 75), [], 'each is full and none is too long')
    assert.equal(read(written([{ key: 'k', summary, from: '2026-01-01' }])).find(({ name }) => name === 'SUMMARY')?.value, summary)
  }
})

test('any words come back as they were, on lines that are short enough', () => {
  const words = fc.array(fc.oneof(fc.constantFrom('a', ' ', ',', ';', ':', '\\', '\n', 'ü', '日本', '🚢', '"', '\\n'), fc.string()), { maxLength: 80 }).map((parts) => parts.join('').replace(/[\x00-\x09\x0b-\x1f\x7f]/g, ''))
  fc.assert(fc.property(words, words, (summary, description) => {
    const properties = read(written([{ key: 'k', summary, description, from: '2026-01-01' }], summary))
    const value = (wanted: string): string => unescaped(properties.find(({ name }) => name === wanted)?.value ?? '')
    assert.equal(value('SUMMARY'), summary)
    assert.equal(value('DESCRIPTION'), description)
    assert.match(value('UID'), /^k@[a-z0-9-]+\.slipway$/)
  }))
})
