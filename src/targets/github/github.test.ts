// Tests the github kinds over real http against the rehearsal's GitHub.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AnyKind } from '../../model/kind.ts'
import { Refused, SlipwayError } from '../../model/error.ts'
import type { Served } from '../../rehearsal/serve.ts'
import { lookOnly } from '../../world/readonly.ts'
import { githubAsset } from './asset.ts'
import { githubDraft } from './draft.ts'
import { access, code, forge, KEY, once, REVIEWER, type Forge } from './forge.rig.ts'
import { github as target } from './index.ts'
import { githubMerge, githubMerged } from './merge.ts'
import { githubPull } from './pull.ts'
import { githubRelease } from './release.ts'
import { githubReview } from './review.ts'
import { githubReviewers } from './reviewers.ts'
import { githubSettings } from './settings.ts'

function pullInput({ commit, artifact }: Forge) {
  return githubPull.input.parse({
    ...access, head: 'release/v1.1.0', base: 'main', commit, version: '1.1.0', title: 'oneflow 1.1.0', notes: '### Added\n\n- More.',
    evidence: [[{ title: 'tests', passed: true, detail: '12 passed' }], [], [{ title: 'Python 3.9', passed: false, detail: 'not found' }]],
    artifacts: [[artifact]],
  })
}

function draftInput({ commit }: Forge, more: object = {}) {
  return githubDraft.input.parse({ ...access, tag: 'v1.1.0', commit, title: 'oneflow 1.1.0', notes: '### Added\n\n- More.', prerelease: false, ...more })
}

async function drafted(forge: Forge) {
  const draft = await githubDraft.apply!(forge.world, draftInput(forge), once)
  const { name, mediaType, size, sha256 } = forge.artifact
  return { draft, asset: githubAsset.input.parse({ ...access, release: draft.id, uploadUrl: draft.uploadUrl, name, mediaType, size, sha256 }) }
}

const mutations = (served: Served) => served.calls.filter(({ method }) => method !== 'GET').length

/** Absent, made, present with the same output, taken back, `after`, taken back again without a request that changes. */
async function contract(forge: Forge, kind: AnyKind, { input, after }: { readonly input: unknown; readonly after: 'absent' | 'withdrawn' }): Promise<void> {
  const look = lookOnly(forge.world)
  assert.deepEqual(await kind.probe(look, input, KEY), { state: 'absent' })
  const output: unknown = await kind.apply!(forge.world, input, once)
  assert.deepEqual(kind.output.parse(output), output)
  assert.deepEqual(await kind.probe(look, input, KEY), { state: 'present', output })
  assert.notEqual((await kind.probe(look, input, 'another key')).state, kind.kind === 'github.asset' || kind.kind === 'github.release' ? 'absent' : 'present')
  assert.ok(kind.reversal.is === 'reversible' || kind.reversal.is === 'compensable')
  await kind.reversal.undo(forge.world, input, undefined, once)
  assert.equal((await kind.probe(look, input, KEY)).state, after)
  const before = mutations(forge.served)
  await kind.reversal.undo(forge.world, input, undefined, once)
  assert.equal(mutations(forge.served), before)
}

test('the pull request is opened, found again by its marker, and closed', async (t) => {
  const here = await forge(t)
  await contract(here, githubPull, { input: pullInput(here), after: 'withdrawn' })
  const [pull] = here.state.pulls
  assert.equal(pull?.state, 'closed')
  assert.match(pull?.body ?? '', /\| tests \| passed \| 12 passed \|\n\| Python 3\.9 \| \*\*not verified\*\* \| not found \|/)
  assert.ok(pull?.body?.includes(here.artifact.sha256))
})

test('what only its own target publishes is not shown in the pull request', async (t) => {
  const here = await forge(t)
  const layer = { ...here.artifact, name: 'layer.tar.gz', internal: true }
  const input = githubPull.input.parse({ ...pullInput(here), artifacts: [[layer, here.artifact], [layer]] })
  assert.deepEqual(input.artifacts.map(({ name }) => name), [here.artifact.name])
  assert.deepEqual(githubPull.input.parse(input), input)
})

