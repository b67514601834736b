// A webhook of one's own: the announcement as JSON, signed by the Standard Webhooks specification.
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { defineKind } from '../../../model/kind.ts'
import { untested } from '../../../model/need.ts'
import { defineChannel, nameFrom } from '../channel.ts'
import { ask, type Addressee } from '../send.ts'
import { httpsShape, onlyShape, secretName, secretShape } from '../shapes.ts'

const event = z.strictObject({
  type: z.enum(['release.published', 'release.withdrawn']),
  /** When the release is dated, ISO 8601. */
  timestamp: z.iso.datetime(),
  data: z.strictObject({ name: z.string(), version: z.string(), tag: z.string(), title: z.string(), body: z.string(), url: z.string().nullable() }),
})
const input = z.strictObject({ url: httpsShape, secret: secretShape, event })
const output = z.strictObject({ id: z.string() })

type Input = z.infer<typeof input>

const to = ({ url, secret }: Pick<Input, 'url' | 'secret'>): Addressee => ({
  service: new URL(url).host, secret: secret.$secret, blind: true,
  renew: `Give ${secret.$secret} the signing secret that the receiver knows.`,
})

/** The signature of a message (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). */
function signatureOf(secret: string, content: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
}

/** One event, sent once. Its id is the same in every attempt, so that a receiver can know it again. */
export const announceWebhook = defineKind<Input, z.infer<typeof output>>({
  kind: 'announce.webhook',
  input,
  output,
  reversal: { is: 'final', because: 'what was told to a webhook cannot be taken back; a rollback tells it that the release was withdrawn' },
  examples: ({ version, tag, release: { date } }) => [{
    url: 'https://hooks.example.org/releases', secret: { $secret: 'WEBHOOK_SECRET' },
    event: { type: 'release.published', timestamp: date, data: { name: 'oneflow-ai', version, tag, title: `oneflow-ai ${version} is out`, body: '- A feature.', url: null } },
  }],
  describe: ({ url, event: { type, data } }) => ({
    apply: `Tell ${url} of ${type}: ${data.title}`,
    undo: 'Nothing: a correction is sent instead.',
    byHand: [`# Send to ${url} by hand what is to be told; the receiver checks the headers webhook-id, webhook-timestamp and webhook-signature.`],
  }),
  async probe() {
    return { state: 'unknown', why: 'a webhook tells nobody what it has received', blind: true }
  },
  async apply(world, { url, secret, event: told }, { key }) {
    const id = `msg_${nameFrom(key)}`
    const body = JSON.stringify(told)
    const timestamp = String(Math.floor(world.now().getTime() / 1000))
    await world.secret(secret.$secret, (value) => ask(world, {
      method: 'POST', url, body,
      headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatureOf(value, `${id}.${timestamp}.${body}`) },
    }, to({ url, secret })))
    return { id }
  },
})

const settings = z.strictObject({
  url: httpsShape.describe('Where the event is sent.'),
  secret: secretName.default('WEBHOOK_SECRET').describe('The name of the secret that signs it, as the receiver knows it: any text, or whsec_ and base64.'),
  only: onlyShape,
}).describe('A webhook of your own, told by a signed JSON body (Standard Webhooks).')

/** A webhook. */
export const webhook = defineChannel<z.infer<typeof settings>>({
  name: 'webhook',
  kind: announceWebhook,
  blind: true,
  settings,
  announce({ about, name, version, title, body, page, date }, { url, secret, only }, { tag }) {
    return [{
      title: about === 'release' ? `Tell ${new URL(url).host}` : `Tell ${new URL(url).host} that it was withdrawn`,
      only,
      input: { url, secret: { $secret: secret }, event: { type: about === 'release' ? 'release.published' : 'release.withdrawn', timestamp: date, data: { name, version, tag, title, body, url: page ?? null } } },
      ready: async () => untested('a webhook takes whatever it is sent', `Make sure that ${url} knows the secret in ${secret}.`),
    }]
  },
  secrets: ({ secret, url }) => [{ name: secret, for: `signing what ${new URL(url).host} is told` }],
})
