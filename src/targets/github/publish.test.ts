// Tests the github target's share of the publish plan.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Artifact, Digest } from '../../model/plan.ts'
import type { PublishContext, StepDraft } from '../../model/target.ts'
import { assemble } from '../../plan/assemble.ts'
import { BUNDLE } from './attestation.ts'
import { github } from './index.ts'
import { publishSteps } from './publish.ts'
import { SARIF } from './sarif.ts'
import { githubSettings } from './settings.ts'

const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}`

const wheel: Artifact = { name: 'one-1.1.0.whl', mediaType: 'application/zip', size: 3, sha256: digest('a'), by: 'pypi', about: {} }
const layer: Artifact = { name: 'one-1.1.0-layer-b.tar.gz', mediaType: 'application/gzip', size: 3, sha256: digest('b'), by: 'image', about: {}, internal: true }

const maker = (kind: string, makes: Required<StepDraft>['makes']): StepDraft => ({ phase: kind === 'scan.run' ? 'scan' : 'sign', kind, ...(kind === 'scan.run' ? {} : { of: makes.name }), title: 'Make it', input: {}, makes })

const earlier = [
  maker('scan.run', { name: 'one-1.1.0.sarif', mediaType: SARIF, describes: [wheel.sha256] }),
  maker('provenance.log', { name: 'one-1.1.0.whl.sigstore.json', mediaType: BUNDLE, describes: [wheel.sha256] }),
  maker('provenance.log', { name: 'one-1.1.0.index.json.sigstore.json', mediaType: BUNDLE, describes: [layer.sha256] }),
  maker('provenance.statement', { name: 'one-1.1.0.tar.gz.intoto.json', mediaType: 'application/vnd.in-toto+json', describes: [wheel.sha256] }),
  { phase: 'publish', kind: 'pypi.upload', title: 'Upload', input: {} } satisfies StepDraft,
]

const context: PublishContext = {
  release: { name: 'one', from: '1.0.0', to: '1.1.0', because: [] }, project: 'one', tag: 'v1.1.0', releaseBranch: 'release/v1.1.0', mainBranch: 'main', remote: 'origin',
  date: '2026-11-22T10:00:00Z', prerelease: false, newest: true, newestIn: { major: true, minor: true }, notes: 'Notes.', author: 'Ada <ada@example.org>',
  commit: { commit: 'c'.repeat(40), tree: 'd'.repeat(40) }, artifacts: [wheel, layer], earlier, seen: [],
}

const settings = (more: object = {}) => githubSettings.parse({ repository: 'acme/one', ...more })
const ids = (steps: readonly StepDraft[]) => steps.map(({ kind, of }) => (of === undefined ? kind : `${kind}:${of}`))

test('files of the release and files that steps make become assets, internal ones do not', () => {
  assert.deepEqual(ids(publishSteps(context, settings())), [
    'github.draft',
    'github.asset:one-1.1.0.whl',
    'github.asset:one-1.1.0.whl.sigstore.json',
    'github.asset:one-1.1.0.index.json.sigstore.json',
    'github.asset:one-1.1.0.tar.gz.intoto.json',
    'github.attestation:one-1.1.0.whl.sigstore.json',
    'github.attestation:one-1.1.0.index.json.sigstore.json',
    'github.sarif:one-1.1.0.sarif',
    'github.release',
    'github.verify',
  ])
})

test('attestations can be left out', () => {
  assert.deepEqual(ids(publishSteps(context, settings({ attestations: false }))).filter((id) => id.startsWith('github.attestation')), [])
})

test('what is made is referred to by the step that makes it', () => {
  const input = (id: string) => publishSteps(context, settings()).find((_, index, all) => ids(all)[index] === id)?.input as Readonly<Record<string, unknown>>
  const log = 'provenance.log:one-1.1.0.whl.sigstore.json'
  const made = { sha256: { $from: log, at: '/sha256' }, size: { $from: log, at: '/size' } }
  const asset = input('github.asset:one-1.1.0.whl.sigstore.json')
  assert.deepEqual([asset['sha256'], asset['size'], asset['mediaType']], [made.sha256, made.size, BUNDLE])
  const attestation = input('github.attestation:one-1.1.0.whl.sigstore.json')
  assert.deepEqual([attestation['subject'], attestation['bundle']], [wheel.sha256, made])
  const sarif = input('github.sarif:one-1.1.0.sarif')
  assert.deepEqual([sarif['sarif'], sarif['commit'], sarif['ref'], sarif['category']], [{ sha256: { $from: 'scan.run', at: '/sha256' }, size: { $from: 'scan.run', at: '/size' } }, 'c'.repeat(40), 'refs/heads/main', 'slipway/one'])
  assert.deepEqual((input('github.verify')['files'] as { name: string }[]).map(({ name }) => name), ['one-1.1.0.whl', 'one-1.1.0.whl.sigstore.json', 'one-1.1.0.index.json.sigstore.json', 'one-1.1.0.tar.gz.intoto.json'])
})

test('the plan stands: every reference points to a step that comes before', () => {
  const others = new Map(earlier.map(({ kind }) => [kind, { ...github.kinds[0]!, kind }]))
  const plan = assemble({
    stage: 'publish', subject: { repository: 'acme/one', ...context.commit }, date: context.date, releases: [context.release], artifacts: [wheel, layer], basis: [],
    drafts: [...earlier, ...publishSteps(context, settings())],
  }, new Map([...others, ...github.kinds.map((kind) => [kind.kind, kind] as const)]))
  assert.equal(plan.steps.at(-1)?.id, 'github.verify')
  assert.equal(plan.steps.find(({ gate }) => gate !== undefined)?.id, 'pypi.upload')
})
