// Tests of signing, logging and verifying against a served Sigstore: the whole way, and every way in which it breaks off.
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { Refused } from '../../model/error.ts'
import type { HttpAnswer, World } from '../../model/world.ts'
import { identityToken } from '../../rehearsal/sigstore/tokens.ts'
import { lookOnly } from '../../world/readonly.ts'
import { apply, digestOf, JOB, openBench, signingOf, SOURCE, textAt } from './bench.fixture.ts'
import { identityHere, secretsOf } from '../signing/identity.ts'
import { provenanceLog } from './log.ts'
import type { Signing } from './shape.ts'
import { provenanceSign } from './sign.ts'
import { statementText } from './statement.ts'
import { provenanceVerify } from './verify.ts'
import { provenanceStatement } from './write.ts'

const bench = await openBench()
after(() => bench[Symbol.asyncDispose]())
const { world, state, served } = bench
const look = lookOnly(world)
const sign = (wanted: Signing, by = world) => apply(provenanceSign, { bench, world: by }, { ...wanted, secrets: secretsOf(wanted.identity) })
const log = (wanted: Signing, by = world) => apply(provenanceLog, { bench, world: by }, wanted)
const signProbe = (wanted: Signing) => provenanceSign.probe(look, { ...wanted, secrets: secretsOf(wanted.identity) }, 'key')
const logProbe = (wanted: Signing) => provenanceLog.probe(look, wanted, 'key')
const verifying = (wanted: Signing, bundle: Signing | `sha256:${string}`) => ({ name: wanted.name, sha256: wanted.sha256, policy: wanted.policy, bundle })
const later = (minutes: number): void => { bench.time = new Date(bench.time.getTime() + minutes * 60_000) }
const isRefused = (code: string, words: RegExp) => (error: unknown): true => {
  assert(error instanceof Refused, `a refusal, and not ${String(error)}`)
  assert.equal(error.code, code)
  assert.match(error.message, words)
  assert(error.problems[0].hint)
  return true
}
const isDoubt = (words: RegExp) => (error: unknown): true => {
  assert(error instanceof Error && !(error instanceof Refused), String(error))
  assert.match(error.message, words)
  return true
}

