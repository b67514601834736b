// Link references: `[2.1.0]: https://…`.
import type { MarkdownLine } from './lines.ts'

/** One link reference with its place in the text. */
export interface LinkReference {
  /** As it is written, without brackets. */
  readonly label: string
  readonly url: string
  /** Where its line begins. */
  readonly start: number
  /** Where the address begins. */
  readonly urlStart: number
  /** After its line, line end included. */
  readonly end: number
}

const REFERENCE = /^ {0,3}\[([^\]\s][^\]]*)\]:[ \t]*<?([^\s<>]+)>?(?:[ \t].*)?$/d

/** The link references among the lines, in order; those in code and comments do not count. */
export function linkReferences(lines: readonly MarkdownLine[]): readonly LinkReference[] {
  return lines.flatMap((line) => {
    const found = line.kind === 'text' ? REFERENCE.exec(line.text) : null
    if (found === null) return []
    const [urlStart = 0] = found.indices?.[2] ?? []
    return [{ label: found[1] ?? '', url: found[2] ?? '', start: line.start, urlStart: line.start + urlStart, end: line.end }]
  })
}

/** The reference with this label; labels are not case-sensitive. */
export function linkTo(links: readonly LinkReference[], label: string): LinkReference | undefined {
  return links.find((link) => link.label.toLowerCase() === label.toLowerCase())
}
