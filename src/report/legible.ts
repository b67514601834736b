// Keeps what tools and servers say from steering the terminal that it is shown on.
import { stripVTControlCharacters } from 'node:util'

const OTHER_CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

// Only what paint.ts writes: anything else (conceal, for one) could hide what a person is asked to approve.
const COLOUR = /\x1b\[(?:0|1|2|22|3[0-7]|39)m/g

/** The text without escape sequences and control characters; line breaks and tabs stay. */
export function legible(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replace(OTHER_CONTROLS, '')
}

/** The text with its colours, and without every other escape sequence and control character. */
export function legibleInColour(text: string): string {
  const colours = text.match(COLOUR) ?? []
  return text.split(COLOUR).map((part, index) => legible(part) + (colours[index] ?? '')).join('')
}
