// The version after a version.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import semver from 'semver'
import { SlipwayError } from '../model/error.ts'
import { PRERELEASE_STAGES, assertGreater, nextVersion } from './bump.ts'
import { compareSemVer } from './semver.ts'
import { anyVersion } from './versions.rig.ts'
import type { Bump, Prerelease } from './bump.ts'

const CASES: readonly (readonly [from: string, bump: Bump, pre: Prerelease | undefined, to: string])[] = [
  ['2.0.3', 'major', undefined, '3.0.0'],
  ['2.0.3', 'minor', undefined, '2.1.0'],
  ['2.0.3', 'patch', undefined, '2.0.4'],
  ['2.0.3+build.7', 'patch', undefined, '2.0.4'],
  ['2.1.0-rc.2', 'minor', undefined, '2.1.0'],
  ['2.1.0-rc.2', 'patch', undefined, '2.1.0'],
  ['2.1.0-rc.2', 'major', undefined, '3.0.0'],
  ['2.1.1-rc.2', 'minor', undefined, '2.2.0'],
  ['3.0.0-alpha.1', 'major', undefined, '3.0.0'],
  ['3.0.0-alpha.1', 'minor', undefined, '3.0.0'],
  ['2.0.0', 'minor', 'rc', '2.1.0-rc.1'],
  ['2.0.0', 'major', 'alpha', '3.0.0-alpha.1'],
  ['2.0.0', 'patch', 'beta', '2.0.1-beta.1'],
  ['2.1.0-rc.1', 'minor', 'rc', '2.1.0-rc.2'],
  ['2.1.0-beta.3', 'minor', 'rc', '2.1.0-rc.1'],
  ['2.1.0-rc.1', 'major', 'rc', '3.0.0-rc.1'],
  ['2.1.0-rc.1', 'prerelease', undefined, '2.1.0-rc.2'],
  ['2.1.0-rc.9007199254740993', 'prerelease', undefined, '2.1.0-rc.9007199254740994'],
  ['2.1.0-alpha', 'prerelease', undefined, '2.1.0-alpha.1'],
  ['2.1.0-next.3', 'prerelease', undefined, '2.1.0-next.4'],
  ['2.1.0-beta.3', 'prerelease', 'rc', '2.1.0-rc.1'],
  ['2.1.0-rc.1', 'prerelease', 'rc', '2.1.0-rc.2'],
  ['2.1.0-rc', 'prerelease', 'rc', '2.1.0-rc.1'],
  ['2.1.0-rc.1.2', 'prerelease', 'rc', '2.1.0-rc.2'],
  ['2.0.0', 'prerelease', 'rc', '2.0.1-rc.1'],
]

test('each bump makes the version that its rule says', () => {
  for (const [from, bump, pre, to] of CASES) assert.equal(nextVersion(from, bump, pre), to, `${from} ${bump} ${pre ?? ''}`)
})

test('going back to an earlier stage is refused', () => {
  for (const [from, bump] of [['2.1.0-rc.1', 'prerelease'], ['2.1.0-rc.1', 'minor'], ['2.1.0-rc.x', 'prerelease']] as const) {
    assert.throws(() => nextVersion(from, bump, from.endsWith('x') ? 'rc' : 'beta'), { code: 'version-not-greater' })
  }
})

test('a prerelease of a final version asks for the stage', () => {
  assert.throws(() => nextVersion('2.0.0', 'prerelease'), (error) => error instanceof SlipwayError && error.code === 'usage' && /--pre/.test(error.problems[0].hint ?? ''))
})

test('without a stage the bumps agree with the semver package', () => {
  fc.assert(fc.property(anyVersion, fc.constantFrom('major', 'minor', 'patch'), (from, bump) => {
    assert.equal(nextVersion(from, bump), semver.inc(from, bump))
  }))
})

test('the next version always comes after', () => {
  fc.assert(fc.property(anyVersion, fc.constantFrom('major', 'minor', 'patch', 'prerelease'), fc.constantFrom(undefined, ...PRERELEASE_STAGES), (from, bump, pre) => {
    let to: string
    try {
      to = nextVersion(from, bump, pre)
    } catch (error) {
      assert.ok(error instanceof SlipwayError && ['usage', 'version-not-greater'].includes(error.code))
      return
    }
    assert.equal(compareSemVer(from, to), -1)
  }))
})

test('an equal or a smaller version is refused by name', () => {
  assertGreater('2.0.0', '2.0.1-rc.1')
  for (const to of ['2.0.0', '2.0.0+build', '2.0.0-rc.1', '1.9.9']) {
    assert.throws(() => assertGreater('2.0.0', to), (error) => error instanceof SlipwayError && error.code === 'version-not-greater' && error.message.includes(`${to} does not come after 2.0.0`))
  }
})
