// Tests of the lines in which a journal travels: strict when read, and without anybody's words.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewEntry } from '../model/entry.ts'
import { joined, parseTravel, travels, travelText, type TravelLine } from './travel-text.ts'

const plan = `sha256:${'a'.repeat(64)}` as const
const begun: TravelLine = { run: '2.1.0/publish/aaaaaaaaaaaa', plan, entry: { type: 'begun', step: 'git.tag', way: 'apply', attempt: 1 } }
const turned: TravelLine = { ...begun, entry: { type: 'turned' } }

test('lines that were written are read again', () => {
  assert.deepEqual(parseTravel(travelText([begun, turned])), [begun, turned])
  assert.deepEqual(parseTravel(travelText([])), [])
})

test('no word of a person, tool or server travels, no approval, no success and no output', () => {
  const entries: readonly NewEntry[] = [
    { type: 'opened', plan, driver: 'host pid 1' },
    { type: 'settled', step: 'checks.run:tests', way: 'apply', how: 'did', output: 'secret' },
    { type: 'failed', step: 'git.tag', way: 'apply', attempt: 1, certain: true, problem: { code: 'denied', message: 'secret' } },
    { type: 'stuck', step: 'git.tag', way: 'apply', why: 'secret' },
    { type: 'gate', gate: 'publish', plan, verdict: 'approved', by: 'mallory' },
  ]
  assert.deepEqual(entries.map(travels), entries.map(() => undefined))
  assert.ok(!JSON.stringify(travels({ type: 'turned', why: 'secret' })).includes('secret'))
})

test('hostile content is refused whole', () => {
  const good = JSON.stringify(begun)
  const head = JSON.stringify({ format: 'slipway.journal/1' })
  for (const text of [
    '', 'x', good, `{"format":"slipway.journal/2"}\n${good}`, `${head}\nnot json`, `${head}\n[]`,
    `${head}\n${good.replace('"begun"', '"settled"')}`, `${head}\n${good.replace('"attempt":1', '"attempt":1e99')}`,
    `${head}\n${good.replace('git.tag', 'git\\u0000tag')}`, `${head}\n${good.replace('{"run"', '{"more":1,"run"')}`, `${head}\n${good.replace('sha256:', 'md5:')}`,
    `${head}\n${good}\n`.padEnd(9_000_000, '\n'),
    `${head}\n${JSON.stringify({ ...begun, entry: { type: 'gate', gate: 'publish', plan, verdict: 'approved', by: 'mallory' } })}`,
  ]) assert.equal(parseTravel(text), undefined, text.slice(0, 200))
})

test('what two machines know is joined: every line once, whichever comes first', () => {
  const other: TravelLine = { ...begun, entry: { ...begun.entry, attempt: 2 } as TravelLine['entry'] }
  assert.deepEqual(joined([begun, other], [begun, turned]), [begun, other, turned])
  assert.deepEqual(joined([begun], [begun]), [begun])
})
