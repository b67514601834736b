// Tests of attestations: signed, uploaded, kept by the index and read back; what was changed on the way does not hold.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Refused } from '../../model/error.ts'
import type { World } from '../../model/world.ts'
import { pypiService } from '../../rehearsal/pypi/service.ts'
import { createPypiState, findProject, type IndexFile } from '../../rehearsal/pypi/state.ts'
import { serve } from '../../rehearsal/serve.ts'
import { sigstoreService } from '../../rehearsal/sigstore/service.ts'
import { createSigstoreState, ID_TOKEN_URL } from '../../rehearsal/sigstore/state.ts'
import { trustedRoot } from '../../rehearsal/sigstore/trust.ts'
import { groundPackages, PROJECT } from '../../../test/support/ground-packages.ts'
import type { BuiltFile } from './artifact.ts'
import { pypiAttest, pypiAttestLog, toLog, toSign } from './attest.ts'
import { fileTo, type FileInput } from './file.ts'
import { pypiTarget } from './index.ts'
import { readBack } from './read-back.ts'
import { settings } from './settings.ts'
import { apply, openTiny } from './tiny.fixture.ts'
import { pypiUpload } from './upload.ts'

const JOB = { ACTIONS_ID_TOKEN_REQUEST_URL: ID_TOKEN_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-opener-7Kq2' }
const now = () => new Date('2026-03-04T05:06:07Z')
const sigstore = createSigstoreState({ now, tokens: [JOB.ACTIONS_ID_TOKEN_REQUEST_TOKEN], job: { repository: 'acme/app' } })
const publisher = { repository: 'acme/app', workflow: 'release.yml', projects: [PROJECT] }
const pypi = createPypiState({ now, tokens: [{ token: 'pypi-stored', user: 'ann' }], projects: [{ name: PROJECT, owners: ['ann'] }], publishers: [publisher] })
const served = await serve({ services: [pypiService({ index: 'pypi', state: pypi, sigstore }), sigstoreService(sigstore)] })
const tiny = openTiny()
after(async () => { await served.close(); await tiny[Symbol.asyncDispose]() })

const world: World = { ...tiny.worldWith({ now, routes: served.routes, env: { ...JOB, PYPI_TOKEN: 'pypi-stored' } }), trustedRoot: () => trustedRoot(sigstore) }
const at = { world, once: tiny.once }
const policy = { issuer: 'https://token.actions.githubusercontent.com', repository: 'https://github.com/acme/app' }
const packages = groundPackages('2.1.0')
const files = packages.map(({ artifact }) => artifact as unknown as BuiltFile)
const [wheel, sdist] = files as [BuiltFile, BuiltFile]
await world.scratch(async (scratch) => {
  const { writeFileSync } = await import('node:fs')
  for (const { bytes, artifact } of packages) {
    writeFileSync(`${scratch.path}/${artifact.name}`, bytes)
    await scratch.keep(artifact.name)
  }
})
const input = (file: BuiltFile, attestation?: FileInput['sha256']): FileInput => ({
  ...fileTo({ upload: 'https://upload.pypi.org/legacy/', index: 'https://pypi.org', auth: 'auto', token: 'PYPI_TOKEN' }, file, { project: PROJECT, version: '2.1.0' }),
  ...(attestation === undefined ? {} : { attestation }),
})
async function attested(file: Pick<BuiltFile, 'name' | 'sha256'>): Promise<FileInput['sha256']> {
  await apply(pypiAttest, at, toSign(file, policy))
  return (await apply(pypiAttestLog, at, toLog(file, policy))).sha256
}
async function keep(text: string): Promise<FileInput['sha256']> {
  return world.scratch(async (scratch) => {
    await scratch.write('it', text)
    return (await scratch.keep('it')).sha256
  })
}
const textOf = (sha256: FileInput['sha256']) => world.scratch(async (scratch) => { await scratch.place(sha256, 'it'); return scratch.read('it') })
const refused = async (attempt: Promise<unknown>): Promise<Refused> => attempt.then(() => assert.fail('it was not refused'), (error: unknown) => {
  assert(error instanceof Refused, String(error))
  return error
})
const kept = () => [...(findProject(pypi, PROJECT)?.releases.values() ?? [])].flatMap((release) => release.files) as { -readonly [Key in keyof IndexFile]: IndexFile[Key] }[]
const reading = { index: 'https://pypi.org', project: PROJECT, files, policy }

test('the index refuses an attestation that is not of this file, not of its publisher, changed, or more than one of a kind', async () => {
  const good = await textOf(await attested(wheel))
  const { envelope, ...rest } = JSON.parse(good) as { envelope: { statement: string; signature: string } }
  const other = await attested({ name: wheel.name, sha256: `sha256:${'0'.repeat(64)}` })
  const renamed = await attested({ name: 'another-2.1.0.tar.gz', sha256: wheel.sha256 })
  const changed = await keep(JSON.stringify({ ...rest, envelope: { ...envelope, statement: Buffer.from(Buffer.from(envelope.statement, 'base64').toString().replace('publish/v1', 'publish/v2')).toString('base64') } }))
  for (const [sha256, why] of [[other, /subject does not match distribution digest/], [renamed, /subject does not match distribution name/], [changed, /Could not verify/], [await keep(`${good},${good}`), /Multiple attestations/], [await keep('{}'), /Malformed/], [await keep([good, good, good].join(',')), /A maximum of 2/]] as const) {
    const error = await refused(apply(pypiUpload, at, input(wheel, sha256)))
    assert.equal(error.code, 'signature-invalid')
    assert.match(error.message, why)
  }
  const { job } = sigstore
  sigstore.job = { ...job, workflow: '.github/workflows/other.yml' }
  const others = await attested(wheel)
  sigstore.job = job
  assert.match((await refused(apply(pypiUpload, at, input(wheel, others)))).message, /other\.yml@refs\/heads\/main\) does not match expected Trusted Publisher \(release\.yml @ acme\/app\)/)
  assert.deepEqual(kept(), [])
})

