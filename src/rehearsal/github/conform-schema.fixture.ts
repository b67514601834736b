// OpenAPI 3.0 schemas made into JSON Schemas and checks.
import { Ajv } from 'ajv'
import formats from 'ajv-formats'

/** A part of the description. */
export type Tree = null | boolean | number | string | readonly Tree[] | { readonly [key: string]: Tree }

/** Tells what is wrong with a value, nothing when it fits. */
export type Check = (value: unknown) => readonly string[]

/** Makes checks of schemas. */
export interface Schemas {
  /** Properties that are not described are wrong. */
  exact(schema: Tree): Check
  /** Properties that are not described may be there. */
  open(schema: Tree): Check
  /** As `open`, for text that may stand for a number or a boolean. */
  loose(schema: Tree): Check
}

/**
 * GitHub's answers where its own description is behind: an asset whose upload broke off is a `starter`, says the text
 * beside the schema, which lists `uploaded` and `open`.
 */
const AMENDED: Readonly<Record<string, readonly string[]>> = { '["uploaded","open"]': ['uploaded', 'open', 'starter'] }

/** Checks of schemas that refer to these components. */
export function createSchemas(components: Readonly<Record<string, Readonly<Record<string, Tree>>>>): Schemas {
  const compiler = (open: boolean, coerceTypes: boolean) => {
    const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes, logger: false })
    // The package is CommonJS: its function is the default of its default.
    ;(formats as unknown as { default: (ajv: Ajv) => unknown }).default(ajv)
    ajv.addSchema({ $id: 'https://api.github.com/', components: convert(summed(components, components), open) as object })
    const made = new Map<string, Check>()
    return (schema: Tree): Check => {
      const key = JSON.stringify(schema)
      const known = made.get(key)
      if (known !== undefined) return known
      const fits = ajv.compile(convert(pointed(summed(schema, components)), open) as object)
      const check: Check = (value) => {
        if (fits(value)) return []
        return (fits.errors ?? []).map((error) => `${error.instancePath}: ${error.message ?? ''} ${JSON.stringify(error.params)}`)
      }
      made.set(key, check)
      return check
    }
  }
  return { exact: compiler(false, false), open: compiler(true, false), loose: compiler(true, true) }
}

/** Lets a schema from outside refer to the components. */
function pointed(tree: Tree): Tree {
  if (tree === null || typeof tree !== 'object') return tree
  if (isList(tree)) return tree.map(pointed)
  return Object.fromEntries(Object.entries(tree).map(([key, value]) =>
    [key, key === '$ref' && typeof value === 'string' ? `https://api.github.com/${value}` : pointed(value)]))
}

/** Objects that are the sum of components made into one, so that it can be closed as a whole. */
function summed(tree: Tree, components: Readonly<Record<string, Readonly<Record<string, Tree>>>>): Tree {
  if (tree === null || typeof tree !== 'object') return tree
  if (isList(tree)) return tree.map((item) => summed(item, components))
  const parts = isList(tree['allOf'] ?? null) ? (tree['allOf'] as readonly Tree[]).map((part) => partOf(part, components)) : []
  const whole = parts.length > 0 && parts.every((part) => part !== undefined)
  if (!whole) return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, summed(value, components)]))
  return {
    type: 'object',
    required: parts.flatMap(({ required }) => (required ?? []) as readonly Tree[]),
    properties: summed(Object.assign({}, ...parts.map(({ properties }) => properties)) as Tree, components),
  }
}

/** The component that a part of a sum refers to, where it is an object with properties. */
function partOf(part: Tree, components: Readonly<Record<string, Readonly<Record<string, Tree>>>>): { readonly [key: string]: Tree } | undefined {
  const reference = typeof part === 'object' && part !== null && !isList(part) ? part['$ref'] : undefined
  const [, , section = '', name = ''] = typeof reference === 'string' ? reference.split('/') : []
  const found = components[section]?.[name]
  return typeof found === 'object' && found !== null && !isList(found) && typeof found['properties'] === 'object' ? found : undefined
}

/** `nullable` made into JSON Schema, and objects closed unless they are parts of a choice or a sum. */
function convert(tree: Tree, open: boolean): Tree {
  if (tree === null || typeof tree !== 'object') return tree
  if (isList(tree)) return tree.map((item) => convert(item, open))
  const { nullable, ...rest } = tree
  const converted: Record<string, Tree> = {}
  for (const [key, value] of Object.entries(rest)) {
    const part = ['oneOf', 'anyOf', 'allOf'].includes(key) && isList(value)
    converted[key] = part ? value.map((item) => convert(item, true)) : convert(value, open)
  }
  const choices = converted['enum']
  if (choices !== undefined && isList(choices)) converted['enum'] = AMENDED[JSON.stringify(choices)] ?? choices
  const properties = converted['properties']
  const closable = typeof properties === 'object' && converted['type'] === 'object' && converted['additionalProperties'] === undefined
  if (!open && closable) converted['additionalProperties'] = false
  return nullable === true ? { anyOf: [{ type: 'null' }, converted] } : converted
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree)
}
