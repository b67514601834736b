// Tests of which version comes next.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseVersion, type VersionFacts, type VersionRequest } from './version.ts'

const feat = { sha: 'a'.repeat(40), message: 'feat: run faster\n' }
const fix = { sha: 'b'.repeat(40), message: 'fix: stop crashing\n' }
const facts = (more: Partial<VersionFacts> = {}): VersionFacts => ({ last: '2.0.0', current: '2.0.0', commits: [feat, fix], unreleased: undefined, ...more })
const choose = (bump: VersionRequest['bump'], more?: Partial<VersionFacts>) => chooseVersion({ bump }, facts(more))

test('auto takes the greatest change and names the commits that decided', () => {
  const { to, because } = choose('auto')
  assert.equal(to, '2.1.0')
  assert.match(because.join('\n'), /aaaaaaa "feat: run faster"/)
  assert.equal(choose('auto', { commits: [fix] }).to, '2.0.1')
})

test('a smaller step than the changes ask for is taken, and said', () => {
  const { to, because } = choose('patch')
  assert.equal(to, '2.0.1')
  assert.match(because.join('\n'), /The changes ask for more, a minor release/)
})

test('nothing new is nothing to release, unless a version is named', () => {
  assert.throws(() => choose('minor', { commits: [] }), { code: 'nothing-to-release' })
  assert.throws(() => choose('auto', { commits: [{ sha: 'c'.repeat(40), message: 'docs: a comma\n' }] }), { code: 'nothing-to-release' })
  assert.equal(choose({ version: '2.0.1' }, { commits: [] }).to, '2.0.1')
  assert.throws(() => choose({ version: '1.9.0' }), { code: 'version-not-greater' })
})

test('files that are further on than the last release are the point to go on from', () => {
  assert.equal(choose('minor', { current: '2.1.0' }).to, '2.1.0', 'what was prepared is what comes out')
  const after = choose('patch', { current: '2.1.0' })
  assert.equal(after.to, '2.1.1')
  assert.match(after.because.join('\n'), /The files carry 2\.1\.0 already/)
})

test('a first release takes the version that the files carry', () => {
  assert.equal(choose('auto', { last: undefined, current: '0.1.0' }).to, '0.1.0')
})
