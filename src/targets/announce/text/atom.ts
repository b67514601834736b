// Pure: an Atom feed (RFC 4287) as text, to which entries are added and from which they are taken.
import { htmlEscaped } from './render.ts'

/** One entry of a feed. */
export interface Entry {
  /** An IRI that no other entry has, for ever. */
  readonly id: string
  readonly title: string
  /** HTML. */
  readonly html: string
  readonly link?: string
  /** ISO 8601. */
  readonly updated: string
}

/** What a feed is called. */
export interface Feed {
  readonly id: string
  readonly title: string
}

/** An entry as it stands in a feed. */
export function entryText({ id, title, html, link, updated }: Entry): string {
  return [
    '  <entry>', `    <id>${htmlEscaped(id)}</id>`, `    <title>${htmlEscaped(title)}</title>`, `    <updated>${updated}</updated>`,
    ...(link === undefined ? [] : [`    <link href="${htmlEscaped(link)}"/>`]), `    <content type="html">${htmlEscaped(html)}</content>`, '  </entry>', '',
  ].join('\n')
}

/** A feed without entries. */
export function emptyFeed({ id, title }: Feed, updated: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n  <id>${htmlEscaped(id)}</id>\n  <title>${htmlEscaped(title)}</title>\n  <updated>${updated}</updated>\n  <author><name>${htmlEscaped(title)}</name></author>\n</feed>\n`
}

/** The entry of this id as it stands there; undefined where there is none. */
export function entryIn(feed: string, id: string): string | undefined {
  return entriesOf(feed).find((entry) => entry.includes(`<id>${htmlEscaped(id)}</id>`))
}

/** The feed with the entry before all others; undefined for a text that is no feed. */
export function withEntry(feed: string, entry: Entry): string | undefined {
  const [first] = entriesOf(feed)
  const at = first === undefined ? feed.lastIndexOf('</feed>') : feed.indexOf(first)
  if (at < 0 || !feed.includes('<feed')) return undefined
  return `${feed.slice(0, at)}${entryText(entry)}${feed.slice(at)}`.replace(/<updated>[^<]*<\/updated>/, `<updated>${entry.updated}</updated>`)
}

/** The feed without the entry of this id. */
export function withoutEntry(feed: string, id: string): string {
  const entry = entryIn(feed, id)
  return entry === undefined ? feed : feed.replace(entry, () => '')
}

function entriesOf(feed: string): readonly string[] {
  return [...feed.matchAll(/[ \t]*<entry>[^]*?<\/entry>[ \t]*\n?/g)].map(([entry]) => entry)
}
