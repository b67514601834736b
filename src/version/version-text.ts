// What a version looks like within other text, and where it begins and ends there (sources of regular expressions).

/** A version in SemVer or PEP 440 form. */
export const VERSION_TEXT = String.raw`[0-9]+(?:\.[0-9]+)*(?:(?:a|b|rc)[0-9]+|-[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?(?:\+[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*)?`

/** Before a version: not within a longer number or version. */
export const VERSION_START = String.raw`(?<![0-9+])(?<![0-9]\.)`

/** After a version: not cut off from a longer one. A hyphen before a wheel's Python tag (`-py3`, `-cp312`) ends a version. */
export const VERSION_END = String.raw`(?![0-9A-Za-z+]|\.[0-9]|\.(?:dev|post)[0-9]|-(?!(?:py|cp|pp)[0-9])[0-9A-Za-z])`

/** The source of an expression that matches the text and nothing else. */
export function literalSource(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}
