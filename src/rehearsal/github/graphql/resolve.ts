// Answers a GraphQL selection from plain objects whose members may be functions of the field's arguments.
import { filled, type Field } from './document.ts'

/** An object as GraphQL shows it: scalars, other objects, lists, or what comes of arguments. */
export interface Node { readonly [field: string]: unknown }

/** An error as GitHub words it; `type` is empty where the document itself is wrong. */
export class GraphqlError extends Error {
  override readonly name = 'GraphqlError'
  readonly type: string

  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

/** The selected fields of a node. Throws GraphqlError for a field that it has not got. */
export async function resolve(node: Node, fields: readonly Field[], { variables, typeName }: { readonly variables: Readonly<Record<string, unknown>>; readonly typeName: string }): Promise<Record<string, unknown>> {
  const answer: Record<string, unknown> = {}
  for (const { name, as, arguments: given, fields: inner } of fields) {
    if (!Object.hasOwn(node, name)) throw new GraphqlError('', `Field '${name}' doesn't exist on type '${typeName}'`)
    const member = node[name]
    const values = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, filled(value, variables)]))
    const found: unknown = typeof member === 'function' ? await (member as (values: Readonly<Record<string, unknown>>) => unknown)(values) : member
    const below = async (each: unknown): Promise<unknown> => {
      if (each === null || typeof each !== 'object') return each
      if (Array.isArray(each)) return Promise.all(each.map(below))
      if (inner.length === 0) throw new GraphqlError('', `Field must have selections (field '${name}' returns an object but has no selections)`)
      return resolve(each as Node, inner, { variables, typeName: name })
    }
    answer[as] = await below(found)
  }
  return answer
}
