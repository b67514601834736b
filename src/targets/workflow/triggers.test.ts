// What starts a workflow, read as GitHub reads it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { viaSettings } from './settings.ts'
import { reliedWorkflow, triggersIn } from './triggers.ts'

const via = (on: string, inputs: Record<string, string> = {}) => viaSettings.parse({ workflow: 'publish.yml', on, repository: 'acme/app', inputs })
const wrong = (on: string, text: string | undefined, inputs?: Record<string, string>): string | undefined => reliedWorkflow(via(on, inputs), ['via']).wrong(text)?.message

test('"on" is a word, with one event, a list of them or a mapping', () => {
  assert.deepEqual([...triggersIn('on: push') ?? []], [['push', null]])
  assert.deepEqual([...triggersIn('on: [push, release]') ?? []], [['push', null], ['release', null]])
  assert.deepEqual([...triggersIn('"on":\n  workflow_dispatch:\n  release: {types: [published]}') ?? []], [['workflow_dispatch', null], ['release', { types: ['published'] }]])
  for (const text of ['', 'jobs: {}', 'on: [', '- on', 'on: 3']) assert.equal(triggersIn(text), undefined, text)
})

test('a workflow that the event starts is right', () => {
  assert.equal(wrong('release', 'on: release'), undefined)
  assert.equal(wrong('release', 'on: {release: {types: [created, published]}}'), undefined)
  assert.equal(wrong('release', 'on: {release: {types: released}}'), undefined)
  assert.equal(wrong('tag', 'on: push'), undefined)
  assert.equal(wrong('tag', "on: {push: {branches: [main], tags: ['v*']}}"), undefined)
  assert.equal(wrong('dispatch', 'on: {workflow_dispatch: {inputs: {version: {required: true}}}}', { version: '{version}' }), undefined)
})

test('one that nothing starts says what to add', () => {
  assert.equal(wrong('release', undefined), 'The commit has no .github/workflows/publish.yml, which is to publish.')
  assert.equal(wrong('release', 'jobs: {}'), '.github/workflows/publish.yml does not say under "on" what starts it.')
  assert.equal(wrong('release', 'on: [push, pull_request]'), '.github/workflows/publish.yml is started by push, pull_request, and not by release.')
  assert.equal(wrong('release', 'on: {release: {types: [created]}}'), '.github/workflows/publish.yml is started by a release that is created, and not by one that is published.')
  assert.equal(wrong('tag', 'on: {push: {branches: [main]}}'), '.github/workflows/publish.yml is started by pushes to branches, and by no tag.')
  assert.equal(wrong('dispatch', 'on: {workflow_dispatch: {inputs: {dry: {}}}}', { version: '1' }), '.github/workflows/publish.yml takes the inputs dry, and not version.')
  assert.equal(reliedWorkflow(via('release'), ['via']).wrong('on: push')?.hint, 'Add `release: {types: [published]}` under "on" in it, or say under "on" here what does start it.')
})

test('inputs are for a dispatch alone', () => {
  assert.equal(viaSettings.safeParse({ workflow: 'p.yml', on: 'release', repository: 'a/b', inputs: { version: '1' } }).success, false)
})
