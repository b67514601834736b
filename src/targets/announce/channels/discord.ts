// A Discord channel, by a webhook: it shows a message again only to who knows its id.
import { z } from 'zod'
import { Refused } from '../../../model/error.ts'
import { bodyJson } from '../../../model/http.ts'
import { defineKind } from '../../../model/kind.ts'
import { met } from '../../../model/need.ts'
import type { Look } from '../../../model/world.ts'
import { defineChannel } from '../channel.ts'
import { ask, troubleWith, type Addressee } from '../send.ts'
import { onlyShape, secretName, secretShape } from '../shapes.ts'
import { fitted, shortenedWords } from '../text/fit.ts'

/** Characters of a message (https://docs.discord.com/developers/resources/webhook#execute-webhook). */
const LIMIT = 2000

const input = z.strictObject({ webhook: secretShape, content: z.string().min(1).max(LIMIT) })
const output = z.strictObject({ id: z.string() })
const messageAnswer = z.object({ id: z.string(), content: z.string() })

type Input = z.infer<typeof input>

const to = (secret: string): Addressee => ({
  service: 'Discord', secret, blind: true, closed: [404],
  renew: `Copy the webhook's address from the channel's settings (Integrations, Webhooks) and set ${secret} again.`,
})

/** Lends the webhook's address. Throws Refused `token-refused` when the secret holds none. */
async function withWebhook<T>(look: Look, { $secret }: Input['webhook'], use: (address: string) => Promise<T>): Promise<T> {
  return look.secret($secret, async (value) => {
    if (!/^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+$/.test(value)) {
      throw new Refused({ code: 'token-refused', message: `${$secret} does not hold the address of a Discord webhook.`, hint: `It begins with https://discord.com/api/webhooks/. ${to($secret).renew}` })
    }
    return use(value)
  })
}

/** One message in a channel. */
export const announceDiscord = defineKind<Input, z.infer<typeof output>>({
  kind: 'announce.discord',
  input,
  output,
  reversal: {
    is: 'compensable',
    leaves: 'who read the message has read it',
    async undo(world, { webhook }, made) {
      if (made === undefined) throw new Refused({ code: 'in-doubt', message: 'Nobody knows which message on Discord is this one, since its answer never came.', hint: 'Delete it there by hand, if it is there.' })
      await withWebhook(world, webhook, async (address) => {
        if ((await world.http({ method: 'GET', url: `${address}/messages/${made.id}` })).status === 404) return
        const answer = await world.http({ method: 'DELETE', url: `${address}/messages/${made.id}` })
        if (answer.status >= 300 && answer.status !== 404) throw troubleWith(answer, to(webhook.$secret))
      })
    },
  },
  examples: ({ version }) => [{ webhook: { $secret: 'DISCORD_WEBHOOK' }, content: `**oneflow-ai ${version} is out**\n\n- A feature, and @everyone may read of it.` }],
  describe: ({ webhook, content }) => ({
    apply: `Post on Discord: ${content.split('\n', 1)[0] ?? ''}`,
    undo: 'Delete the message.',
    byHand: [`curl --json '${JSON.stringify({ content: content.split('\n', 1)[0], allowed_mentions: { parse: [] } }).replaceAll("'", String.raw`'\''`)}' "$${webhook.$secret}?wait=true"`],
  }),
  async probe(look, { webhook, content }, _, made) {
    if (made === undefined) return { state: 'unknown', why: 'Discord shows a webhook only the messages whose ids it knows', blind: true }
    return withWebhook(look, webhook, async (address) => {
      const answer = await look.http({ method: 'GET', url: `${address}/messages/${made.id}` })
      if (answer.status === 404) return { state: 'absent' }
      if (answer.status >= 300) throw troubleWith(answer, to(webhook.$secret))
      const seen = messageAnswer.parse(bodyJson(answer))
      return seen.content === content ? { state: 'present', output: { id: seen.id } } : { state: 'conflict', found: `the message ${seen.id} says something else now` }
    })
  },
  async apply(world, { webhook, content }) {
    return withWebhook(world, webhook, async (address) => {
      const answer = await ask(world, {
        method: 'POST', url: `${address}?wait=true`, headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ content, allowed_mentions: { parse: [] } }),
      }, to(webhook.$secret))
      return { id: messageAnswer.parse(bodyJson(answer)).id }
    })
  },
})

const settings = z.strictObject({
  webhook: secretName.default('DISCORD_WEBHOOK').describe('The name of the secret that holds the address of the webhook.'),
  only: onlyShape,
}).describe('A channel of Discord, by a webhook.')

/** A channel of Discord. */
export const discord = defineChannel<z.infer<typeof settings>>({
  name: 'discord',
  kind: announceDiscord,
  blind: true,
  settings,
  announce(message, { webhook, only }, {}) {
    const text = fitted(message, { limit: LIMIT, measure: (part) => part.length, render: (markdown) => markdown, title: (title) => `**${title}**` })
    return [{
      title: `Post on Discord${shortenedWords(text, LIMIT)}`,
      only,
      input: { webhook: { $secret: webhook }, content: text.text },
      ready: (world) => withWebhook(world, { $secret: webhook }, async (address) => {
        const answer = await world.http({ method: 'GET', url: address })
        if (answer.status >= 300) throw troubleWith(answer, to(webhook))
        return met('the webhook is there')
      }),
    }]
  },
  secrets: ({ webhook }) => [{ name: webhook, for: 'announcing on Discord', shape: 'https://discord.com/api/webhooks/1001/{word}' }],
})
