// Mail by nodemailer, handed to a server on loopback: what arrives, and what each failure says of it.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { Refused } from '../model/error.ts'
import type { Letter } from '../model/world.ts'
import { MAIL_HOST, serveMail, type MailServed } from '../rehearsal/channels/smtp.ts'
import { createChannels } from '../rehearsal/channels/state.ts'
import { openMail } from './mail.ts'

const letter: Letter = {
  from: 'Rêleases <releases@example.org>', to: 'users@lists.example.org', subject: 'tiny 1.1.0 ist da: größer', text: 'A line.\n.\n.hidden dot\nüber',
  messageId: '<one@example.org>', date: new Date('2026-03-01T12:00:00Z'), headers: { 'List-Archive': '<https://lists.example.org/users/>' },
}
const server = (password: string) => ({ host: 'mail.example.org', port: 587, login: { user: 'slipway', password } })

describe('mail', () => {
  const state = createChannels({ now: () => new Date(), tokens: ['smtp://slipway:right-word@mail.example.org:587'], places: { hooks: [], mastodon: [], bluesky: [], discourse: [] } })
  let served: MailServed
  let cut: 'before' | 'after' | undefined
  before(async () => { served = await serveMail(state, async (moment) => moment === cut ? 'cut' : undefined) })
  after(() => served.close())
  beforeEach(() => {
    state.mails.length = 0
    cut = undefined
  })
  const mail = () => openMail({ routes: { [MAIL_HOST]: served.address }, reach: 'routed' })

  test('arrives whole, with its headers and its dots', async () => {
    await mail().check(server('right-word'))
    assert.equal(state.mails.length, 0, 'a check sends nothing')
    await mail().send(server('right-word'), letter)
    assert.equal(state.mails.length, 1)
    const [{ from, to, source }] = state.mails as [typeof state.mails[0] & object]
    assert.deepEqual([from, to], ['releases@example.org', ['users@lists.example.org']])
    assert.match(source, /^Message-ID: <one@example\.org>\r$/m)
    assert.match(source, /^List-Archive: <https:\/\/lists\.example\.org\/users\/>\r$/m)
    assert.match(source, /^Subject: =\?UTF-8\?Q\?/m)
    assert.match(source.replaceAll('=\r\n', ''), /A line\.\r\n\.\r\n\.hidden dot\r\n=C3=BCber/)
  })

  test('no header can be slipped in by a subject', async () => {
    await mail().send(server('right-word'), { ...letter, subject: 'news\r\nBcc: everybody@example.org\r\n\r\nbody' })
    const [head = ''] = state.mails[0]?.source.split('\r\n\r\n') ?? []
    assert.doesNotMatch(head, /^Bcc:/im)
    assert.deepEqual(state.mails[0]?.to, ['users@lists.example.org'])
  })

  test('what the server refuses is refused for certain', async () => {
    for (const [password, code] of [['wrong-word', 'token-refused'], ['reader-word', 'right-missing']] as const) {
      await assert.rejects(mail().send(server(password), letter), (error: unknown) => error instanceof Refused && error.code === code && !JSON.stringify(error.problems).includes(password), password)
    }
    await assert.rejects(mail().check(server('wrong-word')), { name: 'Refused', code: 'token-refused' })
    assert.equal(state.mails.length, 0)
  })

  test('a server that is not there was not told anything; one that falls silent over the letter leaves doubt', async () => {
    const nowhere = openMail({ routes: { [MAIL_HOST]: 'smtp://127.0.0.1:9' }, reach: 'routed' })
    await assert.rejects(nowhere.send(server('right-word'), letter), { name: 'Refused', code: 'remote-unreachable' })
    await assert.rejects(openMail({ routes: {}, reach: 'routed' }).send(server('right-word'), letter), { name: 'Refused', code: 'request-refused', message: /rehearsal/ })
    for (const moment of ['before', 'after'] as const) {
      cut = moment
      await assert.rejects(mail().send(server('right-word'), letter), (error: unknown) => error instanceof Error && !(error instanceof Refused), moment)
    }
    assert.equal(state.mails.length, 1, 'and nobody but the server knows that it was taken the second time')
  })
})
