// A value in a settings file, of whatever format, that knows where it stands.
import type { Place, Problem } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'

/** A text, number, word or nothing. */
export interface ScalarNode {
  readonly is: 'scalar'
  readonly value: string | number | boolean | null
  readonly place: Place
}

/** A list. */
export interface ListNode {
  readonly is: 'list'
  readonly items: readonly Node[]
  readonly place: Place
}

/** A mapping: its entries as they are written, in order, also those whose keys stand twice. */
export interface MapNode {
  readonly is: 'map'
  readonly entries: readonly Entry[]
  readonly place: Place
}

/** A value with its place. */
export type Node = ScalarNode | ListNode | MapNode

/** A key, where it stands, and its value. */
export interface Entry {
  readonly key: string
  readonly place: Place
  readonly value: Node
}

/** What reading a text gave. `node` is missing when the text could not be read, and then there is a problem. */
export interface Document {
  readonly node?: Node
  readonly problems: readonly Problem[]
}

/** The value under these keys; the last one where a key stands twice. */
export function at(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  return keys.reduce<Node | undefined>((above, key) => (above?.is === 'map' ? above.entries.findLast((entry) => entry.key === key)?.value : undefined), node)
}

/** The entries of a mapping; none of anything else. */
export function entriesOf(node: Node | undefined): readonly Entry[] {
  return node?.is === 'map' ? node.entries : []
}

/** The items of a list; a single value is a list of itself. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  if (node === undefined) return []
  return node.is === 'list' ? node.items : [node]
}

/** The text of a scalar that is text. */
export function textAt(node: Node | undefined): string | undefined {
  return node?.is === 'scalar' && typeof node.value === 'string' ? node.value : undefined
}

/** The value as plain data. */
export function dataOf(node: Node): Json {
  if (node.is === 'scalar') return node.value
  return node.is === 'list' ? node.items.map(dataOf) : Object.fromEntries(node.entries.map(({ key, value }) => [key, dataOf(value)]))
}

/** A problem of a settings file that cannot be read as its format. */
export function unreadable(place: Place, format: string, found: string): Problem {
  return { code: 'file-unreadable', message: `${place.file} is not valid ${format}: ${found}.`, hint: 'Mend it, delete slipway.yaml and run `slipway init` again, or write by hand what it would have told.', place }
}
