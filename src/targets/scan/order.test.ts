// Tests of what is pure: scores, the orders of versions, ranges, and where a package URL belongs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBetween } from './advisory.ts'
import { compareAlpine } from './alpine-version.ts'
import { loadOrders } from './compare.ts'
import { baseScore } from './cvss.ts'
import { compareDebian } from './debian-version.ts'
import { askedFor, isIn, placeOf } from './ecosystem.ts'
import { loadPurls, namesPackage } from './purl.ts'
import { ofScore, ofWord, rank } from './severity.ts'

const orders = await loadOrders()
const purls = await loadPurls()

test('the CVSS base score is that of the specification, for every combination of scope and privileges', () => {
  // Scores that the National Vulnerability Database and the examples of the specification give.
  const known: readonly (readonly [string, number])[] = [
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
    ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 8.8],
    ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 7.8],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', 7.5],
    ['CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H', 8.1],
    ['CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H', 9.3],
    ['CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', 1.6],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
    ['CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L/E:P/RL:O/RC:C', 4.2],
  ]
  for (const [vector, score] of known) assert.equal(baseScore(vector), score, vector)
  for (const other of ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 'AV:N/AC:L/Au:N/C:P/I:P/A:P', 'CVSS:3.1/AV:N', 'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '']) {
    assert.equal(baseScore(other), undefined, other)
  }
  assert.deepEqual([0, 3.9, 4, 6.9, 7, 8.9, 9, 10].map(ofScore), ['low', 'low', 'medium', 'medium', 'high', 'high', 'critical', 'critical'])
  assert.deepEqual(['MODERATE', 'Negligible', 'CRITICAL', 'awful', undefined].map(ofWord), ['medium', 'low', 'critical', 'unknown', 'unknown'])
  assert.equal(rank('unknown'), rank('medium'))
})

/** Each version of a line is earlier than the next one. */
function isOrdered(compare: (one: string, other: string) => number | undefined, line: string): void {
  const versions = line.split(' < ')
  versions.forEach((one, at) => {
    versions.forEach((other, otherAt) => {
      assert.equal(Math.sign(compare(one, other) ?? NaN), Math.sign(at - otherAt), `${one} and ${other}`)
    })
  })
}

test('Debian versions are ordered as dpkg orders them', () => {
  isOrdered(compareDebian, '1.0~~ < 1.0~~a < 1.0~ < 1.0 < 1.0a < 1.0+b1 < 1.0.1 < 1.2 < 1.10 < 1:0.1')
  isOrdered(compareDebian, '3.0.11-1~deb12u1 < 3.0.11-1~deb12u2 < 3.0.11-1 < 3.0.11-1+b1 < 3.0.11-1.1 < 3.0.11-2')
  for (const [one, other] of [['1.0', '1.0-0'], ['1.0', '0:1.0'], ['1.00', '1.0'], ['20240101000000000001', '20240101000000000001']] as const) assert.equal(compareDebian(one, other), 0)
  for (const bad of ['', 'a:1', '1.0-', '1 2', '-1']) assert.equal(compareDebian(bad, '1'), undefined, bad)
})

test('Alpine versions are ordered as apk orders them', () => {
  isOrdered(compareAlpine, '0.1.0_alpha_pre2 < 0.1.0_alpha < 0.1.0_alpha1 < 0.1.0_beta < 0.1.0_pre1 < 0.1.0_rc1 < 0.1.0_rc2 < 0.1.0 < 0.1.0-r1 < 0.1.0-r10 < 0.1.0_git20240101 < 0.1.0_p1 < 0.1.0_p10-r0 < 0.1.0a < 0.1.0b < 0.1.0.1')
  isOrdered(compareAlpine, '1.0.0_pre20191002222144-r0 < 1.0.0_pre20210530193627-r0 < 1.0.0')
  isOrdered(compareAlpine, '8.2.0015 < 8.2.002 < 8.2.1')
  isOrdered(compareAlpine, '4.09-r1 < 4.5.14 < 087-r1 < 103 < 104-r9 < 104-r11')
  isOrdered(compareAlpine, '2.12r-r4 < 2.12r-r5')
  isOrdered(compareAlpine, '1.0 < 1.0-r0 < 1.0~1a < 1.0~1b')
  for (const bad of ['', 'v1', '1.0_foo', '1.0-1', '1..0']) assert.equal(compareAlpine(bad, '1'), undefined, bad)
})

