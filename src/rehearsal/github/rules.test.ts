// Rulesets, protection and scopes, as GitHub shows them and as they bind.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig, TOKENS } from './octokit.rig.ts'

const at = { owner: 'acme', repo: 'oneflow' }

test('a ruleset is listed by its target, read whole, and tells who may pass it by', async () => {
  await using rig = await createRig()
  rig.state.addRuleset({ name: 'releases', target: 'tag', include: ['refs/tags/v*'], rules: [{ type: 'creation' }], bypass: ['mona'] })
  rig.state.addRuleset({ name: 'branches', target: 'branch', include: ['~ALL'], rules: [{ type: 'deletion' }], bypass: [] })
  const { data } = await rig.octokit(TOKENS.reader).request('GET /repos/{owner}/{repo}/rulesets', { ...at, targets: 'tag' })
  assert.deepEqual(data.map(({ name }) => name), ['releases'])
  const whole = async (token: string) => (await rig.octokit(token).request('GET /repos/{owner}/{repo}/rulesets/{ruleset_id}', { ...at, ruleset_id: data[0]?.id ?? 0 })).data
  assert.equal((await whole(TOKENS.maker)).current_user_can_bypass, 'always')
  const { current_user_can_bypass: bypass, rules, conditions } = await whole(TOKENS.reader)
  assert.deepEqual([bypass, rules, conditions], ['never', [{ type: 'creation' }], { ref_name: { include: ['refs/tags/v*'], exclude: [] } }])
})

test('the rules for a branch are told whether it is there or not', async () => {
  await using rig = await createRig()
  rig.state.addRuleset({ name: 'releases', target: 'branch', include: ['refs/heads/release/*'], rules: [{ type: 'creation' }], bypass: [] })
  const rules = async (branch: string) => (await rig.octokit().request('GET /repos/{owner}/{repo}/rules/branches/{branch}', { ...at, branch })).data.map(({ type }) => type)
  assert.deepEqual(await rules('release/v1'), ['creation'])
  assert.deepEqual(await rules('main'), [])
})

test('a ruleset binds pushes and requests alike', async () => {
  await using rig = await createRig()
  rig.state.addRuleset({ name: 'releases', target: 'tag', include: ['refs/tags/v*'], rules: [{ type: 'creation' }, { type: 'deletion' }], bypass: [] })
  const sha = await rig.git('rev-parse', 'main')
  const make = (tag: string) => rig.octokit(TOKENS.maker).request('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: `refs/tags/${tag}`, sha })
  await assert.rejects(make('v1'), { status: 422 })
  assert.equal((await make('other')).status, 201)
  await rig.git('update-ref', 'refs/tags/v0', sha)
  await assert.rejects(rig.octokit(TOKENS.maker).request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', { ...at, ref: 'tags/v0' }), { status: 422 })
  const push = (refs: string) => rig.git('push', '--quiet', rig.bare, refs)
  await assert.rejects(push('main:refs/tags/v1'), /creations being restricted/)
  await assert.rejects(push(':refs/tags/v0'), /Cannot delete/)
  await push('main:refs/tags/another')
})

test('the protection of a branch is shown to administrators', async () => {
  await using rig = await createRig({ requiredApprovals: 2 })
  const protection = (token: string, branch = 'main') => rig.octokit(token).request('GET /repos/{owner}/{repo}/branches/{branch}/protection', { ...at, branch })
  assert.equal((await protection(TOKENS.maker)).data.required_pull_request_reviews?.required_approving_review_count, 2)
  await assert.rejects(protection(TOKENS.reader), { status: 403 })
  await rig.commit('other', { 'a': 'a' })
  await assert.rejects(protection(TOKENS.maker, 'other'), { status: 404, message: /Branch not protected/ })
  await assert.rejects(protection(TOKENS.maker, 'none'), { status: 404, message: /Branch not found/ })
})

test('notes are drafted for those who may write, and nothing is kept', async () => {
  await using rig = await createRig()
  const draft = (token: string) => rig.octokit(token).request('POST /repos/{owner}/{repo}/releases/generate-notes', { ...at, tag_name: 'v1' })
  assert.equal((await draft(TOKENS.maker)).data.name, 'v1')
  assert.deepEqual(rig.state.releases, [])
  await assert.rejects(draft(TOKENS.reader), { status: 403 })
})

test('the scopes of a classic token stand in every answer, those of a fine-grained one in none', async () => {
  await using rig = await createRig({ tokens: { classic: { login: 'mona', rights: { contents: 'write' }, scopes: ['repo', 'write:packages'] }, fine: { login: 'mona', rights: {} } } })
  const scopes = async (token: string) => (await rig.octokit(token).request('GET /repos/{owner}/{repo}', at)).headers['x-oauth-scopes']
  assert.equal(await scopes('classic'), 'repo, write:packages')
  assert.equal(await scopes('fine'), undefined)
})
