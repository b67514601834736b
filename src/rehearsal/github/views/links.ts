// Addresses in answers, as this caller reaches them.
import type { Ask } from '../router.ts'

/** What an answer is shaped for: who asks, and the repository it is about. */
export type Viewer = Pick<Ask, 'state' | 'call' | 'grant'>

/** An address of the REST, e.g. of `/user`. */
export function apiLink(viewer: Viewer, path: string): string {
  return viewer.call.address(`https://api.github.com${path}`)
}

/** An address of the repository's REST, e.g. of `/releases/1`. */
export function repositoryLink(viewer: Viewer, path = ''): string {
  return apiLink(viewer, `/repos/${viewer.state.owner}/${viewer.state.repo}${path}`)
}

/** An address of the repository's pages, e.g. of `/pull/1`. */
export function pageLink(viewer: Viewer, path = ''): string {
  return viewer.call.address(`https://github.com/${viewer.state.owner}/${viewer.state.repo}${path}`)
}

/** The opaque id that GraphQL would know a thing by. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64')
}

/** ISO 8601 in UTC without fractions, as GitHub writes times. */
export function timeText(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

/** A time or null. */
export function timeOrNull(date: Date | null): string | null {
  return date === null ? null : timeText(date)
}
