// Tests of the patterns of rulesets.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fits } from './rules.ts'

test('a pattern fits as GitHub says', () => {
  const cases: readonly [pattern: string, ref: string, does: boolean][] = [
    ['refs/tags/v*', 'refs/tags/v1.0.0', true],
    ['refs/tags/v*', 'refs/tags/x1.0.0', false],
    ['refs/tags/*', 'refs/tags/app/v1', false],
    ['refs/tags/**/*', 'refs/tags/app/v1', true],
    ['refs/tags/**/*', 'refs/tags/v1', true],
    ['refs/tags/v[0-9].?.0', 'refs/tags/v1.0.0', true],
    ['refs/tags/v[!0-9]*', 'refs/tags/v1.0.0', false],
    ['refs/tags/v1.0', 'refs/tags/v1x0', false],
    ['refs/heads/release/*', 'refs/heads/release/v1.0.0', true],
  ]
  for (const [pattern, ref, does] of cases) assert.equal(fits(pattern, ref), does, `${pattern} ${ref}`)
})
