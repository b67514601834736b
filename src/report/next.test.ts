// Tests of what to run next.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunStatus, Status } from '../app/status.ts'
import { back, prepare, publish, waitingStatus } from './messages.fixture.ts'
import { nextCommands } from './next.ts'

const runOf = (plan: typeof publish, closed: RunStatus['record']['closed'], journal: 'not begun' | 'done' = 'done'): RunStatus => ({
  record: { run: plan.stage, plan, openedAt: '2026-03-01T12:00:00Z', closed },
  way: 'apply',
  steps: plan.steps.map(({ id, title, gate }) => ({ step: id, title, journal: gate === undefined ? 'done' : journal, world: { state: 'absent' } })),
  last: undefined,
})
const next = (...runs: readonly RunStatus[]): string => nextCommands({ version: '1.1.0', lease: undefined, runs }).join('\n')

test('a plan that waits at its gate is approved by its digest', () => {
  assert.match(next(runOf(prepare, 'done'), runOf(publish, undefined, 'not begun')), /slipway approve 1\.1\.0 --digest 222222222222`/)
})

test('a gate with a word on it, or with steps before it that are not done, asks for no other', () => {
  const waiting = runOf(publish, undefined, 'not begun')
  assert.doesNotMatch(next({ ...waiting, last: { type: 'gate', gate: 'publish', plan: publish.digest, verdict: 'approved', by: 'ada', seq: 1, at: '' } }), /approve/)
  const plan = { ...publish, steps: publish.steps.map((step) => step.gate === undefined ? step : { ...step, needs: ['git.tag'] }) }
  const early = { ...waiting, record: { ...waiting.record, plan }, steps: waiting.steps.map((step) => ({ ...step, journal: 'not begun' as const })) }
  assert.match(next(early), /^To go on: `slipway release 1\.1\.0`/)
})

test('a release that is out is taken back, one that is being taken back goes on, one that is over is left alone', () => {
  assert.match(next(runOf(prepare, 'done'), runOf(publish, 'done')), /^It is released\. To take it back: `slipway rollback 1\.1\.0`/)
  assert.match(next(runOf(publish, 'done'), runOf(back, undefined)), /^To go on with taking it back: `slipway rollback 1\.1\.0`\.$/)
  assert.match(next(runOf(publish, 'done'), runOf(back, 'rolled-back')), /^It is over/)
  assert.match(next(runOf(prepare, 'failed')), /^It is over/)
})

test('between prepare and publish, and where only the lease knows of it, it goes on with release', () => {
  assert.match(next(runOf(prepare, 'done')), /^To go on: `slipway release 1\.1\.0`/)
  assert.match(next(), /from what the world shows: `slipway release 1\.1\.0`/)
})

test('what took the place of a step is settled first', () => {
  assert.match(nextCommands(waitingStatus)[0] ?? '', /^Settle this first: Upload tiny-1\.1\.0-py3-none-any\.whl to pypi\.org: another file of this name\./)
})

test('where nothing is known a plan comes first', () => {
  const nothing: Status = { version: undefined, lease: undefined, runs: [] }
  assert.match(nextCommands(nothing)[0] ?? '', /`slipway plan`/)
})
