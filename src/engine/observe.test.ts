// Looking at every step of a plan without touching anything.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { planWith, stepOf, toyPlan } from '../../test/support/toy-plan.ts'
import { runThrough } from '../../test/support/toy-run.ts'
import { toyKinds } from '../../test/support/toy-kinds.ts'
import { newLine } from '../../test/support/toy-line.ts'
import { toyServers, viewOf } from '../../test/support/toy-servers.ts'
import { observe } from './observe.ts'
import { SlipwayError } from '../model/error.ts'
import type { AnyKind } from '../model/kind.ts'
import type { World } from '../model/world.ts'

const look = {} as World

test('of a release that was never begun nothing is there, and what depends on it is not looked at', async () => {
  const servers = toyServers()
  const line = newLine()
  const seen = await observe({ plan: toyPlan(), kinds: toyKinds(servers, line), look })
  assert.deepEqual(seen.map(({ step, probe }) => `${step} ${probe.state}`).slice(0, 4), ['toy.tag absent', 'toy.draft absent', 'toy.asset absent', 'toy.trial:a.whl absent'])
  assert.deepEqual(seen.find(({ step }) => step === 'toy.asset'), { step: 'toy.asset', probe: { state: 'absent', missing: 'what it is made from does not exist' }, input: undefined })
  assert.ok(line.crossed.every((what) => what.startsWith('probe')))
})

test('of a release that is out everything is there, with whole inputs, and nothing has changed', async () => {
  const plan = toyPlan()
  const { servers } = await runThrough({ plan })
  const before = JSON.stringify(viewOf(servers))
  const seen = await observe({ plan, kinds: toyKinds(servers, newLine()), look })
  assert.deepEqual(new Set(seen.map(({ step, probe }) => (step === 'toy.post' ? 'post' : probe.state))), new Set(['present', 'post']))
  assert.deepEqual(seen.find(({ step }) => step === 'toy.asset')?.input, { draft: 41, name: 'a.whl', sha: 'aa' })
  assert.equal(JSON.stringify(viewOf(servers)), before)
})

test('outputs that only the journal knows make inputs whole', async () => {
  const kind: AnyKind = {
    kind: 'k', input: z.looseObject({}), output: z.json(), examples: () => [], describe: () => ({ apply: '', undo: '', byHand: [] }), reversal: { is: 'none' },
    probe: async () => ({ state: 'unknown', why: 'nobody can see it', blind: true }),
  }
  const plan = planWith([stepOf({ id: 'a', kind: 'k' }), stepOf({ id: 'b', kind: 'k', needs: ['a'], input: { from: { $from: 'a', at: '/x' } } })])
  const seen = await observe({ plan, kinds: new Map([['k', kind]]), look, known: (step) => (step === 'a' ? { x: 1 } : undefined) })
  assert.deepEqual(seen[1], { step: 'b', probe: { state: 'unknown', why: 'nobody can see it', blind: true }, input: { from: 1 } })
})

test('a look that fails is unknown, with what was said, and the others go on', async () => {
  const kinds = new Map<string, AnyKind>([...toyKinds(toyServers(), newLine())].map(([name, kind]) => [name, kind.kind === 'toy.tag' ? { ...kind, probe: async () => { throw new Error('no answer') } } : kind]))
  const seen = await observe({ plan: toyPlan(), kinds, look })
  assert.deepEqual(seen[0]?.probe, { state: 'unknown', why: 'no answer', blind: false })
  assert.equal(seen[1]?.probe.state, 'absent')
})

test('a kind that is not known is an error that names it', async () => {
  await assert.rejects(observe({ plan: toyPlan(), kinds: new Map(), look }), (error) => error instanceof SlipwayError && error.code === 'plan-invalid' && /toy\.tag/.test(error.message))
})