test('an open pull request of somebody else from the branch is a conflict and stays open', async (t) => {
  const here = await forge(t)
  const input = pullInput(here)
  await githubPull.apply!(here.world, input, { ...once, key: 'somebody else' })
  assert.equal((await githubPull.probe(lookOnly(here.world), input, KEY)).state, 'conflict')
  await assert.rejects(githubPull.apply!(here.world, input, once), code('request-refused', 'already exists'))
  assert.ok(githubPull.reversal.is === 'compensable')
  await assert.rejects(githubPull.reversal.undo(here.world, input, undefined, once), code('request-refused'))
  assert.equal(here.state.pulls[0]?.state, 'open')
})

test('review is asked for, waited for and counted for the release commit only', async (t) => {
  const here = await forge(t)
  const { world, state, commit } = here
  const look = lookOnly(world)
  const { number } = await githubPull.apply!(world, pullInput(here), once)
  const ask = { ...access, pull: number, reviewers: [REVIEWER] }
  const review = githubReview.input.parse({ ...access, pull: number, commit, approvals: 1, reviewers: [REVIEWER] })
  assert.deepEqual(await githubReviewers.probe(look, ask, KEY), { state: 'absent' })
  const output = await githubReviewers.apply!(world, ask, once)
  assert.deepEqual(await githubReviewers.probe(look, ask, KEY), { state: 'present', output })
  const waiting = await githubReview.probe(look, review, KEY)
  assert.ok(waiting.state === 'absent' && waiting.missing?.startsWith('1 of 1 approvals missing: release-reviewer has been asked, http'), JSON.stringify(waiting))
  state.people.requestChanges(number)
  const against = await githubReview.probe(look, review, KEY)
  assert.ok(against.state === 'absent' && against.missing?.startsWith('release-reviewer requested changes'))
  state.people.approve(number)
  assert.deepEqual(await githubReview.probe(look, review, KEY), { state: 'present', output: { approvedBy: [REVIEWER] } })
  assert.deepEqual(await githubReviewers.probe(look, ask, KEY), { state: 'present', output }, 'who has reviewed counts as asked')
  const more = await here.pushMore()
  const moved = await githubReview.probe(look, review, KEY)
  assert.ok(moved.state === 'conflict' && moved.found.includes(more))
})

test('somebody who may not be asked is refused in GitHub\'s words', async (t) => {
  const here = await forge(t)
  const { number } = await githubPull.apply!(here.world, pullInput(here), once)
  await assert.rejects(githubReviewers.apply!(here.world, { ...access, pull: number, reviewers: ['stranger'] }, once), code('request-refused', 'collaborator'))
})

for (const method of ['merge', 'squash', 'rebase'] as const) {
  test(`the pull request is merged (${method}) and the tree is the one that was built`, async (t) => {
    const here = await forge(t)
    const { world, commit, tree } = here
    const { number } = await githubPull.apply!(world, pullInput(here), once)
    const input = githubMerge.input.parse({ ...access, pull: number, commit, method, title: 'chore: bump version to 1.1.0' })
    assert.equal((await githubMerge.probe(lookOnly(world), input, KEY)).state, 'absent')
    const output = await githubMerge.apply!(world, input, once)
    assert.equal(output.tree, tree)
    assert.deepEqual(await githubMerge.probe(lookOnly(world), input, KEY), { state: 'present', output })
    assert.equal((await githubReview.probe(lookOnly(world), { ...access, pull: number, commit, approvals: 1, reviewers: [] }, KEY)).state, 'present', 'a merge ends the wait for review')
    assert.ok(githubPull.reversal.is === 'compensable')
    await assert.rejects(githubPull.reversal.undo(world, pullInput(here), undefined, once), code('request-refused', 'merged'))
  })
}

test('a pull request with another head is not merged', async (t) => {
  const here = await forge(t)
  const { number } = await githubPull.apply!(here.world, pullInput(here), once)
  const input = githubMerge.input.parse({ ...access, pull: number, commit: here.commit, method: 'squash', title: 'x' })
  await here.pushMore()
  assert.equal((await githubMerge.probe(lookOnly(here.world), input, KEY)).state, 'conflict')
  // Not merged now is no refusal, which would turn the run and close a reviewed pull request; the next probe tells what it is.
  await assert.rejects(githubMerge.apply!(here.world, input, once), (error) => error instanceof Error && !(error instanceof Refused) && error.message.includes('modified'))
  assert.equal(here.state.pulls[0]?.state, 'open')
})

