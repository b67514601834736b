// A spot: where exactly a version stands in a text.

/** Which form of the version a spot is written with. */
export type VersionForm = 'semver' | 'pep440'

/** A piece of a text. */
export interface Span {
  /** Offset of its first character. */
  readonly start: number
  /** Offset after the last one. */
  readonly end: number
  readonly written: string
}

/** A version that stands in a text. */
export interface Spot {
  /** Offset of the first character that an edit replaces. */
  readonly start: number
  /** Offset after the last one. */
  readonly end: number
  /** The version as it is written there. */
  readonly written: string
  readonly form: VersionForm
  /** What stands around the version when the edit replaces more than it; holds `{version}`. */
  readonly template?: string
}

/** What a format reads out of a file: its spots, or why there are none. */
export interface Reading {
  readonly spots: readonly Spot[]
  /** The day of the release, where the format carries it beside the version. */
  readonly dates?: readonly Span[]
  /** A clause that explains why there is no spot, and where and what to do, when the format knows. */
  readonly why?: { readonly clause: string; readonly at?: number; readonly hint?: string }
}

/** 1-based line and column of an offset; a byte order mark takes no column. */
export function positionAt(content: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1
  let start = content.startsWith('\uFEFF') ? 1 : 0
  for (let at = content.indexOf('\n'); at !== -1 && at < offset; at = content.indexOf('\n', at + 1)) {
    line += 1
    start = at + 1
  }
  return { line, column: offset - start + 1 }
}
