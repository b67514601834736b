// YAML and JSON texts to values that know where they stand.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document as YamlDocument, Node as YamlNode } from 'yaml'
import type { Place } from '../../model/error.ts'
import { jsonFault } from '../../version/index.ts'
import { unreadable } from './node.ts'
import type { Document, Entry, Node } from './node.ts'

/** A text that unfolds to more values than this by its aliases is refused. */
const MOST_VALUES = 100_000

class TooMany extends Error {}

interface Reader {
  readonly document: YamlDocument
  place(offset: number): Place
  left: number
}

/** Reads YAML; aliases and merge keys (`<<`) are unfolded. Never throws. */
export function readYaml(file: string, text: string): Document {
  const lines = new LineCounter()
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, uniqueKeys: false, prettyErrors: false, logLevel: 'error' })
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const [error] = document.errors
  if (error !== undefined) return { problems: [unreadable(place(error.pos[0]), 'YAML', error.message.replace(/\.$/, ''))] }
  try {
    return { node: nodeOf(document.contents, { document, place, left: MOST_VALUES }), problems: [] }
  } catch (thrown) {
    if (!(thrown instanceof TooMany) && !(thrown instanceof RangeError)) throw thrown
    return { problems: [unreadable({ file, line: 1, column: 1 }, 'YAML', 'its aliases unfold to more than can be read')] }
  }
}

function nodeOf(value: unknown, reader: Reader): Node {
  reader.left -= 1
  if (reader.left < 0) throw new TooMany()
  const place = reader.place((value as YamlNode | null)?.range?.[0] ?? 0)
  if (isAlias(value)) {
    const target = value.resolve(reader.document)
    return target === undefined ? { is: 'scalar', value: null, place } : nodeOf(target, reader)
  }
  if (isMap(value)) return { is: 'map', place, entries: value.items.flatMap(({ key, value: inner }) => entriesOf({ key, inner }, reader)) }
  if (isSeq(value)) return { is: 'list', place, items: value.items.map((item) => nodeOf(item, reader)) }
  const scalar = isScalar(value) ? value.value : null
  const isPlain = typeof scalar === 'string' || typeof scalar === 'number' || typeof scalar === 'boolean'
  return { is: 'scalar', place, value: isPlain ? scalar : isScalar(value) && scalar !== null ? (value.source ?? null) : null }
}

function entriesOf({ key, inner }: { readonly key: unknown; readonly inner: unknown }, reader: Reader): readonly Entry[] {
  const place = reader.place((key as YamlNode | null)?.range?.[0] ?? 0)
  const value = inner === null ? { is: 'scalar' as const, value: null, place } : nodeOf(inner, reader)
  const name = isScalar(key) ? String(key.value) : String(key)
  if (name === '<<') return (value.is === 'list' ? value.items : [value]).flatMap((each) => (each.is === 'map' ? each.entries : []))
  return [{ key: name, place, value }]
}

/** Reads JSON. Never throws. */
export function readJson(file: string, written: string): Document {
  const text = written.replace(/^\uFEFF/, '')
  const fault = jsonFault(text, file)
  if (fault !== undefined) return { problems: [unreadable(fault.place, 'JSON', fault.found)] }
  // JSON is YAML but for tabs, which stand between its values alone.
  const read = readYaml(file, text.replaceAll('\t', ' '))
  return read.node === undefined ? { problems: read.problems.map((problem) => ({ ...problem, message: problem.message.replace('not valid YAML', 'not readable JSON') })) } : read
}
