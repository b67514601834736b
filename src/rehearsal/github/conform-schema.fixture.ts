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
    ajv.addSchema({ $id: 'https://api.github.com/', components: convert(components, open) as object })
    const made = new Map<string, Check>()
    return (schema: Tree): Check => {
      const key = JSON.stringify(schema)
      const known = made.get(key)
      if (known !== undefined) return known
      const fits = ajv.compile(convert(pointed(schema), open) as object)
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
