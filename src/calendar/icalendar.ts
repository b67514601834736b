// An iCalendar of whole days (RFC 5545): what any calendar program can subscribe to.
import { addDays, WEEKDAYS, type Day, type Weekday } from './day.ts'

/** One thing in the calendar. */
export interface CalendarEvent {
  /** Tells it from every other of the project, and stays the same from one export to the next. */
  readonly key: string
  readonly summary: string
  readonly description?: string
  readonly from: Day
  /** The last day, which counts; the first one when left out. */
  readonly until?: Day
  /** Days of every week that it comes again on. */
  readonly on?: readonly Weekday[]
}

/** A calendar of a project. */
export interface Calendar {
  readonly name: string
  /** When it was made. */
  readonly stamp: Date
  readonly events: readonly CalendarEvent[]
}

/** The calendar as a text with CRLF and no line over 75 octets. Nothing in it makes anybody busy. */
export function icalendarText({ name, stamp, events }: Calendar): string {
  const made = `${stamp.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  const host = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'project'
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Slipway//Release calendar//EN',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${text(`Releases of ${name}`)}`,
    ...events.flatMap(({ key, summary, description, from, until = from, on }) => [
      'BEGIN:VEVENT',
      `UID:${key}@${host}.slipway`,
      `DTSTAMP:${made}`,
      `DTSTART;VALUE=DATE:${digits(from)}`,
      // The end of an event of whole days is the day after (section 3.6.1).
      `DTEND;VALUE=DATE:${digits(addDays(until, 1))}`,
      ...(on === undefined ? [] : [`RRULE:FREQ=WEEKLY;BYDAY=${WEEKDAYS.filter((day) => on.includes(day)).map((day) => day.slice(0, 2).toUpperCase()).join(',')}`]),
      `SUMMARY:${text(summary)}`,
      ...(description === undefined ? [] : [`DESCRIPTION:${text(description)}`]),
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

function digits(day: Day): string {
  return day.replaceAll('-', '')
}

/** TEXT (section 3.3.11), without the control characters that it may not hold. */
function text(words: string): string {
  return words.replace(/\r\n?/g, '\n').replace(/[\x00-\x09\x0b-\x1f\x7f]/g, ' ').replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n')
}

/** Lines of at most 75 octets (section 3.1); no character is cut. */
function folded(line: string): string {
  const parts: string[] = []
  let [part, room] = ['', 75]
  for (const character of line) {
    const size = new TextEncoder().encode(character).length
    if (size > room) {
      parts.push(part)
      part = ''
      // The space that a line goes on with counts.
      room = 74
    }
    part += character
    room -= size
  }
  return [...parts, part].join('\r\n ')
}
