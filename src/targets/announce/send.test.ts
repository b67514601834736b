// What an answer of a channel means: done, refused for certain, or in doubt.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused, Unsent } from '../../model/error.ts'
import type { HttpAnswer } from '../../model/world.ts'
import { ask } from './send.ts'

const to = { service: 'Board', secret: 'BOARD_TOKEN', renew: 'Make a new one.', closed: [404] }
const answering = (status: number, body = '', headers: Record<string, string> = {}) => ({ http: async (): Promise<HttpAnswer> => ({ status, reason: '', headers, body: new TextEncoder().encode(body) }) })
const unreached = { http: async (): Promise<HttpAnswer> => { throw new Unsent('could not reach board.example.org: connection refused') } }
const request = { method: 'POST', url: 'https://board.example.org/' } as const

test('a refusal says what to do, and what was said', async () => {
  for (const [status, code] of [[401, 'token-refused'], [404, 'token-refused'], [403, 'right-missing'], [422, 'request-refused']] as const) {
    await assert.rejects(ask(answering(status, '<p>No,\n never</p>'), request, to), (error: unknown) => error instanceof Refused && error.code === code && error.problems[0].detail === `Board, status ${status}: No, never`, String(status))
  }
})

test('where nobody can look, only what may have been sent is in doubt', async () => {
  const blind = { ...to, blind: true } as const
  await assert.rejects(ask(answering(429, '', { 'retry-after': '30' }), request, blind), { name: 'Refused', code: 'request-refused', message: /wait.*\(30 seconds\)/ })
  await assert.rejects(ask(unreached, request, blind), { name: 'Refused', code: 'remote-unreachable' })
  for (const status of [500, 502, 408]) await assert.rejects(ask(answering(status), request, blind), (error: unknown) => error instanceof Error && !(error instanceof Refused))
})

test('where somebody can look, everything but a refusal is looked at again', async () => {
  await assert.rejects(ask(answering(429), request, to), { name: 'Error' })
  await assert.rejects(ask(unreached, request, to), { name: 'Unsent' })
})