test('an attested file goes by the identity of the job although there is a stored token, and an upload in doubt may be repeated', async () => {
  const entries = sigstore.entries.size
  const sha256 = await attested(wheel)
  assert.equal(sigstore.entries.size - entries, 1, 'an attempt that is made again by itself signs anew, and enters that')
  const before = await pypiAttestLog.probe(world, toLog(wheel, policy), 'key')
  assert.deepEqual([before.state, before.state === 'present' && before.output.sha256], ['present', sha256])
  for (let turn = 0; turn < 2; turn += 1) await apply(pypiUpload, { ...at, world: tinyAgain() }, input(wheel, sha256))
  assert.equal(kept().length, 1)
  assert.deepEqual(kept()[0]?.provenance?.attestation_bundles[0]?.attestations, [JSON.parse(await textOf(sha256))])
  assert.equal((await pypiUpload.probe(world, input(wheel, sha256), 'key')).state, 'present')
})

/** The same world in another process, which has no upload token yet. */
function tinyAgain(): World {
  return { ...tiny.worldWith({ now, routes: served.routes, env: { ...JOB, PYPI_TOKEN: 'pypi-stored' } }), trustedRoot: () => trustedRoot(sigstore) }
}

test('what was attested is read back and verified; what came without is told', async () => {
  await apply(pypiUpload, at, input(sdist))
  const lines = await readBack(world, reading)
  assert.deepEqual(lines.map(({ title, passed }) => [title, passed]), [[`attestation of ${wheel.name}`, true], [`attestation of ${sdist.name}`, false]])
  assert.match(lines[0]?.detail ?? '', /acme\/app\/\.github\/workflows\/release\.yml@refs\/heads\/main/)
})

test('a tampered attestation does not verify, whichever part was changed, nor one of another signer or file', async () => {
  const [file] = kept()
  const sound = file?.provenance
  assert.ok(file !== undefined && sound !== undefined)
  const tampered = async (change: (attestation: any) => void): Promise<Refused> => { // eslint-disable-line @typescript-eslint/no-explicit-any -- it is taken apart here
    file.provenance = structuredClone(sound)
    for (const { attestations } of file.provenance.attestation_bundles) for (const each of attestations) change(each)
    return refused(readBack(world, reading))
  }
  const flip = (text: string): string => { const bytes = Buffer.from(text, 'base64'); bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1; return bytes.toString('base64') }
  for (const change of [
    (one) => { one.envelope.signature = flip(one.envelope.signature) },
    (one) => { one.envelope.statement = Buffer.from(Buffer.from(one.envelope.statement, 'base64').toString().replace(wheel.name, sdist.name)).toString('base64') },
    (one) => { one.verification_material.certificate = flip(one.verification_material.certificate) },
    (one) => { one.verification_material.transparency_entries[0].canonicalizedBody = flip(one.verification_material.transparency_entries[0].canonicalizedBody) },
    (one) => { one.verification_material.transparency_entries = [] },
    (one) => { one.version = 2 },
  ] as Parameters<typeof tampered>[0][]) assert.equal((await tampered(change)).code, 'signature-invalid')
  file.provenance = sound
  assert.match((await refused(readBack(world, { ...reading, policy: { ...policy, repository: 'https://github.com/evil/app' } }))).message, /source repository is https:\/\/github\.com\/acme\/app/)
  assert.match((await refused(readBack(world, { ...reading, files: [{ name: wheel.name, sha256: sdist.sha256 }] }))).message, /it is about/)
  assert.equal((await readBack(world, reading))[0]?.passed, true)
})

test('attestations are planned where the identity of the job allows the upload, and nowhere else', () => {
  const seen = (allowed: string) => [{ ask: 'pypi.allowed', about: {}, saw: allowed }, { ask: 'pypi.repository', about: {}, saw: 'https://github.com/acme/app' }]
  const planned = (text: object, allowed = 'nothing') => pypiTarget.publish({
    artifacts: files, seen: seen(allowed), release: { name: 'g', from: null, to: '2.1.0', because: [] },
  } as unknown as Parameters<typeof pypiTarget.publish>[0], settings.parse({ package: PROJECT, smoke: 'import g', ...text }))
  const kinds = (...args: Parameters<typeof planned>) => planned(...args).map(({ kind }) => kind)
  const plain = ['pypi.upload', 'pypi.upload', 'pypi.verify']
  const whole = ['pypi.attest', 'pypi.attest-log', 'pypi.attest', 'pypi.attest-log', ...plain]
  assert.deepEqual(kinds({ auth: 'trusted' }), whole)
  assert.deepEqual(kinds({}, 'identity'), whole)
  for (const [text, allowed] of [[{}, 'token'], [{}, 'nothing'], [{ auth: 'token' }, 'identity'], [{ auth: 'trusted', attestations: false }, 'identity']] as const) assert.deepEqual(kinds(text, allowed), plain)
  const steps = planned({ auth: 'trusted' })
  assert.deepEqual((steps[4]?.input as { attestation?: unknown }).attestation, { $from: `pypi.attest-log:${wheel.name}`, at: '/sha256' })
  assert.deepEqual((steps.at(-1)?.input as { attested?: unknown }).attested, policy)
})
