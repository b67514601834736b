// Slack's incoming webhooks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
import { parseJson } from '../../model/json.ts'
import type { Call, Reply, Service } from '../service.ts'
import { isKnown, type ChannelsState } from './state.ts'

/** Serves the webhooks of one workspace. Answers are words, not JSON. */
export function slackService(state: ChannelsState): Service {
  return { hosts: ['hooks.slack.com'], handle: async (call) => answer(state, call) }
}

function answer(state: ChannelsState, { method, url, body }: Call): Reply {
  const token = /^\/services\/\w+\/\w+\/([\w-]+)$/.exec(url.pathname)?.[1]
  if (token === undefined) return { status: 404, body: 'no_service' }
  if (method !== 'POST') return { status: 405, body: 'method_not_allowed' }
  if (!isKnown(state, token)) return { status: 403, body: 'invalid_token' }
  const sent = parseJson(new TextDecoder().decode(body)) as { readonly text?: unknown } | undefined
  if (sent === undefined) return { status: 400, body: 'invalid_payload' }
  if (typeof sent.text !== 'string' || sent.text === '') return { status: 400, body: 'no_text' }
  state.slack.push({ text: sent.text })
  return { status: 200, body: 'ok' }
}
