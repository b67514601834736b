// Tests of timestamps: asked for before anything is in the log, verified with the bundle, and each way in which that breaks off.
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { Refused } from '../../model/error.ts'
import type { JsonObject } from '../../model/json.ts'
import type { HttpAnswer, HttpRequest } from '../../model/world.ts'
import { createSigstoreState } from '../../rehearsal/sigstore/state.ts'
import { trustedRoot } from '../../rehearsal/sigstore/trust.ts'
import { lookOnly } from '../../world/readonly.ts'
import { secretsOf } from '../signing/identity.ts'
import { SIGSTORE_TIMESTAMPS } from '../signing/timestamp.ts'
import { apply, openBench, signingOf, textAt } from './bench.fixture.ts'
import { verifyBundle } from './index.ts'
import { provenanceLog } from './log.ts'
import type { Signing } from './shape.ts'
import { provenanceSign } from './sign.ts'
import { provenanceTimestamp } from './timestamp.ts'
import { provenanceVerify } from './verify.ts'

const bench = await openBench()
after(() => bench[Symbol.asyncDispose]())
const { world, state } = bench
const root = await trustedRoot(state) as JsonObject
const HOST = new URL(SIGSTORE_TIMESTAMPS).host

beforeEach(() => {
  bench.between = undefined
  state.entries.clear()
})

const stamped = (name: string) => ({ ...signingOf(name), timestamps: SIGSTORE_TIMESTAMPS })
const sign = (wanted: Signing) => apply(provenanceSign, { bench }, { ...wanted, secrets: secretsOf(wanted.identity) })
const stamp = (wanted: ReturnType<typeof stamped>, by = world) => apply(provenanceTimestamp, { bench, world: by }, wanted)
const log = (wanted: Signing, by = world) => apply(provenanceLog, { bench, world: by }, wanted)
const later = (minutes: number): void => { bench.time = new Date(bench.time.getTime() + minutes * 60_000) }
const asked = (): number => bench.changes().filter((change) => change === `POST ${SIGSTORE_TIMESTAMPS}`).length
const parts = async (sha256: `sha256:${string}`) => JSON.parse(await textAt(world, sha256)) as { verificationMaterial: { timestampVerificationData?: { rfc3161Timestamps: { signedTimestamp: string }[] } } }
/** Answers the authority's calls in its place. */
const authorityAnswers = (answer: (request: HttpRequest, go: () => Promise<HttpAnswer>) => Promise<HttpAnswer>): void => {
  bench.between = (request, go) => (request.url.startsWith(`https://${HOST}/`) ? answer(request, go) : go())
}
const answered = (status: number, body: Uint8Array | string): HttpAnswer => ({ status, reason: '', headers: {}, body: typeof body === 'string' ? new TextEncoder().encode(body) : body })
const isRefused = (code: string, words: RegExp, hint: RegExp) => (error: unknown): true => {
  assert(error instanceof Refused, String(error))
  assert.equal(error.code, code)
  assert.match(error.message, words)
  assert.match(error.problems[0].hint ?? '', hint)
  return true
}
const isDoubt = (words: RegExp) => (error: unknown): true => {
  assert(error instanceof Error && !(error instanceof Refused), String(error))
  assert.match(error.message, words)
  return true
}

test('a signature is timestamped with one request and logged with another, and both are in the bundle and verified', async () => {
  const wanted = stamped('whole.whl')
  await sign(wanted)
  const before = bench.changes().length
  const look = lookOnly(world)
  assert.deepEqual(await provenanceTimestamp.probe(look, wanted, 'key'), { state: 'absent' })
  const { timestamp } = await stamp(wanted)
  assert.deepEqual(bench.changes().slice(before), [`POST ${SIGSTORE_TIMESTAMPS}`])
  assert.deepEqual(await provenanceTimestamp.probe(look, wanted, 'key'), { state: 'present', output: { timestamp } })
  const logged = await log(wanted)
  assert.deepEqual(bench.changes().slice(before + 1), ['POST https://rekor.sigstore.dev/api/v1/log/entries'])
  const { verificationMaterial: { timestampVerificationData } } = await parts(logged.sha256)
  assert.deepEqual(timestampVerificationData?.rfc3161Timestamps, [{ signedTimestamp: timestamp }])
  const verifying = { name: wanted.name, sha256: wanted.sha256, policy: wanted.policy, timestamped: true, bundle: logged.sha256 }
  const { evidence } = await apply(provenanceVerify, { bench }, verifying)
  assert.match(evidence[0]?.detail ?? '', /release\.yml@refs\/heads\/main, timestamped, and in the public log$/)
  assert.deepEqual(await provenanceLog.probe(look, wanted, 'key'), { state: 'present', output: logged })
})

