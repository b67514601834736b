// A Discourse forum: https://docs.discourse.org, as far as topics under external ids go.
import { parseJson } from '../../model/json.ts'
import { jsonReply, type Call, type Reply, type Service } from '../service.ts'
import { isKnown, type ChannelsState, type Topic } from './state.ts'

/** Serves forums at the hosts that the project tells. */
export function discourseService(state: ChannelsState): Service {
  return { hosts: state.places.discourse, handle: async (call) => answer(state, call) }
}

function answer(state: ChannelsState, { method, url, headers, body, address }: Call): Reply {
  const key = headers['api-key'] ?? ''
  const reader = key.startsWith('reader')
  const denied = jsonReply(403, { errors: ['You are not permitted to view the requested resource. The API username or key is invalid.'], error_type: 'invalid_access' })
  if ((!isKnown(state, key) && !reader) || headers['api-username'] === undefined) return denied
  const missing = jsonReply(404, { errors: ['The requested URL or resource could not be found.'], error_type: 'not_found' })
  const category = /^\/c\/(\d+)\/show\.json$/.exec(url.pathname)?.[1]
  if (method === 'GET' && category !== undefined) return jsonReply(200, { category: { id: Number(category), name: 'Releases' } })
  const external = /^\/t\/external_id\/([\w-]{1,50})\.json$/.exec(url.pathname)?.[1]
  if (method === 'GET' && external !== undefined) {
    const found = state.topics.find((topic) => topic.external === external && !topic.deleted)
    return found === undefined ? missing : { status: 301, headers: { location: address(`https://${url.host}/t/topic/${found.id}.json`) } }
  }
  const id = Number(/^\/t\/(?:topic\/)?(\d+)\.json$/.exec(url.pathname)?.[1] ?? NaN)
  const topic = state.topics.find((each) => each.id === id && !each.deleted)
  if (method === 'GET' && topic !== undefined) return jsonReply(200, { id: topic.id, title: topic.title, external_id: topic.external, deleted_at: null })
  if (reader) return denied
  if (method === 'DELETE' && topic !== undefined) {
    topic.deleted = true
    // A deleted topic gives its external id free.
    topic.external = ''
    return { status: 200, body: '' }
  }
  if (method !== 'POST' || url.pathname !== '/posts.json') return missing
  const { title = '', raw = '', external_id: wanted = '' } = (parseJson(new TextDecoder().decode(body)) ?? {}) as { readonly title?: string; readonly raw?: string; readonly external_id?: string }
  if (title.length < 15) return jsonReply(422, { action: 'create_post', errors: ['Title is too short (minimum is 15 characters)'] })
  if (raw === '') return jsonReply(422, { action: 'create_post', errors: ["Body can't be blank"] })
  if (state.topics.some(({ external: taken }) => taken === wanted)) return jsonReply(422, { action: 'create_post', errors: ['External ID has already been taken'] })
  const made: Topic = { id: state.nextId(), title, raw, external: wanted, deleted: false }
  state.topics.push(made)
  return jsonReply(200, { id: made.id + 1000, topic_id: made.id, topic_slug: 'topic', post_number: 1 })
}
