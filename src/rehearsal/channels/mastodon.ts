// A Mastodon server with one account: https://docs.joinmastodon.org/methods/statuses/.
import { parseJson } from '../../model/json.ts'
import { jsonReply, type Call, type Reply, type Service } from '../service.ts'
import { isKnown, type ChannelsState, type Status } from './state.ts'

/** How long a key is remembered, in milliseconds. */
const REMEMBERED = 60 * 60_000
const LIMIT = 500

/** Serves the account at the hosts that the project tells. */
export function mastodonService(state: ChannelsState): Service {
  return { hosts: state.places.mastodon, handle: async (call) => answer(state, call) }
}

function answer(state: ChannelsState, call: Call): Reply {
  const { method, url, headers } = call
  const way = `${method} ${url.pathname}`
  if (way === 'GET /api/v2/instance') return jsonReply(200, { domain: url.host, version: '4.5.0', configuration: { statuses: { max_characters: LIMIT, characters_reserved_per_url: 23 } } })
  const token = /^Bearer (\S+)$/.exec(headers['authorization'] ?? '')?.[1] ?? ''
  const reader = token.startsWith('reader')
  if (!isKnown(state, token) && !reader) return jsonReply(401, { error: 'The access token is invalid' })
  if (way === 'GET /api/v1/accounts/verify_credentials') return jsonReply(200, { id: '1', username: 'releases', acct: 'releases', display_name: 'Releases' })
  if (way === 'GET /api/v1/accounts/1/statuses') return listed(state, url)
  const id = /^\/api\/v1\/statuses\/(\d+)$/.exec(url.pathname)?.[1]
  if (method === 'GET' && id !== undefined) {
    const found = state.statuses.find((each) => each.id === id)
    return found === undefined ? jsonReply(404, { error: 'Record not found' }) : jsonReply(200, view(url, found))
  }
  if (reader && method !== 'GET') return jsonReply(403, { error: 'This action is outside the authorized scopes' })
  if (way === 'POST /api/v1/statuses') return posted(state, call)
  if (method === 'DELETE' && id !== undefined) {
    const at = state.statuses.findIndex((each) => each.id === id)
    const [gone] = at < 0 ? [] : state.statuses.splice(at, 1)
    return gone === undefined ? jsonReply(404, { error: 'Record not found' }) : jsonReply(200, { ...view(url, gone), text: gone.text })
  }
  return jsonReply(404, { error: 'Not Found' })
}

function listed(state: ChannelsState, url: URL): Reply {
  const before = url.searchParams.get('max_id')
  const limit = Math.min(40, Number(url.searchParams.get('limit') ?? 20))
  const newest = state.statuses.toReversed().filter(({ id }) => before === null || BigInt(id) < BigInt(before))
  return jsonReply(200, newest.slice(0, limit).map((each) => view(url, each)))
}

function posted(state: ChannelsState, { url, headers, body }: Call): Reply {
  const sent = parseJson(new TextDecoder().decode(body)) as { readonly status?: unknown } | undefined
  const text = sent?.status
  if (typeof text !== 'string' || text.trim() === '') return jsonReply(422, { error: "Validation failed: Text can't be blank" })
  // A link counts 23 characters however long it is.
  if ([...text.replace(/https?:\/\/\S+/g, 'x'.repeat(23))].length > LIMIT) return jsonReply(422, { error: `Validation failed: Text character limit of ${LIMIT} exceeded` })
  const now = state.now().getTime()
  const key = headers['idempotency-key']
  const known = key === undefined ? undefined : state.statuses.find((each) => each.key === key && now - each.at.getTime() < REMEMBERED)
  if (known !== undefined) return jsonReply(200, view(url, known))
  const made: Status = { id: String(114_000_000_000_000_000n + BigInt(state.nextId())), text, key, at: new Date(now) }
  state.statuses.push(made)
  return jsonReply(200, view(url, made))
}

function view(url: URL, { id, text, at }: Status): object {
  return { id, uri: `https://${url.host}/users/releases/statuses/${id}`, url: `https://${url.host}/@releases/${id}`, created_at: at.toISOString(), visibility: 'public', content: htmlOf(text) }
}

/** A text as the server shows it: paragraphs, breaks, and links of which parts are hidden. */
function htmlOf(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
  const linked = escaped.replace(/https:\/\/(\S{0,30})(\S*)/g, (_, shown: string, rest: string) => `<a href="https://${shown}${rest}" target="_blank" rel="nofollow noopener"><span class="invisible">https://</span><span class="ellipsis">${shown}</span><span class="invisible">${rest}</span></a>`)
  return `<p>${linked.split(/\n{2,}/).map((part) => part.replaceAll('\n', '<br />')).join('</p><p>')}</p>`
}
