// The Markdown that changelogs are made of (headings, lists, paragraphs, code, strong) as HTML; everything else stays text.
import { html, NOTHING, type Markup } from './markup.ts'

/** A changelog section as HTML. */
export function markdownMarkup(text: string): Markup {
  const blocks: Markup[] = []
  let items: string[] = []
  let paragraph: string[] = []
  const flush = (): void => {
    if (items.length > 0) blocks.push(html`<ul>${items.map((item) => html`<li>${inlineMarkup(item)}</li>`)}</ul>`)
    if (paragraph.length > 0) blocks.push(html`<p>${inlineMarkup(paragraph.join(' '))}</p>`)
    items = []
    paragraph = []
  }
  for (const line of text.split(/\r?\n/)) {
    const heading = /^#{1,6}\s+(.*)$/.exec(line)?.[1]
    const item = /^\s*[-*+]\s+(.*)$/.exec(line)?.[1]
    const last = items.at(-1)
    if (heading !== undefined) {
      flush()
      blocks.push(html`<h3>${inlineMarkup(heading)}</h3>`)
    } else if (item !== undefined) {
      if (paragraph.length > 0) flush()
      items.push(item)
    } else if (line.trim() === '') {
      if (paragraph.length > 0) flush()
    } else if (last !== undefined && /^\s/.test(line)) items[items.length - 1] = `${last} ${line.trim()}`
    else {
      if (items.length > 0) flush()
      paragraph.push(line.trim())
    }
  }
  flush()
  return blocks.length === 0 ? NOTHING : html`${blocks}`
}

/** A line with its code and its strong words. */
export function inlineMarkup(text: string): Markup {
  return html`${text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (/^`[^`]+`$/.test(part)) return html`<code>${part.slice(1, -1)}</code>`
    return /^\*\*[^*]+\*\*$/.test(part) ? html`<strong>${part.slice(2, -2)}</strong>` : html`${part}`
  })}`
}
