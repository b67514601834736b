// Tests of scratch folders and checkouts, with a real git.
import assert from 'node:assert/strict'
import { chmod, lstat, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { openArtifacts } from './artifacts.ts'
import { openGit } from './git.ts'
import { openScratch } from './scratch.ts'
import { gitIn, gitTestEnv, pathsIn, repository } from './test-rig.ts'

function scratchOf(folder: string) {
  const git = openGit({ repository: folder, env: gitTestEnv, secret: () => undefined, redact: (text) => text })
  return openScratch({ git, artifacts: openArtifacts(join(folder, '.git', 'artifacts')) })
}

test('a scratch folder is empty, can be written and read, and is gone afterwards, also after an error', async () => {
  await using at = await repository({ a: '1' })
  const scratch = scratchOf(at.path)
  const paths: string[] = []
  await scratch(async (folder) => {
    paths.push(folder.path)
    assert.deepEqual(await pathsIn(folder.path), [])
    await folder.write('deep/er/file.txt', 'text')
    await folder.write('deep/b', '')
    assert.equal(await folder.read('deep/er/file.txt'), 'text')
    assert.deepEqual(await folder.list('deep'), ['b', 'er'])
    assert.deepEqual(await folder.list('none'), [])
    await mkdir(join(folder.path, 'locked'))
    await writeFile(join(folder.path, 'locked', 'x'), '')
    await chmod(join(folder.path, 'locked'), 0o500)
  })
  await assert.rejects(scratch(async (folder) => {
    paths.push(folder.path)
    throw new Error('inside')
  }), /inside/)
  assert.equal(paths.length, 2)
  for (const path of paths) assert.equal(existsSync(dirname(path)), false)
})

test('a kept file becomes an artifact that another scratch folder can be given', async () => {
  await using at = await repository({ a: '1' })
  const scratch = scratchOf(at.path)
  const stored = await scratch(async (folder) => {
    await folder.write('dist/x.whl', 'bytes')
    return await folder.keep('dist/x.whl')
  })
  await scratch(async (folder) => {
    const path = await folder.place(stored.sha256, 'in/y.whl')
    assert.equal(path, join(folder.path, 'in', 'y.whl'))
    assert.equal(await folder.read('in/y.whl'), 'bytes')
  })
})

test('paths cannot leave the folder', async () => {
  await using at = await repository({ a: '1' })
  await scratchOf(at.path)(async (folder) => {
    await symlink(at.path, join(folder.path, 'out'))
    await symlink('/nowhere/at/all', join(folder.path, 'dangling'))
    await mkdir(join(folder.path, 'real'))
    await symlink('real', join(folder.path, 'link'))
    for (const path of ['../a', 'x/../../a', '/etc/passwd', 'out/a', 'out', 'dangling', 'a\0b']) {
      for (const use of [() => folder.read(path), () => folder.write(path, 'x'), () => folder.list(path), () => folder.keep(path), () => folder.place(`sha256:${'0'.repeat(64)}`, path)]) {
        await assert.rejects(use(), { name: 'Refused', code: 'config-invalid' }, path)
      }
    }
    await folder.write('link/inside', 'fine')
    assert.equal(await readFile(join(folder.path, 'real', 'inside'), 'utf8'), 'fine')
  })
  assert.equal(await readFile(join(at.path, 'a'), 'utf8'), '1')
})

test('a checkout holds the files of the commit, neither more nor less, with even modes and times', async () => {
  await using at = await repository({
    'a.txt': 'one\n', 'run.sh': '#!/bin/sh\n', 'tests/x': 'kept', 'sub/win.bat': 'dos\n', 'id.txt': '$Format:%H$',
    '.gitattributes': '/tests export-ignore\nid.txt export-subst\n*.bat text eol=crlf\n',
  })
  await chmod(join(at.path, 'run.sh'), 0o755)
  await symlink('a.txt', join(at.path, 'link'))
  gitIn(at.path, 'add', '--all')
  gitIn(at.path, 'update-index', '--add', '--cacheinfo', `160000,${gitIn(at.path, 'rev-parse', 'HEAD')},module`)
  gitIn(at.path, 'commit', '--quiet', '--message=two')
  const commit = gitIn(at.path, 'rev-parse', 'HEAD')
  const index = await readFile(join(at.path, '.git', 'index'))
  await writeFile(join(at.path, 'a.txt'), 'dirty')
  await writeFile(join(at.path, 'untracked'), 'x')
  gitIn(at.path, 'config', 'core.autocrlf', 'true')
  for (const tree of [commit, gitIn(at.path, 'rev-parse', `${commit}^{tree}`)]) {
    await scratchOf(at.path)(async (folder) => {
      assert.deepEqual(await pathsIn(folder.path), ['.gitattributes', 'a.txt', 'id.txt', 'link', 'module/', 'run.sh', 'sub/', 'sub/win.bat', 'tests/', 'tests/x'])
      assert.equal(await folder.read('a.txt'), 'one\n')
      assert.equal(await folder.read('id.txt'), '$Format:%H$')
      assert.equal(await folder.read('sub/win.bat'), 'dos\r\n')
      assert.equal(await readlink(join(folder.path, 'link')), 'a.txt')
      const modes = await Promise.all(['a.txt', 'run.sh', 'sub'].map(async (path) => ((await stat(join(folder.path, path))).mode & 0o777).toString(8)))
      assert.deepEqual(modes, ['644', '755', '755'])
      for (const path of ['a.txt', 'link', 'sub', '.']) assert.equal((await lstat(join(folder.path, path))).mtime.toISOString(), '2000-01-01T00:00:00.000Z')
    }, { checkout: tree })
  }
  assert.ok(index.equals(await readFile(join(at.path, '.git', 'index'))), 'the repository\'s own index was written')
  assert.equal(await readFile(join(at.path, 'a.txt'), 'utf8'), 'dirty')
})

test('a commit that is not there is named, and nothing is left behind', async () => {
  await using at = await repository({ a: '1' })
  const missing = '1234567890123456789012345678901234567890'
  await assert.rejects(scratchOf(at.path)(async () => assert.fail('was lent'), { checkout: missing }), (error: Error & { code?: string }) => error.code === 'command-failed' && error.message.includes(missing))
  await assert.rejects(scratchOf(at.path)(async () => assert.fail('was lent'), { checkout: '--help' }), { code: 'command-failed' })
})
