// Versions in pyproject.toml: of the [project] table and of Poetry's.
import { isAt, stringValue, tomlValues } from './toml-values.ts'
import type { TomlValue } from './toml-values.ts'
import type { Reading, Spot } from './spot.ts'

const PATHS = [['project', 'version'], ['tool', 'poetry', 'version']]

function spotOf(value: TomlValue): Spot | undefined {
  const literal = stringValue(value)
  return literal && { ...literal, form: 'pep440' }
}

/** The `version` of `[project]` and of `[tool.poetry]`; no other table's. */
export function readPyproject(content: string): Reading {
  const values = tomlValues(content)
  const spots = values.filter((value) => PATHS.some((path) => isAt(value, path))).flatMap((value) => spotOf(value) ?? [])
  const dynamic = values.find((value) => isAt(value, ['project', 'dynamic']) && /["']version["']/.test(value.text))
  if (spots.length > 0 || dynamic === undefined) return { spots }
  return { spots, why: { clause: 'its version is dynamic (`dynamic = ["version"]`), so it is written in the file that the build reads it from', at: dynamic.start } }
}
