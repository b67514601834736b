// The keys that a schema knows at a path, read from its JSON Schema; for suggestions only.
import { z } from 'zod'
import type { SettingsSchema } from '../model/target.ts'
import type { Path } from './config.ts'

interface Node {
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
  readonly additionalProperties?: Node | boolean
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly allOf?: readonly Node[]
}

/** The JSON Schema of what may be written; of a schema that is not zod's, one that allows everything. */
export function writtenSchema(settings: SettingsSchema<unknown>): Record<string, unknown> {
  if (!('_zod' in settings)) return {}
  const { $schema: _, ...schema } = z.toJSONSchema(settings as unknown as z.ZodType, { io: 'input', target: 'draft-7', unrepresentable: 'any' })
  return schema
}

/** The keys that may be written in the mapping at this path of a value of the schema. */
export function knownKeys(settings: SettingsSchema<unknown>, path: Path): readonly string[] {
  const at = path.reduce<readonly Node[]>((nodes, part) => nodes.flatMap((node) => step(node, part)), branches(writtenSchema(settings)))
  return [...new Set(at.flatMap((node) => Object.keys(node.properties ?? {})))]
}

function branches(node: Node): readonly Node[] {
  return [node, ...[...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])].flatMap(branches)]
}

function step(node: Node, part: PropertyKey): readonly Node[] {
  if (typeof part === 'number') return node.items === undefined ? [] : branches(node.items)
  const under = node.properties?.[String(part)] ?? node.additionalProperties
  return typeof under === 'object' ? branches(under) : []
}
