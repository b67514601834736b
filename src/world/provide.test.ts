// Tests of installing what is missing, with programs that stand in for Python and apt-get.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ownPython, provide } from './provide.ts'

const root = mkdtempSync(join(tmpdir(), 'slipway-provide-'))
after(() => { rmSync(root, { recursive: true, force: true }) })

const MAKES_VENV = 'mkdir -p "$3/bin" && printf \'#!/bin/sh\\necho "$@" >> %s/pip\\nexit %s\\n\' "$HOME" "${PIP_FAILS:-0}" > "$3/bin/python3" && chmod +x "$3/bin/python3"'

function machine(scripts: Readonly<Record<string, string>>): { readonly HOME: string; readonly PATH: string; readonly said: (name: string) => string } {
  const HOME = mkdtempSync(join(root, 'home-'))
  const bin = mkdtempSync(join(root, 'bin-'))
  for (const [name, script] of Object.entries(scripts)) writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return { HOME, PATH: `${bin}:/usr/bin:/bin`, said: (name) => existsSync(join(HOME, name)) ? readFileSync(join(HOME, name), 'utf8') : '' }
}

test('Python modules go into an environment of Slipway\'s own', async () => {
  const { HOME, PATH, said } = machine({ python3: MAKES_VENV })
  assert.equal(ownPython({ HOME }), join(HOME, '.local/share/slipway/python/bin/python3'))
  assert.equal(await provide({ modules: ['build', 'twine'], debian: [] }, { HOME, PATH }), `Made a Python environment with build, twine: ${join(HOME, '.local/share/slipway/python')}.`)
  assert.match(said('pip'), /-m pip install .*build twine\n/)
  assert.ok(existsSync(ownPython({ HOME })))
})

test('an installer sees where packages come from, and no token', async () => {
  const { HOME, PATH, said } = machine({ python3: `/usr/bin/env > "$HOME/seen"; ${MAKES_VENV}` })
  await provide({ modules: ['build'], debian: [] }, { HOME, PATH, PYPI_TOKEN: 'not-for-pip', GITHUB_TOKEN: 'not-for-pip', PIP_INDEX_URL: 'https://mirror.example.org/simple', PYTHONPATH: '/nowhere' })
  assert.match(said('seen'), /PIP_INDEX_URL=https:\/\/mirror/)
  assert.doesNotMatch(said('seen'), /not-for-pip|PYTHONPATH/)
})

test('nothing is left behind where it cannot be done, and the way by hand is told', async () => {
  const HOME = mkdtempSync(join(root, 'home-'))
  const bin = mkdtempSync(join(root, 'bin-'))
  writeFileSync(join(bin, 'apt-get'), '#!/bin/sh\nexit 100\n', { mode: 0o755 })
  await assert.rejects(provide({ debian: ['buildah'] }, { HOME, PATH: bin }), (error: { code?: string; problems?: { hint?: string }[] }) => {
    assert.equal(error.code, 'tool-missing')
    assert.match(error.problems?.[0]?.hint ?? '', /sudo apt-get install buildah/)
    return true
  })
  assert.ok(!existsSync(ownPython({ HOME })))
})

test('packages of Debian are installed as root, and the list is fetched anew when they are not found', { skip: process.getuid?.() !== 0 || !existsSync('/etc/debian_version') }, async () => {
  const { HOME, PATH, said } = machine({ 'apt-get': 'echo "$@" >> "$HOME/apt"; case "$*" in *update*) touch "$HOME/updated" ;; *) test -e "$HOME/updated" ;; esac' })
  assert.equal(await provide({ debian: ['buildah'] }, { HOME, PATH }), 'Installed buildah with apt-get.')
  assert.deepEqual(said('apt').trim().split('\n').map((line) => line.replace(/^(?:-o \S+ )+/, '')), ['install -y --no-install-recommends buildah', 'update', 'install -y --no-install-recommends buildah'])
})
