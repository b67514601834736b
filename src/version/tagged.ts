// The version that a tag carries.
import { tryParse, type SemVer } from './semver.ts'

/** The version in a tag of a pattern such as `v{version}`, as it is written and parsed; undefined for other tags and what is no version. */
export function taggedVersion(tag: string, pattern: string): { readonly version: string; readonly parsed: SemVer } | undefined {
  const [before = '', after = ''] = pattern.split('{version}')
  if (!tag.startsWith(before) || !tag.endsWith(after)) return undefined
  const version = tag.slice(before.length, tag.length - after.length)
  const parsed = tryParse(version)
  return parsed && { version, parsed }
}
