// Plain words as GitHub's Markdown: nothing that they hold becomes markup, a line break or a mention.
import { legible } from './legible.ts'

/** A text on one line, for a paragraph or a table's cell. */
export function words(text: string, longest = 400): string {
  const line = legible(text).replace(/\s+/g, ' ').trim()
  const short = line.length > longest ? `${line.slice(0, longest - 1)}…` : line
  return escaped(short).replace(/[\\`*_[\]|~#]/g, '\\$&').replace(/^(?=[-+>=]|\d+[.)])/, '\u200b')
}

/** A text as it was written, its lines kept. */
export function verbatim(text: string, longest = 20_000): string {
  const whole = legible(text).trimEnd()
  const short = whole.length > longest ? `${whole.slice(0, longest - 1)}…` : whole
  // An empty line would end the block.
  return `<pre>${escaped(short).replace(/^\s*$/gm, '&#8203;')}</pre>`
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
  return body === '' ? '' : `<details><summary>${escaped(legible(title))}</summary>\n\n${body}\n\n</details>`
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/@(?=\w)/g, '@\u200b')
}
