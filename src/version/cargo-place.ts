// Versions in Cargo.toml and Cargo.lock.
import { isAt, stringValue, tomlValues } from './toml-values.ts'
import type { TomlValue } from './toml-values.ts'
import type { Reading, Spot } from './spot.ts'

const PATHS = [['package', 'version'], ['workspace', 'package', 'version']]

function spotOf(value: TomlValue): Spot | undefined {
  const literal = stringValue(value)
  return literal && { ...literal, form: 'semver' }
}

function inherits(value: TomlValue): boolean {
  return isAt(value, ['package', 'version', 'workspace']) || (isAt(value, ['package', 'version']) && /^\{\s*workspace\s*=\s*true\s*\}$/.test(value.text))
}

/** The `version` of `[package]` and of `[workspace.package]`; no dependency's. */
export function readCargoToml(content: string): Reading {
  const values = tomlValues(content)
  const spots = values.filter((value) => PATHS.some((path) => isAt(value, path))).flatMap((value) => spotOf(value) ?? [])
  const inherited = values.find(inherits)
  if (spots.length > 0 || inherited === undefined) return { spots }
  return { spots, why: { clause: 'its version is that of the workspace (`version.workspace = true`), so it is written in the Cargo.toml at the root of the workspace', at: inherited.start } }
}

interface Locked {
  name?: string
  version?: Spot
  fetched: boolean
}

/** The `[[package]]` tables, in order; Cargo writes the name first. */
function lockedPackages(content: string): readonly Locked[] {
  const packages: Locked[] = []
  for (const value of tomlValues(content)) {
    if (value.path[0] !== 'package' || value.path[1] !== '[]' || value.path.length !== 3) continue
    const [key, spot] = [value.path[2], spotOf(value)]
    if (key === 'name') packages.push({ fetched: false, ...(spot && { name: spot.written }) })
    const current = packages.at(-1)
    if (current === undefined) continue
    if (key === 'version' && spot !== undefined) current.version = spot
    if (key === 'source') current.fetched = true
  }
  return packages
}

/**
 * The version of the project's own package: the one that comes from no registry and no repository (it has no `source`). Several such
 * packages are one workspace when they hold one version; otherwise the file does not tell which is meant.
 */
export function readCargoLock(content: string): Reading {
  const own = lockedPackages(content).flatMap(({ name = '?', version, fetched }) => (fetched || version === undefined ? [] : [{ name, spot: version }]))
  const spots = own.map(({ spot }) => spot)
  const other = own.find(({ spot }) => spot.written !== spots[0]?.written)
  if (other === undefined) return { spots }
  return {
    spots: [],
    why: {
      clause: `it locks several packages of this repository with different versions (${own.map(({ name, spot }) => `${name} ${spot.written}`).join(', ')}), so it does not tell which one is meant`,
      at: other.spot.start,
      hint: `Name the one with the lines around it, for example search: "name = \\"${own[0]?.name ?? 'NAME'}\\"\\nversion = \\"{version}\\"".`,
    },
  }
}
