// Keeps what tools and servers say from steering the terminal that it is shown on.
import { stripVTControlCharacters } from 'node:util'

const OTHER_CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

const COLOUR = /\x1b\[\d{1,2}(?:;\d{1,2})*m/g

/** The text without escape sequences and control characters; line breaks and tabs stay. */
export function legible(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replace(OTHER_CONTROLS, '')
}

/** The text with its colours, and without every other escape sequence and control character. */
export function legibleInColour(text: string): string {
  const colours = text.match(COLOUR) ?? []
  return text.split(COLOUR).map((part, index) => legible(part) + (colours[index] ?? '')).join('')
}
