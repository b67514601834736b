// Tests of what doctor says of workflows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SlipwayError } from '../model/error.ts'
import type { World } from '../model/world.ts'
import type { App } from './app.ts'
import { workflowNeeds, type StandingWorkflow } from './workflow-needs.ts'

// Neither is asked anything: the comparison stands between.
const app = {} as App

async function findingOf(is: StandingWorkflow['is']): Promise<unknown> {
  const [need] = await workflowNeeds(app, async () => [{ path: '.github/workflows/release.yml', is }])
  const finding = await need?.look({} as World)
  return finding?.is === 'unmet' ? finding.problem.code : finding?.is
}

test('a workflow that is missing or drifted is not met, a person\'s change is left alone', async () => {
  const all = ['right', 'changed', 'missing', 'drifted', 'changed-and-drifted', 'foreign', 'surplus', 'changed-and-surplus'] as const
  assert.deepEqual(await Promise.all(all.map(findingOf)), ['met', 'met', 'config-invalid', 'config-invalid', 'config-invalid', 'untested', 'config-invalid', 'config-invalid'])
})

test('workflows that cannot be compared are a need that is not met', async () => {
  const [need] = await workflowNeeds(app, () => Promise.reject(new SlipwayError({ code: 'config-invalid', message: 'There is no setting "tagg" here.' })))
  const finding = await need?.look({} as World)
  assert.equal(finding?.is === 'unmet' && finding.problem.message, 'There is no setting "tagg" here.')
})

test('a project without workflows needs none', async () => {
  assert.deepEqual(await workflowNeeds(app, async () => undefined), [])
  assert.deepEqual(await workflowNeeds(app, undefined), [])
})