test('other ecosystems are ordered by their own rules, and what is no version in them has no order', () => {
  isOrdered(orders('PyPI')!, '1.0.dev1 < 1.0a1 < 1.0b2 < 1.0rc1 < 1.0 < 1.0.post1 < 1.10')
  for (const name of ['npm', 'Go', 'crates.io', 'SEMVER']) isOrdered(orders(name)!, '1.0.0-alpha < 1.0.0-rc.1 < 1.0.0 < 1.9.0 < 1.10.0')
  assert.equal(orders('Go')!('v1.21', '1.21.0'), 0)
  assert.equal(orders('npm')!('latest', '1.0.0'), undefined)
  assert.equal(orders('PyPI')!('1.0-foo', '1.0'), undefined)
  assert.equal(orders('Maven'), undefined)
})

test('a range holds what is between its events, in whatever order they stand', () => {
  const compare = orders('npm')!
  const inside = (events: readonly Record<string, string>[], ...versions: string[]): boolean[] => versions.map((version) => isBetween({ events: [...events] }, version, compare))
  assert.deepEqual(inside([{ introduced: '0' }, { fixed: '1.2.0' }], '0.0.1', '1.1.9', '1.2.0-rc.1', '1.2.0', '2.0.0'), [true, true, true, false, false])
  assert.deepEqual(inside([{ fixed: '2.1.0' }, { introduced: '1.0.0' }, { introduced: '2.0.0' }, { fixed: '1.5.0' }], '0.9.0', '1.0.0', '1.5.0', '2.0.0', '2.1.0'), [false, true, false, true, false])
  assert.deepEqual(inside([{ introduced: '1.0.0' }, { last_affected: '1.4.0' }], '1.4.0', '1.4.1'), [true, false])
  assert.deepEqual(inside([{ introduced: '0' }, { limit: '3.0.0' }], '2.9.9', '3.0.0'), [true, false])
  assert.deepEqual(inside([{ introduced: '0' }], '99.0.0'), [true])
  assert.deepEqual(inside([{ introduced: '1.0.0', fixed: '2.0.0' }], '1.5.0', '2.0.0'), [true, false])
  assert.deepEqual(inside([], '1.0.0'), [false])
})

test('a package URL is known by its ecosystem, release and source package', () => {
  const place = (text: string, distro?: string) => placeOf(purls.read(text)!, distro)
  assert.deepEqual(place('pkg:pypi/Zope.Interface@5'), { ecosystem: 'PyPI', release: undefined, name: 'zope-interface' })
  assert.deepEqual(place('pkg:npm/%40acme/app@1.0.0'), { ecosystem: 'npm', release: undefined, name: '@acme/app' })
  assert.deepEqual(place('pkg:maven/org.acme/app@1.0'), { ecosystem: 'Maven', release: undefined, name: 'org.acme:app' })
  assert.deepEqual(place('pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12&upstream=openssl'), { ecosystem: 'Debian', release: '12', name: 'openssl' })
  assert.deepEqual(place('pkg:deb/debian/bash@5', 'bookworm'), { ecosystem: 'Debian', release: '12', name: 'bash' })
  assert.deepEqual(place('pkg:deb/ubuntu/bash@5?distro=ubuntu-22.04'), { ecosystem: 'Ubuntu', release: '22.04', name: 'bash' })
  assert.deepEqual(place('pkg:apk/alpine/libcrypto3@3?upstream=openssl', 'alpine-3.20.1'), { ecosystem: 'Alpine', release: 'v3.20', name: 'openssl' })
  assert.equal(place('pkg:generic/thing@1'), undefined)
  const asked = (text: string) => purls.write(askedFor(purls.read(text)!))
  assert.equal(asked('pkg:deb/debian/libc6@2.36-9+deb12u1?arch=amd64&upstream=glibc%402.36-9'), 'pkg:deb/debian/glibc@2.36-9')
  assert.equal(asked('pkg:rpm/rocky/curl@8?arch=x86_64&upstream=curl-8.src.rpm'), 'pkg:rpm/rocky-linux/curl@8')
  const debian = { ecosystem: 'Debian', release: '12', name: 'x' }
  assert.deepEqual(['Debian', 'Debian:12', 'Debian:11', 'Ubuntu:12'].map((written) => isIn(debian, written)), [true, true, false, false])
  assert(!isIn({ ecosystem: 'Ubuntu', release: '22.04', name: 'x' }, 'Ubuntu:Pro:22.04:LTS'))
  const named = (pattern: string, text: string) => namesPackage(purls.read(pattern)!, purls.read(text)!)
  assert(named('pkg:pypi/Flask', 'pkg:pypi/flask@1.0') && named('pkg:pypi/flask@1.0', 'pkg:pypi/flask@1.0?a=b'))
  assert(!named('pkg:pypi/flask@2.0', 'pkg:pypi/flask@1.0') && !named('pkg:npm/flask', 'pkg:pypi/flask@1.0') && !named('pkg:pypi/flask?a=b', 'pkg:pypi/flask@1.0'))
})
