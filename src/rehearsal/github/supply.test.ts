// Attestations and code scanning on the fake GitHub, through Octokit.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createRig, TOKENS } from './octokit.rig.ts'
import type { Rig } from './octokit.rig.ts'

const at = { owner: 'acme', repo: 'oneflow' }
const ATTEST = 'POST /repos/{owner}/{repo}/attestations'
const ATTESTED = 'GET /repos/{owner}/{repo}/attestations/{subject_digest}'
const UPLOAD = 'POST /repos/{owner}/{repo}/code-scanning/sarifs'
const STATUS = 'GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}'
const ANALYSES = 'GET /repos/{owner}/{repo}/code-scanning/analyses'

function bundle(hex: readonly string[], predicateType = 'https://slsa.dev/provenance/v1') {
  const statement = { _type: 'https://in-toto.io/Statement/v1', subject: hex.map((sha256) => ({ name: 'a', digest: { sha256 } })), predicateType, predicate: {} }
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { tlogEntries: [] },
    dsseEnvelope: { payload: Buffer.from(JSON.stringify(statement)).toString('base64'), payloadType: 'application/vnd.in-toto+json', signatures: [{ sig: 'c2ln' }] },
  }
}

function sarif(runs: readonly object[]): string {
  return gzipSync(JSON.stringify({ version: '2.1.0', runs })).toString('base64')
}

const run = (name: string, id?: string) => ({ tool: { driver: { name, version: '1.0', rules: [{ id: 'R1' }] } }, results: [{ ruleId: 'R1' }, { ruleId: 'R1' }], ...(id === undefined ? {} : { automationDetails: { id } }) })

async function listed(rig: Rig, query: Record<string, unknown> = {}) {
  return (await rig.octokit(TOKENS.maker).request(ANALYSES, { ...at, ...query })).data
}

test('an attestation is found by each digest that it is about, and by its type', async () => {
  await using rig = await createRig()
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
  const octokit = rig.octokit(TOKENS.maker)
  const one = bundle([a, b])
  assert.equal((await octokit.request(ATTEST, { ...at, bundle: one })).status, 201)
  await octokit.request(ATTEST, { ...at, bundle: bundle([a], 'https://cyclonedx.org/bom') })
  const found = async (digest: string, query: Record<string, unknown> = {}) => (await rig.octokit().request(ATTESTED, { ...at, subject_digest: `sha256:${digest}`, ...query })).data.attestations ?? []
  assert.deepEqual([(await found(a)).length, (await found(b)).length, (await found(a, { predicate_type: 'provenance' })).length, (await found(a, { predicate_type: 'https://cyclonedx.org/bom' })).length], [2, 1, 1, 1])
  assert.deepEqual((await found(b))[0]?.bundle, one)
  await assert.rejects(found('c'.repeat(64)), { status: 404, message: /Not Found/ })
  await assert.rejects(found(b, { predicate_type: 'sbom' }), { status: 404 })
})

test('many attestations are read part by part', async () => {
  await using rig = await createRig()
  const hex = 'a'.repeat(64)
  const octokit = rig.octokit(TOKENS.maker)
  for (let count = 0; count < 5; count++) await octokit.request(ATTEST, { ...at, bundle: bundle([hex]) })
  const part = async (query: Record<string, unknown>) => {
    const { data, headers } = await octokit.request(ATTESTED, { ...at, subject_digest: `sha256:${hex}`, per_page: 2, ...query })
    const way = (relation: string) => new RegExp(`<([^>]+)>; rel="${relation}"`).exec(headers.link ?? '')?.[1]
    const [next, back] = [way('next'), way('prev')]
    return { count: data.attestations?.length, after: next === undefined ? null : new URL(next).searchParams.get('after'), before: back === undefined ? null : new URL(back).searchParams.get('before') }
  }
  const first = await part({})
  assert.deepEqual([first.count, first.before], [2, null])
  const second = await part({ after: first.after })
  const third = await part({ after: second.after })
  assert.deepEqual([second.count, third.count, third.after], [2, 1, null])
  assert.deepEqual(await part({ before: second.before }), first)
})

test('attestations need the right, a repository that keeps them and a signed statement', async () => {
  await using rig = await createRig()
  const send = (token: string, body: unknown) => rig.octokit(token).request(ATTEST, { ...at, bundle: body as ReturnType<typeof bundle> })
  await assert.rejects(send(TOKENS.reader, bundle(['a'.repeat(64)])), { status: 403, message: /Resource not accessible by personal access token/ })
  for (const wrong of [{}, { ...bundle(['a'.repeat(64)]), verificationMaterial: {} }, bundle([]), { ...bundle(['a'.repeat(64)]), dsseEnvelope: { payload: 'e30', signatures: [] } }]) {
    await assert.rejects(send(TOKENS.maker, wrong), { status: 422, message: /Invalid Argument/ })
  }
  rig.state.attestable = false
  await assert.rejects(send(TOKENS.maker, bundle(['a'.repeat(64)])), { status: 403, message: /Feature not available for user-owned private repositories/ })
  assert.deepEqual(rig.state.attestations, [])
})

