// The decision table, row by row, and what must be so of it whatever the journal and the probe say.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { backward, forward, isLeft, type Decision, type Seen } from './decide.ts'
import type { StepState, WayState } from './fold.ts'
import type { Probe, Reversal } from '../model/kind.ts'
import type { Json } from '../model/json.ts'

const NOW = Date.parse('2026-01-02T03:04:05Z')
const SETTLES = 60_000

const never: WayState = { attempts: 0, refused: 0, flying: false, last: -Infinity, settled: undefined }
const longAgo: WayState = { ...never, attempts: 1, last: NOW - SETTLES }
const justNow: WayState = { ...longAgo, last: NOW - SETTLES + 1 }
const refused: WayState = { ...justNow, refused: 1 }
const done: WayState = { ...longAgo, settled: 'did' }

const absent: Probe<Json> = { state: 'absent' }
const present: Probe<Json> = { state: 'present', output: { url: '/1' } }
const withdrawn: Probe<Json> = { state: 'withdrawn' }
const conflict: Probe<Json> = { state: 'conflict', found: 'v1 is at another commit' }
const unclear: Probe<Json> = { state: 'unknown', why: 'the server answered 502', blind: false }
const blind: Probe<Json> = { state: 'unknown', why: 'nobody can read the chat', blind: true }

const undo = async () => {}
const reversible: Reversal<Json, Json> = { is: 'reversible', undo }
const byHand: Reversal<Json, Json> = { is: 'by-hand', leaves: 'the file', instructions: () => ({ page: 'p', steps: [], done: 'd' }) }

interface Row {
  readonly reason: string
  readonly apply: WayState
  readonly probe: Probe<Json>
  readonly forward?: Decision | { readonly do: Decision['do'] }
  readonly back?: Decision | { readonly do: Decision['do'] }
  readonly undo?: WayState
  readonly reversal?: Reversal<Json, Json>
  readonly waits?: boolean
}

