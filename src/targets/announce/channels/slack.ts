// A Slack channel, by an incoming webhook: it tells nothing of what it has posted, and nothing of that can be changed.
import { z } from 'zod'
import { Refused } from '../../../model/error.ts'
import { bodyText } from '../../../model/http.ts'
import { defineKind } from '../../../model/kind.ts'
import { untested } from '../../../model/need.ts'
import type { Look } from '../../../model/world.ts'
import { defineChannel } from '../channel.ts'
import { ask, type Addressee } from '../send.ts'
import { onlyShape, secretName, secretShape } from '../shapes.ts'
import { fitted, shortenedWords } from '../text/fit.ts'
import { mrkdwnOf, slackEscaped, unmentioning } from '../text/render.ts'

/** Characters that Slack advises for a text; it takes ten times as many (https://docs.slack.dev/changelog/2018-truncating-really-long-messages). */
const LIMIT = 4000

const input = z.strictObject({ webhook: secretShape, text: z.string().min(1) })
const output = z.strictObject({ posted: z.literal(true) })

type Input = z.infer<typeof input>

const to = (secret: string): Addressee => ({
  service: 'Slack', secret, blind: true, closed: [403, 404, 410],
  renew: `Copy the webhook's address from the settings of your Slack app (Incoming Webhooks) and set ${secret} again.`,
})

async function withWebhook<T>(look: Look, { $secret }: Input['webhook'], use: (address: string) => Promise<T>): Promise<T> {
  return look.secret($secret, async (value) => {
    if (!/^https:\/\/hooks\.slack(?:-gov)?\.com\/services\/\w+\/\w+\/[\w-]+$/.test(value)) {
      throw new Refused({ code: 'token-refused', message: `${$secret} does not hold the address of a Slack webhook.`, hint: `It begins with https://hooks.slack.com/services/. ${to($secret).renew}` })
    }
    return use(value)
  })
}

/** One message in a channel. */
export const announceSlack = defineKind<Input, z.infer<typeof output>>({
  kind: 'announce.slack',
  input,
  output,
  reversal: { is: 'final', because: 'what an incoming webhook has posted can neither be changed nor deleted by it; a rollback posts a correction' },
  examples: ({ version }) => [{ webhook: { $secret: 'SLACK_WEBHOOK' }, text: `*oneflow-ai ${version} is out*\n\n• A feature, 5 &gt; 4.` }],
  describe: ({ webhook, text }) => ({
    apply: `Post on Slack: ${text.split('\n', 1)[0] ?? ''}`,
    undo: 'Nothing: a correction is posted instead.',
    byHand: [`curl --json '${JSON.stringify({ text: text.split('\n', 1)[0] }).replaceAll("'", String.raw`'\''`)}' "$${webhook.$secret}"`],
  }),
  async probe() {
    return { state: 'unknown', why: 'a webhook of Slack tells nobody what it has posted', blind: true }
  },
  async apply(world, { webhook, text }) {
    return withWebhook(world, webhook, async (address) => {
      const answer = await ask(world, { method: 'POST', url: address, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text, unfurl_links: false }) }, to(webhook.$secret))
      if (bodyText(answer).trim() !== 'ok') throw new Error(`Slack answered with something else than ok: ${bodyText(answer).slice(0, 100)}`)
      return { posted: true as const }
    })
  },
})

const settings = z.strictObject({
  webhook: secretName.default('SLACK_WEBHOOK').describe('The name of the secret that holds the address of the incoming webhook.'),
  only: onlyShape,
}).describe('A channel of Slack, by an incoming webhook.')

/** A channel of Slack. */
export const slack = defineChannel<z.infer<typeof settings>>({
  name: 'slack',
  kind: announceSlack,
  blind: true,
  settings,
  announce(message, { webhook, only }) {
    const text = fitted(message, {
      limit: LIMIT, measure: (part) => part.length, render: (markdown) => unmentioning(mrkdwnOf(markdown)),
      title: (title) => `*${slackEscaped(title)}*`, link: (page) => `<${slackEscaped(page)}>`,
    })
    return [{
      title: `${message.about === 'release' ? 'Post on Slack' : 'Post a correction on Slack'}${shortenedWords(text, LIMIT)}`,
      only,
      input: { webhook: { $secret: webhook }, text: text.text },
      ready: (world) => withWebhook(world, { $secret: webhook }, async () => untested('Slack tells of a webhook only when something is posted', `Make sure that ${webhook} is the address of the right channel.`)),
    }]
  },
  secrets: ({ webhook }) => [{ name: webhook, for: 'announcing on Slack', shape: 'https://hooks.slack.com/services/T1/B1/{word}' }],
})
