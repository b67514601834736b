// The lines of a Markdown text: which of them are text, code or comment.

/** One line with its place. */
export interface MarkdownLine {
  /** 1-based. */
  readonly number: number
  readonly start: number
  /** After the line end. */
  readonly end: number
  /** Without the line end and, in the first line, the byte order mark. */
  readonly text: string
  /** A fenced code block and an HTML comment include their first and last line. */
  readonly kind: 'text' | 'code' | 'comment'
}

const LIST_MARKS = /^(?:[ \t]*(?:[-*+]|[0-9]{1,9}[.)])(?=[ \t]))*/
const FENCE = /^[ \t]*(`{3,}(?=[^`]*$)|~{3,})/
const COMMENT = /^ {0,3}<!--/

/** What a line opens that later lines belong to: the fence to close it with, or a comment. */
function opens(text: string): string | undefined {
  const fence = FENCE.exec(text.replace(LIST_MARKS, ''))?.[1]
  if (fence !== undefined) return fence
  return COMMENT.test(text) && !text.includes('-->') ? '<!--' : undefined
}

function closes(open: string, text: string): boolean {
  if (open === '<!--') return text.includes('-->')
  const fence = text.trim()
  return fence.startsWith(open) && fence === open.charAt(0).repeat(fence.length)
}

/** Splits a text into lines. */
export function markdownLines(content: string): readonly MarkdownLine[] {
  const lines: MarkdownLine[] = []
  let open: string | undefined
  let start = content.startsWith('\uFEFF') ? 1 : 0
  while (start < content.length) {
    const found = content.indexOf('\n', start)
    const end = found === -1 ? content.length : found + 1
    const text = content.slice(start, end).replace(/\r?\n$/, '')
    const before = open
    if (open === undefined) open = opens(text)
    else if (closes(open, text)) open = undefined
    const within = before ?? open ?? (COMMENT.test(text) ? '<!--' : undefined)
    lines.push({ number: lines.length + 1, start, end, text, kind: within === undefined ? 'text' : within === '<!--' ? 'comment' : 'code' })
    start = end
  }
  return lines
}
