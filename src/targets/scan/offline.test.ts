// Tests of the scan with a folder of advisories in place of the API.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Refused } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { advisoryOf, openRig } from './scan.rig.ts'

const entry = (ecosystem: string, name: string, more: Readonly<Record<string, unknown>>) => ({ package: { ecosystem, name }, ...more })
const range = (type: string, ...events: readonly Record<string, string>[]) => ({ ranges: [{ type, events }] })
const document = (id: string, ...affected: readonly unknown[]): Json => ({ ...advisoryOf(id, 'x', { severity: [], database_specific: { severity: 'LOW' } }), affected }) as unknown as Json

test('advisories in a folder are matched by version, by range and by release, in the order of each ecosystem', async () => {
  await using rig = await openRig()
  rig.write({
    'db/PyPI/PYSEC-1.json': document('PYSEC-1', entry('PyPI', 'Zope.Interface', range('ECOSYSTEM', { introduced: '0' }, { fixed: '5.0.post1' }))),
    'db/PyPI/PYSEC-2.json': document('PYSEC-2', entry('PyPI', 'zope.interface', range('ECOSYSTEM', { introduced: '0' }, { fixed: '5.0rc1' }))),
    'db/npm/GHSA-1.json': document('GHSA-1', entry('npm', '@acme/app', range('SEMVER', { introduced: '1.0.0' }, { last_affected: '1.10.0' }))),
    'db/npm/GHSA-2.json': document('GHSA-2', entry('npm', 'app', range('SEMVER', { introduced: '0' }))),
    'db/Go/GO-1.json': document('GO-1', entry('Go', 'github.com/acme/lib', range('SEMVER', { introduced: '0' }, { fixed: '1.2.4' }))),
    'db/crates.io/RUSTSEC-1.json': document('RUSTSEC-1', entry('crates.io', 'serde', range('SEMVER', { introduced: '0.0.0-0' }, { fixed: '1.0.1' }))),
    'db/Debian/DSA-1.json': document('DSA-1', entry('Debian:12', 'openssl', range('ECOSYSTEM', { introduced: '0' }, { fixed: '3.0.11-1~deb12u3' }))),
    'db/Debian/DSA-2.json': document('DSA-2', entry('Debian:11', 'openssl', range('ECOSYSTEM', { introduced: '0' }))),
    'db/Alpine/ALPINE-1.json': document('ALPINE-1', entry('Alpine:v3.20', 'busybox', range('ECOSYSTEM', { introduced: '0' }, { fixed: '1.36.1-r10' }))),
    'db/Maven/GHSA-3.json': document('GHSA-3', entry('Maven', 'org.acme:app', { versions: ['1.0', '1.1'] })),
    'db/Maven/GHSA-4.json': document('GHSA-4', entry('Maven', 'org.acme:app', range('ECOSYSTEM', { introduced: '0' }))),
    'db/git/OSV-1.json': document('OSV-1', entry('PyPI', 'zope.interface', range('GIT', { introduced: '0' }))),
    'db/old/GONE-1.json': { ...document('GONE-1', entry('npm', '@acme/app', range('SEMVER', { introduced: '0' }))) as object, withdrawn: '2026-01-01T00:00:00Z' },
    'db/README.md': 'not an advisory',
  })
  const artifacts = [await rig.sbom([
    'pkg:pypi/zope-interface@5.0', 'pkg:npm/%40acme/app@1.9.0', 'pkg:golang/github.com/acme/lib@v1.2.3', 'pkg:cargo/serde@1.0.0',
    'pkg:deb/debian/libssl3@3.0.11-1~deb12u2?distro=debian-12&upstream=openssl', 'pkg:apk/alpine/busybox-binsh@1.36.1-r9?distro=alpine-3.20.3&upstream=busybox', 'pkg:maven/org.acme/app@1.1',
  ])]
  const { findings, evidence } = await rig.scan({ artifacts, database: 'db' })
  assert.deepEqual(findings.map(({ id, package: name, fixed }) => [id, name, fixed]).toSorted(), [
    ['ALPINE-1', 'busybox-binsh', '1.36.1-r10'], ['DSA-1', 'libssl3', '3.0.11-1~deb12u3'], ['GHSA-1', '@acme/app', undefined], ['GHSA-3', 'org.acme:app', undefined],
    ['GO-1', 'github.com/acme/lib', '1.2.4'], ['PYSEC-1', 'zope-interface', '5.0.post1'], ['RUSTSEC-1', 'serde', '1.0.1'],
  ])
  assert.match(evidence[0]?.detail ?? '', /^osv \(from db\): 7 packages, no finding of high or above \(7 lower\); 1 package matched by exact version only; report/)
  assert.equal(rig.served.calls.length, 0)
})

test('a folder without advisories and a file that is none are refused, since silence is no safety', async () => {
  await using rig = await openRig()
  mkdirSync(join(rig.root, 'empty'))
  rig.write({ 'bad/PyPI/good.json': document('A', entry('PyPI', 'a', {})), 'bad/PyPI/odd.json': '{"id": 1}', 'torn/x.json': '{"id": "A", ' })
  const artifacts = [await rig.sbom(['pkg:pypi/a@1'])]
  for (const [database, words] of [['empty', /^The folder empty holds no advisories/], ['nowhere', /^The folder nowhere holds no advisories/], ['bad', /^bad\/PyPI\/odd\.json is no advisory/], ['torn', /^torn\/x\.json is no advisory/]] as const) {
    await assert.rejects(rig.scan({ artifacts, database }), (error) => error instanceof Refused && error.code === 'scan-unreadable' && words.test(error.message))
  }
})
