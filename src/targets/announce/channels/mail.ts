// Mail to a list: handed over to a server once, and never called back.
import { z } from 'zod'
import { Refused } from '../../../model/error.ts'
import { defineKind } from '../../../model/kind.ts'
import { met } from '../../../model/need.ts'
import type { MailServer, World } from '../../../model/world.ts'
import { defineChannel, nameFrom } from '../channel.ts'
import { httpsShape, onlyShape, secretName, secretShape } from '../shapes.ts'
import { plainOf } from '../text/render.ts'

const ADDRESS = /^[^\s<>@",;:]+@[^\s<>@",;:]+\.[^\s<>@",;:]+$/
const addressShape = z.string().regex(ADDRESS, 'is not a mail address')
const fromShape = z.string().regex(/^(?:[^\r\n<>",;:]+ <[^\s<>@",;:]+@[^\s<>@",;:]+>|[^\s<>@",;:]+@[^\s<>@",;:]+)$/, 'is neither a mail address nor "Name <address>"')

const input = z.strictObject({
  server: secretShape, from: fromShape, to: addressShape,
  subject: z.string().min(1).max(500).regex(/^[^\p{Cc}]+$/u, 'is not one line'), text: z.string().min(1),
  /** Headers for readers' programs (RFC 2369), by their names. */
  list: z.partialRecord(z.enum(['List-Unsubscribe', 'List-Archive']), z.string()).exactOptional(),
})
const output = z.strictObject({ messageId: z.string() })

type Input = z.infer<typeof input>

/** Lends the server that the secret's address names: `smtps://user:password@host:465` or `smtp://…:587`. Throws Refused `token-refused` when it holds none. */
async function withServer<T>(world: World, { $secret }: Input['server'], use: (server: MailServer) => Promise<T>): Promise<T> {
  return world.secret($secret, async (value) => {
    const url = URL.parse(value)
    if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
      throw new Refused({ code: 'token-refused', message: `${$secret} does not hold the address of a mail server.`, hint: 'Set it to smtps://USER:PASSWORD@HOST:465 or smtp://USER:PASSWORD@HOST:587, with user and password encoded as in every address.' })
    }
    const port = url.port === '' ? (url.protocol === 'smtps:' ? 465 : 587) : Number(url.port)
    return use({ host: url.hostname, port, ...(url.username === '' ? {} : { login: { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } }) })
  })
}

/** The id of a message, the same whenever and wherever it is made from this key: lists that keep the ids they have seen drop a second one. */
function messageIdFor(key: string, from: string): string {
  return `<${nameFrom(key)}.slipway@${/@([^>\s]+)>?$/.exec(from)?.[1] ?? 'localhost'}>`
}

/** One mail to one list. */
export const announceMail = defineKind<Input, z.infer<typeof output>>({
  kind: 'announce.mail',
  input,
  output,
  reversal: { is: 'final', because: 'mail cannot be called back; a rollback sends a correction as an answer to it' },
  examples: ({ version }) => [{
    server: { $secret: 'SMTP_URL' }, from: 'Releases <releases@example.org>', to: 'users@lists.example.org', subject: `oneflow-ai ${version} is out`, text: '• A feature.',
    list: { 'List-Archive': '<https://lists.example.org/users/>' },
  }],
  describe: ({ from, to, subject }) => ({
    apply: `Mail ${to}: ${subject}`,
    undo: 'Nothing: a correction is mailed instead.',
    byHand: [`# Write to ${to} from ${from}, with the subject "${subject}".`],
  }),
  async probe() {
    return { state: 'unknown', why: 'nobody can see what a mail server has passed on', blind: true }
  },
  async apply(world, { server, from, to, subject, text, list }, { key }) {
    const messageId = messageIdFor(key, from)
    const answered = key.startsWith('withdrawal ') ? messageIdFor(key.replace(/^withdrawal/, 'release'), from) : undefined
    await withServer(world, server, (at) => world.mail.send(at, {
      from, to, subject, text, messageId, date: world.now(), headers: { 'Auto-Submitted': 'auto-generated', ...list }, ...(answered === undefined ? {} : { inReplyTo: answered }),
    }))
    return { messageId }
  },
})

const settings = z.strictObject({
  server: secretName.default('SMTP_URL').describe('The name of the secret that holds the address of the mail server with user and password: smtps://user:password@host:465, or smtp:// with the port 587 and STARTTLS.'),
  from: fromShape.describe('Who writes: an address, or a name with the address in angle brackets.'),
  lists: z.array(z.strictObject({
    to: addressShape.describe('The address of the list.'),
    only: onlyShape,
    archive: httpsShape.describe('Where its archive is (the header List-Archive).').optional(),
    unsubscribe: httpsShape.describe('Where people leave it (the header List-Unsubscribe); lists with a program of their own set it themselves.').optional(),
  })).min(1).describe('The lists that are written to, each with one mail.'),
}).describe('Mail to lists, over SMTP.')

/** Mailing lists. */
export const mail = defineChannel<z.infer<typeof settings>>({
  name: 'mail',
  kind: announceMail,
  blind: true,
  settings,
  announce({ about, title, body }, { server, from, lists }) {
    return lists.map(({ to, only, archive, unsubscribe }) => ({
      of: to,
      title: about === 'release' ? `Mail ${to}` : `Mail ${to} a correction`,
      only,
      input: {
        server: { $secret: server }, from, to, subject: title.slice(0, 500), text: plainOf(body) === '' ? title : plainOf(body),
        ...(archive === undefined && unsubscribe === undefined ? {} : { list: { ...(archive === undefined ? {} : { 'List-Archive': `<${archive}>` }), ...(unsubscribe === undefined ? {} : { 'List-Unsubscribe': `<${unsubscribe}>` }) } }),
      },
      ready: (world) => withServer(world, { $secret: server }, async (at) => {
        await world.mail.check(at)
        return met(`${at.host} takes the login`)
      }),
    }))
  },
  secrets: ({ server }) => [{ name: server, for: 'sending mail', shape: 'smtp://slipway:{word}@mail.example.org:587' }],
})
