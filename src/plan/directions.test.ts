// A plan in words, both ways.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { planWith, stepOf } from '../../test/support/toy-plan.ts'
import type { AnyKind } from '../model/kind.ts'
import { directions, isFinal } from './directions.ts'

const base = {
  input: z.strictObject({ name: z.string() }), output: z.json(), examples: () => [], probe: async () => ({ state: 'absent' }) as const,
  describe: ({ name }: { name: string }) => ({ apply: `make ${name}`, undo: `unmake ${name}`, byHand: [] }),
}
const undo = async () => {}
const kinds = new Map<string, AnyKind>([
  ['tag', { ...base, kind: 'tag', reversal: { is: 'reversible', undo } }],
  ['trial', { ...base, kind: 'trial', reversal: { is: 'compensable', leaves: 'a yanked file', undo } }],
  ['upload', { ...base, kind: 'upload', reversal: { is: 'by-hand', leaves: 'a yanked file', instructions: () => ({ page: '', steps: [], done: '' }) } }],
  ['post', { ...base, kind: 'post', reversal: { is: 'final', because: 'people have read it' } }],
  ['verify', { ...base, kind: 'verify', reversal: { is: 'none' } }],
  ['run', { ...base, kind: 'run', reversal: { is: 'none', leaves: 'a log' } }],
])
const input = { name: 'x' }
const plan = planWith([
  stepOf({ id: 'tag', input }), stepOf({ id: 'trial', input, needs: ['tag'], reversal: 'compensable' }), stepOf({ id: 'verify', input, needs: ['trial'], reversal: 'none' }),
  stepOf({ id: 'upload', input, needs: ['verify'], reversal: 'by-hand', gate: 'publish' }), stepOf({ id: 'run', input, needs: ['upload'], reversal: 'none' }), stepOf({ id: 'post', input, needs: ['run'], reversal: 'final' }),
])

test('each step is said with its way back, or why there is none', () => {
  assert.deepEqual(directions(plan, kinds).forward.map(({ step, back, gate }) => [step, back, gate]), [
    ['tag', 'unmake x', undefined], ['trial', 'unmake x', undefined], ['verify', '', undefined], ['upload', 'unmake x', 'publish'], ['run', '', undefined], ['post', 'people have read it', undefined],
  ])
})

test('the point of no return is the first step that no program takes back', () => {
  assert.equal(directions(plan, kinds).pointOfNoReturn, 3)
  assert.equal(directions(planWith(plan.steps.slice(0, 3)), kinds).pointOfNoReturn, undefined)
  assert.deepEqual((['reversible', 'compensable', 'by-hand', 'final', 'none'] as const).filter(isFinal), ['by-hand', 'final'])
})

test('the way back has the last effect first, and only what can be taken back', () => {
  assert.deepEqual(directions(plan, kinds).back.map(({ step }) => step), ['upload', 'trial', 'tag'])
})

test('what stays for ever is said with its reason', () => {
  assert.deepEqual(directions(plan, kinds).stays, [{ step: 'trial', why: 'a yanked file' }, { step: 'upload', why: 'a yanked file' }, { step: 'run', why: 'a log' }, { step: 'post', why: 'people have read it' }])
})

test('what a rollback leaves since something final was made from it is said to stay', () => {
  const { forward, back, stays } = directions(planWith([stepOf({ id: 'tag', input, reversal: 'final' })], { stage: 'rollback' }), kinds)
  const why = 'something that nobody can take back was made from it'
  assert.deepEqual([forward[0]?.back, back, stays], [why, [], [{ step: 'tag', why }]])
})

test('a step whose input is not whole yet is said by its own words, or else by its id', () => {
  const unresolved = { name: { $from: 'tag', at: '/name' } }
  const said = directions(planWith([stepOf({ id: 'tag', input }), stepOf({ id: 'tag:2', input: unresolved, needs: ['tag'] }), stepOf({ id: 'tag:3', input: unresolved, needs: ['tag'], back: 'take it away' })]), kinds)
  assert.deepEqual(said.forward.map(({ back }) => back), ['unmake x', 'take back tag:2', 'take it away'])
})
