// Keeps what tools and servers say from steering the terminal that it is shown on.
import { stripVTControlCharacters } from 'node:util'

const OTHER_CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g

// What is not seen, or turns round what is: shown by its number, since a name with such a character is not the name that it looks like.
// Joiners between characters that are not ASCII belong to scripts and emoji.
const UNSEEN = /(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu

// Only what paint.ts writes: anything else (conceal, for one) could hide what a person is asked to approve.
const COLOUR = /\x1b\[(?:0|1|2|22|3[0-7]|39)m/g

/** The text without escape sequences and control characters; line breaks and tabs stay, and what cannot be seen is written as `<U+202E>`. */
export function legible(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replace(OTHER_CONTROLS, '').replace(UNSEEN, (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`)
}

/** The text with its colours, and without every other escape sequence and control character. */
export function legibleInColour(text: string): string {
  const colours = text.match(COLOUR) ?? []
  return text.split(COLOUR).map((part, index) => legible(part) + (colours[index] ?? '')).join('')
}
