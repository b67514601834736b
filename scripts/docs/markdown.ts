// The few pieces of Markdown that generated pages are made of.

/** The line that a generated page begins with. */
export const GENERATED = '<!-- Written by scripts/docs.ts from the code: `node scripts/bootstrap.mjs scripts/docs.ts` writes it anew. -->'

/** A table. A cell may hold Markdown; line ends and bars in it are kept from ending it. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Text as code. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** Blocks with an empty line between them and one line end after the last. */
export function page(...blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`
}

/** Text with a capital at its beginning and a full stop at its end. */
export function sentence(text: string): string {
  const ended = /[.!?]$/.test(text) ? text : `${text}.`
  return ended.charAt(0).toUpperCase() + ended.slice(1)
}
