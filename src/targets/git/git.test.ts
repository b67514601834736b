// Tests the git kinds against real git and a bare remote.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { AnyKind, Ground, Once } from '../../model/kind.ts'
import { SlipwayError } from '../../model/error.ts'
import type { PrepareContext } from '../../model/target.ts'
import type { World } from '../../model/world.ts'
import { lookOnly } from '../../world/readonly.ts'
import { openWorld } from '../../world/world.ts'
import { gitAdvance } from './advance.ts'
import { gitBranch } from './branch.ts'
import { gitCommit } from './commit.ts'
import { git as target } from './index.ts'
import { commitId, tagId } from './objects.ts'
import { refusal } from './remote.ts'
import { gitSettings } from './settings.ts'
import { isRefName, remoteShape } from './shape.ts'
import { gitTag } from './tag.ts'
import { remoteTrouble } from './trouble.ts'

const AUTHOR = 'Ada Lovelace <ada@example.org>'
const DATE = '2026-11-22T10:00:00Z'
const once: Once = { key: 'sha256:0#x', signal: new AbortController().signal, progress: () => undefined, say: () => undefined }

interface Repositories {
  readonly world: World
  readonly folder: string
  readonly remote: string
  readonly base: { readonly commit: string; readonly tree: string }
  git(args: readonly string[], options?: Parameters<World['git']>[1]): Promise<string>
  atRemote(...args: readonly string[]): Promise<string>
}

