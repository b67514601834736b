// Plain words, tables and code as GitHub's Markdown, made of what tools, commits and people said.
import { escapedMarkup, plainWords } from '../model/markdown.ts'
import { legible } from './legible.ts'

/** A text on one line, for a paragraph or a table's cell. */
export function words(text: string, longest = 400): string {
  // What stands at the head of a paragraph could make a list of it.
  return plainWords(legible(text), longest).replace(/^(?=[-+=]|\d+[.)])/, '\u200b')
}

/** A text as it was written, its lines kept. */
export function verbatim(text: string, longest = 20_000): string {
  const whole = legible(text).trimEnd()
  const short = whole.length > longest ? `${whole.slice(0, longest - 1)}…` : whole
  // An empty line would end the block.
  return `<pre>${escapedMarkup(short).replace(/^\s*$/gm, '&#8203;')}</pre>`
}

/** A table; empty without rows. Cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A digest or a commit as code; what cannot stand in one is left out. */
export function code(text: string): string {
  return `\`${text.replace(/[^\w:.+/@-]/g, '')}\``
}

/** A part that is folded until somebody opens it. */
export function folded(title: string, body: string): string {
  return body === '' ? '' : `<details><summary>${escapedMarkup(legible(title))}</summary>\n\n${body}\n\n</details>`
}
