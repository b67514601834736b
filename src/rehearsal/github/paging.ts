// Lists in pages, with the Link header that leads from one to the next (RFC 8288).
import { jsonReply } from '../service.ts'
import type { Reply } from '../service.ts'
import type { Ask } from './router.ts'

/** What the query's `state` asks for: `open` when it is left out, or `all`. */
export function inState({ query }: Pick<Ask, 'query'>): (each: { readonly state: 'open' | 'closed' }) => boolean {
  const wanted = query.get('state') ?? 'open'
  return ({ state }) => wanted === 'all' || state === wanted
}

/** One page of a list; `per_page` is 30, at most 100. */
export function pageReply<T>(ask: Ask, items: readonly T[], show: (item: T) => unknown): Reply {
  const size = Math.min(100, positive(ask.query.get('per_page')) ?? 30)
  const page = positive(ask.query.get('page')) ?? 1
  const last = Math.max(1, Math.ceil(items.length / size))
  const links = [
    page > 1 ? link(ask, page - 1, 'prev') : '',
    page < last ? link(ask, page + 1, 'next') : '',
    page < last ? link(ask, last, 'last') : '',
    page > 1 ? link(ask, 1, 'first') : '',
  ].filter((text) => text !== '')
  const shown = items.slice((page - 1) * size, page * size).map(show)
  return jsonReply(200, shown, links.length === 0 ? {} : { link: links.join(', ') })
}

/**
 * A part of a list in which cursors lead on, newest first; `per_page` is 30, at most 100. `wrap` makes the body of what is shown. Cursors
 * are the ids of items.
 */
export function cursorReply<T extends { readonly id: number }>(ask: Ask, items: readonly T[], wrap: (items: readonly T[]) => unknown): Reply {
  const size = Math.min(100, positive(ask.query.get('per_page')) ?? 30)
  const [after, before] = [positive(ask.query.get('after')), positive(ask.query.get('before'))]
  const sorted = items.toSorted((left, right) => right.id - left.id)
  const within = sorted.filter(({ id }) => (after === undefined || id < after) && (before === undefined || id > before))
  const shown = before === undefined ? within.slice(0, size) : within.slice(-size)
  const [first, last] = [shown[0], shown.at(-1)]
  const links = [
    last !== undefined && last !== sorted.at(-1) ? cursor(ask, 'after', last.id) : '',
    first !== undefined && first !== sorted[0] ? cursor(ask, 'before', first.id) : '',
  ].filter((text) => text !== '')
  return jsonReply(200, wrap(shown), links.length === 0 ? {} : { link: links.join(', ') })
}

function cursor(ask: Ask, name: 'after' | 'before', id: number): string {
  const url = new URL(ask.call.url)
  url.searchParams.delete(name === 'after' ? 'before' : 'after')
  url.searchParams.set(name, String(id))
  return `<${ask.call.address(url.href)}>; rel="${name === 'after' ? 'next' : 'prev'}"`
}

function link(ask: Ask, page: number, relation: string): string {
  const url = new URL(ask.call.url)
  url.searchParams.set('page', String(page))
  return `<${ask.call.address(url.href)}>; rel="${relation}"`
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : undefined
}
