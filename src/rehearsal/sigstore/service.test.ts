// The rehearsed Sigstore: proved by Sigstore's own client and verifier, and by what it refuses.
import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { after, test } from 'node:test'
import { bundleToJSON, bundleFromJSON } from '@sigstore/bundle'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness } from '@sigstore/sign'
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify'
import { serve } from '../serve.ts'
import { sigstoreService } from './service.ts'
import { createSigstoreState, ID_TOKEN_URL } from './state.ts'
import { identityToken } from './tokens.ts'
import { trustedRoot } from './trust.ts'

let now = new Date('2026-11-22T10:00:00.750Z')
const state = createSigstoreState({ now: () => now, tokens: ['opener'], job: { repository: 'acme/app' } })
const served = await serve({ services: [sigstoreService(state)] })
after(() => served.close())
const FULCIO = served.address('https://fulcio.sigstore.dev/').replace(/\/$/, '')
const REKOR = served.address('https://rekor.sigstore.dev/').replace(/\/$/, '')
const TIMESTAMPS = served.address('https://timestamp.sigstore.dev/api/v1/timestamp')
const ENTRIES = `${REKOR}/api/v1/log/entries`

const askToken = async (audience = 'sigstore'): Promise<string> => {
  const answer = await fetch(`${served.address(ID_TOKEN_URL)}&audience=${audience}`, { headers: { authorization: 'Bearer opener' } })
  assert.equal(answer.status, 200)
  return (await answer.json() as { value: string }).value
}
const builder = (token = askToken) => new DSSEBundleBuilder({
  signer: new FulcioSigner({ fulcioBaseURL: FULCIO, identityProvider: { getToken: token }, retry: false }),
  witnesses: [new RekorWitness({ rekorBaseURL: REKOR, entryType: 'dsse', retry: false }), new TSAWitness({ tsaBaseURL: TIMESTAMPS, retry: false })],
})
const artifact = { data: Buffer.from('{}'), type: 'application/vnd.in-toto+json' }
const verifier = async () => new Verifier(toTrustMaterial(TrustedRoot.fromJSON(await trustedRoot(state))), { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 2 })
const post = (url: string, body: unknown) => fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json' } })

test('what Sigstore\'s client signs here, Sigstore\'s verifier believes, on the clock of the rehearsal', async () => {
  const bundle = bundleFromJSON(bundleToJSON(await builder().create(artifact)))
  const { identity } = (await verifier()).verify(toSignedEntity(bundle))
  assert.equal(identity?.subjectAlternativeName, 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main')
  assert.equal(identity?.extensions?.issuer, 'https://token.actions.githubusercontent.com')
  assert.equal(bundle.verificationMaterial.tlogEntries[0]?.integratedTime, String(Date.parse('2026-11-22T10:00:00Z') / 1000))
  now = new Date('2028-01-01T00:00:00Z')
  ;(await verifier()).verify(toSignedEntity(bundleFromJSON(bundleToJSON(await builder().create(artifact)))))
  now = new Date('2021-01-01T00:00:00Z')
  ;(await verifier()).verify(toSignedEntity(bundleFromJSON(bundleToJSON(await builder().create(artifact)))))
})

test('many sign at once, and each certificate is whole', async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => builder().create(artifact)))
  const trusted = await verifier()
  for (const bundle of made) trusted.verify(toSignedEntity(bundleFromJSON(bundleToJSON(bundle))))
})

