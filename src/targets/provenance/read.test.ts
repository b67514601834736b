// Tests of verifying a bundle: what holds, and each part that may not hold.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Refused } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { createSigstoreState } from '../../rehearsal/sigstore/state.ts'
import { trustedRoot } from '../../rehearsal/sigstore/trust.ts'
import { apply, digestOf, openBench, signingOf, SOURCE, textAt } from './bench.fixture.ts'
import { secretsOf } from '../signing/identity.ts'
import { verifyBundle, type Policy, type Wanted } from './index.ts'
import { provenanceLog } from './log.ts'
import { againstPolicy } from '../signing/policy.ts'
import type { Signing } from './shape.ts'
import { provenanceSign } from './sign.ts'

const bench = await openBench()
after(() => bench[Symbol.asyncDispose]())
const WORKFLOW = `${SOURCE}/.github/workflows/release.yml`
const root = await trustedRoot(bench.state)

/** The text of a bundle that the rehearsed Sigstore has made. */
async function bundleOf(wanted: Signing): Promise<string> {
  await apply(provenanceSign, { bench }, { ...wanted, secrets: secretsOf(wanted.identity) })
  const { sha256 } = await apply(provenanceLog, { bench }, wanted)
  return textAt(bench.world, sha256)
}

const wanted = signingOf('app.whl')
const good = await bundleOf(wanted)
const against = (change: Partial<Wanted> = {}, policy: Partial<Policy> = {}): Wanted => ({ digest: wanted.sha256, policy: { ...wanted.policy, ...policy }, trustedRoot: root, ...change })
const changed = (edit: (bundle: any) => void, text = good): string => { // eslint-disable-line @typescript-eslint/no-explicit-any -- a bundle is torn apart here
  const bundle = JSON.parse(text)
  edit(bundle)
  return JSON.stringify(bundle)
}
const fails = (text: string, wanting: Wanted, words: RegExp) => assert.rejects(verifyBundle(text, wanting), (error) => {
  assert(error instanceof Refused && error.code === 'signature-invalid', String(error))
  assert.match(error.message, words)
  assert(error.problems[0].hint)
  return true
})

test('a good bundle tells who signed what, and when it was logged', async () => {
  const proved = await verifyBundle(good, against({}, { identity: `${WORKFLOW}@refs/heads/main` }))
  assert.deepEqual(proved.signer, { issuer: 'https://token.actions.githubusercontent.com', identity: `${WORKFLOW}@refs/heads/main`, repository: SOURCE, ref: 'refs/heads/main' })
  assert.deepEqual(proved.subjects, ['app.whl'])
  assert.equal(proved.loggedAt.toISOString(), '2026-03-04T05:06:07.000Z')
  assert.ok('buildDefinition' in proved.predicate)
})

test('a changed payload, signature, certificate or log entry does not hold', async () => {
  const flip = (base64: string): string => {
    const bytes = Buffer.from(base64, 'base64')
    bytes[bytes.length - 1]! ^= 1
    return bytes.toString('base64')
  }
  const entry = (bundle: { verificationMaterial: { tlogEntries: Record<string, Record<string, unknown>>[] } }) => bundle.verificationMaterial.tlogEntries[0]!
  await fails(changed((bundle) => { bundle.dsseEnvelope.payload = Buffer.from(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString().replace('app.whl', 'apq.whl')).toString('base64') }), against(), /entry in the log is about other content/)
  await fails(changed((bundle) => { bundle.dsseEnvelope.signatures[0].sig = flip(bundle.dsseEnvelope.signatures[0].sig) }), against(), /entry in the log is about other content/)
  await fails(changed((bundle) => { bundle.verificationMaterial.certificate.rawBytes = flip(bundle.verificationMaterial.certificate.rawBytes) }), against(), /certificate is from no authority|cannot be read/)
  await fails(changed((bundle) => { bundle.verificationMaterial.tlogEntries = [] }), against(), /nothing trusted tells when it was signed|cannot be read/)
  await fails(changed((bundle) => { entry(bundle)['integratedTime'] = '1772601000' as never }), against(), /signed by no log|certificate/)
  await fails(changed((bundle) => { entry(bundle)['inclusionPromise']!['signedEntryTimestamp'] = 'AAAA' }), against(), /signed by no log that is trusted/)
  await fails(changed((bundle) => { entry(bundle)['inclusionProof']!['rootHash'] = 'AAAA'; (entry(bundle)['inclusionProof']!['checkpoint'] as { envelope: string }).envelope = 'rekor\n1\nAAAA\n\n\u2014 rekor.sigstore.dev AAAAAAAA\n' }), against(), /the proof that the log holds its entry is false/)
  await fails(changed((bundle) => { bundle.dsseEnvelope.signatures.push(bundle.dsseEnvelope.signatures[0]) }), against(), /2 signatures instead of one|cannot be read/)
  await fails('no bundle', against(), /cannot be read as a Sigstore bundle/)
  await fails('{}', against(), /cannot be read as a Sigstore bundle/)
})

