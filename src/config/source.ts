// A YAML text read into a value that still knows where each part of it is written.
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Document, Node, YAMLMap } from 'yaml'
import type { Place, Problem } from '../model/error.ts'
import type { Path } from './config.ts'
import { aliasProblems, duplicateProblems, syntaxProblems } from './yaml-problems.ts'
import type { At } from './yaml-problems.ts'

/** A config text as plain data, with the way back from a path to its place. */
export interface Source {
  readonly file: string
  /** Mappings as objects, lists as arrays; undefined when the text holds nothing. */
  readonly value: unknown
  /** Where the value stands (or its key); the nearest key above it when it is missing or empty. */
  place(path: Path, of?: 'key' | 'value'): Place
  /** The letters of a plain value as they are written, before YAML made a number or a word of them. */
  letters(path: Path): string | undefined
  /** Every text in the document, keys left out. */
  texts(): readonly { readonly path: Path; readonly text: string }[]
}

/** Reads a YAML text. `source` is missing when the problems leave no value to look at; duplicate keys still leave one. */
export function readSource(file: string, written: string): { readonly problems: readonly Problem[]; readonly source?: Source } {
  // A byte order mark is no letter of the first line.
  const text = written.replace(/^\uFEFF/, '')
  const end = text.trimEnd().length
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, stringKeys: true, prettyErrors: false })
  const at: At = (offset) => {
    const spaces = /^ +(?=\S)/.exec(text.slice(offset))?.[0].length ?? 0
    const { line, col } = lines.linePos(Math.min(offset + spaces, Math.max(0, end - 1)))
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const syntax = syntaxProblems(document, at)
  if (syntax.length > 0) return { problems: syntax }
  const aliases = aliasProblems(document, at)
  if (aliases.length > 0) return { problems: aliases }
  return { problems: duplicateProblems(document, at), source: sourceOf(file, document, at) }
}

function sourceOf(file: string, document: Document, at: At): Source {
  const place: Source['place'] = (path, of = 'value') => at(offsetOf(document.contents, path, of))
  const letters: Source['letters'] = (path) => {
    const node = path.reduce<unknown>((above, part) => childOf(above, part)?.value, document.contents)
    return isScalar(node) && node.type === 'PLAIN' ? node.source : undefined
  }
  return { file, value: document.contents === null ? undefined : document.toJS(), place, letters, texts: () => textsOf(document) }
}

interface Child { readonly key?: Node; readonly value: unknown }

function childOf(node: unknown, part: PropertyKey): Child | undefined {
  if (isSeq(node)) return typeof part === 'number' && part < node.items.length ? { value: node.items[part] } : undefined
  if (!isMap(node)) return undefined
  // Of a key that stands twice the last one counts, as in the value.
  const pair = (node as YAMLMap<Node, unknown>).items.findLast(({ key }) => isScalar(key) && String(key.value) === String(part))
  return pair && { key: pair.key, value: pair.value }
}

function offsetOf(root: unknown, path: Path, of: 'key' | 'value'): number {
  let nearestOffset = 0
  let node = root
  for (const [depth, part] of path.entries()) {
    const child = childOf(node, part)
    if (child === undefined) return nearestOffset
    const keyOffset = child.key?.range?.[0]
    const last = depth === path.length - 1
    if (last && of === 'value' && isWritten(child.value)) return startOf(child.value, nearestOffset)
    nearestOffset = keyOffset ?? startOf(child.value, nearestOffset)
    node = child.value
  }
  return nearestOffset
}

function isWritten(value: unknown): boolean {
  return !(isScalar(value) && value.value === null && value.source === '')
}

function startOf(value: unknown, otherwise: number): number {
  return (value as Node | null)?.range?.[0] ?? otherwise
}

function textsOf(document: Document): { path: Path; text: string }[] {
  const texts: { path: Path; text: string }[] = []
  visit(document, {
    Scalar: (key, node, ancestors) => {
      if (key === 'key' || typeof node.value !== 'string') return
      texts.push({ path: pathOf(key, ancestors), text: node.value })
    },
  })
  return texts
}

function pathOf(key: number | 'key' | 'value' | null, ancestors: readonly unknown[]): Path {
  const steps: PropertyKey[] = []
  for (const [depth, ancestor] of ancestors.entries()) {
    if (isPair(ancestor) && isScalar(ancestor.key)) steps.push(String(ancestor.key.value))
    if (!isSeq(ancestor)) continue
    const next = ancestors[depth + 1]
    const index = next === undefined ? key : ancestor.items.indexOf(next)
    if (typeof index === 'number') steps.push(index)
  }
  return steps
}
