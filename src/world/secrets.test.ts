// Tests of lending and redacting secrets.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'node:test'
import { Refused, SlipwayError } from '../model/error.ts'
import { openSecrets } from './secrets.ts'

const value = 'pypi-AgEIcHlwaS5vcmc/+"q'
const secrets = openSecrets({ PYPI_TOKEN: `${value}\n`, EMPTY_TOKEN: ' ', PLAIN: 'not-secret-by-name' })

test('a secret is lent without the white space around it', async () => {
  assert.equal(await secrets.lend('PYPI_TOKEN', async (lent) => lent), value)
})

test('a secret that is not set, or empty, is refused with the way to set it', async () => {
  for (const name of ['MISSING', 'EMPTY_TOKEN']) {
    await assert.rejects(secrets.lend(name, async () => assert.fail('lent nothing')), (error: unknown) => {
      assert.ok(error instanceof Refused)
      assert.equal(error.code, 'secret-missing')
      assert.ok(error.message.includes(name) && error.problems[0].hint?.includes(`export ${name}`))
      return true
    })
    assert.equal(secrets.peek(name), undefined)
  }
})

test('an error that holds the value goes on without it, in every part of it', async () => {
  const throwing = (error: unknown) => secrets.lend('PYPI_TOKEN', () => Promise.reject(error as Error)).then(() => assert.fail('did not throw'), (thrown: unknown) => thrown)
  const refused = await throwing(new Refused({ code: 'token-refused', message: `bad ${value}`, detail: `Basic ${Buffer.from(`__token__:${value}`).toString('base64')}`, hint: encodeURIComponent(value) }))
  assert.ok(refused instanceof Refused)
  assert.deepEqual(refused.problems, [{ code: 'token-refused', message: 'bad ***PYPI_TOKEN***', detail: 'Basic ***PYPI_TOKEN***', hint: '***PYPI_TOKEN***' }])
  const plain = await throwing(Object.assign(new TypeError(`bad ${value}`, { cause: new Error(value) }), { status: 403, request: { headers: { authorization: value } } }))
  assert.ok(plain instanceof Error && !(plain instanceof SlipwayError))
  assert.deepEqual([plain.name, plain.message, (plain as { status?: number }).status, plain.cause], ['TypeError', 'bad ***PYPI_TOKEN***', 403, undefined])
  assert.ok(!JSON.stringify(plain, Object.getOwnPropertyNames(plain)).includes(value))
  const innocent = new Error('nothing to hide')
  assert.equal(await throwing(innocent), innocent)
})

test('a variable whose name tells nothing is redacted from when it is lent', async () => {
  const own = openSecrets({ PLAIN: 'not-secret-by-name' })
  assert.equal(own.redact('not-secret-by-name'), 'not-secret-by-name')
  await own.lend('PLAIN', async () => undefined)
  assert.equal(own.redact('not-secret-by-name'), '***PLAIN***')
})

test('every form of a value is found in a text', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const forms = [
    value, base64(value), Buffer.from(value).toString('base64url'), encodeURIComponent(value), new URLSearchParams({ a: value }).toString().slice(2),
    JSON.stringify(value).slice(1, -1), base64(`__token__:${value}`), base64(`x-access-token:${value}`), `${value.slice(0, 9)}\n${value.slice(9)}`, `${value.slice(0, 9)}\r\n  ${value.slice(9)}`,
  ]
  for (const form of forms) assert.equal(secrets.redact(`<${form}>`), '<***PYPI_TOKEN***>', form)
  const unknownUser = secrets.redact(base64(`someone:${value}`))
  assert.ok(unknownUser.includes('***PYPI_TOKEN***') && unknownUser.length < 40, unknownUser)
  assert.equal(secrets.redact('nothing here but pypi and words'), 'nothing here but pypi and words')
})

