// A Bluesky account: a record under a key that is known before it is made, so that it can be made once and found again.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { bodyJson } from '../../../model/http.ts'
import { defineKind } from '../../../model/kind.ts'
import { met } from '../../../model/need.ts'
import type { Look, World } from '../../../model/world.ts'
import { Refused } from '../../../model/error.ts'
import { defineChannel } from '../channel.ts'
import { ask, troubleWith, type Addressee } from '../send.ts'
import { httpsShape, onlyShape, secretName, secretShape } from '../shapes.ts'
import { fitted, graphemes, shortenedWords } from '../text/fit.ts'
import { plainOf, unmentioning } from '../text/render.ts'

/** Characters of a post as people count them, and bytes of it (the lexicon app.bsky.feed.post). */
const LIMIT = 300
const BYTES = 3000

const COLLECTION = 'app.bsky.feed.post'

const handleShape = z.string().regex(/^(?:did:[a-z]+:[\w.:%-]+|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*)$/i, 'is not a handle')
const input = z.strictObject({ service: httpsShape, handle: handleShape, password: secretShape, text: z.string().min(1), date: z.iso.datetime() })
const output = z.strictObject({ uri: z.string() })

type Input = z.infer<typeof input>

const sessionAnswer = z.object({ accessJwt: z.string() })
const recordAnswer = z.object({ uri: z.string(), value: z.object({ text: z.string() }) })

const to = ({ service, password }: Pick<Input, 'service' | 'password'>): Addressee => ({
  service: new URL(service).host, secret: password.$secret,
  renew: `Make an app password in the account's settings (Privacy and security) and set ${password.$secret} again.`,
})

const xrpc = (service: string, method: string): string => `${service.replace(/\/+$/, '')}/xrpc/${method}`

const TID = '234567abcdefghijklmnopqrstuvwxyz'

/** A record key of the type `tid` (https://atproto.com/specs/tid) from the release's date and the step's key, the same every time. */
export function tidFor(date: string, key: string): string {
  const hash = createHash('sha256').update(key).digest()
  // The microseconds of a date that has whole seconds are free to tell one record from another.
  const micros = BigInt(Date.parse(date)) * 1000n + BigInt(hash.readUInt32BE(0) % 1_000_000)
  let bits = (micros << 10n) | BigInt(hash.readUInt16BE(4) % 1024)
  let text = ''
  for (let at = 0; at < 13; at += 1) {
    text = (TID[Number(bits & 31n)] ?? '') + text
    bits >>= 5n
  }
  return text
}

/** The links of a text as facets, which count in bytes of UTF-8 (https://docs.bsky.app/docs/advanced-guides/post-richtext). */
export function linkFacets(text: string) {
  const bytesBefore = (at: number): number => new TextEncoder().encode(text.slice(0, at)).byteLength
  return [...text.matchAll(/https?:\/\/[^\s<>()"'`]*[^\s<>()"'`.,;:!?\]]/g)].map(({ 0: uri, index }) => ({
    index: { byteStart: bytesBefore(index), byteEnd: bytesBefore(index + uri.length) },
    features: [{ $type: 'app.bsky.richtext.facet#link', uri }],
  }))
}

/** Lends what opens the account for an hour or two. */
async function withSession<T>(world: World, at: Pick<Input, 'service' | 'handle' | 'password'>, use: (jwt: string) => Promise<T>): Promise<T> {
  return world.fleeting(`session of ${at.handle}`, async () => {
    const answer = await world.secret(at.password.$secret, (password) => ask(world, {
      method: 'POST', url: xrpc(at.service, 'com.atproto.server.createSession'), headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier: at.handle, password }), secretBody: true,
    }, to(at)))
    return { value: sessionAnswer.parse(bodyJson(answer)).accessJwt, until: new Date(world.now().getTime() + 30 * 60_000) }
  }, use)
}

