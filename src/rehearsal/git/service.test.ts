// The git server against the real git.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { serve } from '../serve.ts'
import type { Served } from '../serve.ts'
import { createBare, git } from './bare.ts'
import { gitEnvironment } from './process.ts'
import { installRules, readRules, violation, writeRules } from './rules.ts'
import { gitService } from './service.ts'

let home: string
let root: string
let bare: string
let clone: string
let served: Served

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'git-service-'))
  root = join(home, 'served')
  const service = gitService({
    host: 'github.com', root,
    tokens: (password) => (password === 'right' ? true : password === 'read-only' ? 'reading' : false),
    pages: async (call) => (call.url.pathname === '/about' ? { status: 200, body: 'A page.' } : undefined),
  })
  served = await serve({ services: [service] })
})

after(async () => {
  await served.close()
  await rm(home, { recursive: true })
})

let turn = 0
beforeEach(async () => {
  turn += 1
  bare = await createBare(root, `acme/repo-${turn}`)
  clone = join(home, `clone-${turn}`)
  await mkdir(clone)
  await run('init', '--quiet', '--template=', '--initial-branch=main')
  await run('remote', 'add', 'origin', remote('right'))
  await commit('one')
  await run('push', '--quiet', 'origin', 'main')
})

function remote(password?: string): string {
  const url = served.address(`https://github.com/acme/repo-${turn}.git`)
  return password === undefined ? url : url.replace('http://', `http://x-access-token:${password}@`)
}

/** Runs git in the clone; rejects with its words when it fails. */
function run(...args: readonly string[]): Promise<string> {
  const env = { ...gitEnvironment(), GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org' }
  return new Promise((resolve, reject) => {
    execFile('git', ['-C', clone, ...args], { env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim())
      else reject(new Error(stderr))
    })
  })
}

async function commit(name: string): Promise<string> {
  await writeFile(join(clone, name), name)
  await run('add', name)
  await run('commit', '--quiet', '-m', name)
  return run('rev-parse', 'HEAD')
}

const tip = (ref: string) => git(bare, ['for-each-ref', '--format=%(objectname)', ref])

test('everybody clones without a password, also under the address without .git', async () => {
  const copy = join(home, `copy-${turn}`)
  await run('clone', '--quiet', remote().replace(/\.git$/, ''), copy)
  assert.equal(await git(join(copy, '.git'), ['rev-parse', 'HEAD']), await run('rev-parse', 'HEAD'))
})

test('a commit is fetched by its hash alone', async () => {
  const old = await run('rev-parse', 'HEAD')
  await commit('two')
  await run('push', '--quiet', 'origin', 'main')
  const copy = join(home, `copy-${turn}`)
  await run('init', '--quiet', '--template=', copy)
  await git(join(copy, '.git'), ['fetch', '--quiet', '--depth=1', remote(), old])
  assert.equal(await git(join(copy, '.git'), ['rev-parse', 'FETCH_HEAD']), old)
})

test('a branch and an annotated tag arrive in one atomic push', async () => {
  const head = await commit('two')
  await run('tag', '-a', 'v1.0.0', '-m', 'One')
  await run('push', '--quiet', '--atomic', 'origin', 'HEAD:refs/heads/release/v1.0.0', 'v1.0.0')
  assert.equal(await tip('refs/heads/release/v1.0.0'), head)
  assert.equal(await git(bare, ['cat-file', '-t', 'v1.0.0']), 'tag')
})

test('a push with no, a wrong or a reading password changes nothing', async () => {
  await commit('two')
  const before = await tip('refs/heads/main')
  await assert.rejects(run('push', '--quiet', remote(), 'main'), /could not read Username/)
  await assert.rejects(run('push', '--quiet', remote('wrong'), 'main'), /Authentication failed/)
  await assert.rejects(run('push', '--quiet', remote('read-only'), 'main'), /denied to x-access-token[\s\S]*error: 403/)
  assert.equal(await tip('refs/heads/main'), before)
})

test('a repository that is not there looks private to strangers', async () => {
  const missing = served.address('https://github.com/acme/nothing.git')
  await assert.rejects(run('ls-remote', missing), /could not read Username/)
  await assert.rejects(run('ls-remote', missing.replace('http://', 'http://x:right@')), /not found/)
})

