// The JSON Schema of slipway.yaml as its pages read it.
import { configJsonSchema } from '../../src/config/index.ts'
import { TARGETS } from '../../src/targets/list.ts'

/** The parts of draft-07 that the schema uses. */
export interface Node {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly items?: Node
  readonly anyOf?: readonly Node[]
}

/** The schema of a whole config with every target. */
export function configSchema(): Node {
  return JSON.parse(JSON.stringify(configJsonSchema(TARGETS))) as Node
}

/** The keys that may be written at a node: its own, or those of the one form that is a mapping. */
export function keysOf(node: Node): Pick<Node, 'properties' | 'required'> | undefined {
  return node.properties !== undefined ? node : node.anyOf?.find(({ properties }) => properties !== undefined)
}

/** What may be written at a node, in a few words. */
export function typeText(node: Node): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``
  if (node.anyOf !== undefined) return node.anyOf.filter(({ type }) => type !== 'null').map(typeText).join(' or ')
  const type = Array.isArray(node.type) ? node.type.find((one) => one !== 'null') : node.type
  switch (type) {
    case 'string': return 'text'
    case 'integer': return 'whole number'
    case 'boolean': return '`true` or `false`'
    case 'object': return 'mapping'
    case 'array': return node.items === undefined ? 'list' : `list: ${typeText(node.items)}`
    default: throw new Error(`no words for the type ${String(type)}`)
  }
}
