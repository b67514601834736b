// Versions in Python files: assignments at module level, and the keyword of setup().
import { plainString, pythonTokens } from './python-tokens.ts'
import type { PythonToken } from './python-tokens.ts'
import type { Reading, Spot } from './spot.ts'

function spotOf(token: PythonToken | undefined): Spot | undefined {
  const literal = token === undefined ? undefined : plainString(token)
  return literal === undefined ? undefined : { start: literal.start, end: literal.end, written: literal.value, form: 'pep440' }
}

/** The lines of a source as lists of tokens; a statement within brackets is one line, and `;` ends one too. */
function statements(tokens: readonly PythonToken[]): readonly (readonly PythonToken[])[] {
  const lines: PythonToken[][] = [[]]
  for (const token of tokens) {
    if (token.kind === 'newline' || (token.text === ';' && token.depth === 0)) lines.push([])
    else lines.at(-1)?.push(token)
  }
  return lines
}

function startsLine(source: string, token: PythonToken): boolean {
  return token.start === 0 || '\n\r\uFEFF'.includes(source.charAt(token.start - 1))
}

/** `NAME = "…"`, `NAME: str = "…"` or a chain of names, at the very start of a line. */
function assignedSpot(source: string, line: readonly PythonToken[], names: readonly string[]): Spot | undefined {
  const [first, last] = [line[0], line.at(-1)]
  if (first?.kind !== 'name' || !startsLine(source, first)) return undefined
  const marks = line.flatMap((token, index) => (token.text === '=' && token.depth === 0 ? [index] : []))
  const targets = marks.map((at, index) => line.slice(index === 0 ? 0 : (marks[index - 1] ?? 0) + 1, at))
  const wanted = targets.some(([name, colon]) => name !== undefined && names.includes(name.text) && (colon === undefined || colon.text === ':'))
  return wanted && marks.at(-1) === line.length - 2 ? spotOf(last) : undefined
}

/** `version="…"` directly within the brackets of `setup(…)`, not within a call inside it. */
function keywordSpots(tokens: readonly PythonToken[]): readonly Spot[] {
  return tokens.flatMap((open, index) => {
    if (open.text !== '(' || open.kind !== 'mark' || tokens[index - 1]?.text !== 'setup' || tokens[index - 2]?.text === 'def') return []
    const close = tokens.findIndex((token, at) => at > index && token.text === ')' && token.depth === open.depth)
    const inside = tokens.slice(index, close === -1 ? tokens.length : close + 1)
    return inside.flatMap((token, at) => {
      const [before, equals, value, after] = [inside[at - 1], inside[at + 1], inside[at + 2], inside[at + 3]]
      const isKeyword = token.kind === 'name' && token.text === 'version' && token.depth === open.depth + 1 && equals?.text === '='
      if (!isKeyword || !['(', ','].includes(before?.text ?? '') || ![')', ','].includes(after?.text ?? '')) return []
      return spotOf(value) ?? []
    })
  })
}

function assignments(source: string, tokens: readonly PythonToken[], names: readonly string[]): readonly Spot[] {
  return statements(tokens).flatMap((line) => assignedSpot(source, line, names) ?? [])
}

/** `__version__ = "…"` at module level, with or without an annotation. */
export function readPythonModule(content: string): Reading {
  return { spots: assignments(content, pythonTokens(content), ['__version__']) }
}

/** `VERSION = "…"`, `version = "…"` or `__version__ = "…"` at module level, and `version="…"` within `setup(…)`. */
export function readSetupPy(content: string): Reading {
  const tokens = pythonTokens(content)
  const spots = [...assignments(content, tokens, ['VERSION', 'version', '__version__']), ...keywordSpots(tokens)]
  return { spots: spots.toSorted((a, b) => a.start - b.start) }
}
