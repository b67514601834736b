// The plan of an image that a workflow publishes, and the settings that cannot stand beside it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Digest, Fact } from '../../model/plan.ts'
import { draftId, type PublishContext } from '../../model/target.ts'
import { pypiTarget } from '../pypi/index.ts'
import { imageTarget } from './index.ts'

const VIA = { repository: 'acme/app', workflow: 'docker-publish.yml', on: 'tag' }
const set = (via: object = {}, more: object = {}) => imageTarget.settings.parse({ repository: 'ghcr.io/acme/app', floating: ['latest', '{major}'], ...more, via: { ...VIA, ...via } })
const D = (digit: string): Digest => `sha256:${digit.repeat(64)}`
const names = (tag: string, saw: Digest | null): Fact => ({ ask: 'image.tag', about: { image: 'ghcr.io/acme/app', tag }, saw })
const CONTEXT: PublishContext = {
  release: { name: 'app', from: '2.0.0', to: '2.1.0', because: [] }, project: 'app', tag: 'v2.1.0', releaseBranch: 'release/v2.1.0', mainBranch: 'main', remote: 'origin',
  date: '2026-03-04T05:06:07Z', prerelease: false, newest: true, newestIn: { major: true, minor: true }, notes: '', author: 'Ada <ada@example.org>',
  commit: { commit: 'a'.repeat(40), tree: 'b'.repeat(40) }, artifacts: [], earlier: [], seen: [names('latest', D('1')), names('2', null)],
}

test('nothing is built or pushed from here: the run is followed, the arrival is looked at, and the tags that it left are moved', () => {
  assert.deepEqual(imageTarget.prepare({ ...CONTEXT, commit: { ...CONTEXT.commit, parent: '', message: '', author: '', date: '', files: [] }, repository: '' }, set()), [])
  assert.deepEqual(imageTarget.foresees?.(CONTEXT, set(), []), [])
  const drafts = imageTarget.publish(CONTEXT, set())
  assert.deepEqual(drafts.map((draft) => [draftId(draft), draft.phase, draft.startedBy]), [
    ['workflow.run:docker-publish.yml', 'publish', undefined],
    ['image.fixed-arrival:2.1.0', 'publish', 'git.tag'],
    ['image.float:latest', 'float', 'git.tag'],
    ['image.fixed-tag:2', 'float', 'git.tag'],
    ['image.verify', 'verify', undefined],
  ])
  // What was not there goes by the deletion of the version, which comes after every tag is back.
  assert.deepEqual(drafts[2]?.needs, ['image.fixed-arrival:2.1.0', 'image.fixed-tag:2'])
  assert.deepEqual(drafts[1]?.input, {
    image: 'ghcr.io/acme/app', token: { $secret: 'GITHUB_TOKEN' }, tag: '2.1.0', tags: ['2.1.0', 'latest', '2'], platforms: ['linux/amd64', 'linux/arm64'],
    versions: ['2.1.0', 'v2.1.0'], revision: 'a'.repeat(40), workflow: 'docker-publish.yml',
  })
})

test('what the published release starts comes after it, and in its own order', () => {
  const drafts = imageTarget.publish(CONTEXT, set({ on: 'release' }, { repository: 'registry.example.org/acme/app' }))
  assert.deepEqual(drafts.map((draft) => [draftId(draft), draft.phase, draft.startedBy]), [
    ['workflow.run:docker-publish.yml', 'verify', undefined],
    ['image.arrival:2.1.0', 'verify', 'github.release'],
    ['image.float:latest', 'verify', 'github.release'],
    ['image.float:2', 'verify', 'github.release'],
    ['image.verify', 'verify', undefined],
  ])
  assert.deepEqual(drafts.at(-1)?.needs, ['image.arrival:2.1.0', 'image.float:latest', 'image.float:2'])
})

test('where the workflow has moved a tag before the plan was made, it goes back to the version before', () => {
  const seen = [names('2.1.0', D('2')), names('latest', D('2')), names('2', D('3')), names('2.0.0', D('1'))]
  const was = imageTarget.publish({ ...CONTEXT, seen }, set()).flatMap(({ kind, input }) => kind === 'image.float' ? [(input as { was: string }).was] : [])
  assert.deepEqual(was, [D('1'), D('3')])
  assert.deepEqual(imageTarget.observes?.(CONTEXT, set()).map(({ about }) => about['tag']), ['2.1.0', 'latest', '2', '2.0.0'])
})

