// A topic in a Discourse forum, under an id of ours by which it is found again.
import { z } from 'zod'
import { Refused } from '../../../model/error.ts'
import { bodyJson } from '../../../model/http.ts'
import { defineKind } from '../../../model/kind.ts'
import { met } from '../../../model/need.ts'
import type { HttpAnswer, HttpRequest, Look } from '../../../model/world.ts'
import { defineChannel, nameFrom } from '../channel.ts'
import { troubleWith, type Addressee } from '../send.ts'
import { httpsShape, onlyShape, secretName, secretShape } from '../shapes.ts'
import { fitted, shortenedWords } from '../text/fit.ts'
import { unmentioning } from '../text/render.ts'

/** Characters of a post, as forums are set up to begin with. */
const LIMIT = 32_000
/** Characters of a title, likewise. */
const TITLE = 255

const input = z.strictObject({ forum: httpsShape, key: secretShape, user: z.string().min(1), category: z.int().positive(), title: z.string().min(1).max(TITLE), raw: z.string().min(1) })
const output = z.strictObject({ topic: z.int() })

type Input = z.infer<typeof input>
type Place = Pick<Input, 'forum' | 'key' | 'user'>

const topicAnswer = z.object({ id: z.int(), title: z.string(), deleted_at: z.string().nullable().default(null) })

const to = ({ forum, key }: Place): Addressee => ({
  service: new URL(forum).host, secret: key.$secret, closed: [403],
  renew: `Make an API key in the forum's settings (API) with the scopes to read, write and delete topics, and set ${key.$secret} again.`,
})

/** One request with the key; undefined where nothing is there. Redirects, by which a topic is shown under its own address, keep the key. */
async function call(look: Look, at: Place, request: Pick<HttpRequest, 'method' | 'body'> & { readonly path: string }): Promise<HttpAnswer | undefined> {
  const { path, ...rest } = request
  // What the answer means is said while the key is lent, so that no words of the forum's can hold it afterwards.
  return look.secret(at.key.$secret, async (value) => {
    const answer = await look.http({
      ...rest, url: `${at.forum.replace(/\/+$/, '')}${path}`,
      headers: { 'api-key': value, 'api-username': at.user, accept: 'application/json', ...(rest.body === undefined ? {} : { 'content-type': 'application/json' }) },
      // What opens the forum stands in a header that is none of the usual ones.
      secretBody: true,
    })
    if (answer.status === 404 || answer.status === 410) return undefined
    if (answer.status >= 300) throw troubleWith(answer, to(at))
    return answer
  })
}

/** The topic under our id; undefined where there is none, or none any more. */
async function find(look: Look, at: Input, external: string): Promise<z.infer<typeof topicAnswer> | undefined> {
  const answer = await call(look, at, { method: 'GET', path: `/t/external_id/${external}.json` })
  if (answer === undefined) return undefined
  const topic = topicAnswer.parse(bodyJson(answer))
  return topic.deleted_at === null ? topic : undefined
}

/** One topic. */
export const announceDiscourse = defineKind<Input, z.infer<typeof output>>({
  kind: 'announce.discourse',
  input,
  output,
  reversal: {
    is: 'compensable',
    leaves: 'mails that the forum has sent stay, and its staff can bring the topic back',
    async undo(world, at, _, { key }) {
      const ours = await find(world, at, nameFrom(key))
      if (ours === undefined) return
      await call(world, at, { method: 'DELETE', path: `/t/${ours.id}.json` })
    },
  },
  examples: ({ version }) => [{
    forum: 'https://forum.example.org', key: { $secret: 'DISCOURSE_KEY' }, user: 'releases', category: 5, title: `oneflow-ai ${version} is out`, raw: '- A feature.',
  }],
  describe: ({ forum, title }) => ({
    apply: `Open a topic on ${new URL(forum).host}: ${title}`,
    undo: 'Delete the topic.',
    byHand: [`# Open the topic "${title}" on ${forum}.`],
  }),
  async probe(look, at, key) {
    const ours = await find(look, at, nameFrom(key))
    return ours === undefined ? { state: 'absent' } : { state: 'present', output: { topic: ours.id } }
  },
  async apply(world, at, { key }) {
    const answer = await call(world, at, { method: 'POST', path: '/posts.json', body: JSON.stringify({ title: at.title, raw: at.raw, category: at.category, external_id: nameFrom(key) }) })
    if (answer === undefined) throw new Refused({ code: 'request-refused', message: `There is no forum at ${at.forum}.`, hint: 'Correct `announce.discourse.forum` in slipway.yaml.' })
    return { topic: z.object({ topic_id: z.int() }).parse(bodyJson(answer)).topic_id }
  },
})

const settings = z.strictObject({
  forum: httpsShape.describe('Where the forum is. `SLIPWAY_TRUSTED_HOSTS` must name it, since the key is sent there.'),
  key: secretName.default('DISCOURSE_KEY').describe('The name of the secret with the API key.'),
  user: z.string().min(1).describe('The user who writes.'),
  category: z.int().positive().describe('The number of the category.'),
  only: onlyShape,
}).describe('A topic in a Discourse forum.')

/** A Discourse forum. */
export const discourse = defineChannel<z.infer<typeof settings>>({
  name: 'discourse',
  kind: announceDiscourse,
  blind: false,
  settings,
  announce(message, { forum, key, user, category, only }) {
    const text = fitted(message, { limit: LIMIT, measure: (part) => part.length, render: unmentioning })
    const at: Place = { forum, key: { $secret: key }, user }
    return [{
      title: `Open a topic on ${new URL(forum).host}${shortenedWords(text, LIMIT)}`,
      only,
      input: { ...at, category, title: message.title.slice(0, TITLE), raw: text.text === '' ? message.title : text.text },
      async ready(world) {
        const answer = await call(world, at, { method: 'GET', path: `/c/${category}/show.json` })
        if (answer === undefined) throw new Refused({ code: 'request-refused', message: `${new URL(forum).host} has no category ${category}.`, hint: 'Correct `announce.discourse.category` in slipway.yaml.' })
        return met(`the category ${category} is there`)
      },
    }]
  },
  secrets: ({ key }) => [{ name: key, for: 'opening topics in the forum' }],
})
