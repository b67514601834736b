// Mail over SMTP, by nodemailer: one letter handed over once, and what a failure says of it.
import { Readable } from 'node:stream'
import type { Transporter } from 'nodemailer'
import { Refused } from '../model/error.ts'
import type { Letter, MailServer, World } from '../model/world.ts'
import type { Routes } from './routes.ts'

/** How mail is sent. */
export interface MailOptions {
  readonly routes: Routes
  /** With `routed`, a server without a route is refused before anything is sent. */
  readonly reach: 'everything' | 'routed'
}

/** Milliseconds until a connection stands, and without a word from the server. */
const LIMITS = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000 }

/** What nodemailer's errors tell (https://nodemailer.com/errors). Which command was under way is not told of a connection that was closed. */
interface Failure extends Error {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
}

/** `World.mail`: see there for what it promises. TLS from the beginning at port 465, elsewhere by STARTTLS before anything is said. */
export function openMail(options: MailOptions): World['mail'] {
  return {
    check: (server) => withTransport(options, server, async (transport) => { await transport.verify() }),
    send: (server, letter) => withTransport(options, server, async (transport, handing) => {
      const source = await sourceOf(letter)
      const raw = Readable.from((function* () {
        handing()
        yield source
      })())
      await transport.sendMail({ envelope: { from: addressIn(letter.from), to: [addressIn(letter.to)] }, raw })
    }),
  }
}

async function withTransport(options: MailOptions, server: MailServer, use: (transport: Transporter, handing: () => void) => Promise<void>): Promise<void> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({ ...placeOf(options, server), ...(server.login === undefined ? {} : { auth: { user: server.login.user, pass: server.login.password } }), ...LIMITS, disableFileAccess: true, disableUrlAccess: true })
  // From the moment on in which the letter itself is read, a connection that breaks leaves doubt.
  let handed = false
  try {
    await use(transport, () => { handed = true })
  } catch (error) {
    throw meaningOf(server, error as Failure, handed)
  } finally {
    transport.close()
  }
}

function placeOf({ routes, reach }: MailOptions, { host, port }: MailServer) {
  const route = URL.parse(routes[`${host}:${port}`] ?? '')
  if (route !== null) return { host: route.hostname, port: Number(route.port), secure: false, ignoreTLS: true }
  if (reach === 'routed') throw new Refused({ code: 'request-refused', message: `The rehearsal serves no mail at ${host}:${port}, so nothing was sent there.`, hint: 'A rehearsal hands mail over to a server of its own.' })
  return { host, port, secure: port === 465, requireTLS: port !== 465 }
}

/** The letter as it goes over the wire, its headers folded and encoded. */
async function sourceOf({ from, to, subject, text, messageId, inReplyTo, date, headers }: Letter): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  return new MailComposer({ from, to, subject, text, messageId, date, headers: { ...headers }, ...(inReplyTo === undefined ? {} : { inReplyTo, references: inReplyTo }), newline: '\r\n', disableFileAccess: true, disableUrlAccess: true }).compile().build()
}

/** The address of `Name <address>`. */
function addressIn(text: string): string {
  return /<([^>]*)>$/.exec(text)?.[1] ?? text
}

/** Refused where the server said no, or never got as far as the letter itself; a plain Error where the letter may have been taken. */
function meaningOf({ host, port }: MailServer, { code = '', message, response, responseCode }: Failure, handed: boolean): Error {
  const at = `${host}:${port}`
  const said = (response ?? message).replace(/[\s\p{Cc}]+/gu, ' ').trim()
  if (code === 'EAUTH') return new Refused({ code: 'token-refused', message: `The mail server ${at} does not accept the login.`, hint: 'Put the right user and password into the secret with the address of the mail server.', detail: said })
  if (code === 'ETLS') return new Refused({ code: 'certificate-refused', message: `The mail server ${at} offers no TLS that can be trusted, so nothing was sent.`, hint: 'Use the port 465 or 587 of a server with a valid certificate.', detail: said })
  if (/^5\d\d[ -]5\.7\./.test(said)) return new Refused({ code: 'right-missing', message: `The mail server ${at} does not let this login send the mail: ${said}`, hint: 'Let the user write from this address to this list, or take another login.' })
  if (responseCode !== undefined && responseCode >= 400) return new Refused({ code: 'request-refused', message: `The mail server ${at} refused the mail: ${said}`, hint: 'Put right what it names, then run the same command again.' })
  if (!handed) return new Refused({ code: 'remote-unreachable', message: `The mail server ${at} was not reached, so nothing was sent.`, hint: 'Check the connection and run the same command again.', detail: said })
  return new Error(`the mail server ${at} gave no answer to the mail: ${said}`)
}
