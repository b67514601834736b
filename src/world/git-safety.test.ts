// Tests of what a repository that somebody else wrote can make our git do, with a real git: nothing that it names is ever started.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkOut } from './checkout.ts'
import { openGit } from './git.ts'
import { locateRepository } from './locate.ts'
import { gitIn, gitTestEnv, repository, temporaryFolder } from './test-rig.ts'

const none = { secret: () => undefined, redact: (text: string) => text }

/** A repository, a program that leaves a trace where it is started, and whether it was. */
async function trapped(files: Readonly<Record<string, string>>) {
  const at = await repository(files)
  const trace = join(at.path, '.git', 'started')
  const program = join(at.path, '.git', 'trap')
  await writeFile(program, `#!/bin/sh\necho "$@" >> ${trace}\ncat\n`)
  await chmod(program, 0o755)
  return { path: at.path, program, started: () => existsSync(trace), git: openGit({ repository: at.path, env: gitTestEnv, ...none }), [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() }
}

test('an address that is a command is no remote, whatever the repository\'s configuration allows', async () => {
  await using at = await trapped({ a: '1' })
  gitIn(at.path, 'config', 'protocol.ext.allow', 'always')
  gitIn(at.path, 'config', 'remote.origin.url', `ext::${at.program} %S`)
  gitIn(at.path, 'config', `url.ext::${at.program} .insteadOf`, 'https://github.com/')
  for (const remote of [`ext::${at.program}`, 'origin', 'https://github.com/o/r']) {
    const answer = await at.git(['ls-remote', remote])
    assert.equal(answer.code, 128)
    assert.match(answer.stderr, /transport 'ext' not allowed/)
  }
  assert.equal(at.started(), false)
})

test('no driver of the repository is started to show what a file holds or how it differs', async () => {
  await using at = await trapped({ '.gitattributes': '* diff=trap', a: '1' })
  for (const name of ['diff.trap.textconv', 'diff.trap.command', 'diff.external']) gitIn(at.path, 'config', name, at.program)
  await writeFile(join(at.path, 'a'), '2')
  for (const args of [['diff'], ['diff', 'HEAD', '--'], ['log', '-p'], ['show', 'HEAD:a'], ['show', 'HEAD']]) assert.equal((await at.git(args)).code, 0, args.join(' '))
  assert.match((await at.git(['diff', '--no-index', '--no-color', join(at.path, 'a'), join(at.path, '.gitattributes')])).stdout, /\+\* diff=trap/)
  assert.equal(at.started(), false)
})

test('no filter or merge driver of the repository is started when its files are looked at or written out; git-lfs, as CI sets it up, stays', async () => {
  await using at = await trapped({ '.gitattributes': '* filter=trap merge=trap', a: '1' })
  await using out = await temporaryFolder()
  gitIn(at.path, 'config', 'extensions.worktreeConfig', 'true')
  for (const name of ['clean', 'smudge']) gitIn(at.path, 'config', `filter.trap.${name}`, at.program)
  gitIn(at.path, 'config', '--worktree', 'filter.trap.process', at.program)
  gitIn(at.path, 'config', 'filter.trap.required', 'true')
  gitIn(at.path, 'config', 'filter.lfs.smudge', 'git-lfs smudge -- %f')
  gitIn(at.path, 'config', 'filter.lfs.clean', at.program)
  await writeFile(join(at.path, 'a'), '2')
  assert.equal((await at.git(['status', '--porcelain'])).code, 0)
  assert.equal((await at.git(['diff', '--stat'])).code, 0)
  await mkdir(join(out.path, 'work'))
  await checkOut(at.git, 'HEAD', { folder: join(out.path, 'work'), index: join(out.path, 'index') })
  assert.equal(await readFile(join(out.path, 'work', 'a'), 'utf8'), '1')
  assert.equal((await at.git(['config', '--get', 'filter.lfs.smudge'])).stdout.trim(), 'git-lfs smudge -- %f')
  assert.equal((await at.git(['config', '--get', 'filter.lfs.clean'])).stdout.trim(), '')
  assert.equal(at.started(), false)
})

test('a folder of the tree that is laid out like a repository is not taken for one', async () => {
  await using at = await trapped({ 'sub/HEAD': 'ref: refs/heads/main\n', 'sub/objects/x': '', 'sub/refs/x': '' })
  await writeFile(join(at.path, 'sub', 'config'), `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ..\n\tfsmonitor = ${at.program}\n`)
  const answer = await openGit({ repository: join(at.path, 'sub'), env: gitTestEnv, ...none })(['status'])
  assert.equal(answer.code, 128)
  assert.match(answer.stderr, /cannot use bare repository/)
  await assert.rejects(locateRepository(join(at.path, 'sub')), { code: 'not-a-repository' })
  assert.equal(at.started(), false)
})

test('a tree that carries a .git is not written out', async () => {
  await using at = await trapped({ a: '1' })
  await using out = await temporaryFolder()
  const blob = gitIn(at.path, 'rev-parse', 'HEAD:a')
  const entry = (mode: string, name: string, id: string) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')])
  const write = async (...entries: Buffer[]) => {
    await writeFile(join(at.path, '.git', 'made'), Buffer.concat(entries))
    return gitIn(at.path, 'hash-object', '-t', 'tree', '-w', '--literally', join(at.path, '.git', 'made'))
  }
  const inner = await write(entry('100644', 'config', blob))
  for (const [index, name] of ['.git', '..', '.GIT'].entries()) {
    const folder = join(out.path, String(index))
    await mkdir(folder)
    const tree = await write(entry('40000', name, inner))
    const written = await checkOut(at.git, tree, { folder, index: join(out.path, `index${index}`) }).then(() => true, (error: { code?: string }) => error.code !== 'command-failed')
    assert.equal(written, false, name)
    assert.equal(existsSync(join(folder, name, 'config')) && name !== '..', false)
  }
})

test('a submodule is never fetched and stays an empty folder', async () => {
  await using at = await trapped({ a: '1' })
  await using out = await temporaryFolder()
  gitIn(at.path, 'update-index', '--add', '--cacheinfo', `160000,${gitIn(at.path, 'rev-parse', 'HEAD')},sub`)
  await writeFile(join(at.path, '.gitmodules'), `[submodule "sub"]\n\tpath = sub\n\turl = ext::${at.program}\n`)
  gitIn(at.path, 'add', '.gitmodules')
  gitIn(at.path, 'commit', '--quiet', '--message=two')
  gitIn(at.path, 'config', 'submodule.recurse', 'true')
  gitIn(at.path, 'config', 'submodule.sub.update', `!${at.program}`)
  gitIn(at.path, 'config', 'submodule.sub.active', 'true')
  const folder = join(out.path, 'work')
  await mkdir(folder)
  await checkOut(at.git, 'HEAD', { folder, index: join(out.path, 'index') })
  assert.equal(existsSync(join(folder, 'sub', '.git')), false)
  assert.equal((await at.git(['status', '--porcelain'])).code, 0)
  assert.equal(at.started(), false)
})

test('git in a rehearsal has no key of the person at hand', async () => {
  await using at = await repository({ a: '1' })
  const env = { ...gitTestEnv, SSH_AUTH_SOCK: '/canary', GIT_SSH_COMMAND: '/canary', GNUPGHOME: '/canary' }
  const shown = async (inherits: 'nothing' | 'configuration') => (await openGit({ repository: at.path, env, inherits, ...none })(['-c', 'alias.show-env=!env', 'show-env'])).stdout
  assert.ok((await shown('configuration')).includes('/canary'))
  assert.ok(!(await shown('nothing')).includes('/canary'))
})

test('a repository that the tree carries is no remote, and its hooks do not run; a remote of its name still is one', async () => {
  await using at = await trapped({ a: '1' })
  await using far = await temporaryFolder()
  for (const folder of [join(at.path, 'evil'), join(at.path, 'far.git'), join(far.path, 'far')]) gitIn(at.path, 'init', '--quiet', '--bare', folder)
  for (const folder of ['evil', 'far.git']) await writeFile(join(at.path, folder, 'hooks', 'pre-receive'), `#!/bin/sh\nenv > ${join(at.path, '.git', 'started')}\n`, { mode: 0o755 })
  gitIn(at.path, 'remote', 'add', 'known', join(far.path, 'far'))
  await mkdir(join(at.path, 'known'))
  for (const remote of ['evil', 'far']) {
    for (const args of [['ls-remote', remote], ['push', '--porcelain', remote, 'HEAD:refs/heads/x'], ['fetch', '--quiet', remote, 'x']]) {
      const answer = await at.git(args)
      assert.equal(answer.code, 128)
      assert.match(answer.stderr, /does not appear to be a git repository/)
    }
  }
  assert.equal(at.started(), false)
  assert.equal((await at.git(['push', '--quiet', 'known', 'HEAD:refs/heads/x'])).code, 0)
})
