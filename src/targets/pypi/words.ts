// What an index says in an answer. PyPI puts its message into the reason phrase and into an HTML body; over HTTP/2 and behind proxies only
// the body arrives, so the body is read first.
import { bodyText } from '../../model/http.ts'
import type { HttpAnswer } from '../../model/world.ts'

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** Phrases that only repeat the status. */
const EMPTY = /^(?:bad request|forbidden|unauthorized|not found|conflict|payload too large|request entity too large|unprocessable (?:content|entity)|ok|error)?\.?$/i

/** The server's own words, on one line, without the status and without markup. What is to be hidden is taken out before words are cut off. */
export function serverWords(answer: HttpAnswer, hide: readonly string[] = []): string {
  const text = bodyText(answer).slice(0, 100_000)
  const looksLikeHtml = /<(?:html|head|body|title|h1|p)\b/i.test(text)
  const said = looksLikeHtml ? ['title', 'h1', 'p', 'body'].map((tag) => inTag(text, tag)) : [text]
  const words = [...said, answer.reason].map((each) => plain(each, answer.status)).find((each) => !EMPTY.test(each))
  return hide.reduce((text, secret) => text.replaceAll(secret, '***'), words ?? `${answer.status} ${answer.reason}`.trimEnd()).slice(0, 500)
}

function inTag(html: string, tag: string): string {
  return new RegExp(`<${tag}\\b[^>]*>(.*?)</${tag}>`, 'is').exec(html)?.[1] ?? ''
}

function plain(html: string, status: number): string {
  return html
    .replace(/<(script|style|title|h1)\b.*?<\/\1>/gis, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole
      return String.fromCodePoint(Math.min(0x10ffff, decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number.parseInt(decimal, 10)))
    })
    .replace(/\s+/g, ' ')
    .trim()
    .replace(new RegExp(`^${status}\\b:? ?`), '')
}