test('a merge by a person is waited for', async (t) => {
  const here = await forge(t)
  const { number } = await githubPull.apply!(here.world, pullInput(here), once)
  const input = { ...access, pull: number, commit: here.commit }
  const before = await githubMerged.probe(lookOnly(here.world), input, KEY)
  assert.ok(before.state === 'absent' && before.missing?.startsWith('a person has to merge http'))
  await here.state.people.merge(number)
  const after = await githubMerged.probe(lookOnly(here.world), input, KEY)
  assert.ok(after.state === 'present' && after.output.tree === here.tree)
})

test('the draft is made, found again by its marker among others, and deleted', async (t) => {
  const here = await forge(t)
  await githubDraft.apply!(here.world, draftInput(here, { tag: 'v0.0.0' }), { ...once, key: 'other' })
  const [old] = here.state.releases
  for (let count = 1; count < 120; count++) here.state.releases.push({ ...old!, id: 1000 + count, tag: `v0.${count}.0` })
  await contract(here, githubDraft, { input: draftInput(here), after: 'absent' })
  assert.equal(here.state.releases.length, 120)
  assert.ok(here.served.calls.some(({ url }) => url.includes('page=2')))
})

test('a release of the tag that is not ours, or two of ours, are conflicts and stay', async (t) => {
  const here = await forge(t)
  const look = lookOnly(here.world)
  const input = draftInput(here, { notes: `<!-- slipway:${KEY} -->` })
  await githubDraft.apply!(here.world, input, { ...once, key: 'other' })
  const foreign = await githubDraft.probe(look, input, KEY)
  assert.ok(foreign.state === 'conflict' && foreign.found.includes('did not make'), 'notes cannot hold a marker')
  assert.ok(githubDraft.reversal.is === 'reversible')
  await assert.rejects(githubDraft.reversal.undo(here.world, input, undefined, once), code('release-exists'))
  here.state.releases.length = 0
  await githubDraft.apply!(here.world, input, once)
  await githubDraft.apply!(here.world, input, once)
  assert.equal((await githubDraft.probe(look, input, KEY)).state, 'conflict')
  await assert.rejects(githubDraft.reversal.undo(here.world, input, undefined, once), code('release-exists'))
  assert.equal(here.state.releases.length, 2)
})

test('an asset is uploaded, compared by digest, and deleted', async (t) => {
  const here = await forge(t)
  const { asset } = await drafted(here)
  const steps: number[] = []
  assert.ok(githubAsset.apply)
  await contract(here, { ...githubAsset, apply: (world, input: typeof asset) => githubAsset.apply!(world, input, { ...once, progress: (done) => steps.push(done) }) }, { input: asset, after: 'absent' })
  assert.equal(steps.at(-1), asset.size)
})

test('an upload that broke off leaves doubt, and its leftover is cleared away', async (t) => {
  const here = await forge(t)
  const { asset } = await drafted(here)
  here.state.leaveStarterOnce()
  await assert.rejects(githubAsset.apply!(here.world, asset, once), (error: unknown) => error instanceof Error && !(error instanceof SlipwayError))
  assert.equal(here.state.releases[0]?.assets[0]?.state, 'starter')
  assert.deepEqual(await githubAsset.probe(lookOnly(here.world), asset, KEY), { state: 'absent' })
  await githubAsset.apply!(here.world, asset, once)
  assert.deepEqual(here.state.releases[0]?.assets.map(({ state }) => state), ['uploaded'])
})

test('another file of the same name is a conflict and is left alone', async (t) => {
  const here = await forge(t)
  const { asset } = await drafted(here)
  await githubAsset.apply!(here.world, asset, once)
  const other: typeof asset = { ...asset, sha256: `sha256:${'1'.repeat(64)}` }
  assert.equal((await githubAsset.probe(lookOnly(here.world), other, KEY)).state, 'conflict')
  assert.ok(githubAsset.reversal.is === 'reversible')
  await assert.rejects(githubAsset.reversal.undo(here.world, other, undefined, once), code('artifact-changed'))
  assert.equal(here.state.releases[0]?.assets.length, 1)
})

