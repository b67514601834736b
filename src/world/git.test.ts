// Tests of running git, with a real git.
import assert from 'node:assert/strict'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openGit } from './git.ts'
import { gitIn, gitTestEnv, repository, serve, temporaryFolder } from './test-rig.ts'
import type { GitOptions } from './git.ts'

function git(folder: string, more: Partial<GitOptions> = {}) {
  return openGit({ repository: folder, env: gitTestEnv, secret: (name) => name === 'GITHUB_TOKEN' ? 'hidden-token' : undefined, redact: (text) => text.replaceAll('hidden-token', '***'), ...more })
}

test('git answers with its exit code, reads its input and keeps names as they are', async () => {
  await using at = await repository({ 'größe.txt': 'one' })
  const run = git(at.path)
  assert.deepEqual(await run(['ls-tree', '--name-only', 'HEAD']), { code: 0, stdout: 'größe.txt\n', stderr: '' })
  assert.equal((await run(['hash-object', '--stdin'], { stdin: 'one' })).stdout.trim(), gitIn(at.path, 'rev-parse', 'HEAD:größe.txt'))
  const failed = await run(['rev-parse', '--verify', 'no-such-ref'])
  assert.equal(failed.code, 128)
  assert.match(failed.stderr, /fatal: Needed a single revision/)
})

test('the given dates make a commit the same every time', async () => {
  await using at = await repository({ a: '1' })
  const env = { GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z', GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z' }
  const commit = () => git(at.path)(['commit-tree', 'HEAD^{tree}', '-m', 'x'], { env })
  assert.deepEqual(await commit(), await commit())
  assert.equal(gitIn(at.path, 'show', '--no-patch', '--format=%ct', (await commit()).stdout.trim()), String(Date.parse('2026-01-02T03:04:05Z') / 1000))
})

test('git follows neither hooks nor variables that point elsewhere', async () => {
  await using at = await repository({ a: '1' })
  await writeFile(join(at.path, '.git', 'hooks', 'pre-commit'), '#!/bin/sh\nexit 1\n')
  await chmod(join(at.path, '.git', 'hooks', 'pre-commit'), 0o755)
  const answer = await git(at.path, { env: { ...gitTestEnv, GIT_DIR: '/nowhere', GIT_TRACE: '1', GIT_INDEX_FILE: '/nowhere' } })(['commit', '--quiet', '--allow-empty', '--message=two'])
  assert.deepEqual(answer, { code: 0, stdout: '', stderr: '' })
})

test('the user\'s configuration is read, or nothing but the repository\'s own', async () => {
  await using at = await repository({ a: '1' })
  await using home = await temporaryFolder()
  await writeFile(join(home.path, 'config'), '[user]\n\tname = From Home\n')
  const env = { ...gitTestEnv, GIT_CONFIG_GLOBAL: join(home.path, 'config') }
  assert.equal((await git(at.path, { env })(['config', '--get', 'user.name'])).stdout, 'From Home\n')
  assert.equal((await git(at.path, { env, inherits: 'nothing' })(['config', '--get', 'user.name'])).code, 1)
})

test('a route serves a public remote for fetch and push, and the remote keeps its public name', async () => {
  await using at = await repository({ a: '1' })
  await using served = await temporaryFolder()
  await mkdir(join(served.path, 'o'))
  gitIn(served.path, 'init', '--quiet', '--bare', 'o/r.git')
  gitIn(at.path, 'remote', 'add', 'origin', 'https://github.com/o/r.git')
  const run = git(at.path, { routes: { 'https://github.com/': `${served.path}/` } })
  assert.equal((await run(['push', '--quiet', 'origin', 'HEAD:refs/heads/main'])).code, 0)
  assert.equal((await run(['ls-remote', 'origin', 'refs/heads/main'])).stdout, `${gitIn(at.path, 'rev-parse', 'HEAD')}\trefs/heads/main\n`)
  assert.equal(gitIn(at.path, 'config', '--get', 'remote.origin.url'), 'https://github.com/o/r.git')
})

test('a secret is lent to the remote that asks for it, and to nothing else', async () => {
  await using at = await repository({ a: '1' })
  const asked: (string | undefined)[] = []
  await using server = await serve((request, response) => {
    asked.push(request.headers.authorization)
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' })
    response.end()
  })
  const run = git(at.path)
  const remote = `${server.url}/o/r.git`
  const lent = await run(['ls-remote', remote], { secret: 'GITHUB_TOKEN' })
  assert.equal(lent.code, 128)
  assert.deepEqual(asked, [undefined, `Basic ${Buffer.from('x-access-token:hidden-token').toString('base64')}`])
  asked.length = 0
  assert.equal((await run(['ls-remote', remote])).code, 128)
  assert.equal((await run(['ls-remote', remote], { secret: 'NOT_SET' })).code, 128)
  assert.deepEqual(asked, [undefined, undefined])
  const printed = await run(['-c', 'alias.leak=!env', 'leak'], { secret: 'GITHUB_TOKEN' })
  assert.ok(printed.stdout.includes('SLIPWAY_GIT_SECRET=***') && !printed.stdout.includes('hidden-token'))
})

test('a secret does not follow a redirect, and is not sent in the clear to another machine', async () => {
  await using at = await repository({ a: '1' })
  const asked: string[] = []
  await using other = await serve((_request, response) => {
    asked.push('other')
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' })
    response.end()
  })
  await using server = await serve((request, response) => {
    response.writeHead(302, { location: `${other.url}${request.url}` })
    response.end()
  })
  assert.equal((await git(at.path)(['ls-remote', `${server.url}/o/r.git`], { secret: 'GITHUB_TOKEN' })).code, 128)
  assert.deepEqual(asked, [])
  const fill = (host: string, protocol: string) => git(at.path)(['credential', 'fill'], { secret: 'GITHUB_TOKEN', stdin: `protocol=${protocol}\nhost=${host}\n\n` })
  assert.equal((await fill('example.org', 'http')).code, 128)
  assert.equal((await fill('127.0.0.1.example.org', 'http')).code, 128)
  assert.match((await fill('example.org', 'https')).stdout, /username=x-access-token/)
})

test('the secret is not on the command line of git or of what it starts', async () => {
  await using at = await repository({ a: '1' })
  const list = join(at.path, 'ps')
  const answer = await git(at.path)(['-c', `alias.look=!ps -eo args > ${list}`, 'look'], { secret: 'GITHUB_TOKEN' })
  assert.equal(answer.code, 0)
  assert.ok(existsSync(list))
  assert.ok(!(await readFile(list, 'utf8')).includes('hidden-token'))
  await rm(list)
})

test('a machine without git is told so', async () => {
  await using at = await repository({ a: '1' })
  await assert.rejects(git(at.path, { env: { PATH: '/nowhere' } })(['version']), { code: 'tool-missing' })
})
