// The order of a changelog's sections: each once, newest first.
import { SlipwayError } from '../model/error.ts'
import { compareSemVer } from '../version/index.ts'

/** What the order depends on. */
export interface Dated {
  readonly version: string | undefined
  readonly date: string | undefined
}

/**
 * True when a section may stand above another: its version is greater, or, for a late release of an older line, its date is later.
 */
export function standsAbove(upper: Dated, lower: Dated): boolean {
  if (lower.version === undefined) return false
  if (upper.version === undefined || compareSemVer(upper.version, lower.version) > 0) return true
  return upper.date !== undefined && lower.date !== undefined && upper.date > lower.date
}

function nameOf(section: Dated): string {
  return section.version ?? 'Unreleased'
}

/** Throws SlipwayError `changelog-invalid` with the line of the first section that stands twice or not newest first. */
export function assertOrder(file: string, sections: readonly (Dated & { readonly line: number })[]): void {
  const seen = new Map<string, number>()
  for (const [index, section] of sections.entries()) {
    const [name, above, { line }] = [nameOf(section), sections[index - 1], section]
    const before = seen.get(name)
    const message =
      before !== undefined
        ? `${file} has two sections for ${name}, at lines ${before} and ${line}.`
        : above !== undefined && !standsAbove(above, section)
          ? `In ${file} the section ${name} stands below ${nameOf(above)}, which is older.`
          : undefined
    if (message !== undefined) {
      const hint = before !== undefined ? 'Join them, so that every version has one section.' : 'Put Unreleased at the top, and below it the versions, newest first.'
      throw new SlipwayError({ code: 'changelog-invalid', message, hint, place: { file, line, column: 1 } })
    }
    seen.set(name, line)
  }
}