beforeEach(() => {
  bench.between = undefined
  state.entries.clear()
  state.job = { ...state.job, repository: 'acme/app', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' }
})

test('an artifact is signed with one request, logged with one, and verified without any', async () => {
  const wanted = signingOf('whole.whl')
  assert.deepEqual(await signProbe(wanted), { state: 'absent' })
  const before = bench.changes().length
  const signed = await sign(wanted)
  assert.deepEqual(bench.changes().slice(before), ['POST https://fulcio.sigstore.dev/api/v2/signingCert'])
  assert.equal(signed.identity, 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main')
  assert.deepEqual(await signProbe(wanted), { state: 'present', output: signed })
  assert.deepEqual(await logProbe(wanted), { state: 'absent' })
  const logged = await log(wanted)
  assert.deepEqual(bench.changes().slice(before + 1), ['POST https://rekor.sigstore.dev/api/v1/log/entries'])
  assert.deepEqual(await logProbe(wanted), { state: 'present', output: logged })
  const text = await textAt(world, logged.sha256)
  assert.equal(logged.size, Buffer.byteLength(text))
  const bundle = JSON.parse(text)
  assert.equal(bundle.mediaType, 'application/vnd.dev.sigstore.bundle.v0.3+json')
  assert.deepEqual(Object.keys(bundle.verificationMaterial).sort(), ['certificate', 'timestampVerificationData', 'tlogEntries'])
  const calls = served.calls.length
  for (const which of [logged.sha256, wanted]) {
    const { evidence } = await apply(provenanceVerify, { bench }, verifying(wanted, which))
    assert.deepEqual(evidence, [{ title: 'provenance of whole.whl', passed: true, detail: `signed by ${signed.identity}, and in the public log` }])
  }
  assert.equal(served.calls.length, calls)
  assert.deepEqual((await provenanceVerify.probe(look, verifying(wanted, logged.sha256), 'key')).state, 'present')
})

test('the statement tells source, builder and run, and no time; the same facts give the same bytes', async () => {
  const wanted = signingOf('said.whl')
  const { envelope } = await sign(wanted)
  const statement = JSON.parse(Buffer.from(JSON.parse(envelope).payload, 'base64').toString())
  assert.deepEqual(statement, {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'said.whl', digest: { sha256: wanted.sha256.slice(7) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:slipway:build:v1',
        externalParameters: { repository: SOURCE, ref: 'refs/tags/v2.1.0', version: '2.1.0' },
        resolvedDependencies: [{ uri: `git+${SOURCE}@refs/tags/v2.1.0`, digest: { gitCommit: 'c'.repeat(40) } }],
      },
      runDetails: {
        builder: { id: 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main' },
        metadata: { invocationId: 'https://github.com/acme/app/actions/runs/77/attempts/2' },
      },
    },
  })
  const { sha256, size } = await apply(provenanceStatement, { bench }, wanted)
  const text = statementText(wanted)
  assert.equal(sha256, digestOf(text))
  assert.equal(await textAt(world, sha256), text)
  assert.deepEqual(await provenanceStatement.probe(look, wanted, 'key'), { state: 'present', output: { sha256, size } })
  const { predicate } = JSON.parse(statementText({ ...wanted, repository: null }))
  assert.deepEqual(predicate.runDetails, { builder: { id: 'urn:slipway:builder:local' } })
  assert.deepEqual(predicate.buildDefinition.resolvedDependencies, [{ digest: { gitCommit: 'c'.repeat(40) } }])
})

test('an answer of the log that is lost is looked for, and the entry is found and not made twice', async () => {
  const wanted = signingOf('lost.whl')
  await sign(wanted)
  bench.between = async ({ method }, go) => {
    const answer = await go()
    if (method === 'POST') throw new Error('the line broke')
    return answer
  }
  await assert.rejects(log(wanted), isDoubt(/the line broke/))
  bench.between = undefined
  assert.deepEqual(await logProbe(wanted), { state: 'absent' })
  const before = bench.changes().length
  const logged = await log(wanted)
  assert.deepEqual(bench.changes().slice(before), [])
  assert.equal(state.entries.size, 1)
  assert.deepEqual(Object.keys(JSON.parse(await textAt(world, logged.sha256)).verificationMaterial.tlogEntries).length, 1)
  await apply(provenanceVerify, { bench }, verifying(wanted, logged.sha256))
})

test('a log that lags answers a second entry with 409, and gives the first one', async () => {
  const wanted = signingOf('lag.whl')
  await sign(wanted)
  const first = await log(wanted)
  let hidden = 1
  bench.between = async ({ method }, go) => (method === 'GET' && hidden-- > 0 ? answered(404, { code: 404, message: 'entry not found' }) : go())
  const before = bench.changes().length
  assert.deepEqual(await log(wanted), first)
  assert.equal(bench.changes().length, before + 1)
  assert.equal(served.calls.findLast(({ method }) => method === 'POST')?.status, 409)
  assert.equal(state.entries.size, 1)
  hidden = 2
  await assert.rejects(log(wanted), isDoubt(/has the signature already, but does not show it/))
  let shown = 0
  bench.between = async ({ method }, go) => (method === 'POST' ? go() : answered((shown += 1) === 1 ? 404 : 400, { code: 400, message: 'no' }))
  await assert.rejects(log(wanted), isDoubt(/refused to look for the signature/))
})

test('a signature whose certificate ran out before it was logged is made anew, and the old one is never logged', async () => {
  const wanted = signingOf('late.whl')
  const first = await sign(wanted)
  later(10)
  assert.deepEqual(await signProbe(wanted), { state: 'absent' })
  const before = bench.changes().length
  await assert.rejects(log(wanted), isDoubt(/The certificate for the provenance of late\.whl had run out .* signed anew, and logged in the next attempt/))
  assert.deepEqual(bench.changes().slice(before), ['POST https://fulcio.sigstore.dev/api/v2/signingCert'])
  const logged = await log(wanted)
  assert.equal(state.entries.size, 1)
  const bundle = JSON.parse(await textAt(world, logged.sha256))
  assert.notEqual(bundle.dsseEnvelope.signatures[0].sig, JSON.parse(first.envelope).signatures[0].sig)
  await apply(provenanceVerify, { bench }, verifying(wanted, logged.sha256))
  later(60)
  assert.equal((await signProbe(wanted)).state, 'present', 'a signature in the log is good for ever')
  const calls = bench.changes().length
  assert.deepEqual(await log(wanted), logged)
  assert.equal(bench.changes().length, calls)
})

test('an artifact that was signed nowhere is signed by the log step, which then tries again', async () => {
  const wanted = signingOf('unsigned.whl')
  await assert.rejects(log(wanted), isDoubt(/logged in the next attempt/))
  await log(wanted)
  assert.equal(state.entries.size, 1)
})

test('each attempt asks for a token of its own', async () => {
  const seen: string[] = []
  bench.between = async ({ url, body }, go) => {
    if (url.includes('fulcio')) seen.push(JSON.parse(body as string).credentials.oidcIdentityToken)
    return go()
  }
  await sign(signingOf('one.whl'))
  await sign(signingOf('two.whl'))
  const [one, two] = seen.map((token) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()))
  assert.equal(one.aud, 'sigstore')
  assert.notEqual(one.jti, two.jti)
})

test('without an identity, signing is refused with the remedy; a wrong token is refused by who is asked', async () => {
  const refusedWith = (code: string, words: RegExp, { identity, env }: { identity: Signing['identity']; env: Record<string, string> }) =>
    assert.rejects(sign(signingOf('none.whl', { identity }), bench.worldWith(env)), isRefused(code, words))
  const before = bench.changes().length
  await refusedWith('identity-missing', /no identity to sign with/, { identity: 'none', env: {} })
  await refusedWith('secret-missing', /ACTIONS_ID_TOKEN_REQUEST_URL/, { identity: 'github-actions', env: {} })
  await refusedWith('token-refused', /pipelines\.actions\.githubusercontent\.com refused to give an identity token \(401\)/, { identity: 'github-actions', env: { ...JOB, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong-opener-1' } })
  await refusedWith('token-refused', /does not hold a web address/, { identity: 'github-actions', env: { ...JOB, ACTIONS_ID_TOKEN_REQUEST_URL: 'nonsense-address' } })
  await refusedWith('token-refused', /not one that OpenID Connect knows/, { identity: 'token', env: { SIGSTORE_ID_TOKEN: 'no-jwt-at-all' } })
  assert.equal(bench.changes().length, before)
  // Lent as it is: to look for a text as long as this in every error takes the world seconds.
  const lending = (token: string): World => ({ ...bench.worldWith({}), secret: (_name, use) => use(token) })
  const old = signingOf('none.whl', { identity: 'token' })
  await assert.rejects(sign(old, lending(identityToken(state, { exp: 1 }))), isRefused('token-refused', /fulcio\.sigstore\.dev refused to give a certificate \(400\)/))
  assert.deepEqual(await signProbe(signingOf('none.whl')), { state: 'absent' })
  const own = await sign(signingOf('own.whl', { identity: 'token' }), lending(identityToken(state)))
  assert.match(own.identity, /release\.yml/)
})

test('who would sign against the policy is refused before anything is in the log', async () => {
  const policy = signingOf('x').policy
  const before = bench.changes().length
  await assert.rejects(sign(signingOf('p.whl', { policy: { ...policy, issuer: 'https://gitlab.com' } })), isRefused('signature-invalid', /its issuer is https:\/\/token\.actions\.githubusercontent\.com and not https:\/\/gitlab\.com/))
  await assert.rejects(sign(signingOf('p.whl', { policy: { ...policy, repository: 'https://github.com/acme/other' } })), isRefused('signature-invalid', /its source repository is https:\/\/github\.com\/acme\/app and not/))
  state.job = { ...state.job, ref: 'refs/tags/v9.9.9' }
  await assert.rejects(sign(signingOf('p.whl')), isRefused('signature-invalid', /signed on refs\/tags\/v9\.9\.9 and not on refs\/tags\/v2\.1\.0/))
  assert.equal(bench.changes().length, before)
  state.job = { ...state.job, ref: 'refs/heads/main' }
  await assert.rejects(sign(signingOf('p.whl', { policy: { ...policy, identity: 'https://github.com/acme/app/.github/workflows/other.yml@*' } })), isRefused('signature-invalid', /its identity is .*release\.yml@refs\/heads\/main and not/))
})

test('4xx is certain, 5xx, 429 and silence are not, and no answer brings a token into an error', async () => {
  const wanted = signingOf('faults.whl')
  const host = { sign: 'fulcio.sigstore.dev', log: 'rekor.sigstore.dev' }
  await sign(wanted)
  for (const [step, act] of [['sign', () => sign(signingOf('other.whl'))], ['log', () => log(wanted)]] as const) {
    for (const status of [429, 500, 503]) {
      bench.between = async (request, go) => (request.method === 'POST' ? answered(status, { message: `echo ${request.body as string}` }) : go())
      await assert.rejects(act(), isDoubt(new RegExp(`^${host[step]} did not .* \\(${status}\\)\\.$`)))
    }
    bench.between = async ({ method }, go) => (method === 'POST' ? { ...answered(200, {}), body: new TextEncoder().encode('<html>') } : go())
    await assert.rejects(act(), isDoubt(/\((?:200)\)|without a certificate|without an entry/))
    let sent = ''
    bench.between = async (request, go) => {
      if (request.method !== 'POST') return go()
      sent = JSON.parse(request.body as string).credentials?.oidcIdentityToken ?? ''
      return answered(400, { message: `you sent ${sent}` })
    }
    await assert.rejects(act(), (error) => {
      assert(error instanceof Refused && error.code === 'request-refused', String(error))
      assert(sent === '' || !JSON.stringify(error.problems).includes(sent.slice(0, 40)), 'no part of the token is told')
      return true
    })
  }
  assert.equal(state.entries.size, 0)
})

test('a certificate of another key and an entry about another signature are not taken', async () => {
  const wanted = signingOf('swap.whl')
  const other = await sign(signingOf('else.whl'))
  bench.between = async ({ method }, go) => (method === 'POST' ? answered(201, { signedCertificateEmbeddedSct: { chain: { certificates: [other.certificate] } } }) : go())
  await assert.rejects(sign(wanted), isDoubt(/certificate of another key/))
  bench.between = undefined
  await sign(wanted)
  await log(signingOf('else.whl'))
  const [entry] = [...state.entries.values()]
  bench.between = async ({ method }, go) => (method === 'POST' ? answered(201, { ['ab'.repeat(40)]: entry! }) : go())
  await assert.rejects(log(wanted), isDoubt(/about another signature/))
})

test('a changed bundle is not verified, whatever was proved before', async () => {
  const wanted = signingOf('changed.whl')
  await sign(wanted)
  const { sha256 } = await log(wanted)
  await apply(provenanceVerify, { bench }, verifying(wanted, sha256))
  const bundle = JSON.parse(await textAt(world, sha256))
  bundle.dsseEnvelope.payload = Buffer.from(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString().replace('2.1.0', '2.1.1')).toString('base64')
  const changed = await world.scratch(async (scratch) => {
    await scratch.write('it', JSON.stringify(bundle))
    return scratch.keep('it')
  })
  await assert.rejects(apply(provenanceVerify, { bench }, verifying(wanted, changed.sha256)), isRefused('signature-invalid', /changed\.whl does not hold: its entry in the log is about other content/))
  bench.tiny.evidence.forEach((one) => { if (one.title === 'provenance of changed.whl') assert(one.passed) })
  const robbed = { ...world, trustedRoot: async () => ({ mediaType: '', tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] }) }
  await assert.rejects(apply(provenanceVerify, { bench, world: robbed }, verifying(wanted, sha256)), isRefused('signature-invalid', /its certificate is from no authority/))
  await assert.rejects(apply(provenanceVerify, { bench }, verifying(wanted, signingOf('never.whl'))), isRefused('artifact-missing', /no signed provenance/))
})

test('the environment tells which identity there is', async () => {
  for (const [env, seen] of [[JOB, 'github-actions'], [{ SIGSTORE_ID_TOKEN: 'x.y.z' }, 'token'], [{ ...JOB, ACTIONS_ID_TOKEN_REQUEST_URL: '' }, 'none'], [{}, 'none']] as const) {
    assert.equal(identityHere(lookOnly(bench.worldWith(env)), 'sigstore'), seen)
  }
})

function answered(status: number, body: object): HttpAnswer {
  return { status, reason: '', headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(body)) }
}
