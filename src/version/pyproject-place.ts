// Versions in pyproject.toml: of the [project] table and of Poetry's.
import { tomlValues } from './toml-values.ts'
import type { TomlValue } from './toml-values.ts'
import type { Reading, Spot } from './spot.ts'

const PATHS = [['project', 'version'], ['tool', 'poetry', 'version']]

function isAt(value: TomlValue, path: readonly string[]): boolean {
  return value.path.length === path.length && path.every((key, index) => key === value.path[index])
}

function spotOf(value: TomlValue): Spot | undefined {
  const parts = /^("""|'''|"|')([^\\]*)\1$/s.exec(value.text)
  if (parts === null) return undefined
  const start = value.start + (parts[1] ?? '').length
  return { start, end: start + (parts[2] ?? '').length, written: parts[2] ?? '', form: 'pep440' }
}

/** The `version` of `[project]` and of `[tool.poetry]`; no other table's. */
export function readPyproject(content: string): Reading {
  const values = tomlValues(content)
  const spots = values.filter((value) => PATHS.some((path) => isAt(value, path))).flatMap((value) => spotOf(value) ?? [])
  const dynamic = values.find((value) => isAt(value, ['project', 'dynamic']) && /["']version["']/.test(value.text))
  if (spots.length > 0 || dynamic === undefined) return { spots }
  return { spots, why: { clause: 'its version is dynamic (`dynamic = ["version"]`), so it is written in the file that the build reads it from', at: dynamic.start } }
}
