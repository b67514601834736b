// Journals that earlier versions wrote. They are never changed: a release that was begun must be taken up for ever.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fold, isOurs } from './fold.ts'
import { ready } from './ready.ts'
import { parseEntry } from '../storage/entry-text.ts'
import { rollbackPlan, type Begun } from '../plan/back.ts'
import type { Entry } from '../model/entry.ts'
import type { Plan } from '../model/plan.ts'

function read(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../test/fixtures/${folder}/${name}.json`, import.meta.url), 'utf8'))
}

/** The entries as a journal of today reads them. */
function journal(name: string): readonly Entry[] {
  return (read('journals', name) as readonly Entry[]).map(({ seq, at, ...entry }) => parseEntry({ seq, at, entry: JSON.stringify(entry) }, name))
}

for (const stage of ['prepare', 'publish'] as const) {
  test(`a ${stage} run of an earlier version is done, with every output`, () => {
    const plan = read('plans', stage) as Plan
    const entries = journal(stage)
    const state = fold(plan, entries)
    assert.deepEqual([state.way, state.closed, state.problems], ['apply', 'done', []])
    for (const [id, step] of state.steps) assert.deepEqual([id, step.apply.settled !== undefined, step.output !== undefined], [id, true, true])
    assert.deepEqual(ready(plan, state), [])
    const kinds = new Set(entries.map((entry) => `${entry.type}${entry.type === 'failed' ? ` ${entry.certain}` : ''}`))
    assert.deepEqual([...kinds].toSorted(), ['begun', 'closed', ...(stage === 'publish' ? ['failed false', 'gate'] : []), 'opened', 'settled'])
  })

  test(`a ${stage} run of an earlier version that was cut short anywhere is taken up`, () => {
    const plan = read('plans', stage) as Plan
    const entries = journal(stage)
    for (let cut = 0; cut < entries.length - 1; cut += 1) assert.ok(ready(plan, fold(plan, entries.slice(0, cut))).length > 0, `after ${cut}`)
  })
}

test('a publish run of an earlier version is taken back step by step', () => {
  const plan = read('plans', 'publish') as Plan
  const state = fold(plan, journal('publish'))
  const begun = plan.steps.filter(({ id }) => isOurs(state.steps.get(id)!)).map((step): Begun => ({ plan, step, input: null, at: undefined }))
  assert.deepEqual(rollbackPlan(begun, plan.date)?.steps.map(({ id }) => id), plan.steps.filter(({ reversal }) => reversal !== 'none').map(({ id }) => id).toReversed())
})

test('a rollback of an earlier version is rolled back', () => {
  const plan = read('plans', 'rollback') as Plan
  const state = fold(plan, journal('rollback'))
  assert.deepEqual([state.way, state.closed, ready(plan, state)], ['undo', 'rolled-back', []])
})

test('a run of an earlier version that turned, with every sort of entry, is understood', () => {
  const plan = read('plans', 'publish') as Plan
  const entries = journal('turned')
  assert.deepEqual([...new Set(entries.map(({ type }) => type))].toSorted(), ['begun', 'closed', 'failed', 'gate', 'opened', 'settled', 'stuck', 'turned'])
  const state = fold(plan, entries)
  assert.deepEqual([state.way, state.why, state.closed, state.gates.get('publish')], ['undo', 'Draft the release: The token may not write releases.', 'rolled-back', 'denied'])
  assert.deepEqual(state.problems.map(({ code }) => code), ['right-missing', 'denied'])
  assert.deepEqual([...state.steps].filter(([, step]) => isOurs(step)).map(([id, step]) => [id, step.undo.settled]), [['git.tag', 'did']])
  assert.deepEqual(ready(plan, state), [])
})
