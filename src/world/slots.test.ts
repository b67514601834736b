// Tests of the limit of requests per host.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSlots } from './slots.ts'

test('a host has so many slots, the next goes in when one leaves, and other hosts are not held up', async () => {
  const slots = openSlots(2)
  const begun: string[] = []
  const leave = new Map<string, () => void>()
  const go = (host: string, name: string) => slots(host, undefined, async () => {
    begun.push(name)
    await new Promise<void>((resolve) => leave.set(name, resolve))
    if (name === 'a1') throw new Error('failed inside')
  })
  const turn = () => new Promise<void>((resolve) => { setImmediate(resolve) })
  const all = [go('a', 'a1'), go('a', 'a2'), go('a', 'a3'), go('b', 'b1'), go('a', 'a4')]
  await turn()
  assert.deepEqual(begun, ['a1', 'a2', 'b1'])
  leave.get('a1')?.()
  await assert.rejects(all[0]!, /failed inside/)
  await turn()
  assert.deepEqual(begun, ['a1', 'a2', 'b1', 'a3'])
  for (const name of ['a2', 'a3', 'b1']) leave.get(name)?.()
  await turn()
  leave.get('a4')?.()
  await Promise.all(all.slice(1))
  assert.deepEqual(begun, ['a1', 'a2', 'b1', 'a3', 'a4'])
})

test('who is aborted while waiting leaves the queue and takes no slot', async () => {
  const slots = openSlots(1)
  let leave = () => undefined as void
  const first = slots('a', undefined, () => new Promise<void>((resolve) => { leave = resolve }))
  const abort = new AbortController()
  const second = slots('a', abort.signal, async () => assert.fail('ran after it was aborted'))
  const third = slots('a', undefined, async () => 'third')
  abort.abort()
  await assert.rejects(second, { name: 'AbortError' })
  leave()
  await first
  assert.equal(await third, 'third')
  assert.equal(await slots('a', undefined, async () => 'fourth'), 'fourth')
})