/** A clone with one commit on main, and the bare repository that it was pushed to. */
async function repositories(t: TestContext, format = 'sha1'): Promise<Repositories> {
  const root = await mkdtemp(join(tmpdir(), 'slipway-git-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  const [folder, remote] = [join(root, 'work'), join(root, 'remote.git')]
  await mkdir(folder)
  const world = openWorld({
    repository: folder, folder: join(root, 'state'), env: { PATH: process.env['PATH'] ?? '' }, version: '0.0.0', gitInherits: 'nothing',
    evidence: { find: async () => undefined, record: async () => undefined },
  })
  const git: Repositories['git'] = async (args, options) => {
    const answer = await world.git(args, options)
    assert.equal(answer.code, 0, `git ${args.join(' ')}: ${answer.stderr}`)
    return answer.stdout.trim()
  }
  await git(['init', '--quiet', '--bare', `--object-format=${format}`, '--initial-branch=main', remote])
  await git(['init', '--quiet', `--object-format=${format}`, '--initial-branch=main'])
  await git(['remote', 'add', 'origin', remote])
  await git(['config', 'user.name', 'Ada'])
  await git(['config', 'user.email', 'ada@example.org'])
  await writeFile(join(folder, 'setup.py'), 'VERSION = "1.0.0"\n')
  await writeFile(join(folder, 'run.sh'), '#!/bin/sh\necho 1.0.0\n', { mode: 0o755 })
  await git(['add', '.'])
  await git(['commit', '--quiet', '--message', 'begin'])
  await git(['push', '--quiet', 'origin', 'main'])
  const [commit = '', tree = ''] = (await git(['rev-parse', 'HEAD', 'HEAD^{tree}'])).split('\n')
  return { world, folder, remote, base: { commit, tree }, git, atRemote: (...args) => git(['--git-dir', remote, ...args]) }
}

const FILES = [{ path: 'run.sh', text: '#!/bin/sh\necho 1.1.0 – à jour\n' }, { path: 'docs/new file.md', text: 'new\n' }, { path: 'setup.py', text: 'VERSION = "1.1.0"\n' }]
const MESSAGE = 'chore: bump version to 1.1.0\n'

/** The release commit as planning knows it, made by git itself in a work tree of its own. */
async function planned({ git, folder, base }: Repositories) {
  await git(['worktree', 'add', '--quiet', '--detach', '../other', base.commit])
  const other = join(folder, '../other')
  await mkdir(join(other, 'docs'))
  for (const { path, text } of FILES) await writeFile(join(other, path), text)
  await git(['-C', other, 'add', '.'])
  const tree = await git(['-C', other, 'write-tree'])
  return { tree, parent: base.commit, message: MESSAGE, author: AUTHOR, date: DATE, files: FILES }
}

async function released(repository: Repositories) {
  const parts = await planned(repository)
  const { commit } = await gitCommit.apply!(repository.world, { remote: 'origin', commit: commitId(parts), ...parts }, once)
  return { ...parts, commit }
}

const code = (code: string) => (error: unknown) => error instanceof SlipwayError && error.code === code

for (const format of ['sha1', 'sha256']) {
  test(`ids of commits and tags are those of git itself (${format})`, async (t) => {
    const { git, base } = await repositories(t, format)
    const env = { GIT_AUTHOR_NAME: 'Zoë', GIT_AUTHOR_EMAIL: 'z@x', GIT_COMMITTER_NAME: 'Zoë', GIT_COMMITTER_EMAIL: 'z@x', GIT_AUTHOR_DATE: DATE, GIT_COMMITTER_DATE: DATE }
    const who = 'Zoë <z@x>'
    const made = await git(['commit-tree', base.tree, '-p', base.commit, '-m', 'fünf\n\nSix.'], { env })
    assert.equal(commitId({ tree: base.tree, parent: base.commit, author: who, date: DATE, message: 'fünf\n\nSix.' }), made)
    const root = await git(['commit-tree', base.tree, '-m', 'root'], { env })
    assert.equal(commitId({ tree: base.tree, author: who, date: '2026-11-22T11:00:00.900+01:00', message: 'root\n' }), root)
    await git(['tag', '--annotate', 'v1', '--message', 'Release v1', base.commit], { env })
    assert.equal(tagId({ commit: base.commit, tag: 'v1', tagger: who, date: DATE, message: 'Release v1\n' }), await git(['rev-parse', 'v1']))
  })
}

test('the release commit is made whole without touching a ref, the index or the work tree', async (t) => {
  const repository = await repositories(t)
  const { world, git, folder } = repository
  const parts = await planned(repository)
  const input = gitCommit.input.parse({ remote: 'origin', commit: commitId(parts), ...parts })
  const before = await git(['for-each-ref'])
  assert.deepEqual(await gitCommit.probe(lookOnly(world), input, ''), { state: 'absent' })
  const output = await gitCommit.apply!(world, input, once)
  assert.deepEqual(output, { commit: input.commit, tree: parts.tree })
  assert.deepEqual(await gitCommit.probe(lookOnly(world), input, ''), { state: 'present', output })
  assert.equal(await git(['for-each-ref']), before)
  assert.equal(await git(['status', '--porcelain']), '')
  assert.equal(await readFile(join(folder, 'setup.py'), 'utf8'), 'VERSION = "1.0.0"\n')
  assert.match(await git(['ls-tree', output.commit, 'run.sh']), /^100755 /)
  assert.equal(await git(['show', `${output.commit}:docs/new file.md`]), 'new')
  await git(['fsck', '--strict'])
})

test('a commit that does not come out as planned is refused', async (t) => {
  const repository = await repositories(t)
  const parts = await planned(repository)
  const files = [{ path: 'setup.py', text: 'VERSION = "9"\n' }]
  await assert.rejects(gitCommit.apply!(repository.world, { remote: 'origin', commit: commitId(parts), ...parts, files }, once), code('plan-stale'))
})

test('a missing parent is fetched first, without a new ref', async (t) => {
  const here = await repositories(t)
  const parts = await planned(here)
  const there = await repositories(t)
  await there.git(['remote', 'set-url', 'origin', here.remote])
  const before = await there.git(['for-each-ref'])
  const { commit } = await gitCommit.apply!(there.world, { remote: 'origin', commit: commitId(parts), ...parts }, once)
  assert.equal(commit, commitId(parts))
  assert.equal(await there.git(['for-each-ref']), before)
  await assert.rejects(stat(join(there.folder, '.git/FETCH_HEAD')))
})

test('the release branch is made once, found again, and taken back', async (t) => {
  const repository = await repositories(t)
  const { world, atRemote } = repository
  const { commit } = await released(repository)
  const input = gitBranch.input.parse({ remote: 'origin', branch: 'release/v1.1.0', commit, token: { $secret: 'GITHUB_TOKEN' } })
  await contract(gitBranch, { world, input })
  assert.equal(await atRemote('for-each-ref', 'refs/heads/release'), '')
})

test('a branch of others is a conflict, is never overwritten and never deleted', async (t) => {
  const repository = await repositories(t)
  const { world, atRemote, base } = repository
  const { commit } = await released(repository)
  const input = { remote: 'origin', branch: 'release/v1.1.0', commit }
  await atRemote('branch', 'release/v1.1.0', base.commit)
  const probe = await gitBranch.probe(lookOnly(world), input, '')
  assert.ok(probe.state === 'conflict' && probe.found.includes(base.commit))
  await assert.rejects(gitBranch.apply!(world, input, once), code('branch-exists'))
  await assert.rejects(undoOf(gitBranch)(world, input, undefined, once), code('branch-exists'))
  assert.equal(await atRemote('rev-parse', 'release/v1.1.0'), base.commit)
})

test('a hook of the remote that declines is a missing right, in its own words', async (t) => {
  const repository = await repositories(t)
  const { world, remote } = repository
  const { commit } = await released(repository)
  await writeFile(join(remote, 'hooks/pre-receive'), '#!/bin/sh\necho GH013: Repository rule violations >&2\nexit 1\n', { mode: 0o755 })
  await assert.rejects(gitBranch.apply!(world, { remote: 'origin', branch: 'b', commit }, once), (error: unknown) => {
    assert.ok(error instanceof SlipwayError)
    assert.equal(error.code, 'right-missing')
    assert.match(error.problems[0].detail ?? '', /GH013/)
    return true
  })
})

test('the annotated tag is made once, found again, and taken back', async (t) => {
  const repository = await repositories(t)
  const { world, git, atRemote } = repository
  const { commit } = await released(repository)
  const parts = { tag: 'v1.1.0', commit, message: 'Release 1.1.0\n', tagger: AUTHOR, date: DATE }
  const input = gitTag.input.parse({ remote: 'origin', object: tagId(parts), ...parts })
  await contract(gitTag, { world, input })
  assert.equal(await atRemote('tag'), '')
  await gitTag.apply!(world, input, once)
  assert.equal(await atRemote('cat-file', '-t', 'v1.1.0'), 'tag')
  assert.equal(await atRemote('rev-parse', 'v1.1.0^{commit}'), commit)
  assert.equal(await git(['tag']), '', 'the local repository keeps its tags')
})

test('another tag of the same name is a conflict and is left alone', async (t) => {
  const repository = await repositories(t)
  const { world, atRemote, base } = repository
  const { commit } = await released(repository)
  const parts = { tag: 'v1.1.0', commit, message: 'Release 1.1.0\n', tagger: AUTHOR, date: DATE }
  const input = { remote: 'origin', object: tagId(parts), ...parts }
  await atRemote('tag', 'v1.1.0', base.commit)
  const probe = await gitTag.probe(lookOnly(world), input, '')
  assert.deepEqual(probe, { state: 'conflict', found: `v1.1.0 on origin is a lightweight tag on ${base.commit}` })
  await assert.rejects(gitTag.apply!(world, input, once), code('tag-exists'))
  await assert.rejects(undoOf(gitTag)(world, input, undefined, once), code('tag-exists'))
  assert.equal(await atRemote('rev-parse', 'v1.1.0'), base.commit)
})

test('the main branch moves forward by the release commit and by nothing else', async (t) => {
  const repository = await repositories(t)
  const { world, git, atRemote, base } = repository
  const { commit, tree } = await released(repository)
  const input = { remote: 'origin', branch: 'main', base: base.commit, commit, tree }
  const look = lookOnly(world)
  assert.deepEqual(await gitAdvance.probe(look, input, ''), { state: 'absent' })
  assert.deepEqual(await gitAdvance.apply!(world, input, once), { commit, tree })
  assert.equal((await gitAdvance.probe(look, input, '')).state, 'present')
  const later = await git(['commit-tree', tree, '-p', commit, '-m', 'later'])
  await git(['push', '--quiet', 'origin', `${later}:refs/heads/main`])
  assert.equal((await gitAdvance.probe(look, input, '')).state, 'present', 'a branch that went on holds the release still')
  const aside = await git(['commit-tree', base.tree, '-p', base.commit, '-m', 'aside'])
  await git(['push', '--quiet', '--force', 'origin', `${aside}:refs/heads/main`])
  assert.equal((await gitAdvance.probe(look, input, '')).state, 'conflict')
  await assert.rejects(gitAdvance.apply!(world, input, once), code('plan-stale'))
  assert.equal(await atRemote('rev-parse', 'main'), aside)
})

test('a remote that does not answer leaves doubt, one that is not there is refused', async (t) => {
  const { world, git, base } = await repositories(t)
  const input = { remote: 'origin', branch: 'b', commit: base.commit }
  await git(['remote', 'set-url', 'origin', 'http://127.0.0.1:9/nobody.git'])
  await assert.rejects(gitBranch.probe(lookOnly(world), input, ''), (error: unknown) => error instanceof Error && !(error instanceof SlipwayError))
  await assert.rejects(target.facts['git.ref']!(lookOnly(world), { remote: 'origin', ref: 'refs/heads/main' }), code('remote-unreachable'))
  await git(['remote', 'set-url', 'origin', '/nowhere/at/all.git'])
  await assert.rejects(gitBranch.apply!(world, input, once), code('remote-missing'))
})

test('words of git about credentials and rights become problems, without credentials in addresses', () => {
  const said = (stderr: string) => remoteTrouble({ code: 128, stdout: '', stderr }, { remote: 'origin', doing: 'push to' })
  for (const [words, expected] of [
    ['fatal: Authentication failed for \'https://github.com/a/b/\'', 'token-refused'],
    ['fatal: could not read Username for \'https://github.com\': terminal prompts disabled', 'token-refused'],
    ['remote: Permission to a/b.git denied to c.\nfatal: unable to access: The requested URL returned error: 403', 'right-missing'],
    ['fatal: unable to access: server certificate verification failed. CAfile: none', 'certificate-refused'],
    ['remote: Repository not found.', 'remote-missing'],
  ] as const) assert.ok(code(expected)(said(words)), words)
  assert.ok(!(said('fatal: unable to access \'https://u:p4ss@h/\': Could not resolve host: h') instanceof SlipwayError))
  assert.ok(!said('fatal: unable to access \'https://u:p4ss@h/\': Could not resolve host: h').message.includes('p4ss'))
  assert.ok(!(said('error: RPC failed; HTTP 502 The requested URL returned error: 502') instanceof SlipwayError))
})

test('the lines of a porcelain push tell a lost race from a refusal', () => {
  const line = (summary: string) => `To x\n!\tabc:refs/heads/b\t${summary}\nDone\n`
  assert.equal(refusal(line('[rejected] (stale info)'), 'refs/heads/b')?.by, 'lease')
  assert.deepEqual(refusal(line('[remote rejected] (pre-receive hook declined)'), 'refs/heads/b'), { by: 'remote', why: 'pre-receive hook declined' })
  assert.equal(refusal(line('[remote failure] (remote failed to report status)'), 'refs/heads/b'), undefined)
  assert.equal(refusal('fatal: no\n', 'refs/heads/b'), undefined)
})

test('names that could pass for options or leave refs are refused', () => {
  for (const name of ['', '-x', 'a..b', 'a b', 'a~1', '/a', 'a/', 'a.lock', 'a/.b', 'a@{1}', 'a\nb', '@']) assert.equal(isRefName(name), false, JSON.stringify(name))
  for (const name of ['main', 'release/v1.0.0-rc.1+x', 'v1', 'é']) assert.equal(isRefName(name), true, name)
  for (const remote of ['--upload-pack=x', 'ext::sh -c x', 'a b', '']) assert.equal(remoteShape.safeParse(remote).success, false, remote)
  assert.equal(remoteShape.safeParse('/srv/git/x.git').success, true)
})

test('settings have defaults and refuse what is no name', () => {
  assert.deepEqual(gitSettings.parse({}), { remote: 'origin', branch: 'main', tag: 'v{version}', releaseBranch: 'release/v{version}', token: 'GITHUB_TOKEN', merge: 'forge' })
  for (const wrong of [{ tag: 'release' }, { tag: 'v {version}' }, { branch: '-x' }, { colour: 'red' }, { token: 'ghp x' }]) assert.equal(gitSettings.safeParse(wrong).success, false, JSON.stringify(wrong))
})

test('the target plans commit, branch and tag, and moves the main branch only where no forge does', async (t) => {
  const { world, base, atRemote } = await repositories(t)
  const context: PrepareContext = {
    release: { name: 'one', from: '1.0.0', to: '1.1.0', because: [] }, project: 'one', tag: 'v1.1.0', releaseBranch: 'release/v1.1.0', mainBranch: 'main', remote: 'origin',
    date: DATE, prerelease: false, repository: 'https://github.com/acme/app.git', newest: true, newestIn: { major: true, minor: true }, notes: '', author: AUTHOR,
    commit: { commit: base.commit, tree: base.tree, parent: base.commit, message: MESSAGE, author: AUTHOR, date: DATE, files: [] },
  }
  const kindsOf = (merge: string) => target.prepare(context, gitSettings.parse({ merge })).map(({ kind }) => kind)
  assert.deepEqual(kindsOf('forge'), ['git.commit', 'git.branch'])
  assert.deepEqual(kindsOf('push'), ['git.commit', 'git.branch', 'git.advance'])
  const kinds = new Map(target.kinds.map((kind) => [kind.kind, kind]))
  for (const draft of [...target.prepare(context, gitSettings.parse({ merge: 'push' })), ...target.publish({ ...context, artifacts: [], earlier: [], seen: [] }, gitSettings.parse({}))]) kinds.get(draft.kind)!.input.parse(draft.input)

  const [tag] = target.expects(context, gitSettings.parse({}))
  const ask = () => target.facts['git.ref']!(lookOnly(world), tag!.about)
  assert.equal(await ask(), tag!.saw)
  await atRemote('-c', 'user.name=x', '-c', 'user.email=x@x', 'tag', '--annotate', '--message', 'x', 'v1.1.0', base.commit)
  assert.equal(await ask(), base.commit, 'an annotated tag is answered by its commit')
  const problem = tag!.otherwise(base.commit)
  assert.ok(problem.code === 'tag-exists' && problem.message.includes(base.commit))
})

test('examples of every kind fit their input and begin absent', async (t) => {
  const repository = await repositories(t)
  const release = await released(repository)
  const ground: Ground = {
    remote: 'origin', repository: { owner: 'o', name: 'n' }, branch: 'main', base: repository.base, release, version: '1.1.0', tag: 'v1.1.0', artifacts: [], former: `sha256:${'f'.repeat(64)}`,
  }
  for (const kind of target.kinds) {
    for (const example of kind.examples(ground)) {
      assert.deepEqual(kind.input.parse(JSON.parse(JSON.stringify(example))), example)
      assert.equal((await kind.probe(lookOnly(repository.world), example, '')).state, 'absent', kind.kind)
      const output = await kind.apply!(repository.world, example, once)
      assert.deepEqual(await kind.probe(lookOnly(repository.world), example, ''), { state: 'present', output }, kind.kind)
      assert.ok(kind.describe(example).byHand.length > 0)
    }
  }
})

function undoOf(kind: AnyKind) {
  assert.ok(kind.reversal.is === 'reversible' || kind.reversal.is === 'compensable')
  return kind.reversal.undo
}

/** Absent, made, present, made again, taken back, absent, taken back again. */
async function contract(kind: AnyKind, { world, input }: { world: World; input: unknown }): Promise<void> {
  const look = lookOnly(world)
  assert.deepEqual(await kind.probe(look, input, ''), { state: 'absent' })
  const output: unknown = await kind.apply!(world, input, once)
  kind.output.parse(output)
  assert.deepEqual(await kind.probe(look, input, ''), { state: 'present', output })
  assert.deepEqual(await kind.apply!(world, input, once), output)
  await undoOf(kind)(world, input, output, once)
  assert.deepEqual(await kind.probe(look, input, ''), { state: 'absent' })
  await undoOf(kind)(world, input, undefined, once)
}
