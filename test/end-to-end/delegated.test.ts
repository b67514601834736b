// A release whose package a workflow of the project publishes: followed, and believed only when the index shows it.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { person } from '../../src/rehearsal/pypi/person.ts'
import { openRig, replaceIn, type Rig } from '../support/rig.ts'

const STARTS = {
  release: 'release:\n    types: [published]\n  workflow_dispatch:',
  tag: "push:\n    tags: ['v*']\n  workflow_dispatch:",
  dispatch: 'workflow_dispatch:\n    inputs:\n      version:\n        required: true',
}

/** The example with its package left to a workflow. */
async function openDelegated(on: keyof typeof STARTS, options: { readonly preset?: string; readonly token?: string; readonly wait?: string } = {}): Promise<Rig> {
  return openRig({
    ...(options.preset === undefined ? {} : { preset: options.preset }),
    ...(options.token === undefined ? {} : { token: options.token }),
    prepare(project, { git }) {
      mkdirSync(join(project, '.github/workflows'), { recursive: true })
      writeFileSync(join(project, '.github/workflows/pypi-publish.yml'), `name: Publish\non:\n  ${STARTS[on]}\njobs: {}\n`)
      const inputs = on === 'dispatch' ? '\n    inputs: {version: "v{version}"}' : ''
      const wait = options.wait === undefined ? '' : `\n    wait: ${options.wait}`
      replaceIn(join(project, 'slipway.yaml'), 'pypi:\n', `pypi:\n  via:\n    workflow: pypi-publish.yml\n    on: ${on}\n    repository: oneflow-ai/oneflow${inputs}${wait}\n`)
      git(['add', '--all'], project)
      git(['commit', '--quiet', '--message', 'ci: publish by a workflow'], project)
    },
  })
}

const NO_INDEX_TOKEN = { PYPI_TOKEN: null, TESTPYPI_TOKEN: null }

/** Releases with what a CI job would be given: no token of the index. */
function release(rig: Rig, ...more: readonly string[]): ReturnType<Rig['run']> {
  return rig.run(['release', 'minor', '--yes', ...more], { env: NO_INDEX_TOKEN })
}

function dispatches(rig: Rig): number {
  return rig.world.served.calls.filter(({ method, url }) => method === 'POST' && url.endsWith('/dispatches')).length
}

function filesOf({ world }: Rig): readonly string[] {
  return [...world.pypi.projects.values()].flatMap(({ releases }) => [...releases.values()].flatMap(({ files }) => files.map(({ filename }) => filename))).toSorted()
}

const FILES = ['oneflow_ai-2.1.0-py3-none-any.whl', 'oneflow_ai-2.1.0.tar.gz']