test('a lost answer is asked for again, and a lost answer of the log after it asks for no second timestamp', async () => {
  const wanted = stamped('lost.whl')
  await sign(wanted)
  const before = asked()
  authorityAnswers(async (_request, go) => {
    await go()
    throw new Error('the line broke')
  })
  await assert.rejects(stamp(wanted), isDoubt(/^timestamp\.sigstore\.dev did not attest the time of the provenance of lost\.whl \(the line broke\); nothing is in the public log yet, so run the same command again, or set "timestamps: false"/))
  assert.deepEqual([asked() - before, state.entries.size], [1, 0])
  bench.between = undefined
  await stamp(wanted)
  bench.between = async ({ url, method }, go) => {
    const answer = await go()
    if (url.includes('rekor') && method === 'POST') throw new Error('the line broke')
    return answer
  }
  await assert.rejects(log(wanted), isDoubt(/the line broke/))
  assert.deepEqual([asked() - before, state.entries.size], [2, 1])
  bench.between = undefined
  const { sha256 } = await log(wanted)
  assert.deepEqual([asked() - before, state.entries.size], [2, 1])
  await verifyBundle(await textAt(world, sha256), { digest: wanted.sha256, policy: wanted.policy, trustedRoot: root, timestamped: true })
})

test('an authority that refuses is told with what it means and what to do, one that fails is asked again, and nothing is logged', async () => {
  const wanted = stamped('refused.whl')
  await sign(wanted)
  const safe = /Nothing is in the public log yet\. .*"timestamps" under "provenance" in slipway\.yaml/
  authorityAnswers(async () => answered(400, '{"code":400,"message":"Error generating timestamp response"}'))
  await assert.rejects(stamp(wanted), (error) => {
    assert(error instanceof Refused)
    assert.equal(error.problems[0].detail, 'Error generating timestamp response')
    return isRefused('request-refused', /^timestamp\.sigstore\.dev refused to attest the time of the provenance of refused\.whl \(400\)\.$/, safe)(error)
  })
  // TimeStampResp with PKIStatusInfo `rejection`, which authorities send with 200.
  authorityAnswers(async () => answered(200, Buffer.from('30053003020102', 'hex')))
  await assert.rejects(stamp(wanted), isRefused('request-refused', /refused to attest the time .* \(PKI status 2\)\.$/, safe))
  for (const status of [429, 500, 503]) {
    authorityAnswers(async () => answered(status, 'no'))
    await assert.rejects(stamp(wanted), isDoubt(new RegExp(`^${HOST.replaceAll('.', '\\.')} did not attest the time of the provenance of refused\\.whl \\(${status}\\); nothing is in the public log yet`)))
  }
  for (const body of ['<html>', '', '0']) {
    authorityAnswers(async () => answered(200, body))
    await assert.rejects(stamp(wanted), isDoubt(/gave an answer without a timestamp/))
  }
  assert.equal(state.entries.size, 0)
})

test('a timestamp of another authority or of another signature is refused before anything is logged', async () => {
  const wanted = stamped('strange.whl')
  await sign(wanted)
  const stranger = await createSigstoreState({ now: () => bench.time, tokens: [], job: { repository: 'acme/app' } }).authority()
  const query = (body: unknown) => ({ artifactHash: Buffer.from(body as Uint8Array).subarray(-32), hashAlgorithmOID: '2.16.840.1.101.3.4.2.1', nonce: 0, policyOID: '1.2.3', certReq: false })
  authorityAnswers(async ({ body }) => answered(201, await stranger.timestamp(query(body))))
  // The mock gives every authority the same name and number, so it is the key that tells them apart.
  await assert.rejects(stamp(wanted), isRefused('signature-invalid', /strange\.whl does not hold: its timestamp was changed, or its authority was not trusted at that time\.$/, /Nothing is in the public log yet\. .*SLIPWAY_TRUSTED_ROOT/))
  const own = await state.authority()
  authorityAnswers(async () => answered(201, await own.timestamp(query(Buffer.alloc(32)))))
  await assert.rejects(stamp(wanted), isRefused('signature-invalid', /its timestamp is of another signature/, /Nothing is in the public log yet/))
  bench.between = undefined
  const unknown = { ...world, trustedRoot: async () => ({ ...root, timestampAuthorities: [] }) }
  await assert.rejects(stamp(wanted, unknown), isRefused('signature-invalid', /its timestamp is of no authority that is trusted/, /authority that the trusted root knows/))
  assert.equal(state.entries.size, 0)
  await stamp(wanted)
})

