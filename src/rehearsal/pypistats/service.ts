// The rehearsal's pypistats.org: how often projects were downloaded (https://pypistats.org/api/).
import { jsonReply, type Call, type Reply, type Service } from '../service.ts'

/** Downloads of a project: of the last whole day, of the last seven and the last thirty. */
export interface Recent {
  readonly last_day: number
  readonly last_week: number
  readonly last_month: number
}

/** The counts, by normalised names of projects. */
export type DownloadCounts = Map<string, Recent>

/** Serves `/api/packages/NAME/recent`. */
export function pypistatsService(counts: DownloadCounts): Service {
  return { hosts: ['pypistats.org'], handle: async (call) => route(counts, call) }
}

function route(counts: DownloadCounts, { method, url }: Call): Reply {
  const name = /^\/api\/packages\/([^/]+)\/recent$/.exec(url.pathname)?.[1]
  if (method !== 'GET' || name === undefined) return jsonReply(404, { code: 404, name: 'Not Found', description: 'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.' })
  const data = counts.get(name)
  return data === undefined
    ? { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<!doctype html><title>404 Not Found</title>' }
    : jsonReply(200, { data, package: name, type: 'recent_downloads' })
}
