// The sources and the lock file keep the promises of docs/threat-model.md that no single run can show.
import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const root = resolve(import.meta.dirname, '..')

/** Every place where a text goes through a shell, each with its reason: there is no other. */
const SHELLS: Readonly<Record<string, string>> = {
  'src/app/init.ts': 'it asks where a program is; the text is fixed, and the name of the program is an argument of it',
  'src/config/import/goreleaser.ts': 'it names a key of a settings file; nothing is started',
  'src/targets/checks/run.ts': 'a check is a line for a shell, written in slipway.yaml; nothing is filled into it',
}

/** Ways to a shell: a shell as the program, the option of Node, and the calls that take a line. */
const WAYS: readonly RegExp[] = [
  /['"`](?:\/bin\/|\/usr\/bin\/)?(?:ba|da|z|k)?sh(?:\.exe)?['"`]\s*,/,
  /\bshell\s*:(?!\s*(?:false|undefined))/,
  /(?:import|require)[^\n]*\b(?:exec|execSync)\b[^\n]*child_process/,
  /\bexecSync\(|child_process['"]\)\.exec\(/,
  /['"]cmd(?:\.exe)?['"]|['"]powershell/,
]

async function sources(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for await (const path of glob(['src/**/*.ts', 'scripts/**/*.{ts,mjs}', 'bin/*.js'], { cwd: root })) {
    if (!/\.(?:test|rig|fixture|child)\.ts$|test-rig\.ts$/.test(path)) found.set(path, await readFile(join(root, path), 'utf8'))
  }
  assert.ok(found.has('src/world/process.ts'))
  return found
}

/** Lines that open a way to a shell. Of a list that merely names one, nothing is started. */
function shellsIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => !/^\s*(?:\/\/|\*)/.test(line) && !/^const APPLETS = /.test(line) && WAYS.some((way) => way.test(line)))
}

test('no shell is given a text, but where a person wrote that text for one', async () => {
  const found = [...await sources()].filter(([, text]) => shellsIn(text).length > 0).map(([path]) => path)
  assert.deepEqual(found.toSorted(), Object.keys(SHELLS).toSorted())
  for (const line of ["spawn('sh', ['-c', x])", "  program: 'bash',", 'spawn(x, { shell: true })', "import { exec } from 'node:child_process'", 'execSync(`git ${x}`)']) assert.equal(shellsIn(line).length, 1, line)
})

test('what is run in a shell is the line of slipway.yaml and nothing else', async () => {
  const text = (await sources()).get('src/targets/checks/run.ts') ?? ''
  assert.match(text, /program: 'sh',\n\s+args: \['-c', check\.run\],/)
})

test('programs are started in as few files as can be read', async () => {
  const found = [...await sources()].filter(([path, text]) => path.startsWith('src/') && /from 'node:child_process'/.test(text)).map(([path]) => path).toSorted()
  assert.deepEqual(found, ['src/rehearsal/clone.ts', 'src/rehearsal/git/process.ts', 'src/world/locate.ts', 'src/world/process.ts', 'src/world/provide.ts', 'src/world/registry-logins.ts', 'src/world/secret-sources.ts'])
})

test('every dependency comes from the npm registry with its digest, and none runs a script that is not known', async () => {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { resolved?: string; integrity?: string; link?: boolean; inBundle?: boolean; hasInstallScript?: boolean }> }
  const entries = Object.entries(packages).filter(([path]) => path !== '')
  assert.ok(entries.length > 100)
  for (const [path, { resolved, integrity, link, inBundle }] of entries) {
    if (inBundle === true) continue
    assert.notEqual(link, true, path)
    // Without an address npm asks the registry; the digest says what it must answer.
    assert.match(resolved ?? 'https://registry.npmjs.org/', /^https:\/\/registry\.npmjs\.org\//, path)
    assert.match(integrity ?? '', /^sha512-/, path)
  }
  assert.deepEqual(entries.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path), ['node_modules/esbuild', 'node_modules/node'])
})