test('a release is published, and taken back is a draft whose parts can be taken back too', async (t) => {
  const here = await forge(t)
  const { draft, asset } = await drafted(here)
  await githubAsset.apply!(here.world, asset, once)
  const input = githubRelease.input.parse({ ...access, release: draft.id, tag: 'v1.1.0', latest: 'false', prerelease: false })
  assert.ok(githubDraft.reversal.is === 'reversible')
  await contract(here, githubRelease, { input, after: 'absent' })
  await githubRelease.apply!(here.world, input, once)
  assert.equal(here.state.latest, undefined)
  const found = await githubDraft.probe(lookOnly(here.world), draftInput(here), KEY)
  assert.ok(found.state === 'present' && found.output.id === draft.id, 'published it is found again as well')
  await assert.rejects(githubDraft.reversal.undo(here.world, draftInput(here), undefined, once), code('request-refused', 'published'))
  assert.ok(githubRelease.reversal.is === 'compensable')
  await githubRelease.reversal.undo(here.world, input, undefined, once)
  await githubDraft.reversal.undo(here.world, draftInput(here), undefined, once)
  assert.deepEqual(here.state.releases, [])
  assert.deepEqual(await githubRelease.probe(lookOnly(here.world), input, KEY), { state: 'withdrawn' })
  assert.deepEqual(await githubAsset.probe(lookOnly(here.world), asset, KEY), { state: 'withdrawn' })
})

test('an immutable release keeps its assets and is deleted as a whole', async (t) => {
  const here = await forge(t)
  const { draft, asset } = await drafted(here)
  await githubAsset.apply!(here.world, asset, once)
  here.state.setImmutable(true)
  const input = githubRelease.input.parse({ ...access, release: draft.id, tag: 'v1.1.0', latest: 'true', prerelease: false })
  assert.equal((await githubRelease.apply!(here.world, input, once)).immutable, true)
  assert.ok(githubAsset.reversal.is === 'reversible' && githubRelease.reversal.is === 'compensable')
  await assert.rejects(githubAsset.reversal.undo(here.world, asset, undefined, once), code('request-refused', 'immutable'))
  await githubRelease.reversal.undo(here.world, input, undefined, once)
  assert.deepEqual(await githubRelease.probe(lookOnly(here.world), input, KEY), { state: 'withdrawn' })
  assert.deepEqual(await githubDraft.probe(lookOnly(here.world), draftInput(here), KEY), { state: 'absent' })
  await githubAsset.reversal.undo(here.world, asset, undefined, once)
})

test('a token that is missing, wrong or without the right is refused before anything changes', async (t) => {
  const none = await forge(t, { token: '' })
  await assert.rejects(githubDraft.apply!(none.world, draftInput(none), once), code('secret-missing'))
  const wrong = await forge(t, { token: 'tok-of-somebody' })
  await assert.rejects(githubDraft.probe(lookOnly(wrong.world), draftInput(wrong), KEY), code('token-refused', 'GITHUB_TOKEN'))
  const reader = await forge(t, { grant: { login: 'reader', rights: { contents: 'read', pull_requests: 'read' } } })
  await assert.rejects(githubDraft.apply!(reader.world, draftInput(reader), once), code('right-missing', 'Contents: write'))
  await assert.rejects(githubPull.apply!(reader.world, pullInput(reader), once), code('right-missing', 'Pull requests: write'))
  const elsewhere = { ...draftInput(reader), repository: 'acme/other' }
  await assert.rejects(githubDraft.probe(lookOnly(reader.world), elsewhere, KEY), code('right-missing', 'acme/other'))
  for (const { state } of [none, wrong, reader]) assert.deepEqual([state.releases, state.pulls], [[], []])
})

