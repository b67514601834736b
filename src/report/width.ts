// The width of text on a terminal, in columns.

const COLOUR = /^\x1b\[[\d;]*m/

/** Columns that a text of one line takes. Colours take none, East Asian wide characters and emoji take two. */
export function widthOf(text: string): number {
  return pieces(text).reduce((sum, { width }) => sum + width, 0)
}

/** The text cut to at most this many columns, its last one an ellipsis when something was cut; its colours are ended. */
export function fitted(text: string, columns: number): string {
  const all = pieces(text)
  if (all.reduce((sum, { width }) => sum + width, 0) <= columns) return text
  if (columns < 1) return ''
  let room = columns - 1
  let cut = false
  return all.map(({ piece, width, colour }) => {
    if (colour) return piece
    if (cut) return ''
    cut = width > room
    room -= width
    return cut ? '…' : piece
  }).join('')
}

/** The text with spaces after it up to this many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)))
}

interface Piece {
  readonly piece: string
  readonly width: number
  readonly colour: boolean
}

function pieces(text: string): readonly Piece[] {
  const found: Piece[] = []
  for (let at = 0; at < text.length;) {
    const colour = COLOUR.exec(text.slice(at, at + 16))?.[0]
    const piece = colour ?? String.fromCodePoint(text.codePointAt(at) ?? 0)
    found.push({ piece, width: colour === undefined ? columnsOf(piece) : 0, colour: colour !== undefined })
    at += piece.length
  }
  return found
}

function columnsOf(character: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u.test(character)) return 0
  const code = character.codePointAt(0) ?? 0
  return WIDE.some(([from, to]) => code >= from && code <= to) || /^\p{Emoji_Presentation}$/u.test(character) ? 2 : 1
}

/** Blocks of wide characters (Unicode Standard Annex 11), as far as terminals agree on them. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], [0x2e80, 0x303e], [0x3041, 0x33ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xa000, 0xa4cf], [0xac00, 0xd7a3],
  [0xf900, 0xfaff], [0xfe30, 0xfe4f], [0xff00, 0xff60], [0xffe0, 0xffe6], [0x20000, 0x3fffd],
]
