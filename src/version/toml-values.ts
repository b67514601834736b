// The values of a TOML document with their whole paths and their places in the text.
import type { Span } from './spot.ts'

/** A value as it is written. */
export interface TomlValue {
  /** Keys from the root; in an array of tables the array's name is followed by `[]`. */
  readonly path: readonly string[]
  readonly start: number
  readonly end: number
  readonly text: string
}

// A string without its closing quote ends with its line, a long one with the text, so that broken files are read once.
const STRING = String.raw`"""(?:[^"\\]|\\[^]|"(?!""))*(?:"{3,5}|$)|'''(?:[^']|'(?!''))*(?:'{3,5}|$)|"(?:[^"\\\r\n]|\\[^\r\n])*"?|'[^'\r\n]*'?`
const KEY = String.raw`(?:[A-Za-z0-9_-]+|"(?:[^"\\\r\n]|\\[^\r\n])*"|'[^'\r\n]*')`
const KEYS = String.raw`${KEY}(?:[ \t]*\.[ \t]*${KEY})*`

const BLANK = /(?:[ \t\r\n\uFEFF]|#[^\n]*)*/y
const TABLE = new RegExp(String.raw`\[(\[?)[ \t]*(${KEYS})[ \t]*\]`, 'y')
const ASSIGNMENT = new RegExp(String.raw`(${KEYS})[ \t]*=[ \t]*`, 'y')
const PIECE = new RegExp(String.raw`${STRING}|#[^\n]*|[[\]{}]|\r?\n|[^\r\n#"'[\]{}]+|[^]`, 'y')
const ONE_KEY = new RegExp(KEY, 'g')

function match(pattern: RegExp, content: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(content)
}

function keysOf(text: string): readonly string[] {
  return [...text.matchAll(ONE_KEY)].map(([key]) => (/^["']/.test(key) ? key.slice(1, -1) : key))
}

/** Offset after a value: at its line's end or comment, outside of all brackets. */
function valueEnd(content: string, start: number): number {
  let depth = 0
  let at = start
  while (at < content.length) {
    const piece = match(PIECE, content, at)?.[0] ?? content.charAt(at)
    if (depth === 0 && /^(?:#|\r?\n)/.test(piece)) break
    if (piece === '[' || piece === '{') depth += 1
    if (piece === ']' || piece === '}') depth -= 1
    at += piece.length
  }
  return at
}

/** Every `key = value` of a document, in order. Never throws: a line that is no TOML is passed over. */
export function tomlValues(content: string): readonly TomlValue[] {
  const values: TomlValue[] = []
  let table: readonly string[] = []
  let at = match(BLANK, content, 0)?.[0].length ?? 0
  while (at < content.length) {
    const header = match(TABLE, content, at)
    const assignment = header === null ? match(ASSIGNMENT, content, at) : null
    if (header !== null) {
      table = [...keysOf(header[2] ?? ''), ...(header[1] === '[' ? ['[]'] : [])]
      at += header[0].length
    } else if (assignment !== null) {
      const start = at + assignment[0].length
      at = valueEnd(content, start)
      const text = content.slice(start, at).trimEnd()
      values.push({ path: [...table, ...keysOf(assignment[1] ?? '')], start, end: start + text.length, text })
    } else {
      const end = content.indexOf('\n', at)
      at = end === -1 ? content.length : end
    }
    at += match(BLANK, content, at)?.[0].length ?? 0
  }
  return values
}

/** True when the value stands at this path. */
export function isAt(value: TomlValue, path: readonly string[]): boolean {
  return value.path.length === path.length && path.every((key, index) => key === value.path[index])
}

/** What stands between the quotes of a string without escapes; undefined for every other value. */
export function stringValue(value: TomlValue): Span | undefined {
  const parts = /^("""|'''|"|')([^\\]*)\1$/s.exec(value.text)
  if (parts === null) return undefined
  const start = value.start + (parts[1] ?? '').length
  return { start, end: start + (parts[2] ?? '').length, written: parts[2] ?? '' }
}
