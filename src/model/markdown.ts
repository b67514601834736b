// Plain words as GitHub's Markdown: nothing that they hold becomes markup, a line break, a mention, a reference to an issue, or a link.

/** An address; what ends a sentence behind it is none of it. */
const ADDRESS = /((?:\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.)[^\s<>"'`|]*[^\s<>"'`|.,;:!?)\]])/gi

/** A text on one line, for the middle of a paragraph or a table's cell. An address is shown as code, so that it can be copied and is no link. */
export function plainWords(text: string, longest: number): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  const short = line.length > longest ? `${line.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…` : line
  return short.split(ADDRESS).map((part, at) => at % 2 === 1 ? `\`${part}\`` : unreferring(escapedMarkup(part).replace(/[\\`*_[\]|~#]/g, '\\$&'))).join('')
}

/** A text without HTML and mentions, its lines kept. */
export function escapedMarkup(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/@(?=\w)/g, '@\u200b')
}

/** GitHub looks for issues (`#1`, `GH-1`) in what Markdown has become, so that no backslash keeps it from linking or closing one. */
function unreferring(text: string): string {
  return text.replace(/#(?=\w)/g, '#\u200b').replace(/\bGH-(?=\d)/gi, '$&\u200b')
}
