// Version places out of other tools' words for them.
import { isKnownPlace } from '../../version/index.ts'
import type { Json } from '../../model/json.ts'
import type { VersionPlace } from '../config.ts'
import { repositoryPath } from '../path.ts'

/** A text of another tool with Slipway's `{version}` for that tool's; undefined when it holds other variables, or no version. */
export function versionText(text: string, variables: RegExp, others: RegExp = /(?!)/): string | undefined {
  const filled = text.replaceAll(variables, '\0')
  if (others.test(filled) || !filled.includes('\0')) return undefined
  return filled.replaceAll('{version}', '').includes('\0') ? filled.replaceAll('\0', '{version}') : undefined
}

/** Modules that hold `__version__` by their name; of others the text around it tells. */
const MODULE_OF_VERSION = /(?:^|\/)(?:__init__|__about__|__version__|_version|version|about)\.pyi?$/

/** A search that says no more than the format of the file does. */
const USUAL = /^\s*(?:"version"|(?:[-\w]*[_-])?version(?:__)?)?\s*(?:[=:]|: str =)?\s*["']?\{version\}["']?,?\s*$/i

/** True when the name of the file says as much as the search does. */
function isOfName(path: string, search: string): boolean {
  if (!isKnownPlace(path) || !USUAL.test(search)) return false
  const isModule = /\.pyi?$/.test(path) && !/(?:^|\/)setup\.py$/.test(path)
  return !isModule || search.includes('__version__') || (search === '{version}' && MODULE_OF_VERSION.test(path))
}

/** The place of a version, as shortly as slipway.yaml can say it; undefined for a path that is none of the repository. */
export function placeIn(path: string, search = '{version}', replace = search): VersionPlace | undefined {
  const read = repositoryPath(path)
  if (!('path' in read)) return undefined
  if (replace === search && isOfName(read.path, search)) return { path: read.path }
  return { path: read.path, search, ...(replace !== search && { replace }) }
}

/** As slipway.yaml writes it: a path alone where that says all. */
export function placeData({ path, search, replace }: VersionPlace): Json {
  return search === undefined ? path : { path, search, ...(replace !== undefined && { replace }) }
}

/** Changelogs that Slipway can write. */
export function isChangelog(path: string): boolean {
  return /(?:^|\/)(?:change(?:s|log)?|history|news|release[-_]?notes)[^/]*\.(?:md|markdown)$/i.test(path)
}
