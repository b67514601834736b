// Just enough of Python's lexical rules to tell code from strings and comments.

/** A piece of Python source. Line ends count only outside brackets; white space, comments and joined lines are left out. */
export interface PythonToken {
  readonly kind: 'name' | 'string' | 'mark' | 'newline'
  /** Offset of the first character. */
  readonly start: number
  /** Offset after the last one. */
  readonly end: number
  readonly text: string
  /** How many brackets are open around it. */
  readonly depth: number
}

/** A string literal's content, when the literal is plain: no f or b prefix and no escapes. */
export function plainString(token: PythonToken): { readonly start: number; readonly end: number; readonly value: string } | undefined {
  if (token.kind !== 'string') return undefined
  const parts = /^([uUrR]?)("""|'''|"|')([^\\]*)\2$/s.exec(token.text)
  if (parts === null) return undefined
  const start = token.start + (parts[1] ?? '').length + (parts[2] ?? '').length
  const value = parts[3] ?? ''
  return { start, end: start + value.length, value }
}

// Strings end at the line's end when their quote is missing, and joined lines are white space, as in the reference's lexer.
const TOKEN = new RegExp(
  [
    String.raw`(?<blank>[ \t\f\uFEFF]+|\\\r?\n|#[^\r\n]*)`,
    String.raw`(?<newline>\r?\n|\r)`,
    String.raw`(?<string>[A-Za-z]{0,2}(?:"""(?:[^"\\]|\\[^]|"(?!""))*(?:"""|$)|'''(?:[^'\\]|\\[^]|'(?!''))*(?:'''|$)|"(?:[^"\\\r\n]|\\(?:\r\n|[^]))*"?|'(?:[^'\\\r\n]|\\(?:\r\n|[^]))*'?))`,
    String.raw`(?<name>[\p{L}\p{N}_]+)`,
    String.raw`(?<mark>[=!<>]=|:=|[^])`,
  ].join('|'),
  'yu',
)

/** The tokens of a Python source, in order. Never throws: broken source gives broken tokens. */
export function pythonTokens(source: string): readonly PythonToken[] {
  const tokens: PythonToken[] = []
  let depth = 0
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const start = TOKEN.lastIndex
    const groups = TOKEN.exec(source)?.groups
    if (groups === undefined) break
    const end = TOKEN.lastIndex
    const text = source.slice(start, end)
    if (groups['blank'] !== undefined) continue
    if (groups['newline'] !== undefined) {
      if (depth === 0) tokens.push({ kind: 'newline', start, end, text, depth })
      continue
    }
    const kind = groups['string'] !== undefined ? 'string' : groups['name'] !== undefined ? 'name' : 'mark'
    if (kind === 'mark' && ')]}'.includes(text)) depth = Math.max(0, depth - 1)
    tokens.push({ kind, start, end, text, depth })
    if (kind === 'mark' && '([{'.includes(text)) depth += 1
  }
  return tokens
}