test('a value of many lines is found line by line', () => {
  const key = ['-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', 'BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj', '-----END PRIVATE KEY-----'].join('\n')
  const own = openSecrets({ DEPLOY_PRIVATE_KEY: key })
  assert.equal(own.redact(`a ${key} b`), 'a ***DEPLOY_PRIVATE_KEY*** b')
  assert.equal(own.redact('line 2: BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj'), 'line 2: ***DEPLOY_PRIVATE_KEY***')
})

test('very short values are left alone, or every text would be torn', () => {
  assert.equal(openSecrets({ A_TOKEN: 'abc' }).redact('abc'), 'abc')
})

test('a text in pieces comes out as the whole text would, wherever it is cut', () => {
  const text = `start ${value} middle ${Buffer.from(value).toString('base64')} pypi-AgE no ${value.slice(0, 5)}\n${value.slice(5)} end pypi-Ag`
  const whole = secrets.redact(text)
  assert.ok(!whole.includes(value))
  fc.assert(fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
    const redactor = secrets.redactor()
    const bounds = [0, ...cuts.toSorted((one, other) => one - other), text.length]
    const out = bounds.slice(1).map((end, index) => redactor.push(text.slice(bounds[index], end)))
    assert.equal(out.join('') + redactor.end(), whole)
  }))
})

test('a piece that cannot begin a secret is not held back', () => {
  const redactor = secrets.redactor()
  assert.equal(redactor.push('42 tests passed\n'), '42 tests passed\n')
})

test('a secret as long as an identity token is found whole, broken over lines and in pieces', () => {
  const token = Array.from({ length: 1800 }, (_, at) => 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'.charAt((at * 37 + at * at) % 64)).join('')
  const secrets = openSecrets({ IDENTITY_TOKEN: token })
  assert.equal(secrets.redact(`before ${token} after`), 'before ***IDENTITY_TOKEN*** after')
  assert.equal(secrets.redact(`before\n${token.slice(0, 700)}\n  ${token.slice(700)}\nafter`), 'before\n***IDENTITY_TOKEN***\nafter')
  const redactor = secrets.redactor()
  const pieces = `before ${token} after`.match(/.{1,50}/gs) ?? []
  assert.equal(pieces.map((piece) => redactor.push(piece)).join('') + redactor.end(), 'before ***IDENTITY_TOKEN*** after')
})

test('a value is found as hex, in either case of percent encoding, and as HTML and JSON twice over write it', () => {
  const value = 'a"b\'c<d>&e/f+(g)!\\hij'
  const { redact } = openSecrets({ GH_PAT: value })
  const percent = encodeURIComponent(value)
  const forms = [
    value, Buffer.from(value).toString('hex'), Buffer.from(value).toString('hex').toUpperCase(), percent, percent.toLowerCase(),
    percent.replaceAll('(', '%28').replaceAll(')', '%29').replaceAll('!', '%21').replaceAll("'", '%27'), JSON.stringify(JSON.stringify(value)),
    'a&quot;b&#39;c&lt;d&gt;&amp;e/f+(g)!\\hij', 'a&#34;b&#39;c&#60;d&#62;&#38;e/f+(g)!\\hij', 'a&quot;b&#x27;c&lt;d&gt;&amp;e/f+(g)!\\hij', 'a"b\'c&lt;d&gt;&amp;e/f+(g)!\\hij',
  ]
  for (const form of forms) assert.match(redact(`before ${form} after`), /^before .{0,3}\*\*\*GH_PAT\*\*\*.{0,3} after$/, form)
})

test('names that people give to secrets are known by their end', () => {
  for (const name of ['GH_PAT', 'PAT', 'NPM_AUTH', 'SMTP_PASS', 'DEPLOY_TOKENS', 'GITHUB_TOKEN_2', 'COSIGN_PRIVATE_KEY', 'SIGNING_KEY', 'APP_SECRETS']) assert.equal(openSecrets({ [name]: 'canary-value' }).redact('canary-value'), `***${name}***`)
  for (const name of ['PATH', 'COMPASS', 'AUTHOR', 'KEYBOARD']) assert.equal(openSecrets({ [name]: 'canary-value' }).redact('canary-value'), 'canary-value')
})