const rows: readonly Row[] = [
  { reason: 'what is not there and was never begun is begun', apply: never, probe: absent, forward: { do: 'begin' } },
  { reason: 'a refusal changed nothing, so it is as if never begun', apply: refused, probe: absent, forward: { do: 'begin' } },
  { reason: 'what was there before is found, not made', apply: never, probe: present, forward: { do: 'settle', how: 'found', output: { url: '/1' } } },
  { reason: 'what is there after a refusal was made by somebody else', apply: refused, probe: present, forward: { do: 'settle', how: 'found', output: { url: '/1' } } },
  { reason: 'what is there and was begun took effect', apply: longAgo, probe: present, forward: { do: 'settle', how: 'did', output: { url: '/1' } }, back: { do: 'begin' } },
  { reason: 'what took effect a moment ago is taken back at once', apply: justNow, probe: present, back: { do: 'begin' } },
  { reason: 'only a person can take back what is taken back by hand', apply: done, probe: present, reversal: byHand, back: { do: 'guide' } },
  { reason: 'long enough after an attempt absence means that it failed', apply: longAgo, probe: absent, forward: { do: 'begin' }, back: { do: 'settle', how: 'found' } },
  {
    reason: 'absence soon after an attempt proves nothing', apply: justNow, probe: absent,
    forward: { do: 'wait', from: 'world', for: 'an attempt was begun; it may become visible yet', until: NOW + 1 },
    back: { do: 'wait', from: 'world', for: 'it was begun a moment ago and may become visible yet', until: NOW + 1 },
  },
  { reason: 'absence after an undo means that it worked, however new the effect was', apply: justNow, probe: absent, undo: justNow, back: { do: 'settle', how: 'did' } },
  { reason: 'presence soon after an undo proves nothing', apply: done, probe: present, undo: justNow, back: { do: 'wait', from: 'world', for: 'taking it back was begun; it may become visible yet', until: NOW + 1 } },
  { reason: 'presence long after an undo means that it failed', apply: done, probe: present, undo: longAgo, back: { do: 'begin' } },
  { reason: 'an undo that was refused may be tried again at once', apply: done, probe: present, undo: refused, back: { do: 'begin' } },
  { reason: 'what was taken back is not made again behind the back of whoever did it', apply: never, probe: withdrawn, forward: { do: 'stop', why: 'it was made and taken back' } },
  { reason: 'what was begun and is withdrawn is not made again', apply: longAgo, probe: withdrawn, forward: { do: 'stop', why: 'it was made and taken back' }, back: { do: 'settle', how: 'found' } },
  { reason: 'withdrawn after an undo is done', apply: done, probe: withdrawn, undo: longAgo, back: { do: 'settle', how: 'did' } },
  { reason: "somebody else's is left alone", apply: never, probe: conflict, forward: { do: 'stop', why: 'v1 is at another commit' } },
  { reason: "somebody else's is left alone though we began", apply: longAgo, probe: conflict, forward: { do: 'stop', why: 'v1 is at another commit' }, back: { do: 'stop', why: 'v1 is at another commit' } },
  { reason: "somebody else's is left alone though ours was settled", apply: done, probe: conflict, back: { do: 'stop', why: 'v1 is at another commit' } },
  { reason: 'a server that cannot answer now is asked again', apply: never, probe: unclear, forward: { do: 'wait', from: 'world', for: 'the server answered 502' } },
  {
    reason: 'a server that cannot answer now is asked again after an attempt', apply: longAgo, probe: unclear,
    forward: { do: 'wait', from: 'world', for: 'the server answered 502' }, back: { do: 'wait', from: 'world', for: 'the server answered 502' },
  },
  { reason: 'what nobody can read back is made once', apply: never, probe: blind, forward: { do: 'begin' } },
  { reason: 'what nobody can read back and was certainly not made is made', apply: refused, probe: blind, forward: { do: 'begin' } },
  {
    reason: 'what nobody can read back and may have been made needs a person', apply: longAgo, probe: blind,
    forward: { do: 'stop', why: 'an attempt was begun and nobody can tell whether it took effect: nobody can read the chat' },
    back: { do: 'stop', why: 'an attempt was begun and nobody can tell whether it took effect: nobody can read the chat' },
  },
  { reason: 'what was made and cannot be read back is taken back once', apply: done, probe: blind, back: { do: 'begin' } },
  {
    reason: 'taking back blindly is not tried twice', apply: done, probe: blind, undo: longAgo,
    back: { do: 'stop', why: 'taking it back was begun and nobody can tell whether it took effect: nobody can read the chat' },
  },
  {
    reason: 'a person cannot be guided where nobody sees the end', apply: done, probe: blind, reversal: byHand,
    back: { do: 'stop', why: 'only a person can take it back, and nobody can see whether it was: nobody can read the chat' },
  },
  { reason: 'a kind that only waits waits for a person', apply: never, probe: { state: 'absent', missing: 'a review' }, waits: true, forward: { do: 'wait', from: 'person', for: 'a review' } },
  { reason: 'a kind that only waits need not say for what', apply: never, probe: absent, waits: true, forward: { do: 'wait', from: 'person', for: 'it is not there yet' } },
]

function seenOf({ apply, probe, undo = never, reversal = reversible, waits = false }: Row): Seen {
  return { state: { apply, undo, output: undefined }, probe, kind: { settlesWithin: SETTLES, reversal, acts: !waits }, now: NOW }
}

for (const row of rows) {
  if (row.forward !== undefined) test(`forward: ${row.reason}`, () => { assert.deepEqual(forward(seenOf(row)), row.forward) })
  if (row.back !== undefined) test(`back: ${row.reason}`, () => { assert.deepEqual(backward(seenOf(row)), row.back) })
}