test('main neither goes back nor away, other branches do', async () => {
  const first = await run('rev-parse', 'HEAD')
  const second = await commit('two')
  await run('push', '--quiet', 'origin', 'main', 'main:side')
  await assert.rejects(run('push', '--quiet', '--force', 'origin', `${first}:refs/heads/main`), /GH013[\s\S]*Cannot force-push to this branch/)
  await assert.rejects(run('push', '--quiet', 'origin', ':main'), /Cannot delete this branch/)
  assert.equal(await tip('refs/heads/main'), second)
  await run('push', '--quiet', '--force', 'origin', `${first}:refs/heads/side`)
  assert.equal(await tip('refs/heads/side'), first)
  await run('push', '--quiet', 'origin', ':side')
  assert.equal(await tip('refs/heads/side'), '')
})

test('a push with a lease fails when the ref has moved and goes through when it has not', async () => {
  const first = await run('rev-parse', 'HEAD')
  await run('push', '--quiet', 'origin', `${first}:refs/slipway/lease`)
  const second = await commit('two')
  await assert.rejects(run('push', '--quiet', `--force-with-lease=refs/slipway/lease:${second}`, 'origin', `${second}:refs/slipway/lease`), /stale info/)
  assert.equal(await tip('refs/slipway/lease'), first)
  await run('push', '--quiet', `--force-with-lease=refs/slipway/lease:${first}`, 'origin', `${second}:refs/slipway/lease`)
  assert.equal(await tip('refs/slipway/lease'), second)
})

test('the tag of an immutable release stays where it is, and its name is used up', async () => {
  await run('tag', '-a', 'v1.0.0', '-m', 'One')
  await run('push', '--quiet', 'origin', 'v1.0.0')
  const before = await tip('refs/tags/v1.0.0')
  const ref = 'refs/tags/v1.0.0'
  writeRules(bare, { ...readRules(bare), locked: [ref], burnt: [ref] })
  await commit('two')
  await run('tag', '-f', '-a', 'v1.0.0', '-m', 'Other')
  await assert.rejects(run('push', '--quiet', '--force', 'origin', 'v1.0.0'), /GH013[\s\S]*Cannot update this protected ref\./)
  await assert.rejects(run('push', '--quiet', 'origin', ':v1.0.0'), /Cannot delete this tag/)
  assert.equal(await tip(ref), before)
  writeRules(bare, { ...readRules(bare), locked: [] })
  await run('push', '--quiet', 'origin', ':v1.0.0')
  await assert.rejects(run('push', '--quiet', 'origin', 'v1.0.0'), /Cannot create ref due to creations being restricted/)
  assert.equal(await tip(ref), '')
})

test('compressed request bodies are read', async () => {
  const wants = `${pktLine('command=ls-refs\n')}0001${pktLine('ref-prefix refs/heads/main\n')}0000`
  const answer = await fetch(`${remote()}/git-upload-pack`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-git-upload-pack-request', 'content-encoding': 'gzip', 'git-protocol': 'version=2' },
    body: gzipSync(wants),
  })
  assert.match(await answer.text(), /[0-9a-f]{40} refs\/heads\/main/)
})

test('pages beside the repositories are answered, others are not found', async () => {
  assert.equal(await (await fetch(served.address('https://github.com/about'))).text(), 'A page.')
  assert.equal((await fetch(served.address('https://github.com/acme'))).status, 404)
})

test('rules that are there survive a second installation', () => {
  writeRules(bare, { guarded: ['refs/heads/main'], locked: ['refs/tags/v1'], burnt: ['refs/tags/v1'], closed: [], kept: [] })
  installRules(bare)
  assert.deepEqual(readRules(bare).locked, ['refs/tags/v1'])
})

test('the rules say the same without a push', () => {
  const rules = { guarded: ['refs/heads/main'], locked: ['refs/tags/v1'], burnt: ['refs/tags/v1'], closed: [], kept: [] }
  assert.equal(violation(rules, { ref: 'refs/heads/main', is: 'update', forward: true }), undefined)
  assert.equal(violation(rules, { ref: 'refs/heads/main', is: 'update', forward: false }), 'Cannot force-push to this branch')
  assert.equal(violation(rules, { ref: 'refs/tags/v1', is: 'delete', forward: false }), 'Cannot delete this tag')
  assert.equal(violation(rules, { ref: 'refs/tags/v2', is: 'delete', forward: false }), undefined)
})

function pktLine(text: string): string {
  return (text.length + 4).toString(16).padStart(4, '0') + text
}