test('a signature whose certificate ran out before it was logged is made and timestamped anew, one request for each attempt', async () => {
  const wanted = stamped('late.whl')
  await sign(wanted)
  const { timestamp } = await stamp(wanted)
  later(10)
  assert.deepEqual(await provenanceTimestamp.probe(lookOnly(world), wanted, 'key'), { state: 'absent' })
  const before = bench.changes().length
  await assert.rejects(log(wanted), isDoubt(/had run out .* signed anew/))
  await assert.rejects(log(wanted), isDoubt(/Its new signature has its timestamp now, and is logged in the next attempt/))
  const { sha256 } = await log(wanted)
  assert.deepEqual(bench.changes().slice(before).map((change) => new URL(change.slice('POST '.length)).host), ['fulcio.sigstore.dev', HOST, 'rekor.sigstore.dev'])
  assert.notEqual((await parts(sha256)).verificationMaterial.timestampVerificationData?.rfc3161Timestamps[0]?.signedTimestamp, timestamp)
  await verifyBundle(await textAt(world, sha256), { digest: wanted.sha256, policy: wanted.policy, trustedRoot: root, timestamped: true })
  later(60)
  assert.equal((await provenanceTimestamp.probe(lookOnly(world), wanted, 'key')).state, 'present', 'what is logged and timestamped is good for ever')
})

test('a signature that ran out while the authority was silent is made anew by the step that asks it', async () => {
  const wanted = stamped('silent.whl')
  await sign(wanted)
  authorityAnswers(async () => answered(503, ''))
  await assert.rejects(stamp(wanted), isDoubt(/503/))
  later(10)
  bench.between = undefined
  await assert.rejects(stamp(wanted), isDoubt(/had run out .* signed anew/))
  await stamp(wanted)
  await log(wanted)
  assert.equal(state.entries.size, 1)
})

test('a bundle whose timestamp is changed, of another, mangled or taken away does not hold', async () => {
  const wanted = stamped('torn.whl')
  await sign(wanted)
  await stamp(wanted)
  const good = await textAt(world, (await log(wanted)).sha256)
  const verify = (text: string, change: { trustedRoot?: JsonObject; timestamped?: boolean } = {}) => verifyBundle(text, { digest: wanted.sha256, policy: wanted.policy, trustedRoot: root, timestamped: true, ...change })
  const torn = (edit: (stamp: Buffer) => Uint8Array): string => {
    const bundle = JSON.parse(good)
    const [stamp] = bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps
    stamp.signedTimestamp = Buffer.from(edit(Buffer.from(stamp.signedTimestamp, 'base64'))).toString('base64')
    return JSON.stringify(bundle)
  }
  const fails = (text: string, words: RegExp, change = {}) => assert.rejects(verify(text, change), isRefused('signature-invalid', words, /./))
  await verify(good)
  await fails(torn((stamp) => { stamp[stamp.length - 1]! ^= 1; return stamp }), /its timestamp was changed/)
  await fails(torn((stamp) => { stamp.write('2027', stamp.indexOf('20260304'), 'latin1'); return stamp }), /its timestamp was changed/)
  await fails(torn((stamp) => stamp.subarray(0, 40)), /cannot be read/)
  await fails(torn(() => Buffer.from('30053003020102', 'hex')), /its timestamp cannot be read/)
  const other = stamped('other.whl')
  await sign(other)
  await stamp(other)
  const { verificationMaterial } = await parts((await log(other)).sha256)
  await fails(torn(() => Buffer.from(verificationMaterial.timestampVerificationData!.rfc3161Timestamps[0]!.signedTimestamp, 'base64')), /its timestamp is of another signature/)
  await fails(good, /its timestamp is of no authority that is trusted/, { trustedRoot: { ...root, timestampAuthorities: [] } })
  const bare = JSON.parse(good)
  delete bare.verificationMaterial.timestampVerificationData
  await fails(JSON.stringify(bare), /no authority has attested when it was signed/)
  await verify(JSON.stringify(bare), { timestamped: false })
})