test('final effects and those that change nothing are never undone by a run', () => {
  assert.deepEqual((['reversible', 'compensable', 'by-hand', 'final', 'none'] as const).filter(isLeft), ['final', 'none'])
})

const wayState: fc.Arbitrary<WayState> = fc
  .record({ attempts: fc.nat(3), refused: fc.nat(3), flying: fc.boolean(), ago: fc.integer({ min: -5, max: 3 * SETTLES }), settled: fc.constantFrom(undefined, 'did' as const, 'found' as const) })
  .map(({ attempts, refused: no, flying, ago, settled }) => ({ attempts, refused: Math.min(no, attempts), flying, last: attempts === 0 ? -Infinity : NOW - ago, settled }))
const anyProbe = fc.constantFrom(absent, present, withdrawn, conflict, unclear, blind)
const anySeen: fc.Arbitrary<Seen> = fc.record({
  state: fc.record({ apply: wayState, undo: wayState, output: fc.constant(undefined) }) satisfies fc.Arbitrary<StepState>,
  probe: anyProbe,
  kind: fc.record({ settlesWithin: fc.constantFrom(0, SETTLES), reversal: fc.constantFrom(reversible, byHand), acts: fc.boolean() }),
  now: fc.constant(NOW),
})
const mayHave = ({ attempts, refused: no }: WayState) => attempts > no

function always(name: string, holds: (seen: Seen) => boolean | void): void {
  test(`always: ${name}`, () => { fc.assert(fc.property(anySeen, holds), { numRuns: 500 }) })
}

always('forward begins only what is absent, or cannot be seen', (seen) => forward(seen).do !== 'begin' || seen.probe.state === 'absent' || seen.probe.state === 'unknown')
always('forward never begins what a kind only waits for', (seen) => forward({ ...seen, probe: absent }).do !== 'begin' || seen.kind.acts)
always('what nobody can read and may have been made is never begun again', (seen) => !mayHave(seen.state.apply) || forward({ ...seen, probe: blind }).do === 'stop')
always('nothing is begun within the time in which the last attempt may show', (seen) => {
  const { settlesWithin = 0 } = seen.kind
  const soon = NOW - seen.state.apply.last < settlesWithin
  return !(mayHave(seen.state.apply) && soon && forward({ ...seen, probe: absent }).do === 'begin')
})
always('what was never begun is never settled as done', (seen) => {
  const decision = forward(seen)
  return decision.do !== 'settle' || (decision.how === 'did') === mayHave(seen.state.apply)
})
always('forward settles only what is present, with the output that was seen', (seen) => {
  const decision = forward(seen)
  return decision.do !== 'settle' || (seen.probe.state === 'present' && decision.output === seen.probe.output)
})
always('a conflict stops both ways', (seen) => forward({ ...seen, probe: conflict }).do === 'stop' && backward({ ...seen, probe: conflict }).do === 'stop')
always('forward never guides a person to take something back', (seen) => forward(seen).do !== 'guide')
always('back settles only what is seen to be gone or withdrawn', (seen) => backward(seen).do !== 'settle' || seen.probe.state === 'absent' || seen.probe.state === 'withdrawn')
always('back settles no effect that may yet become visible', (seen) => {
  const soon = NOW - seen.state.apply.last < (seen.kind.settlesWithin ?? 0)
  return !(soon && seen.state.undo.attempts === 0 && backward({ ...seen, probe: absent }).do === 'settle')
})
always('back tries nothing by itself on what only a person can take back', (seen) => backward({ ...seen, kind: { ...seen.kind, reversal: byHand } }).do !== 'begin')
always('a look that gave no answer decides nothing', (seen) => forward({ ...seen, probe: unclear }).do === 'wait' && backward({ ...seen, probe: unclear }).do === 'wait')
always('a wait with a time ends later than now', (seen) => [forward(seen), backward(seen)].every((decision) => decision.do !== 'wait' || decision.until === undefined || decision.until > NOW))
