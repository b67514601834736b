// Semantic versions against the specification's own examples and against the `semver` package.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import semver from 'semver'
import { SlipwayError } from '../model/error.ts'
import { compareSemVer, formatSemVer, isPrerelease, parseSemVer, tryParse } from './semver.ts'
import { anyVersion } from './versions.rig.ts'

// https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string
const SPEC =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/

const VALID = [
  '0.0.4', '1.2.3', '10.20.30', '1.1.2-prerelease+meta', '1.1.2+meta', '1.0.0-alpha', '1.0.0-alpha.beta.1', '1.0.0-alpha0.valid', '1.0.0-alpha.0valid',
  '1.0.0-rc.1+build.1', '2.0.0-rc.1+build.123', '1.2.3----RC-SNAPSHOT.12.9.1--.12+788', '1.0.0+0.build.1-rc.10000aaa-kk-0.1', '1.0.0-0A.is.legal', '1.0.0-0+001',
  '99999999999999999999999.999999999999999999.99999999999999999',
]

const INVALID = [
  '1', '1.2', '1.2.3-0123', '1.2.3-0123.0123', '1.1.2+.123', '+invalid', '-invalid', 'alpha', '1.0.0-alpha_beta', '1.0.0-alpha..', '1.0.0-alpha..1', '01.1.1', '1.01.1',
  '1.1.01', '1.2.3.DEV', '1.2-SNAPSHOT', '1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788', '-1.0.3-gamma+b7718', '+justmeta', '9.8.7+meta+meta', '9.8.7-whatever+meta+meta',
  '1.0.0-', '1.0.0+', '', ' 1.0.0', '1.0.0\n', 'v1.0.0', '=1.0.0', '1.0.0-é', '１.0.0',
]

test('every valid version of the specification is read and written back as it was', () => {
  for (const text of VALID) assert.equal(formatSemVer(parseSemVer(text)), text)
})

test('every invalid version of the specification is refused', () => {
  for (const text of INVALID) assert.equal(tryParse(text), undefined, JSON.stringify(text))
})

test('a refusal says why', () => {
  const reasons: readonly (readonly [string, RegExp])[] = [
    ['v1.2.3', /leading "v"/],
    ['1.02.3', /number 02 has a leading zero/],
    ['1.2', /2 of the three numbers/],
    ['1.2.x', /"x" is not a number/],
    ['1.2.3-rc.01', /number 01 in its prerelease has a leading zero/],
    ['1.2.3-rc..1', /prerelease has an empty identifier/],
    ['1.2.3-r_c', /"r_c" in its prerelease has a character/],
    ['1.2.3+', /build metadata has an empty identifier/],
    ['1.2.3 ', /white space/],
    ['', /empty/],
  ]
  for (const [text, reason] of reasons) {
    assert.throws(() => parseSemVer(text), (error) => error instanceof SlipwayError && error.code === 'version-invalid' && reason.test(error.message), text)
  }
})

test('exactly what the specification’s expression matches is a version', () => {
  const near = fc.stringMatching(/^[0-9a-z.+-]{0,14}$/)
  fc.assert(fc.property(fc.oneof(near, near.map((text) => `1.0.0${text}`), fc.string()), (text) => {
    assert.equal(tryParse(text) !== undefined, SPEC.test(text))
  }))
})

test('the order of the specification’s example holds', () => {
  const ordered = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '2.0.0', '2.1.0', '2.1.1']
  for (const [i, a] of ordered.entries()) for (const [j, b] of ordered.entries()) assert.equal(compareSemVer(a, b), Math.sign(i - j), `${a} ${b}`)
})

test('numbers are compared exactly whatever their size, and build metadata is ignored', () => {
  assert.equal(compareSemVer('1.0.9007199254740993', '1.0.9007199254740992'), 1)
  assert.equal(compareSemVer('1.0.0-rc.9007199254740993', '1.0.0-rc.9007199254740992'), 1)
  assert.equal(compareSemVer('1.0.0-rc.10', '1.0.0-rc.9'), 1)
  assert.equal(compareSemVer('1.0.0+a', '1.0.0+b'), 0)
})

test('versions are ordered as the semver package orders them', () => {
  fc.assert(fc.property(anyVersion, anyVersion, (a, b) => assert.equal(compareSemVer(a, b), semver.compare(a, b))), { numRuns: 500 })
})

test('every generated version is read and written back, and is a prerelease when semver says so', () => {
  fc.assert(fc.property(anyVersion, (text) => {
    assert.equal(formatSemVer(parseSemVer(text)), text)
    assert.equal(isPrerelease(text), semver.prerelease(text) !== null)
  }))
})
