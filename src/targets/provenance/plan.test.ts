// Tests of what the target plans, and of its settings.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Artifact, Fact } from '../../model/plan.ts'
import type { PublishContext } from '../../model/target.ts'
import { digestOf } from './bench.fixture.ts'
import { provenanceTarget } from './index.ts'
import { webAddressOf } from '../../model/web-address.ts'

const SOURCE = 'https://github.com/acme/app'
const artifact = (name: string, change: Partial<Artifact>): Artifact => ({ name, mediaType: 'x/y', size: 1, sha256: digestOf(name), by: 'pypi', about: {}, ...change })
const image = (name: string, role: string): Artifact => artifact(name, { by: 'image', internal: true, about: { role, image: 'ghcr.io/acme/app' } })
const ARTIFACTS = [
  artifact('app-2.1.0-py3-none-any.whl', {}), artifact('app-2.1.0.tar.gz', {}), artifact('app-2.1.0-linux-amd64.cdx.json', { by: 'sbom' }),
  image('app-2.1.0.index.json', 'index'), image('app-2.1.0-linux-amd64.manifest.json', 'manifest'), image('app-2.1.0-linux-amd64.config.json', 'config'), image('app-2.1.0-layer-0123456789ab.tar.gz', 'layer'),
]
const SUBJECTS = ['app-2.1.0-py3-none-any.whl', 'app-2.1.0.tar.gz', 'app-2.1.0.index.json', 'app-2.1.0-linux-amd64.manifest.json']
const seen = (identity: string, repository: string | null = SOURCE): readonly Fact[] => [{ ask: 'provenance.identity', about: {}, saw: identity }, { ask: 'provenance.repository', about: { remote: 'origin' }, saw: repository }]
const context = (facts: readonly Fact[]): PublishContext => ({
  release: { name: 'app', from: '2.0.0', to: '2.1.0', because: [] }, project: 'app', tag: 'v2.1.0', releaseBranch: 'release/v2.1.0', mainBranch: 'main', remote: 'origin',
  date: '2026-01-02T03:04:05Z', prerelease: false, newest: true, newestIn: { major: true, minor: true }, notes: '', author: 'A <a@example.org>', commit: { commit: 'c'.repeat(40), tree: 'd'.repeat(40) }, artifacts: ARTIFACTS, earlier: [], seen: facts,
})
const set = (text: object = {}) => provenanceTarget.settings.parse(text)
const drafts = (facts: readonly Fact[], text: object = {}) => provenanceTarget.publish(context(facts), set(text))
const inputs = (facts: readonly Fact[], text: object = {}) => drafts(facts, text).map(({ input }) => input as Record<string, any>) // eslint-disable-line @typescript-eslint/no-explicit-any -- inputs are looked into here

