// A Mastodon account: found again among its own posts, and sent with a key that the server remembers for an hour.
import { z } from 'zod'
import { Refused } from '../../../model/error.ts'
import { bodyJson } from '../../../model/http.ts'
import { defineKind } from '../../../model/kind.ts'
import { met } from '../../../model/need.ts'
import type { HttpAnswer, HttpRequest, Look } from '../../../model/world.ts'
import { defineChannel, nameFrom } from '../channel.ts'
import { ask, type Addressee } from '../send.ts'
import { httpsShape, onlyShape, secretName, secretShape } from '../shapes.ts'
import { codePoints, fitted, shortenedWords } from '../text/fit.ts'
import { plainOf, unmentioning } from '../text/render.ts'

/** How far the server's clock may be behind ours when the newest posts are looked through, in milliseconds. */
const SKEW = 24 * 60 * 60_000
/** Posts of one page. */
const PAGE = 40

const input = z.strictObject({ instance: httpsShape, token: secretShape, status: z.string().min(1), visibility: z.enum(['public', 'unlisted']), since: z.iso.datetime() })
const output = z.strictObject({ id: z.string(), url: z.string() })

type Input = z.infer<typeof input>

// https://docs.joinmastodon.org/entities/Status/
const statusAnswer = z.object({ id: z.string(), content: z.string(), created_at: z.iso.datetime(), url: z.string().nullable().default(null) })
const accountAnswer = z.object({ id: z.string(), acct: z.string() })

const to = ({ instance, token }: Pick<Input, 'instance' | 'token'>): Addressee => ({
  service: new URL(instance).host, secret: token.$secret,
  renew: `Make an access token in the account's settings (Development) with the scopes read:accounts, read:statuses and write:statuses, and set ${token.$secret} again.`,
})

async function call(look: Look, at: Pick<Input, 'instance' | 'token'>, { path, headers, ...request }: Pick<HttpRequest, 'method' | 'body' | 'headers'> & { readonly path: string }): Promise<HttpAnswer> {
  return look.secret(at.token.$secret, (value) => ask(look, { ...request, url: `${at.instance.replace(/\/+$/, '')}${path}`, headers: { ...headers, authorization: `Bearer ${value}` } }, to(at)))
}

async function account(look: Look, at: Pick<Input, 'instance' | 'token'>): Promise<z.infer<typeof accountAnswer>> {
  return accountAnswer.parse(bodyJson(await call(look, at, { method: 'GET', path: '/api/v1/accounts/verify_credentials' })))
}

/** Our post, by what it says: the newest posts are read back to before the release. */
async function find(look: Look, at: Input): Promise<z.infer<typeof statusAnswer> | undefined> {
  const { id } = await account(look, at)
  const wanted = squeezed(at.status)
  for (let before = ''; ;) {
    const page = z.array(statusAnswer).parse(bodyJson(await call(look, at, { method: 'GET', path: `/api/v1/accounts/${id}/statuses?limit=${PAGE}&exclude_reblogs=true${before}` })))
    const ours = page.find(({ content }) => squeezed(textOf(content)) === wanted)
    if (ours !== undefined) return ours
    const last = page.at(-1)
    if (last === undefined || Date.parse(last.created_at) < Date.parse(at.since) - SKEW) return undefined
    before = `&max_id=${last.id}`
  }
}

/** The text of a post's HTML: links are shown whole, though parts of them are hidden. */
function textOf(html: string): string {
  return html.replace(/<br\s*\/?>|<\/p>/gi, '\n').replace(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&nbsp;', ' ').replaceAll('&amp;', '&')
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** One post. */
export const announceMastodon = defineKind<Input, z.infer<typeof output>>({
  kind: 'announce.mastodon',
  input,
  output,
  reversal: {
    is: 'compensable',
    leaves: 'other servers may keep their copies for a while',
    async undo(world, at) {
      const ours = await find(world, at)
      if (ours === undefined) return
      await call(world, at, { method: 'DELETE', path: `/api/v1/statuses/${ours.id}` })
    },
  },
  examples: ({ version, release: { date } }) => [{
    instance: 'https://social.example.org', token: { $secret: 'MASTODON_TOKEN' }, visibility: 'public', since: date,
    status: `oneflow-ai ${version} is out\n\n• A feature & more: https://github.com/acme/ground/releases/tag/v${version}`,
  }],
  describe: ({ instance, token, status }) => ({
    apply: `Post on ${new URL(instance).host}: ${status.split('\n', 1)[0] ?? ''}`,
    undo: 'Delete the post.',
    byHand: [`curl -H "Authorization: Bearer $${token.$secret}" --data-urlencode 'status=TEXT' ${instance.replace(/\/+$/, '')}/api/v1/statuses`],
  }),
  async probe(look, at) {
    const ours = await find(look, at)
    return ours === undefined ? { state: 'absent' } : { state: 'present', output: { id: ours.id, url: ours.url ?? '' } }
  },
  async apply(world, at, { key }) {
    const answer = await call(world, at, {
      method: 'POST', path: '/api/v1/statuses', headers: { 'content-type': 'application/json', 'idempotency-key': nameFrom(key) },
      body: JSON.stringify({ status: at.status, visibility: at.visibility }),
    })
    const { id, url } = statusAnswer.parse(bodyJson(answer))
    return { id, url: url ?? '' }
  },
})

const settings = z.strictObject({
  instance: httpsShape.describe('The server of the account. `SLIPWAY_TRUSTED_HOSTS` must name it, since the token is sent there.'),
  token: secretName.default('MASTODON_TOKEN').describe('The name of the secret with the access token: read:accounts, read:statuses and write:statuses.'),
  limit: z.int().min(100).max(100_000).default(500).describe('Characters that the server takes.'),
  visibility: z.enum(['public', 'unlisted']).default('public').describe('Who finds the post in timelines.'),
  only: onlyShape,
}).describe('A post on Mastodon.')

/** An account on Mastodon. */
export const mastodon = defineChannel<z.infer<typeof settings>>({
  name: 'mastodon',
  kind: announceMastodon,
  blind: false,
  settings,
  announce(message, { instance, token, limit, visibility, only }) {
    const text = fitted(message, { limit, measure: codePoints, render: (markdown) => unmentioning(plainOf(markdown)), title: unmentioning })
    const at = { instance, token: { $secret: token } }
    return [{
      title: `Post on ${new URL(instance).host}${shortenedWords(text, limit)}`,
      only,
      input: { ...at, status: text.text, visibility, since: message.date },
      async ready(world) {
        const most = z.object({ configuration: z.object({ statuses: z.object({ max_characters: z.int() }) }) }).safeParse(bodyJson(await call(world, at, { method: 'GET', path: '/api/v2/instance' })))
        if (most.success && most.data.configuration.statuses.max_characters < limit) {
          throw new Refused({ code: 'config-invalid', message: `${new URL(instance).host} takes ${most.data.configuration.statuses.max_characters} characters, and slipway.yaml says ${limit}.`, hint: 'Correct `announce.mastodon.limit` in slipway.yaml.' })
        }
        return met(`as @${(await account(world, at)).acct}`)
      },
    }]
  },
  secrets: ({ token }) => [{ name: token, for: 'posting on Mastodon' }],
})
