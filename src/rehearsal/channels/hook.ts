// A receiver of webhooks by the Standard Webhooks specification, as whoever verifies signatures writes one.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { jsonReply, type Call, type Reply, type Service } from '../service.ts'
import type { ChannelsState } from './state.ts'

/** Seconds that a timestamp may be off. */
const TOLERANCE = 5 * 60

/** Takes what is signed with a known secret, at the hosts that the project tells. */
export function hookService(state: ChannelsState): Service {
  return { hosts: state.places.hooks, handle: async (call) => take(state, call) }
}

function take(state: ChannelsState, { method, url, headers, body }: Call): Reply {
  if (method !== 'POST') return jsonReply(405, { error: 'method not allowed' })
  const [id, timestamp, signatures] = [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']]
  if (id === undefined || timestamp === undefined || signatures === undefined) return jsonReply(400, { error: 'missing required headers' })
  if (Math.abs(state.now().getTime() / 1000 - Number(timestamp)) > TOLERANCE) return jsonReply(400, { error: 'message timestamp too old' })
  const text = new TextDecoder().decode(body)
  const right = state.tokens.some((token) => {
    const expected = Buffer.from(createHmac('sha256', token).update(`${id}.${timestamp}.${text}`).digest('base64'))
    return signatures.split(' ').some((each) => {
      const given = Buffer.from(each.replace(/^v1,/, ''))
      return given.byteLength === expected.byteLength && timingSafeEqual(given, expected)
    })
  })
  if (!right) return jsonReply(401, { error: 'no matching signature found' })
  state.deliveries.push({ id, url: url.href, body: text })
  return { status: 204 }
}
