// A personal data server of Bluesky with one account: the lexicons com.atproto.server.createSession and com.atproto.repo.*.
import { parseJson } from '../../model/json.ts'
import { jsonReply, type Call, type Reply, type Service } from '../service.ts'
import { isKnown, type ChannelsState } from './state.ts'

const DID = 'did:plc:rehearsal234567abcdefghij'

/** Serves the repository of the account. */
export function blueskyService(state: ChannelsState): Service {
  return { hosts: [...new Set(['bsky.social', ...state.places.bluesky])], reads: ({ url }) => url.pathname.endsWith('.createSession'), handle: async (call) => answer(state, call) }
}

interface Write { readonly collection?: unknown; readonly rkey?: unknown; readonly record?: unknown; readonly swapRecord?: unknown }

function answer(state: ChannelsState, { method, url, headers, body }: Call): Reply {
  const name = url.pathname.replace(/^\/xrpc\//, '')
  const sent = (method === 'POST' ? parseJson(new TextDecoder().decode(body)) ?? {} : {}) as Write & { readonly identifier?: unknown; readonly password?: unknown }
  if (name === 'com.atproto.server.createSession') {
    const password = String(sent.password)
    if (!isKnown(state, password) && !password.startsWith('reader')) return jsonReply(401, { error: 'AuthenticationRequired', message: 'Invalid identifier or password' })
    const jwt = `${password.startsWith('reader') ? 'reader' : 'session'}-${state.nextId()}`
    state.sessions.add(jwt)
    return jsonReply(200, { accessJwt: jwt, refreshJwt: `refresh-${jwt}`, handle: sent.identifier, did: DID, active: true })
  }
  if (name === 'com.atproto.repo.getRecord') {
    const uri = `at://${DID}/${url.searchParams.get('collection')}/${url.searchParams.get('rkey')}`
    const value = state.records.get(uri)
    return value === undefined ? jsonReply(400, { error: 'RecordNotFound', message: `Could not locate record: ${uri}` }) : jsonReply(200, { uri, cid: 'bafyrehearsal', value })
  }
  const jwt = /^Bearer (\S+)$/.exec(headers['authorization'] ?? '')?.[1]
  if (jwt === undefined) return jsonReply(401, { error: 'AuthMissing', message: 'Authentication Required' })
  if (!state.sessions.has(jwt)) return jsonReply(400, { error: 'ExpiredToken', message: 'Token has expired' })
  if (jwt.startsWith('reader')) return jsonReply(403, { error: 'Forbidden', message: 'Account may not write' })
  const uri = `at://${DID}/${String(sent.collection)}/${String(sent.rkey)}`
  if (name === 'com.atproto.repo.deleteRecord') {
    state.records.delete(uri)
    return jsonReply(200, { commit: { cid: 'bafyrehearsal', rev: '3rehearsal' } })
  }
  if (name !== 'com.atproto.repo.putRecord') return jsonReply(501, { error: 'MethodNotImplemented', message: 'Method Not Implemented' })
  const wrong = flawIn(sent)
  if (wrong !== undefined) return jsonReply(400, { error: 'InvalidRequest', message: wrong })
  if (sent.swapRecord === null && state.records.has(uri)) return jsonReply(400, { error: 'InvalidSwap', message: 'Record was at bafyrehearsal' })
  state.records.set(uri, sent.record as { readonly text: string })
  return jsonReply(200, { uri, cid: 'bafyrehearsal', validationStatus: 'valid' })
}

/** What the lexicon app.bsky.feed.post has against a record; undefined when nothing. */
function flawIn({ collection, rkey, record }: Write): string | undefined {
  if (collection !== 'app.bsky.feed.post' || typeof rkey !== 'string' || !/^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/.test(rkey)) return 'Invalid record key'
  const { text, createdAt, facets = [] } = record as { readonly text?: unknown; readonly createdAt?: unknown; readonly facets?: readonly { readonly index: { readonly byteStart: number; readonly byteEnd: number }; readonly features: readonly { readonly uri?: string }[] }[] }
  if (typeof text !== 'string') return 'Invalid app.bsky.feed.post record: Record must have the property "text"'
  if (typeof createdAt !== 'string' || Number.isNaN(Date.parse(createdAt))) return 'Invalid app.bsky.feed.post record: createdAt must be an valid atproto datetime'
  const bytes = new TextEncoder().encode(text)
  if (bytes.byteLength > 3000) return 'Invalid app.bsky.feed.post record: text must not be longer than 3000 characters'
  if ([...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length > 300) return 'Invalid app.bsky.feed.post record: text must not be longer than 300 graphemes'
  const wrong = facets.find(({ index, features }) => new TextDecoder().decode(bytes.slice(index.byteStart, index.byteEnd)) !== features[0]?.uri)
  return wrong === undefined ? undefined : 'Invalid facet: its bytes are not those of its link'
}
