// Tests of what rules mean for a ref that a release makes or a rollback deletes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { met, unmet } from '../../../model/need.ts'
import { byRules, type RefChange } from './refs.ts'
import type { Rule } from './rules.ts'

const tag: RefChange = { what: 'the tag v{version}', name: 'v1.0.0', is: 'creation', repository: 'acme/oneflow' }
const may = met('the token may write contents')
const mayNot = unmet({ code: 'right-missing', message: 'The token may not write.' })
const rule = (type: string, parameters: Rule['parameters'] = {}): Rule => ({ type, parameters, of: 'releases' })
const finding = (rules: readonly Rule[], change: Partial<RefChange> = {}): string => byRules({ rules }, { ...tag, ...change }, may).is

test('without a rule that bears on it the right to write decides', () => {
  assert.equal(finding([]), 'met')
  assert.equal(finding([rule('non_fast_forward'), rule('update'), rule('deletion')]), 'met')
  assert.equal(byRules({ rules: [] }, tag, mayNot), mayNot)
})

test('making and deleting are forbidden apart', () => {
  assert.equal(finding([rule('creation')]), 'unmet')
  assert.equal(finding([rule('creation')], { is: 'deletion' }), 'met')
  assert.equal(finding([rule('deletion')], { is: 'deletion' }), 'unmet')
})

test('a pattern for names is applied as GitHub does', () => {
  const named = (operator: string, pattern: string, negate = false): string => finding([rule('tag_name_pattern', { operator, pattern, negate })])
  assert.deepEqual([named('starts_with', 'v'), named('starts_with', 'release-'), named('starts_with', 'v', true)], ['met', 'unmet', 'unmet'])
  assert.deepEqual([named('ends_with', '.0'), named('contains', 'beta'), named('regex', '^v\\d+\\.'), named('regex', '^\\d')], ['met', 'unmet', 'met', 'unmet'])
  assert.equal(named('regex', '('), 'met', 'a pattern that this machine cannot read forbids nothing')
})

test('commits must not have to be signed; what judges a push is said to be untested', () => {
  assert.equal(finding([rule('required_signatures')]), 'unmet')
  assert.equal(finding([rule('commit_message_pattern', { operator: 'starts_with', pattern: 'PROJ-' })]), 'untested')
  assert.equal(finding([rule('pull_request')], { is: 'deletion' }), 'met')
})

test('hidden rules are no obstacle that anybody could name', () => {
  assert.equal(byRules({ hidden: 'GitHub does not show them (403)' }, tag, may).is, 'untested')
  assert.equal(byRules({ hidden: 'GitHub does not show them (403)' }, tag, mayNot), mayNot)
})
