// Which file names tell where a version stands in the file.
import { readDockerfile } from './dockerfile-place.ts'
import { readPackageJson, readPackageLock } from './json-place.ts'
import { readPyproject } from './pyproject-place.ts'
import { readPythonModule, readSetupPy } from './python-place.ts'
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
  read(content: string, file: string): Reading
}

const FORMATS: readonly Format[] = [
  { files: /^setup\.py$/, holds: '`VERSION = "…"`, or `version="…"` within setup()', read: readSetupPy },
  { files: /\.pyi?$/, holds: '`__version__ = "…"`', read: readPythonModule },
  { files: /^pyproject\.toml$/, holds: '`version = "…"` in [project] or [tool.poetry]', read: readPyproject },
  { files: /^package\.json$/, holds: '`"version": "…"` at the top level', read: readPackageJson },
  { files: /^(?:package-lock|npm-shrinkwrap)\.json$/, holds: '`"version": "…"` at the top level or in packages[""]', read: readPackageLock },
  { files: /^(?:Dockerfile|Containerfile)(?:\..+)?$|\.(?:Dockerfile|Containerfile)$/i, holds: '`LABEL org.opencontainers.image.version="…"` or `ARG VERSION=…`', read: readDockerfile },
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