suite('published by a workflow', () => {
  test('the published release starts it, and the release is rolled back with what arrived yanked by hand', async () => {
    await using rig = await openDelegated('release')
    const told = await release(rig)
    assert.equal(told.code, 0, told.stdout + told.stderr)
    assert.deepEqual(filesOf(rig), FILES)
    assert.deepEqual(rig.world.github.runs.map(({ event, branch, conclusion }) => [event, branch, conclusion]), [['release', 'v2.1.0', 'success']])
    assert.match(told.stdout, /point of no return ────\n.*Publish the GitHub release v2\.1\.0\n\s+sets off: See that oneflow-ai 2\.1\.0 has arrived on pypi\.org/)
    assert.match(told.stdout, /✓ Follow pypi-publish\.yml until it ends.*\n(?:.*\n)*✓ See that oneflow-ai 2\.1\.0 has arrived on pypi\.org\n(?:.*\n)*✓ Install oneflow-ai 2\.1\.0 from pypi\.org/)
    const back = await rig.run(['rollback', '2.1.0', '--yes'], { env: NO_INDEX_TOKEN })
    assert.equal(back.code, 4, back.stdout + back.stderr)
    assert.match(back.stdout, /press "Yank release"/)
    await person(rig.world.pypi).yank({ project: 'oneflow-ai', version: '2.1.0', reason: 'Rolled back' })
    const end = await rig.run(['rollback', '2.1.0', '--yes'], { env: NO_INDEX_TOKEN })
    assert.equal(end.code, 6, end.stdout + end.stderr)
  })

  test('the pushed tag starts it, behind the gate', async () => {
    await using rig = await openDelegated('tag')
    const told = await release(rig)
    assert.equal(told.code, 0, told.stdout + told.stderr)
    assert.deepEqual(rig.world.github.runs.map(({ event, conclusion }) => [event, conclusion]), [['push', 'success']])
    assert.deepEqual(filesOf(rig), FILES)
    assert.match(told.stdout, /gate: the plan is approved by its digest ────\n.*point of no return ────\n.*Tag the release v2\.1\.0/)
  })

  test('Slipway starts it once, also when the answer is lost', async () => {
    await using rig = await openDelegated('dispatch')
    let cut = false
    rig.onCall = ({ method, url }, moment) => {
      if (method !== 'POST' || !url.endsWith('/dispatches') || moment !== 'after' || cut) return undefined
      cut = true
      return 'cut'
    }
    const told = await release(rig)
    assert.equal(told.code, 0, told.stdout + told.stderr)
    assert.ok(cut)
    assert.equal(dispatches(rig), 1)
    assert.deepEqual(rig.world.github.runs.map(({ event, branch }) => [event, branch]), [['workflow_dispatch', 'v2.1.0']])
    assert.deepEqual(filesOf(rig), FILES)
  })

  test('a green run that published nothing is not shipped', async () => {
    await using rig = await openDelegated('release', { preset: 'workflow-empty' })
    const told = await release(rig, '--wait', '3s')
    assert.equal(told.code, 4, told.stdout + told.stderr)
    assert.match(told.stdout, /pypi\.org lists no wheel and no source distribution of oneflow-ai 2\.1\.0, though pypi-publish\.yml ended green/)
    assert.deepEqual(filesOf(rig), [])
  })

  test('a run that never begins is explained, and what a person starts is gone on with', async () => {
    await using rig = await openDelegated('release', { token: 'ghs_JobsOwnToken012345678901234567890', wait: '1s' })
    const told = await release(rig, '--wait', '5s')
    assert.equal(told.code, 4, told.stdout + told.stderr)
    assert.match(told.stdout, /pypi-publish\.yml was never started: the release v2\.1\.0 was published at /)
    assert.match(told.stdout, /if it is the GITHUB_TOKEN of a job, releases and tags made with it start no workflow/)
    assert.match(told.stdout, /gh workflow run pypi-publish\.yml --repo oneflow-ai\/oneflow --ref v2\.1\.0/)
    assert.deepEqual([rig.world.github.runs, filesOf(rig)], [[], []])
    const started = await fetch(rig.world.served.address('https://api.github.com/repos/oneflow-ai/oneflow/actions/workflows/pypi-publish.yml/dispatches'), {
      method: 'POST', body: '{"ref":"v2.1.0"}', headers: { authorization: 'Bearer ghs_JobsOwnToken012345678901234567890' },
    })
    assert.equal(started.status, 204)
    const end = await release(rig)
    assert.equal(end.code, 0, end.stdout + end.stderr)
    assert.deepEqual(filesOf(rig), FILES)
  })

  test('a failed run is told with its job and the end of its log, and its next attempt counts', async () => {
    await using rig = await openDelegated('dispatch', { preset: 'workflow-fails' })
    const told = await release(rig)
    assert.equal(told.code, 1, told.stdout + told.stderr)
    assert.match(told.stdout, /The workflow pypi-publish\.yml ended with failure: the job publish, at its step "Publish"/)
    assert.match(told.stdout, /error: the build backend is gone/)
    delete rig.world.github.actions.fault
    const [run] = rig.world.github.runs
    const rerun = await fetch(rig.world.served.address(`https://api.github.com/repos/oneflow-ai/oneflow/actions/runs/${run?.id}/rerun`), { method: 'POST', headers: { authorization: `Bearer ${Object.keys(rig.world.github.tokens)[0]}` } })
    assert.equal(rerun.status, 201)
    const end = await release(rig)
    assert.equal(end.code, 0, end.stdout + end.stderr)
    assert.deepEqual([dispatches(rig), run?.attempt, filesOf(rig)], [1, 2, FILES])
  })

  test('other bytes than were built here are told, and verified as they were published', async () => {
    await using rig = await openDelegated('dispatch', { preset: 'workflow-rebuilds' })
    const told = await release(rig)
    assert.equal(told.code, 0, told.stdout + told.stderr)
    assert.match(told.stdout, /other bytes than were built here, since the workflow builds by itself/)
    assert.deepEqual(filesOf(rig), FILES)
  })

  test('of two runs the one that published counts', async () => {
    await using rig = await openDelegated('release', { preset: 'workflow-twice' })
    const told = await release(rig)
    assert.equal(told.code, 0, told.stdout + told.stderr)
    assert.deepEqual(rig.world.github.runs.map(({ conclusion }) => conclusion).toSorted(), ['failure', 'success'])
    assert.deepEqual(filesOf(rig), FILES)
  })
})