test('the target plans the way of a release, and its steps fit their kinds', async (t) => {
  const { commit, tree, world, artifact } = await forge(t)
  const context = {
    release: { name: 'oneflow', from: '1.0.0', to: '1.1.0', because: [] }, project: 'oneflow', tag: 'v1.1.0', releaseBranch: 'release/v1.1.0', mainBranch: 'main', remote: 'origin',
    date: '2026-11-22T10:00:00Z', prerelease: false, repository: 'https://github.com/acme/app.git', newest: true, newestIn: { major: true, minor: true }, notes: 'Notes.', author: 'Ada <ada@example.org>',
    commit: { commit, tree, parent: commit, message: 'chore: bump version to 1.1.0\n', author: 'Ada <ada@example.org>', date: '2026-11-22T10:00:00Z', files: [] },
  } as const
  const settings = (more: object) => githubSettings.parse({ repository: 'acme/oneflow', ...more })
  const kinds = (more: object) => target.prepare(context, settings(more)).map(({ kind }) => kind)
  assert.deepEqual(kinds({ reviewers: [REVIEWER] }), ['github.pull', 'github.reviewers', 'github.review', 'github.merge'])
  assert.deepEqual(kinds({ approvals: 0, merge: 'person' }), ['github.pull', 'github.merged'])
  const latest = (more: object, of: object = {}) => target.publish({ ...context, ...of, artifacts: [artifact], earlier: [], seen: [] }, settings(more)).flatMap(({ input }) => (input as { latest?: string }).latest ?? [])
  assert.deepEqual(latest({}), ['true'])
  assert.deepEqual(latest({}, { newest: false, newestIn: { major: false, minor: false } }), ['false'])
  assert.deepEqual(latest({}, { prerelease: true }), ['false'])
  assert.deepEqual(latest({ latest: 'always' }, { newest: false, newestIn: { major: false, minor: false } }), ['true'])
  assert.deepEqual(latest({ latest: 'never' }), ['false'])

  const byName = new Map(target.kinds.map((kind) => [kind.kind, kind]))
  const outputs: Record<string, unknown> = { '/number': 1, '/id': 1, '/uploadUrl': 'https://uploads.github.com/x{?name,label}', '/sha256': artifact.sha256, '/size': 3 }
  for (const draft of [...target.prepare(context, settings({ reviewers: [REVIEWER] })), ...target.publish({ ...context, artifacts: [artifact], earlier: [], seen: [] }, settings({}))]) {
    const whole: unknown = JSON.parse(JSON.stringify(draft.input), (_, value: unknown) => typeof value === 'object' && value !== null
      ? '$all' in value ? [] : '$from' in value && 'at' in value ? outputs[String(value.at)] : value
      : value)
    const kind = byName.get(draft.kind)!
    assert.deepEqual(kind.input.parse(kind.input.parse(whole)), kind.input.parse(whole))
  }

  const [expected] = target.expects(context, settings({}))
  const ask = async (): Promise<unknown> => target.facts['github.release']!(lookOnly(world), expected!.about)
  assert.equal(await ask(), null)
  await githubDraft.apply!(world, githubDraft.input.parse({ ...access, tag: 'v1.1.0', commit, title: 't', notes: '', prerelease: false }), once)
  const url = await ask()
  assert.ok(typeof url === 'string')
  assert.ok(expected!.otherwise(url).message.includes(url))
})

test('settings refuse what could lead elsewhere', () => {
  for (const wrong of [{}, { repository: 'oneflow' }, { repository: 'a/..' }, { repository: 'a/b/c' }, { repository: 'a/b', api: 'http://api.github.com' }, { repository: 'a/b', merge: 'now' }, { repository: 'a/b', approvals: -1 }]) {
    assert.equal(githubSettings.safeParse(wrong).success, false, JSON.stringify(wrong))
  }
})

test('examples of every kind fit their input and describe both ways', () => {
  const ground = {
    remote: 'origin', repository: { owner: 'acme', name: 'oneflow' }, branch: 'main', base: { commit: 'a'.repeat(40), tree: 'b'.repeat(40) },
    release: { commit: 'c'.repeat(40), tree: 'd'.repeat(40), files: [], message: 'chore: x\n', author: 'A <a@a>', date: '2026-11-22T10:00:00Z' },
    version: '1.1.0', tag: 'v1.1.0', artifacts: [{ name: 'a.whl', mediaType: 'application/zip', size: 3, sha256: `sha256:${'e'.repeat(64)}`, by: 'pypi', about: {} }], former: `sha256:${'f'.repeat(64)}`,
  } as const
  for (const kind of target.kinds) {
    const examples = kind.examples(ground)
    assert.ok(examples.length > 0, kind.kind)
    for (const example of examples) {
      assert.deepEqual(kind.input.parse(JSON.parse(JSON.stringify(example))), example)
      const { apply, undo, byHand } = kind.describe(example)
      assert.ok(apply !== '' && undo !== '' && byHand.length > 0)
    }
  }
})