test('with an identity every subject is signed, logged and verified', () => {
  const planned = drafts(seen('github-actions'))
  assert.deepEqual(planned.map(({ kind, of }) => `${kind}:${of}`), ['sign', 'timestamp', 'log', 'verify'].flatMap((part) => SUBJECTS.map((name) => `provenance.${part}:${name}`)))
  const [sign, log, verify] = ['sign', 'log', 'verify'].map((part) => planned.find(({ kind }) => kind === `provenance.${part}`))
  assert.deepEqual([sign?.phase, log?.phase, verify?.phase], ['sign', 'sign', 'verify'])
  assert.deepEqual(log?.needs, ['provenance.timestamp:app-2.1.0-py3-none-any.whl'])
  assert.deepEqual(planned.find(({ kind }) => kind === 'provenance.timestamp')?.needs, ['provenance.sign:app-2.1.0-py3-none-any.whl'])
  assert.deepEqual(log?.makes, { name: 'app-2.1.0-py3-none-any.whl.sigstore.json', mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', describes: [ARTIFACTS[0]?.sha256] })
  assert.deepEqual(verify?.yields, ['evidence'])
  assert.deepEqual((verify?.input as { bundle: unknown }).bundle, { $from: 'provenance.log:app-2.1.0-py3-none-any.whl', at: '/sha256' })
  for (const draft of planned) {
    const kind = provenanceTarget.kinds.find((each) => each.kind === draft.kind)
    const whole = { ...(draft.input as object), ...(draft.kind === 'provenance.verify' ? { bundle: digestOf('bundle') } : {}) }
    const input: unknown = kind?.input.parse(whole)
    assert.deepEqual(input, whole)
    for (const words of [...kind?.describe(input).byHand ?? [], kind?.describe(input).apply ?? '']) assert.match(words, /\S/)
  }
})

test('an image is called by its name, and a policy asks for the repository that the remote tells', () => {
  const [first] = inputs(seen('github-actions'))
  assert.deepEqual(first?.['policy'], { issuer: 'https://token.actions.githubusercontent.com', repository: SOURCE, ref: 'refs/tags/v2.1.0' })
  assert.deepEqual(inputs(seen('github-actions')).map(({ subject }) => subject).filter(Boolean), ['sign', 'timestamp', 'log'].flatMap(() => SUBJECTS.map((name) => name.endsWith('.json') ? 'ghcr.io/acme/app' : name)))
  const strict = { identity: `${SOURCE}/*`, repository: 'acme/other', issuer: 'https://issuer.example' }
  assert.deepEqual(inputs(seen('token'), strict)[0]?.['policy'], { issuer: 'https://issuer.example', identity: `${SOURCE}/*`, repository: 'https://github.com/acme/other', ref: 'refs/tags/v2.1.0' })
  assert.equal(inputs(seen('token'), { issuer: 'https://issuer.example' })[0]?.['policy'].repository, undefined, 'another issuer names no repositories')
  assert.equal(inputs(seen('token'))[0]?.['policy'].repository, SOURCE, 'without it any job of anybody would do')
  assert.equal(inputs(seen('github-actions', 'https://ghe.example/acme/app'), { repository: 'Acme/app' })[0]?.['policy'].repository, 'https://ghe.example/acme/app')
})

test('without an identity the plan says unsigned, unless it must be signed', () => {
  for (const planned of [drafts(seen('none')), drafts([]), drafts(seen('github-actions'), { sign: 'never' })]) {
    assert.deepEqual(planned.map(({ kind, of }) => `${kind}:${of}`), SUBJECTS.map((name) => `provenance.statement:${name}`))
    assert.deepEqual(planned.map(({ title }) => title), SUBJECTS.map((name) => `Write the provenance of ${name}, unsigned`))
    assert.deepEqual(planned[0]?.makes, { name: 'app-2.1.0-py3-none-any.whl.intoto.json', mediaType: 'application/vnd.in-toto+json', describes: [ARTIFACTS[0]?.sha256] })
  }
  assert.equal(drafts(seen('none'), { sign: 'required' })[0]?.kind, 'provenance.sign')
  assert.deepEqual(provenanceTarget.observes?.(context([]), set({ sign: 'never' })).map(({ ask }) => ask), ['provenance.repository'])
  assert.deepEqual(provenanceTarget.observes?.(context([]), set()).map(({ ask }) => ask), ['provenance.identity', 'provenance.repository'])
  assert.deepEqual(provenanceTarget.secrets(set()), [])
  assert.equal(provenanceTarget.secrets(set({ sign: 'required' }))[0]?.name, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN')
})

test('settings are checked, and addresses lose their last slash', () => {
  assert.equal(set({ rekor: 'https://rekor.example/' }).rekor, 'https://rekor.example')
  for (const bad of [{ sign: 'maybe' }, { fulcio: 'nowhere' }, { identity: '*' }, { identity: 'a*b' }, { repository: 'acme' }, { colour: 1 }]) {
    assert.equal(provenanceTarget.settings.safeParse(bad).success, false, JSON.stringify(bad))
  }
})

test('the time is attested by Sigstore where it gives the certificate, by whoever is named, or by nobody', () => {
  const planned = (text: object) => drafts(seen('github-actions'), text).map(({ kind, input }) => [kind, input as { timestamps?: string; timestamped?: boolean }] as const)
  const told = (text: object) => new Set(planned(text).map(([kind, { timestamps, timestamped }]) => (kind === 'provenance.verify' ? timestamped : timestamps)))
  assert.deepEqual(told({}), new Set(['https://timestamp.sigstore.dev/api/v1/timestamp', true]))
  for (const text of [{ timestamps: false }, { fulcio: 'https://fulcio.example' }]) assert.deepEqual(told(text), new Set([undefined]), JSON.stringify(text))
  const alone = drafts(seen('github-actions'), { timestamps: false }).find(({ kind }) => kind === 'provenance.log')
  assert.deepEqual(alone?.needs, ['provenance.sign:app-2.1.0-py3-none-any.whl'])
  assert.equal(planned({ timestamps: false }).some(([kind]) => kind === 'provenance.timestamp'), false)
  assert.deepEqual(told({ fulcio: 'https://fulcio.example', timestamps: 'https://stamp.example/' }), new Set(['https://stamp.example/api/v1/timestamp', true]))
  assert.deepEqual(told({ timestamps: 'https://freetsa.org/tsr' }), new Set(['https://freetsa.org/tsr', true]))
  for (const bad of [{ timestamps: true }, { timestamps: 'none' }, { timestamps: 'ftp://stamp.example' }]) assert.equal(provenanceTarget.settings.safeParse(bad).success, false, JSON.stringify(bad))
})

test('the remote tells the repository, in whatever way it is written', () => {
  for (const remote of ['https://github.com/acme/app.git', 'https://user:secret@github.com/acme/app', 'git@github.com:acme/app.git', 'ssh://git@github.com:22/acme/app.git/', 'git://github.com/acme/app']) assert.equal(webAddressOf(remote), SOURCE, remote)
  assert.equal(webAddressOf('https://gitlab.com/group/sub/app.git'), 'https://gitlab.com/group/sub/app')
  for (const remote of ['/srv/git/app.git', '../app', 'file:///srv/app.git', 'C:\\git\\app', 'https://github.com/acme', '']) assert.equal(webAddressOf(remote), null, remote)
})
