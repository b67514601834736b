// The target "board": a notice of each release on a notice board with a small HTTP API.
import { z } from 'zod'
import { Refused } from '../../../src/model/error.ts'
import { bodyText } from '../../../src/model/http.ts'
import { defineKind } from '../../../src/model/kind.ts'
import { defineTarget } from '../../../src/model/target.ts'
import type { HttpAnswer, HttpRequest, World } from '../../../src/model/world.ts'

const input = z.strictObject({ url: z.url(), text: z.string(), token: z.strictObject({ $secret: z.string() }) })
const output = z.strictObject({ url: z.string() })

type Input = z.infer<typeof input>
type Output = z.infer<typeof output>

/** Puts one notice on the board, at an address made from the version. */
export const boardNotice = defineKind<Input, Output>({
  kind: 'board.notice',
  input,
  output,
  reversal: {
    is: 'reversible',
    undo: async (world, { url, text, token }) => {
      const answer = await world.http({ method: 'GET', url })
      if (answer.status === 404) return
      if (bodyText(answer) !== text) throw new Refused({ code: 'request-refused', message: `${url} holds another notice, so it was left alone.` })
      await send(world, token, { method: 'DELETE', url })
    },
  },
  examples: ({ version }) => [{ url: `https://board.example.org/notices/${version}`, text: `Version ${version} is out.`, token: { $secret: 'BOARD_TOKEN' } }],
  describe: ({ url, text }) => ({
    apply: `Put a notice at ${url}: ${text}`,
    undo: 'Delete the notice.',
    byHand: [`curl -X PUT -H "Authorization: Bearer $BOARD_TOKEN" --data '${text}' ${url}`],
  }),
  async probe(look, { url, text }) {
    const answer = await look.http({ method: 'GET', url })
    if (answer.status === 404) return { state: 'absent' }
    if (answer.status !== 200) return { state: 'unknown', why: `the board answered ${answer.status}`, blind: false }
    return bodyText(answer) === text ? { state: 'present', output: { url } } : { state: 'conflict', found: `${url} holds another notice` }
  },
  async apply(world, { url, text, token }) {
    await send(world, token, { method: 'PUT', url, body: text, headers: { 'if-none-match': '*' } })
    return { url }
  },
})

/** One request. A 4xx is certain to have changed nothing; every other failure leaves doubt, and the next probe tells. */
async function send(world: World, token: Input['token'], request: HttpRequest): Promise<HttpAnswer> {
  const answer = await world.secret(token.$secret, (value) => world.http({ ...request, headers: { ...request.headers, authorization: `Bearer ${value}` } }))
  if (answer.status < 300) return answer
  const message = `The board refused ${request.method} ${request.url} (${answer.status}).`
  if (answer.status === 401) throw new Refused({ code: 'token-refused', message, hint: `Put a living token into ${token.$secret}.` })
  if (answer.status >= 400 && answer.status < 500) throw new Refused({ code: 'request-refused', message })
  throw new Error(message)
}

/** Tells of releases on a notice board. */
export const board = defineTarget({
  name: 'board',
  summary: 'Puts a notice of the release on a notice board.',
  settings: z.strictObject({
    url: z.url().describe('Where the notices of the board are.'),
    token: z.string().default('BOARD_TOKEN').describe('The name of the secret that opens the board.'),
  }),
  kinds: [boardNotice],
  facts: {},
  expects: () => [],
  prepare: () => [],
  publish: ({ release }, { url, token }) => [{
    phase: 'announce',
    kind: boardNotice.kind,
    title: `Tell of ${release.name} ${release.to} on the board`,
    input: { url: `${url}/${release.to}`, text: `Version ${release.to} is out.`, token: { $secret: token } },
  }],
  secrets: ({ token }) => [{ name: token, for: 'writing on the board' }],
})
