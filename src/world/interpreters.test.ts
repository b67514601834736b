// Tests of finding Pythons, with scripts that answer as Pythons would and with the real one of this machine.
import assert from 'node:assert/strict'
import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { openInterpreters } from './interpreters.ts'
import { temporaryFolder } from './test-rig.ts'

/** A program that says it is this Python, counts how often it is asked, and imports nothing but `modules`. */
async function pretend(path: string, version: string, more: { readonly modules?: readonly string[]; readonly base?: string } = {}): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const known = (more.modules ?? []).join('|') || 'nothing-at-all'
  const answer = (imports: string) => JSON.stringify({ version, executable: path, base: more.base ?? path, imports: '@' }).replace('"@"', imports)
  await writeFile(path, `#!/bin/sh
echo asked >> ${path}.log
shift 2
can=true
for module; do case "$module" in ${known}) ;; *) can=false ;; esac; done
test $can = true && echo '${answer('true')}' || echo '${answer('false')}'
`)
  await chmod(path, 0o755)
  await appendFile(`${path}.log`, '')
}

test('Pythons of PATH, pyenv and uv are found, the newest first and the best of each minor version', async () => {
  await using at = await temporaryFolder()
  const p = (path: string) => join(at.path, path)
  await pretend(p('bin/python3.21'), '3.21.4')
  await pretend(p('bin/python3'), '3.20.1')
  await pretend(p('pyenv/versions/3.21.9/bin/python'), '3.21.9')
  await pretend(p('pyenv/versions/2.7.18/bin/python'), '2.7.18')
  await pretend(p('pyenv/versions/3.22-dev/bin/python'), '3.22.0b2')
  await pretend(p('uv/cpython-3.19/bin/python3'), '3.19.0', { base: '/base/python3' })
  await pretend(p('pyenv/shims/python3.23'), '3.23.0')
  await writeFile(p('bin/python3.99'), '#!/bin/sh\nexit 1\n')
  await chmod(p('bin/python3.99'), 0o755)
  const env = { PATH: `${p('bin')}:${p('pyenv/shims')}:/usr/bin:/bin`, HOME: at.path, PYENV_ROOT: p('pyenv'), UV_PYTHON_INSTALL_DIR: p('uv') }
  const interpreters = openInterpreters({ env })
  const found = (await interpreters.all()).filter(({ version }) => Number(version.split('.')[1]) >= 19)
  assert.deepEqual(found, [
    { version: '3.22.0b2', path: p('pyenv/versions/3.22-dev/bin/python') },
    { version: '3.21.9', path: p('pyenv/versions/3.21.9/bin/python') },
    { version: '3.20.1', path: p('bin/python3') },
    { version: '3.19.0', path: '/base/python3' },
  ])
  assert.equal(await interpreters.all(), await interpreters.all())
  assert.equal(await readFile(p('bin/python3.log'), 'utf8'), 'asked\n')
})

test('the Python for some modules is the first that can import them: named by the user, then by us, then found', async () => {
  await using at = await temporaryFolder()
  const p = (path: string) => join(at.path, path)
  await pretend(p('user'), '3.20.0', { modules: ['build'] })
  await pretend(p('ours'), '3.21.0', { modules: ['build', 'twine'] })
  await pretend(p('bin/python3'), '3.22.0', { modules: ['build', 'twine', 'other'] })
  const env = { PATH: `${p('bin')}:/usr/bin:/bin`, HOME: at.path, PYENV_ROOT: p('none'), SLIPWAY_PYTHON: p('user') }
  const interpreters = openInterpreters({ env, python: p('ours') })
  assert.deepEqual(await interpreters.withModules(['build']), { version: '3.20.0', path: p('user') })
  assert.deepEqual(await interpreters.withModules(['build', 'twine']), { version: '3.21.0', path: p('ours') })
  assert.deepEqual(await interpreters.withModules(['twine', 'other']), { version: '3.22.0', path: p('bin/python3') })
  await assert.rejects(interpreters.withModules(['no_such_module_anywhere']), (error: Error & { code?: string; problems?: readonly { hint?: string }[] }) => {
    assert.equal(error.code, 'tool-missing')
    assert.match(error.message, /no_such_module_anywhere/)
    assert.match(error.problems?.[0]?.hint ?? '', /-m venv .* -m pip install no_such_module_anywhere && export SLIPWAY_PYTHON=/)
    return true
  })
})

test('a real Python answers, and is asked in a clean environment', async () => {
  const interpreters = openInterpreters({ env: { ...process.env, PYTHONPATH: '/nowhere', PYTHONHOME: '/nowhere' } })
  const { version, path } = await interpreters.withModules(['json', 'venv'])
  assert.match(version, /^3\.\d+\.\d+/)
  assert.match(path, /^\//)
  await assert.rejects(interpreters.withModules(['json', 'surely_not_there']), { code: 'tool-missing' })
})
