// Single values of a TOML document, as far as detection needs them.
import { tomlValues } from '../../version/index.ts'

/** A value with the 1-based line that it begins on. */
export interface TomlFound {
  readonly text: string
  readonly line: number
}

/** Every value of a document by its path, joined with dots. */
export function readToml(content: string | undefined): ReadonlyMap<string, TomlFound> {
  if (content === undefined) return new Map()
  return new Map(tomlValues(content).map(({ path, text, start }) => [path.join('.'), { text, line: content.slice(0, start).split('\n').length }]))
}

/** The strings in a value: one for a string, all of them for an array or an inline table, keys left out. */
export function tomlStrings(value: TomlFound | undefined): readonly string[] {
  return value === undefined ? [] : [...value.text.matchAll(/"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'/g)].map(([, double, single]) => double ?? single ?? '')
}

/** The string under a key of an inline table: `attr` in `{ attr = "tiny.__version__" }`. */
export function tomlInline(value: TomlFound | undefined, key: string): string | undefined {
  if (value === undefined) return undefined
  const [, double, single] = new RegExp(String.raw`[{,]\s*${key}\s*=\s*\[?\s*(?:"([^"\n]*)"|'([^'\n]*)')`).exec(value.text) ?? []
  return double ?? single
}
