// Pure: a message within the limit of a channel: never cut silently, but shortened line by line, with the address of the whole at the end.
import type { Message } from './message.ts'

/** How long a text may be, by which measure, and how it is rendered. */
export interface Room {
  readonly limit: number
  /** What the limit counts: `characters` as the channel counts them. */
  measure(text: string): number
  /** The body's Markdown as the channel shows it. */
  render(markdown: string): string
  /** The title as the channel shows it; left out where it stands elsewhere (a subject). */
  title?(title: string): string
  /** The page's address as the channel shows it; as it is when left out. */
  link?(page: string): string
}

/** A text that fits. */
export interface Fitted {
  readonly text: string
  /** True when lines were left out. */
  readonly shortened: boolean
}

/** The whole message where it fits, else as many of its lines as do, an ellipsis, and the address of the whole. */
export function fitted(message: Message, room: Room): Fitted {
  const head = room.title === undefined ? [] : [room.title(message.title)]
  const text = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n')
  const whole = text([...head, room.render(message.body)])
  if (room.measure(whole) <= room.limit) return { text: whole, shortened: false }
  const tail = message.page === undefined ? [] : [room.link?.(message.page) ?? message.page]
  let kept = text([...head, '…', ...tail])
  let lines = ''
  for (const line of room.render(message.bare).split('\n')) {
    lines += lines === '' ? line : `\n${line}`
    const longer = text([...head, `${lines.trimEnd()}\n…`, ...tail])
    if (room.measure(longer) > room.limit) break
    kept = longer
  }
  return { text: kept, shortened: true }
}

/** Characters as Unicode counts them: code points. */
export function codePoints(text: string): number {
  return [...text].length
}

/** Characters as people count them. */
export function graphemes(text: string): number {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length
}

/** What a step's title says of a message that was shortened. */
export function shortenedWords({ shortened }: Fitted, limit: number, unit = 'characters'): string {
  return shortened ? ` (shortened to ${limit} ${unit}, with the address of the notes)` : ''
}
