// What a setup.py says, read by its tokens and never run.
import { plainString, pythonTokens, type PythonToken } from '../../version/index.ts'

/** The keywords of its `setup(…)` call. */
export interface SetupCall {
  /** The text of a keyword that is a plain string, or a name that is assigned one. */
  text(keyword: string): { readonly value: string; readonly line: number } | undefined
  /** Every plain string within a keyword's value. */
  strings(keyword: string): readonly string[]
  /** The names within a keyword's value: `find_packages`. */
  names(keyword: string): readonly string[]
  /** The folder that `find_packages("src")` or `find_packages(where="src")` looks in; undefined for the root. */
  readonly foundIn: string | undefined
}

/** Reads the call. A keyword that is computed is not told. */
export function readSetupCall(source: string): SetupCall {
  const tokens = pythonTokens(source)
  const keywords = new Map<string, readonly PythonToken[]>()
  const open = tokens.findIndex((token, at) => token.text === '(' && tokens[at - 1]?.text === 'setup' && tokens[at - 2]?.text !== 'def')
  const depth = (tokens[open]?.depth ?? 0) + 1
  for (let at = open + 1; open >= 0 && at < tokens.length && (tokens[at]?.depth ?? 0) >= depth; at += 1) {
    const [name, equals] = [tokens[at], tokens[at + 1]]
    if (name?.kind !== 'name' || name.depth !== depth || equals?.text !== '=') continue
    const end = tokens.findIndex((token, index) => index > at && (token.depth < depth || (token.depth === depth && token.text === ',')))
    keywords.set(name.text, tokens.slice(at + 2, end < 0 ? tokens.length : end))
  }
  const assigned = new Map(tokens.flatMap((token, at) => {
    const value = tokens[at + 2]
    const isAssignment = token.kind === 'name' && token.depth === 0 && tokens[at + 1]?.text === '=' && value !== undefined
    const literal = isAssignment ? plainString(value) : undefined
    return literal === undefined ? [] : [[token.text, literal] as const]
  }))
  return {
    text(keyword) {
      const value = keywords.get(keyword)
      const [only] = value?.length === 1 ? value : []
      const literal = only === undefined ? undefined : only.kind === 'string' ? plainString(only) : assigned.get(only.text)
      return literal === undefined ? undefined : { value: literal.value, line: source.slice(0, literal.start).split('\n').length }
    },
    strings: (keyword) => (keywords.get(keyword) ?? []).flatMap((token) => plainString(token)?.value ?? []),
    names: (keyword) => (keywords.get(keyword) ?? []).filter(({ kind }) => kind === 'name').map(({ text }) => text),
    foundIn: searchedFolder(keywords.get('packages') ?? []),
  }
}

function searchedFolder(tokens: readonly PythonToken[]): string | undefined {
  const [finder, , first] = tokens
  if (finder === undefined || first === undefined || !/^find_(?:namespace_)?packages$/.test(finder.text)) return undefined
  const where = tokens.findIndex(({ text }, at) => text === 'where' && tokens[at + 1]?.text === '=')
  const literal = plainString(tokens[where < 0 ? 2 : where + 2] ?? first)
  return literal?.value
}
