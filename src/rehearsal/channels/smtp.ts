// A mail server that keeps what it is handed: SMTP (RFC 5321) with AUTH PLAIN and LOGIN (RFC 4954), on loopback.
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { CallMoment } from '../serve.ts'
import type { ChannelsState } from './state.ts'

/** The public name of the server: where a rehearsal's mail is addressed to. */
export const MAIL_HOST = 'mail.example.org:587'

/** A served mail server. */
export interface MailServed {
  /** `smtp://127.0.0.1:PORT` */
  readonly address: string
  close(): Promise<void>
}

/** Told around the moment in which a mail is taken; `cut` cuts the connection there. */
export type MailHook = (moment: CallMoment) => Promise<void | 'cut'>

/** Serves mail into the state. */
export async function serveMail(state: ChannelsState, onMail: MailHook): Promise<MailServed> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => undefined)
    converse(state, socket, onMail)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => { resolve() }))
    },
  }
}

function converse(state: ChannelsState, socket: Socket, onMail: MailHook): void {
  let user: 'nobody' | 'known' | 'reader' = 'nobody'
  let envelope: { from: string; to: string[] } | undefined
  let login: string[] | undefined
  let data: string[] | undefined
  let rest = ''
  const say = (line: string): void => void socket.write(`${line}\r\n`)
  const enter = (password: string): void => {
    user = state.tokens.some((token) => token.includes(`:${password}@`)) ? 'known' : password.startsWith('reader') ? 'reader' : 'nobody'
    say(user === 'nobody' ? '535 5.7.8 Error: authentication failed' : '235 2.7.0 Authentication successful')
  }
  const take = async (lines: readonly string[]): Promise<void> => {
    if ((await onMail('before')) === 'cut') return void socket.destroy()
    state.mails.push({ from: envelope?.from ?? '', to: envelope?.to ?? [], source: lines.map((line) => line.replace(/^\./, '')).join('\r\n') })
    envelope = undefined
    if ((await onMail('after')) === 'cut') return void socket.destroy()
    say('250 2.0.0 Ok: queued')
  }
  const hear = async (line: string): Promise<void> => {
    if (data !== undefined) {
      if (line !== '.') return void data.push(line)
      const lines = data
      data = undefined
      return take(lines)
    }
    if (login !== undefined) {
      login.push(Buffer.from(line, 'base64').toString())
      if (login.length === 1) return say('334 UGFzc3dvcmQ6')
      const [, password = ''] = login
      login = undefined
      return enter(password)
    }
    const [verb = '', ...words] = line.split(' ')
    switch (verb.toUpperCase()) {
      case 'EHLO': return say('250-mail.example.org\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN')
      case 'HELO': return say('250 mail.example.org')
      case 'AUTH': {
        if (words[0]?.toUpperCase() === 'PLAIN' && words[1] !== undefined) return enter(Buffer.from(words[1], 'base64').toString().split('\0')[2] ?? '')
        login = words[1] === undefined ? [] : [Buffer.from(words[1], 'base64').toString()]
        return say(login.length === 0 ? '334 VXNlcm5hbWU6' : '334 UGFzc3dvcmQ6')
      }
      case 'MAIL': {
        if (user === 'nobody') return say('530 5.7.0 Authentication required')
        if (user === 'reader') return say('550 5.7.1 You may not send here')
        envelope = { from: /<([^>]*)>/.exec(line)?.[1] ?? '', to: [] }
        return say('250 2.1.0 Ok')
      }
      case 'RCPT': {
        if (envelope === undefined) return say('503 5.5.1 Error: need MAIL command')
        envelope.to.push(/<([^>]*)>/.exec(line)?.[1] ?? '')
        return say('250 2.1.5 Ok')
      }
      case 'DATA': {
        if (envelope === undefined || envelope.to.length === 0) return say('503 5.5.1 Error: need RCPT command')
        data = []
        return say('354 End data with <CR><LF>.<CR><LF>')
      }
      case 'RSET':
        envelope = undefined
        return say('250 2.0.0 Ok')
      case 'NOOP': return say('250 2.0.0 Ok')
      case 'QUIT':
        say('221 2.0.0 Bye')
        return void socket.end()
      default: return say('502 5.5.2 Error: command not recognized')
    }
  }
  let hearing: Promise<void> = Promise.resolve()
  socket.setEncoding('utf8')
  socket.on('data', (piece: string) => {
    rest += piece
    const lines = rest.split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hearing = hearing.then(() => hear(line))
  })
  say('220 mail.example.org ESMTP')
}