test('a workflow that publishes the package and the image is started and followed once', () => {
  const via = { repository: 'acme/app', workflow: 'release.yml', on: 'dispatch' }
  const pypi = pypiTarget.settings.parse({ package: 'app', smoke: 'import app', via })
  const wheel = { name: 'app-2.1.0-py3-none-any.whl', mediaType: 'application/zip', size: 1, sha256: D('4'), by: 'pypi', about: { filetype: 'bdist_wheel', pyversion: 'py3', blake2_256: '0'.repeat(64), fields: [['name', 'app']] } } as const
  const earlier = pypiTarget.publish({ ...CONTEXT, artifacts: [wheel] }, pypi)
  const drafts = imageTarget.publish({ ...CONTEXT, earlier }, set(via))
  assert.deepEqual([earlier, drafts].map((all) => all.filter(({ kind }) => kind.startsWith('workflow.')).map(draftId)), [['workflow.dispatch:release.yml', 'workflow.run:release.yml'], []])
  const [arrival] = drafts
  assert.deepEqual([arrival?.needs, arrival?.startedBy], [['workflow.run:release.yml'], 'workflow.dispatch:release.yml'])
})

test('what would be promised of an image that is not built here is refused, with the way out', () => {
  const clashes = (others: Readonly<Record<string, unknown>>, via: object = {}) => imageTarget.clashes?.(set(via), new Map(Object.entries(others))).map(({ at, message }) => [at.join('.'), message])
  assert.deepEqual(clashes({ sbom: {}, scan: { with: 'trivy' }, provenance: {} }), [
    ['sbom', 'There is nothing to list: ghcr.io/acme/app is built by docker-publish.yml and not here, and nothing else is.'],
    ['scan', 'There is nothing to look into: ghcr.io/acme/app is built by docker-publish.yml and not here, and nothing else is.'],
    ['provenance', 'There is nothing to sign: ghcr.io/acme/app is built by docker-publish.yml and not here, and nothing else is.'],
  ])
  assert.deepEqual(clashes({ pypi: {}, sbom: {}, scan: { with: 'osv' }, provenance: {} }), [])
  assert.deepEqual(clashes({ scan: { with: 'none' } }), [])
  assert.deepEqual(clashes({ pypi: {}, scan: { with: 'grype' } })?.map(([at]) => at), ['scan.with'])
  const two = { pypi: { via: set({ on: 'release' }).via } }
  assert.deepEqual(clashes(two), [['image.via.workflow', 'docker-publish.yml publishes the package and the image, and "pypi.via" tells of it otherwise than "image.via" does.']])
  assert.deepEqual(clashes(two, { on: 'release' }), [])
  assert.deepEqual(imageTarget.clashes?.(imageTarget.settings.parse({ repository: 'ghcr.io/acme/app' }), new Map([['sbom', {}]])), [])
})

test('the token of the registry is asked for where Slipway does something there', () => {
  const secrets = (more: object) => imageTarget.secrets(set({ token: 'FOLLOW' }, more)).map(({ name, for: use }) => `${name}: ${use}`)
  assert.deepEqual(secrets({}), ['FOLLOW: GitHub (acme/app): the runs of docker-publish.yml', 'GITHUB_TOKEN: ghcr.io/acme/app on ghcr.io: moving tags'])
  assert.deepEqual(imageTarget.secrets(set()), [{ name: 'GITHUB_TOKEN', for: 'GitHub (acme/app): the runs of docker-publish.yml, and ghcr.io/acme/app on ghcr.io: moving tags' }])
  assert.deepEqual(secrets({ floating: [] }), ['FOLLOW: GitHub (acme/app): the runs of docker-publish.yml'])
  assert.deepEqual(secrets({ floating: [], public: false, repository: 'registry.example.org/app' })[1], 'REGISTRY_TOKEN: registry.example.org/app on registry.example.org: taking its tag back and pulling it')
})
