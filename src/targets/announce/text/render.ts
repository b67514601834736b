// Pure: Markdown as plain text, as Slack's mrkdwn, and as HTML, each escaped by the rules of where it goes.
import { blocksOf, type Block, type Span } from './markdown.ts'

/** Text as people write it without markup: headings end in a colon, items begin with a bullet, a link is followed by its address. */
export function plainOf(markdown: string): string {
  return laidOut(markdown, {
    span: (span) => span.is === 'link' && span.text !== span.url ? `${span.text} (${span.url})` : span.text,
    heading: (text) => `${text.replace(/:$/, '')}:`,
    item: (text, depth) => `${'  '.repeat(depth)}• ${text}`,
    code: (text) => text,
  })
}

/** Slack's own markup, in which only `&`, `<` and `>` are escaped (https://docs.slack.dev/messaging/formatting-message-text). */
export function mrkdwnOf(markdown: string): string {
  return laidOut(markdown, {
    span: (span) => {
      switch (span.is) {
        case 'text': return slackEscaped(span.text)
        case 'code': return `\`${slackEscaped(span.text)}\``
        case 'strong': return `*${slackEscaped(span.text)}*`
        case 'link': return `<${slackEscaped(span.url)}|${slackEscaped(span.text).replaceAll('|', '¦')}>`
      }
    },
    heading: (text) => `*${text.replaceAll('*', '')}*`,
    item: (text, depth) => `${'    '.repeat(depth)}• ${text}`,
    code: (text) => `\`\`\`\n${slackEscaped(text)}\n\`\`\``,
  })
}

/** `&`, `<` and `>` as Slack wants them: with them escaped no text can mention a channel or a person. */
export function slackEscaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** HTML without any attribute but the address of a link. Lists are flat. */
export function htmlOf(markdown: string): string {
  const inner = (spans: readonly Span[]): string => spans.map((span) => {
    switch (span.is) {
      case 'text': return htmlEscaped(span.text)
      case 'code': return `<code>${htmlEscaped(span.text)}</code>`
      case 'strong': return `<strong>${htmlEscaped(span.text)}</strong>`
      case 'link': return `<a href="${htmlEscaped(span.url)}">${htmlEscaped(span.text)}</a>`
    }
  }).join('')
  const blocks = blocksOf(markdown)
  return blocks.map((block, at) => {
    switch (block.is) {
      case 'heading': return `<h3>${inner(block.spans)}</h3>`
      case 'paragraph': return `<p>${inner(block.spans)}</p>`
      case 'code': return `<pre>${htmlEscaped(block.text)}</pre>`
      case 'item': return `${blocks[at - 1]?.is === 'item' ? '' : '<ul>'}<li>${inner(block.spans)}</li>${blocks[at + 1]?.is === 'item' ? '' : '</ul>'}`
    }
  }).join('\n')
}

/** The five characters that HTML and XML give a meaning, and none that XML 1.0 forbids. */
export function htmlEscaped(text: string): string {
  return text
    // XML 1.0 forbids these very characters (https://www.w3.org/TR/xml/#charsets).
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}

/** A text in which nobody is mentioned: an `@` before a name is followed by a space that is not seen. Mail addresses stay as they are. */
export function unmentioning(text: string): string {
  return text.replace(/(?<![\w.+-])@(?=[\w-])/g, '@\u200b')
}

interface Layout {
  span(span: Span): string
  heading(text: string): string
  item(text: string, depth: number): string
  code(text: string): string
}

function laidOut(markdown: string, layout: Layout): string {
  const lineOf = (block: Block): string => {
    if (block.is === 'code') return layout.code(block.text)
    const text = block.spans.map((span) => layout.span(span)).join('')
    switch (block.is) {
      case 'heading': return layout.heading(text)
      case 'paragraph': return text
      case 'item': return layout.item(text, block.depth)
    }
  }
  const blocks = blocksOf(markdown)
  return blocks.map((block, at) => {
    const next = blocks[at + 1]
    const tight = next === undefined || (block.is === 'heading' && next.is === 'item') || (block.is === 'item' && next.is === 'item')
    return lineOf(block) + (next === undefined ? '' : tight ? '\n' : '\n\n')
  }).join('')
}