/** The record under a key, which everybody may read. */
async function find(look: Look, { service, handle, password }: Input, rkey: string): Promise<z.infer<typeof recordAnswer> | undefined> {
  const query = new URLSearchParams({ repo: handle, collection: COLLECTION, rkey })
  const answer = await look.http({ method: 'GET', url: `${xrpc(service, 'com.atproto.repo.getRecord')}?${query.toString()}` })
  const body = bodyJson(answer)
  if (answer.status === 400 && typeof body === 'object' && body !== null && 'error' in body && body.error === 'RecordNotFound') return undefined
  if (answer.status >= 300) throw troubleWith(answer, to({ service, password }))
  return recordAnswer.parse(body)
}

async function write(world: World, at: Input, method: string, body: object): Promise<unknown> {
  return withSession(world, at, async (jwt) => bodyJson(await ask(world, {
    method: 'POST', url: xrpc(at.service, method), headers: { 'content-type': 'application/json', authorization: `Bearer ${jwt}` }, body: JSON.stringify({ repo: at.handle, collection: COLLECTION, ...body }),
  }, to(at))))
}

/** One post. */
export const announceBluesky = defineKind<Input, z.infer<typeof output>>({
  kind: 'announce.bluesky',
  input,
  output,
  reversal: {
    is: 'compensable',
    leaves: 'relays may keep their copies for a while',
    async undo(world, at, _, { key }) {
      const rkey = tidFor(at.date, key)
      const found = await find(world, at, rkey)
      if (found === undefined) return
      if (found.value.text !== at.text) throw new Refused({ code: 'request-refused', message: `The post ${found.uri} says something else, so it was left alone.` })
      await write(world, at, 'com.atproto.repo.deleteRecord', { rkey })
    },
  },
  examples: ({ version, release: { date } }) => [{
    service: 'https://bsky.social', handle: 'oneflow.example.org', password: { $secret: 'BLUESKY_PASSWORD' }, date,
    text: `oneflow-ai ${version} is out — https://github.com/acme/ground/releases/tag/v${version}`,
  }],
  describe: ({ handle, text }) => ({
    apply: `Post on Bluesky as ${handle}: ${text.split('\n', 1)[0] ?? ''}`,
    undo: 'Delete the post.',
    byHand: [`# Post it by hand as ${handle}.`],
  }),
  async probe(look, at, key) {
    const found = await find(look, at, tidFor(at.date, key))
    if (found === undefined) return { state: 'absent' }
    return found.value.text === at.text ? { state: 'present', output: { uri: found.uri } } : { state: 'conflict', found: `the post ${found.uri} says something else` }
  },
  async apply(world, at, { key }) {
    // With swapRecord null it is made only where there is none (https://docs.bsky.app/docs/api/com-atproto-repo-put-record).
    const made = await write(world, at, 'com.atproto.repo.putRecord', {
      rkey: tidFor(at.date, key), swapRecord: null,
      record: { $type: COLLECTION, text: at.text, createdAt: at.date, langs: ['en'], facets: linkFacets(at.text) },
    })
    return { uri: z.object({ uri: z.string() }).parse(made).uri }
  },
})

const settings = z.strictObject({
  handle: handleShape.describe('The account, e.g. oneflow.bsky.social.'),
  password: secretName.default('BLUESKY_PASSWORD').describe('The name of the secret with an app password of the account.'),
  service: httpsShape.default('https://bsky.social').describe('The server of the account; another than bsky.social must stand in `SLIPWAY_TRUSTED_HOSTS`.'),
  only: onlyShape,
}).describe('A post on Bluesky.')

/** An account on Bluesky. */
export const bluesky = defineChannel<z.infer<typeof settings>>({
  name: 'bluesky',
  kind: announceBluesky,
  blind: false,
  settings,
  announce(message, { handle, password, service, only }) {
    const text = fitted(message, {
      limit: LIMIT, measure: (part) => Math.max(graphemes(part), Math.ceil(new TextEncoder().encode(part).byteLength * LIMIT / BYTES)),
      render: (markdown) => unmentioning(plainOf(markdown)), title: unmentioning,
    })
    const at = { service, handle, password: { $secret: password } }
    return [{
      title: `Post on Bluesky${shortenedWords(text, LIMIT)}`,
      only,
      input: { ...at, text: text.text, date: message.date },
      ready: (world) => withSession(world, at, async () => met(`as ${handle}`)),
    }]
  },
  secrets: ({ password }) => [{ name: password, for: 'posting on Bluesky' }],
})
