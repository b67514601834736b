// The PEP 440 form of a version.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SlipwayError } from '../model/error.ts'
import { fromPep440, toPep440, tryPep440 } from './pep440.ts'
import { mappableVersion, plainVersion } from './versions.rig.ts'

test('final versions stay, and the three stages get their letters', () => {
  const forms = { '2.1.0': '2.1.0', '2.1.0-alpha.1': '2.1.0a1', '2.1.0-beta.2': '2.1.0b2', '2.1.0-rc.10': '2.1.0rc10', '2.1.0-rc.0': '2.1.0rc0' }
  for (const [version, form] of Object.entries(forms)) assert.equal(toPep440(version), form)
})

test('every other version is refused with the reason', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['2.1.0-1', /post-release 2\.1\.0\.post1, which sorts after 2\.1\.0/],
    ['2.1.0-0', /post-release 2\.1\.0\.post0/],
    ['2.1.0-post.1', /post-release/],
    ['2.1.0-r4', /post-release/],
    ['2.1.0-pre.1', /collide with 2\.1\.0-rc\.1/],
    ['2.1.0-preview.2', /collide/],
    ['2.1.0-c.1', /collide/],
    ['2.1.0-dev.1', /dev release sorts before alpha/],
    ['2.1.0-alpha', /no number/],
    ['2.1.0-alpha.1.2', /one number after "alpha"/],
    ['2.1.0-alpha.beta', /one number after "alpha"/],
    ['2.1.0-rc.1-dev', /one number after "rc"/],
    ['2.1.0-rc1', /no prerelease called "rc1"/],
    ['2.1.0-RC.1', /no prerelease called "RC"/],
    ['2.1.0-next.1', /no prerelease called "next"/],
    ['2.1.0-SNAPSHOT', /no prerelease called "SNAPSHOT"/],
    ['2.1.0-constructor.1', /no prerelease called/],
    ['2.1.0+build.5', /local version, which PyPI refuses/],
    ['2.1.0-rc.1+build.5', /local version/],
  ]
  for (const [version, reason] of refused) {
    assert.throws(() => toPep440(version), (error) => error instanceof SlipwayError && error.code === 'version-unmappable' && reason.test(error.message), version)
    assert.equal(tryPep440(version), undefined)
  }
})

test('what is mapped can be read back', () => {
  fc.assert(fc.property(mappableVersion, (version) => assert.equal(fromPep440(toPep440(version)), version)))
})

test('what cannot be mapped back is never mapped', () => {
  fc.assert(fc.property(plainVersion, (version) => {
    const form = tryPep440(version)
    assert.equal(form === undefined ? version : fromPep440(form), version)
  }))
})

test('texts that are no PEP 440 form of a semantic version are not read', () => {
  for (const text of ['2.1', '2.1.0.post1', '2.1.0rc', '2.1.0rc01', '2.01.0', '2.1.0-rc.1', 'unknown', '']) assert.equal(fromPep440(text), undefined, text)
})