test('a signature of the same key on other content, with its own log entry around it, does not hold', async () => {
  const other = JSON.parse(await bundleOf(signingOf('other.whl')))
  await fails(changed((bundle) => { bundle.verificationMaterial = other.verificationMaterial }), against(), /entry in the log is about other content/)
  await fails(changed((bundle) => { bundle.verificationMaterial.certificate = other.verificationMaterial.certificate }), against(), /the signature is not of this content/)
})

test('an identity counts whole, or up to its star, and never in the middle', async () => {
  for (const identity of [`${WORKFLOW}@refs/heads/main`, `${WORKFLOW}@*`, `${SOURCE}/*`]) await verifyBundle(good, against({}, { identity }))
  const escaped = 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/mai.'
  for (const identity of [`${WORKFLOW}@refs/heads/mai`, `${WORKFLOW}@refs/heads/main.evil`, 'release.yml', '.*', `^${WORKFLOW}`, escaped, `${SOURCE}-evil/*`, `*${WORKFLOW}`]) {
    await fails(good, against({}, { identity }), /its identity is .*release\.yml@refs\/heads\/main and not/)
  }
  bench.state.job = { ...bench.state.job, ref: 'refs/heads/main.evil' }
  const evil = await bundleOf(signingOf('evil.whl'))
  bench.state.job = { ...bench.state.job, ref: 'refs/heads/main' }
  await fails(evil, against({ digest: digestOf('evil.whl') }, { identity: `${WORKFLOW}@refs/heads/main` }), /main\.evil and not/)
})

test('another issuer, repository or tag is not taken', async () => {
  await fails(good, against({}, { issuer: 'https://token.actions.githubusercontent.com.evil' }), /its issuer is/)
  await fails(good, against({}, { repository: 'https://github.com/acme/ap' }), /its source repository is https:\/\/github\.com\/acme\/app and not https:\/\/github\.com\/acme\/ap\./)
  await verifyBundle(good, against({}, { repository: 'https://github.com/Acme/App' }))
  await fails(good, against({}, { ref: 'refs/tags/v2.1.1' }), /states that refs\/tags\/v2\.1\.0 was released and not refs\/tags\/v2\.1\.1/)
  bench.state.job = { ...bench.state.job, ref: 'refs/tags/v2.1.0' }
  const onTag = await bundleOf(signingOf('tag.whl'))
  bench.state.job = { ...bench.state.job, ref: 'refs/heads/main' }
  await verifyBundle(onTag, against({ digest: digestOf('tag.whl') }))
  await fails(onTag, against({ digest: digestOf('tag.whl') }, { ref: 'refs/tags/v2.1.1' }), /signed on refs\/tags\/v2\.1\.0 and not on refs\/tags\/v2\.1\.1/)
  assert.match(againstPolicy({ issuer: 'https://i.example', identity: 'a@b.example', repository: undefined, ref: undefined }, { issuer: 'https://i.example', repository: SOURCE }) ?? '', /repository is not told/)
})

test('another subject is not taken, and nothing is taken against another root', async () => {
  await fails(good, against({ digest: digestOf('another') }), /it is about app\.whl with another digest/)
  await fails(good, against({ digest: digestOf('another'), name: 'another.whl' }), /provenance of another\.whl does not hold/)
  const stranger = createSigstoreState({ now: () => bench.time, tokens: [], job: { repository: 'acme/app' } })
  const strange = await trustedRoot(stranger) as Record<string, Json>
  await fails(good, against({ trustedRoot: strange }), /certificate is from no authority that is trusted/)
  const ours = root as Record<string, Json>
  await fails(good, against({ trustedRoot: { ...ours, tlogs: strange['tlogs']! } }), /signed by no log that is trusted/)
  await fails(good, against({ trustedRoot: { ...ours, ctlogs: strange['ctlogs']! } }), /certificate/)
  await fails(good, against({ trustedRoot: 'nonsense' }), /cannot be read|certificate/)
})