test('findings are taken, read and listed as analyses, the newest first', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const commit = await rig.git('rev-parse', 'main')
  await assert.rejects(listed(rig), { status: 404, message: /no analysis found/ })
  const upload = async (runs: readonly object[], more: Record<string, unknown> = {}) => (await octokit.request(UPLOAD, { ...at, commit_sha: commit, ref: 'refs/heads/main', sarif: sarif(runs), ...more })).data.id ?? ''
  const one = await upload([run('osv', 'scan/one/'), run('grype', 'scan/two/2026-03-14')])
  const two = await upload([run('osv'), { tool: { driver: {} } }], { tool_name: 'other' })
  assert.deepEqual((await listed(rig)).map(({ tool, category, sarif_id: id, results_count: results, rules_count: rules, commit_sha: sha }) => [tool.name, category, id, results, rules, sha]), [
    ['other', '', two, 0, 0, commit], ['osv', '', two, 2, 1, commit], ['grype', 'scan/two', one, 2, 1, commit], ['osv', 'scan/one', one, 2, 1, commit],
  ])
  const count = async (query: Record<string, unknown>) => (await listed(rig, query)).length
  assert.deepEqual([await count({ tool_name: 'osv' }), await count({ ref: 'main' }), await count({ ref: 'refs/heads/other' }), await count({ sarif_id: one })], [2, 4, 0, 2])
  assert.equal((await listed(rig, { direction: 'asc' }))[0]?.sarif_id, one)
  const status = (await octokit.request(STATUS, { ...at, sarif_id: one })).data
  assert.deepEqual(status, { processing_status: 'complete', analyses_url: `https://api.github.com/repos/acme/oneflow/code-scanning/analyses?sarif_id=${one}` })
  await assert.rejects(octokit.request(STATUS, { ...at, sarif_id: 'nothing' }), { status: 404 })
})

test('an upload may wait to be read, or turn out to be unreadable', async () => {
  await using rig = await createRig()
  const octokit = rig.octokit(TOKENS.maker)
  const commit_sha = await rig.git('rev-parse', 'main')
  for (const status of ['pending', 'failed'] as const) {
    rig.state.scansEnd = status
    const { id = '' } = (await octokit.request(UPLOAD, { ...at, commit_sha, ref: 'refs/heads/main', sarif: sarif([run('osv')]) })).data
    const told = (await octokit.request(STATUS, { ...at, sarif_id: id })).data
    assert.deepEqual([told.processing_status, (told.errors ?? []).length], [status, status === 'failed' ? 1 : 0])
  }
  await assert.rejects(listed(rig), { status: 404 })
})

test('code scanning refuses who may not, what is not there and what is no SARIF', async () => {
  await using rig = await createRig()
  const commit_sha = await rig.git('rev-parse', 'main')
  const send = (token: string, more: Record<string, unknown> = {}) => rig.octokit(token).request(UPLOAD, { ...at, commit_sha, ref: 'refs/heads/main', sarif: sarif([run('osv')]), ...more })
  await assert.rejects(send(TOKENS.reader), { status: 403, message: /Resource not accessible/ })
  await assert.rejects(rig.octokit(TOKENS.reader).request(ANALYSES, at), { status: 403 })
  await assert.rejects(rig.octokit().request(ANALYSES, at), { status: 401 })
  await assert.rejects(send(TOKENS.maker, { commit_sha: '1'.repeat(40) }), { status: 404, message: /commit not found/ })
  await assert.rejects(send(TOKENS.maker, { ref: 'refs/heads/nowhere' }), { status: 404, message: /ref 'refs\/heads\/nowhere' not found in this repository/ })
  await assert.rejects(send(TOKENS.maker, { ref: 'main' }), { status: 422 })
  await assert.rejects(send(TOKENS.maker, { commit_sha: 'n/a' }), { status: 422 })
  for (const wrong of ['not gzip', gzipSync('{}').toString('base64'), gzipSync('no JSON').toString('base64')]) await assert.rejects(send(TOKENS.maker, { sarif: wrong }), { status: 400 })
  rig.state.codeScanning = false
  for (const ask of [send(TOKENS.maker), listed(rig)]) await assert.rejects(ask, { status: 403, message: /Code Security must be enabled/ })
  assert.deepEqual(rig.state.scans, [])
})
