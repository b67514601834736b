// Pure: the Markdown of a changelog as blocks and spans, for channels that do not show Markdown.

/** A piece of a line. */
export type Span =
  | { readonly is: 'text' | 'code' | 'strong'; readonly text: string }
  | { readonly is: 'link'; readonly text: string; readonly url: string }

/** A line or a paragraph. `depth` counts from 0. */
export type Block =
  | { readonly is: 'heading' | 'paragraph'; readonly spans: readonly Span[] }
  | { readonly is: 'item'; readonly depth: number; readonly spans: readonly Span[] }
  | { readonly is: 'code'; readonly text: string }

/** Headings, lists, paragraphs and fenced code; what else Markdown has stays as it is written. */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = []
  let open: { is: 'paragraph' | 'item'; depth: number; text: string } | undefined
  let fence: { mark: string; lines: string[] } | undefined
  const close = (): void => {
    if (open === undefined) return
    const spans = spansOf(open.text)
    blocks.push(open.is === 'item' ? { is: 'item', depth: open.depth, spans } : { is: 'paragraph', spans })
    open = undefined
  }
  for (const line of markdown.replaceAll('\r\n', '\n').split('\n')) {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark !== undefined && mark.startsWith(fence.mark)) {
        blocks.push({ is: 'code', text: fence.lines.join('\n') })
        fence = undefined
      } else fence.lines.push(line)
      continue
    }
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1]
    const item = /^(\s*)(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line)
    if (mark !== undefined) {
      close()
      fence = { mark, lines: [] }
    } else if (line.trim() === '') close()
    else if (heading !== undefined) {
      close()
      blocks.push({ is: 'heading', spans: spansOf(heading) })
    } else if (item !== null) {
      close()
      open = { is: 'item', depth: Math.floor((item[1] ?? '').length / 2), text: item[2] ?? '' }
    } else if (open === undefined) open = { is: 'paragraph', depth: 0, text: line.trim() }
    else open.text += ` ${line.trim()}`
  }
  if (fence !== undefined) blocks.push({ is: 'code', text: fence.lines.join('\n') })
  close()
  return blocks
}

const SPAN = /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)|<(https?:\/\/[^\s>]+)>|(https?:\/\/[^\s<>()"'`]*[^\s<>()"'`.,;:!?\]])/g

function spansOf(line: string): readonly Span[] {
  const spans: Span[] = []
  let at = 0
  for (const match of line.matchAll(SPAN)) {
    if (match.index > at) spans.push({ is: 'text', text: unescaped(line.slice(at, match.index)) })
    const [whole, , code, strong, also, words, url, bracketed, bare] = match
    if (code !== undefined) spans.push({ is: 'code', text: code.trim() })
    else if (url !== undefined) spans.push({ is: 'link', text: unescaped((words ?? url).replace(/[*`]/g, '')), url })
    else if (bracketed !== undefined || bare !== undefined) spans.push({ is: 'link', text: bracketed ?? bare ?? '', url: bracketed ?? bare ?? '' })
    else spans.push({ is: 'strong', text: unescaped(strong ?? also ?? '') })
    at = match.index + whole.length
  }
  if (at < line.length) spans.push({ is: 'text', text: unescaped(line.slice(at)) })
  return spans
}

/** A backslash before punctuation is no part of the text. */
function unescaped(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/g, '$1')
}
