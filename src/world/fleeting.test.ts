// Tests of secrets that services give for a while.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused } from '../model/error.ts'
import { openFleeting } from './fleeting.ts'
import { openSecrets } from './secrets.ts'

function open() {
  const clock = { now: new Date('2026-01-01T00:00:00Z') }
  const masked: string[] = []
  const secrets = openSecrets({}, { learned: (value) => masked.push(value) })
  let given = 0
  const fleeting = openFleeting(secrets, () => clock.now)
  const ask = (seconds: number) => async () => ({ value: `minted-value-${(given += 1)}`, until: new Date(clock.now.getTime() + seconds * 1000) })
  return { clock, secrets, masked, fleeting, ask, given: () => given }
}

test('a value is lent again until it ends, and then asked for anew', async () => {
  const { clock, fleeting, ask } = open()
  const lend = () => fleeting('upload token', ask(600), async (value) => value)
  assert.deepEqual([await lend(), await lend()], ['minted-value-1', 'minted-value-1'])
  clock.now = new Date(clock.now.getTime() + 600_000)
  assert.equal(await lend(), 'minted-value-2')
})

test('those who ask at the same time are lent one value; one that ends at once is lent once', async () => {
  const { fleeting, ask, given } = open()
  const same = await Promise.all([1, 2, 3].map(() => fleeting('upload token', ask(600), async (value) => value)))
  assert.deepEqual([new Set(same).size, given()], [1, 1])
  const each = await Promise.all([1, 2, 3].map(() => fleeting('identity token', ask(-1), async (value) => value)))
  assert.equal(new Set(each).size, 3)
})

test('a value whose use was refused is not lent again, one that met a failure is, and asking may fail', async () => {
  const { fleeting, ask } = open()
  const using = (error?: Error) => fleeting('upload token', ask(600), async (value) => { if (error) throw error; return value })
  await assert.rejects(using(new Error('502')), /502/)
  assert.equal(await using(), 'minted-value-1')
  await assert.rejects(using(new Refused({ code: 'token-refused', message: 'no' })), /no/)
  assert.equal(await using(), 'minted-value-2')
  await assert.rejects(fleeting('another', async () => { throw new Error('no answer') }, async () => 1), /no answer/)
  assert.equal(await fleeting('another', ask(600), async (value) => value), 'minted-value-3')
})

test('every value is masked and redacted once it is known, in errors too, and is lent by no name', async () => {
  const { fleeting, secrets, masked, ask } = open()
  for (let turn = 0; turn < 2; turn += 1) await assert.rejects(fleeting('identity token', ask(-1), async (value) => { throw new Error(`it said ${value}`) }), (error: Error) => !error.message.includes('minted-value'))
  assert.deepEqual(masked, ['minted-value-1', 'minted-value-2'])
  assert.equal(secrets.redact(`a ${Buffer.from('__token__:minted-value-1').toString('base64')} b minted-value-2`), 'a ***identity token*** b ***identity token 2***')
  assert.equal(secrets.peek('identity token'), undefined)
})
