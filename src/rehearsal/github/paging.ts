// Lists in pages, with the Link header that leads from one to the next (RFC 8288).
import { jsonReply } from '../service.ts'
import type { Reply } from '../service.ts'
import type { Ask } from './router.ts'

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

function link(ask: Ask, page: number, relation: string): string {
  const url = new URL(ask.call.url)
  url.searchParams.set('page', String(page))
  return `<${ask.call.address(url.href)}>; rel="${relation}"`
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : undefined
}
