// TOML texts to values that know where they stand (https://toml.io/en/v1.0.0).
import type { Place } from '../../model/error.ts'
import { unreadable } from './node.ts'
import type { Document, Node } from './node.ts'

/** A mapping or list while it is read. */
interface OpenMap { readonly is: 'map'; readonly place: Place; readonly entries: { key: string; place: Place; value: Open }[] }
interface OpenList { readonly is: 'list'; readonly place: Place; readonly items: Open[] }
type Open = OpenMap | OpenList | Extract<Node, { is: 'scalar' }>

/** Where and why reading stopped. */
class Fault extends Error {
  readonly offset: number
  constructor(offset: number, found: string) {
    super(found)
    this.offset = offset
  }
}

interface Cursor {
  readonly text: string
  readonly file: string
  at: number
  place(offset: number): Place
}

const DEEPEST = 100

/** Reads TOML. Never throws. */
export function readToml(file: string, written: string): Document {
  const text = written.replace(/^\uFEFF/, '')
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const place = (offset: number): Place => {
    let line = starts.findIndex((start) => start > offset)
    if (line === -1) line = starts.length
    return { file, line, column: offset - (starts[line - 1] ?? 0) + 1 }
  }
  const cursor: Cursor = { text, file, at: 0, place }
  try {
    return { node: document(cursor), problems: [] }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { problems: [unreadable(place(error.offset), 'TOML', error.message)] }
  }
}

function document(cursor: Cursor): Node {
  const root: OpenMap = { is: 'map', place: cursor.place(0), entries: [] }
  let table = root
  for (;;) {
    blank(cursor, true)
    if (cursor.at >= cursor.text.length) return root
    if (cursor.text.startsWith('[', cursor.at)) table = header(cursor, root)
    else pair(cursor, table, 0)
    blank(cursor, false)
    if (cursor.at < cursor.text.length && !/[\r\n]/.test(cursor.text.charAt(cursor.at))) throw new Fault(cursor.at, 'a line end is missing here')
  }
}