test('an entry is taken once, then answered with 409 and its place, and found by both of its ids', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signed = Buffer.concat([Buffer.from(`DSSEv1 1 t 2 `), Buffer.from('{}')])
  const envelope = JSON.stringify({ payload: Buffer.from('{}').toString('base64'), payloadType: 't', signatures: [{ sig: sign('sha256', signed, privateKey).toString('base64') }] })
  const verifiers = [Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })).toString('base64')]
  const entry = { apiVersion: '0.0.1', kind: 'dsse', spec: { proposedContent: { envelope, verifiers } } }
  const first = await post(ENTRIES, entry)
  assert.equal(first.status, 201)
  const [uuid = ''] = Object.keys(await first.json() as object)
  assert.match(uuid, /^[0-9a-f]{80}$/)
  assert.equal(first.headers.get('location'), `/api/v1/log/entries/${uuid}`)
  const size = state.entries.size
  const again = await post(ENTRIES, entry)
  assert.equal(again.status, 409)
  assert.equal(again.headers.get('location'), `/api/v1/log/entries/${uuid}`)
  assert.deepEqual(await again.json(), { code: 409, message: `an equivalent entry already exists in the transparency log with UUID ${uuid}` })
  assert.equal(state.entries.size, size)
  for (const id of [uuid, uuid.slice(16)]) {
    const found = await fetch(`${ENTRIES}/${id}`)
    assert.equal(found.status, 200)
    assert.deepEqual(Object.keys(await found.json() as object), [uuid])
  }
  assert.equal((await fetch(`${ENTRIES}/${'0'.repeat(64)}`)).status, 404)
  assert.equal((await fetch(`${ENTRIES}/7`)).status, 422)
  assert.equal((await post(ENTRIES, 'no json')).status, 400)
  assert.equal((await post(ENTRIES, { ...entry, kind: 'rekord' })).status, 400)
  const forged = await post(ENTRIES, { ...entry, spec: { proposedContent: { envelope: envelope.replace('"payload":"e30="', '"payload":"e30K"'), verifiers } } })
  assert.equal(forged.status, 400)
  assert.match((await forged.json() as { message: string }).message, /invalid signature/)
})

test('the log is plain data that can be copied and set back', async () => {
  const saved = structuredClone(state.entries)
  assert.deepEqual(saved, state.entries)
  state.entries.clear()
  for (const [leaf, entry] of saved) state.entries.set(leaf, entry)
  assert.equal((await fetch(`${ENTRIES}/${[...saved.keys()][0]}`)).status, 200)
})

test('a certificate needs a good token and the key, and is good for ten minutes', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
  const ask = async (token: string, change: { challenge?: string; content?: string } = {}) => {
    const subject = 'repo:acme/app:ref:refs/heads/main'
    const answer = await post(`${FULCIO}/api/v2/signingCert`, {
      credentials: { oidcIdentityToken: token },
      publicKeyRequest: { publicKey: { algorithm: 'ECDSA', content: change.content ?? pem }, proofOfPossession: sign('sha256', Buffer.from(change.challenge ?? subject), privateKey).toString('base64') },
    })
    return { status: answer.status, body: await answer.json() as { message?: string; signedCertificateEmbeddedSct?: { chain: { certificates: string[] } } } }
  }
  const good = await ask(await askToken())
  assert.equal(good.status, 201)
  const [leaf = '', root = ''] = good.body.signedCertificateEmbeddedSct?.chain.certificates ?? []
  assert.ok(new X509Certificate(leaf).verify(new X509Certificate(root).publicKey))
  assert.equal(new X509Certificate(leaf).validToDate.getTime() - new X509Certificate(leaf).validFromDate.getTime(), 600_000)
  const token = 'There was an error processing the identity token'
  for (const bad of ['', 'a.b.c', await askToken('https://other.example'), identityToken(state, { exp: 1 }), identityToken(state, { iss: 'https://evil.example' }), `${await askToken()}x`]) {
    assert.deepEqual(await ask(bad), { status: 400, body: { code: 3, message: token, details: [] } })
  }
  assert.equal((await ask(await askToken(), { challenge: 'somebody else' })).body.message, 'The signature supplied in the request could not be verified')
  assert.equal((await ask(await askToken(), { content: 'no key' })).body.message, 'The public key supplied in the request could not be parsed')
})

test('a job gets a token only with what opens the endpoint, and a new one each time', async () => {
  for (const headers of [{}, { authorization: 'Bearer wrong' }]) assert.equal((await fetch(served.address(ID_TOKEN_URL), { headers })).status, 401)
  assert.notEqual(await askToken(), await askToken())
})
