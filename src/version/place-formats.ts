// Which file names tell where a version stands in the file.
import { readCargoLock, readCargoToml } from './cargo-place.ts'
import { readDockerfile } from './dockerfile-place.ts'
import { readPackageJson, readPackageLock } from './json-place.ts'
import { readPlain } from './plain-place.ts'
import { readPom } from './pom-place.ts'
import { readPyproject } from './pyproject-place.ts'
import { readPythonModule, readSetupPy } from './python-place.ts'
import { readChart, readCitation } from './yaml-place.ts'
import type { Reading } from './spot.ts'

/**
 * A place as it is configured: a path whose file name tells the format, or a path with a pattern.
 * In a pattern `{version}` stands for the version. See `isKnownPlace` for which file names do.
 */
export type VersionPlace = string | { readonly path: string; readonly search?: string | undefined; readonly replace?: string | undefined }

/** How a version is read from files of some names. */
export interface Format {
  readonly files: RegExp
  /** What stands there, for people. */
  readonly holds: string
  /** What else to do about a version that is not the current one. */
  readonly otherwise?: string
  read(content: string, file: string): Reading
}

const OWN_CHART_VERSION = 'If the chart counts on its own, give its path with the text of the one line: search: \'appVersion: "{version}"\'.'

const FORMATS: readonly Format[] = [
  { files: /^setup\.py$/, holds: '`VERSION = "…"`, or `version="…"` within setup()', read: readSetupPy },
  { files: /\.pyi?$/, holds: '`__version__ = "…"`', read: readPythonModule },
  { files: /^pyproject\.toml$/, holds: '`version = "…"` in [project] or [tool.poetry]', read: readPyproject },
  { files: /^package\.json$/, holds: '`"version": "…"` at the top level', read: readPackageJson },
  { files: /^(?:package-lock|npm-shrinkwrap)\.json$/, holds: '`"version": "…"` at the top level or in packages[""]', read: readPackageLock },
  { files: /^(?:Dockerfile|Containerfile)(?:\..+)?$|\.(?:Dockerfile|Containerfile)$/i, holds: '`LABEL org.opencontainers.image.version="…"` or `ARG VERSION=…`', read: readDockerfile },
  { files: /^Cargo\.toml$/, holds: '`version = "…"` in [package] or [workspace.package]', read: readCargoToml },
  { files: /^Cargo\.lock$/, holds: 'the entry of the project\'s own package', read: readCargoLock },
  { files: /^Chart\.ya?ml$/, holds: '`version: …` and `appVersion: …` at the top level', otherwise: OWN_CHART_VERSION, read: readChart },
  { files: /^CITATION\.cff$/, holds: '`version: …` at the top level; `date-released: …` gets the day of the release', read: readCitation },
  { files: /^pom\.xml$/, holds: '`<version>…</version>` of the project, or the property that it names', read: readPom },
  { files: /^VERSION(?:\.txt)?$/i, holds: 'the version, and nothing else', read: readPlain },
]

/** The format that the file name tells, if it does. */
export function formatOf(path: string): Format | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return FORMATS.find(({ files }) => files.test(name))
}

/** True when the file name tells where the version stands, so that no pattern is needed. */
export function isKnownPlace(path: string): boolean {
  return formatOf(path) !== undefined
}

/** The path of a configured place. */
export function placePath(place: VersionPlace): string {
  return typeof place === 'string' ? place : place.path
}