function blank(cursor: Cursor, lines: boolean): void {
  take(cursor, lines ? /(?:[ \t\r\n]|#[^\n]*)*/y : /[ \t]*(?:#[^\r\n]*)?/y)
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0] ?? ''
  cursor.at += found.length
  return found
}

function must(cursor: Cursor, mark: string): void {
  if (!cursor.text.startsWith(mark, cursor.at)) throw new Fault(cursor.at, `"${mark}" is missing here`)
  cursor.at += mark.length
}

interface Key { readonly name: string; readonly offset: number }

function keys(cursor: Cursor): readonly Key[] {
  const found: Key[] = []
  do {
    take(cursor, /[ \t]*/y)
    const offset = cursor.at
    const bare = take(cursor, /[A-Za-z0-9_-]+/y)
    if (bare === '' && !/["']/.test(cursor.text.charAt(cursor.at))) throw new Fault(offset, 'a key is missing here')
    found.push({ name: bare === '' ? string(cursor) : bare, offset })
    take(cursor, /[ \t]*/y)
  } while (take(cursor, /\./y) !== '')
  return found
}

/** The mapping under a key, made where there is none; of a list of tables the last. */
function under(cursor: Cursor, map: OpenMap, { name, offset }: Key): OpenMap {
  const found = map.entries.find(({ key }) => key === name)?.value
  if (found === undefined) {
    const made: OpenMap = { is: 'map', place: cursor.place(offset), entries: [] }
    map.entries.push({ key: name, place: cursor.place(offset), value: made })
    return made
  }
  const inner = found.is === 'list' ? found.items.at(-1) : found
  if (inner?.is !== 'map') throw new Fault(offset, `"${name}" is no table`)
  return inner
}

function header(cursor: Cursor, root: OpenMap): OpenMap {
  const start = cursor.at
  must(cursor, '[')
  const isList = take(cursor, /\[/y) !== ''
  const path = keys(cursor)
  must(cursor, isList ? ']]' : ']')
  const last = path.at(-1)
  if (last === undefined) throw new Fault(start, 'a key is missing here')
  const above = path.slice(0, -1).reduce((map, key) => under(cursor, map, key), root)
  if (!isList) return under(cursor, above, last)
  const table: OpenMap = { is: 'map', place: cursor.place(start), entries: [] }
  const list = above.entries.find(({ key }) => key === last.name)?.value
  if (list === undefined) above.entries.push({ key: last.name, place: cursor.place(last.offset), value: { is: 'list', place: cursor.place(start), items: [table] } })
  else if (list.is === 'list') list.items.push(table)
  else throw new Fault(last.offset, `"${last.name}" is no list of tables`)
  return table
}

function pair(cursor: Cursor, table: OpenMap, depth: number): void {
  const path = keys(cursor)
  must(cursor, '=')
  take(cursor, /[ \t]*/y)
  const last = path.at(-1)
  if (last === undefined) throw new Fault(cursor.at, 'a key is missing here')
  const above = path.slice(0, -1).reduce((map, key) => under(cursor, map, key), table)
  if (above.entries.some(({ key }) => key === last.name)) throw new Fault(last.offset, `"${last.name}" stands twice`)
  above.entries.push({ key: last.name, place: cursor.place(last.offset), value: value(cursor, depth) })
}

function value(cursor: Cursor, depth: number): Open {
  const start = cursor.at
  const place = cursor.place(start)
  if (depth > DEEPEST) throw new Fault(start, 'it is nested too deeply')
  const first = cursor.text.charAt(start)
  if (first === '"' || first === '\'') return { is: 'scalar', place, value: string(cursor) }
  if (first === '[') return { is: 'list', place, items: list(cursor, depth) }
  if (first === '{') {
    const map: OpenMap = { is: 'map', place, entries: [] }
    inline(cursor, map, depth)
    return map
  }
  const word = take(cursor, /[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9:.+\-Z]*|[A-Za-z0-9+\-_.:]+/y)
  if (word === 'true' || word === 'false') return { is: 'scalar', place, value: word === 'true' }
  if (/^[+-]?(?:0|[1-9](?:_?[0-9])*)(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9]+)?$/.test(word)) return { is: 'scalar', place, value: Number(word.replaceAll('_', '')) }
  if (/^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}|0[xob][0-9A-Fa-f_]+$|[+-]?(?:inf|nan)$)/.test(word)) return { is: 'scalar', place, value: word }
  throw new Fault(start, word === '' ? 'a value is missing here' : `${word} is no value; text stands in quotes`)
}

function list(cursor: Cursor, depth: number): Open[] {
  const items: Open[] = []
  must(cursor, '[')
  for (;;) {
    blank(cursor, true)
    if (take(cursor, /\]/y) !== '') return items
    items.push(value(cursor, depth + 1))
    blank(cursor, true)
    if (take(cursor, /,/y) === '') {
      must(cursor, ']')
      return items
    }
  }
}

function inline(cursor: Cursor, map: OpenMap, depth: number): void {
  must(cursor, '{')
  blank(cursor, true)
  while (take(cursor, /\}/y) === '') {
    pair(cursor, map, depth + 1)
    blank(cursor, true)
    if (take(cursor, /,/y) === '') {
      must(cursor, '}')
      return
    }
    blank(cursor, true)
  }
}

function string(cursor: Cursor): string {
  const start = cursor.at
  const quote = take(cursor, /"""|'''|"|'/y)
  const body = quote === '"""' ? /(?:[^"\\]|\\[^]|"(?!""))*(?:""?(?=""")(?!""""))?/y : quote === '\'\'\'' ? /(?:[^']|'(?!''))*(?:''?(?=''')(?!''''))?/y : quote === '"' ? /(?:[^"\\\r\n]|\\[^\r\n])*/y : /[^'\r\n]*/y
  const raw = take(cursor, body)
  if (!cursor.text.startsWith(quote, cursor.at)) throw new Fault(start, 'a quote is never closed')
  cursor.at += quote.length
  const text = quote.length === 3 ? raw.replace(/^\r?\n/, '') : raw
  if (quote.startsWith('\'')) return text
  return text.replaceAll(/\\(?:[ \t]*\r?\n\s*|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([^]))/g, (_, short?: string, long?: string, letter?: string) => {
    const code = short ?? long
    if (code !== undefined) return Number.parseInt(code, 16) > 0x10_FFFF ? '\uFFFD' : String.fromCodePoint(Number.parseInt(code, 16))
    return letter === undefined ? '' : (ESCAPES.get(letter) ?? letter)
  })
}

const ESCAPES: ReadonlyMap<string, string> = new Map([['b', '\b'], ['t', '\t'], ['n', '\n'], ['f', '\f'], ['r', '\r']])
