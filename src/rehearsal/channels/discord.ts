// Discord's webhooks: https://docs.discord.com/developers/resources/webhook.
import { parseJson } from '../../model/json.ts'
import { jsonReply, type Call, type Reply, type Service } from '../service.ts'
import { isKnown, type ChannelsState, type DiscordMessage } from './state.ts'

/** Serves the webhooks of one channel. */
export function discordService(state: ChannelsState): Service {
  return { hosts: ['discord.com'], handle: async (call) => answer(state, call) }
}

function answer(state: ChannelsState, { method, url, body }: Call): Reply {
  const [, id, token = '', , message] = /^\/api\/(?:v\d+\/)?webhooks\/(\d+)\/([\w-]+)(\/messages\/(\d+))?$/.exec(url.pathname) ?? []
  if (id === undefined) return jsonReply(404, { message: '404: Not Found', code: 0 })
  if (!isKnown(state, token)) return jsonReply(token.startsWith('reader') ? 403 : 401, { message: 'Invalid Webhook Token', code: 50027 })
  if (message !== undefined) return ofMessage(state, method, message)
  if (method === 'GET') return jsonReply(200, { type: 1, id, name: 'releases', channel_id: '2001', guild_id: '3001' })
  if (method !== 'POST') return jsonReply(405, { message: '405: Method Not Allowed', code: 0 })
  const sent = parseJson(new TextDecoder().decode(body)) as { content?: unknown; allowed_mentions?: { parse?: unknown } } | undefined
  const content = sent?.content
  if (typeof content !== 'string' || content === '') return jsonReply(400, { message: 'Cannot send an empty message', code: 50006 })
  if (content.length > 2000) return jsonReply(400, { code: 50035, errors: { content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }] } }, message: 'Invalid Form Body' })
  const parse = sent?.allowed_mentions?.parse
  const mentions = /@(everyone|here)/.test(content) && !(Array.isArray(parse) && !parse.includes('everyone')) ? ['everyone'] : []
  const made: DiscordMessage = { id: String(900_000 + state.nextId()), content, mentions }
  state.discord.push(made)
  return url.searchParams.get('wait') === 'true' ? jsonReply(200, view(made)) : { status: 204 }
}

function ofMessage(state: ChannelsState, method: string, id: string): Reply {
  const at = state.discord.findIndex((each) => each.id === id)
  const found = state.discord[at]
  if (found === undefined) return jsonReply(404, { message: 'Unknown Message', code: 10008 })
  if (method === 'GET') return jsonReply(200, view(found))
  if (method !== 'DELETE') return jsonReply(405, { message: '405: Method Not Allowed', code: 0 })
  state.discord.splice(at, 1)
  return { status: 204 }
}

function view({ id, content, mentions }: DiscordMessage): object {
  return { id, type: 0, content, channel_id: '2001', webhook_id: '1001', mention_everyone: mentions.length > 0, mentions: [], embeds: [], attachments: [] }
}
