// The notice board of a rehearsal: what it holds, and how it answers.
import { jsonReply, type Call, type Reply, type Service } from '../../../src/rehearsal/service.ts'

/** Notices by their path, and the token that may write them. */
export interface BoardState {
  readonly notices: Map<string, string>
  readonly token: string
}

/** The service over its state. */
export function boardService(state: BoardState): Service {
  return { hosts: ['board.example.org'], handle: async (call) => answer(state, call) }
}

function answer({ notices, token }: BoardState, { method, url, headers, body }: Call): Reply {
  const found = notices.get(url.pathname)
  if (method === 'GET') return found === undefined ? jsonReply(404, {}) : { status: 200, body: found }
  if (headers['authorization'] !== `Bearer ${token}`) return jsonReply(401, {})
  if (method === 'PUT' && found !== undefined && headers['if-none-match'] === '*') return jsonReply(412, {})
  if (method === 'PUT') notices.set(url.pathname, new TextDecoder().decode(body))
  if (method === 'DELETE') notices.delete(url.pathname)
  return { status: 204 }
}
