// Plain words as Markdown that shows these words and does nothing else.

const CODE = /`[^`]+`/g
// Whole addresses of harmless characters stay as they are, so that they still become links.
const ADDRESS = String.raw`https?:\/\/[A-Za-z0-9/:.?=&%#+,;~_-]*[A-Za-z0-9/=_-]`
// As code a mention notifies nobody, and the name of an npm scope still reads well.
const MENTION = String.raw`(?<![A-Za-z0-9])@[A-Za-z0-9](?:[A-Za-z0-9_./@-]*[A-Za-z0-9])?`
const SPECIAL = String.raw`(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|[\\\x60*<[\]|~]|&(?=#?[A-Za-z0-9]+;)`
const ACTIVE = new RegExp(`(${ADDRESS})|(${MENTION})|(${SPECIAL})`, 'g')

/** Marks at the start of a line that would open a heading, a quotation, a list, a rule or a table. */
function escapeStart(text: string): string {
  return text.replace(/^[#>+=:-]/, String.raw`\$&`).replace(/^([0-9]{1,9})([.)])/, String.raw`$1\$2`)
}

function escapeWords(text: string): string {
  return text.replace(ACTIVE, (found, address?: string, mention?: string) => {
    if (address !== undefined) return address
    return mention !== undefined ? `\`${mention}\`` : `\\${found}`
  })
}

/** Words and code spans by turns, or undefined when the backticks do not pair up plainly or touch a mention. */
function codeSpans(text: string): readonly string[] | undefined {
  const pieces = text.split('`')
  const paired = pieces.length % 2 === 1 && pieces.every((piece, index) => piece.trim() !== '' || index === 0 || index === pieces.length - 1)
  const touching = /`@|@[A-Za-z0-9_./@-]*`/.test(text.replaceAll(CODE, '``'))
  return paired && !touching ? pieces : undefined
}

/**
 * Escapes a text for one line of Markdown: it cannot open a heading, list, link, link definition, table, HTML or entity, nor
 * mention anybody. White space becomes single spaces; control characters go. Code spans, addresses and `#12` stay.
 */
export function markdownText(words: string): string {
  const text = words.replace(/[\s\u2028\u2029]+/g, ' ').replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '').trim()
  const pieces = codeSpans(text)
  const escaped = pieces === undefined ? escapeWords(text) : pieces.map((piece, index) => (index % 2 === 1 ? `\`${piece}\`` : escapeWords(piece))).join('')
  return escapeStart(escaped)
}
