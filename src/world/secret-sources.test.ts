// Tests of the places that secrets come from, with real programs of those names on PATH.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { machineSources } from './secret-sources.ts'
import { openSecrets } from './secrets.ts'

const root = mkdtempSync(join(tmpdir(), 'slipway-sources-'))
after(() => { rmSync(root, { recursive: true, force: true }) })

/** A folder with these scripts, each of which also writes down its arguments and its environment. */
function programs(scripts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, 'bin-'))
  for (const [name, script] of Object.entries(scripts)) writeFileSync(join(folder, name), `#!/bin/sh\necho "$0 $*" >> ${folder}/called\n/usr/bin/env >> ${folder}/called\n${script}\n`, { mode: 0o755 })
  return folder
}

function called(folder: string): string {
  try {
    return readFileSync(join(folder, 'called'), 'utf8')
  } catch {
    return ''
  }
}

const open = (env: Readonly<Record<string, string>>, platform: NodeJS.Platform = 'linux') => openSecrets(env, { sources: machineSources(env, platform) })

test('the environment comes first, and then nobody else is asked', () => {
  const PATH = programs({ gh: 'echo from-gh-0123456789', 'secret-tool': 'echo from-keyring-0123456789' })
  const secrets = open({ PATH, GITHUB_TOKEN: 'from-environment-01' })
  assert.equal(secrets.peek('GITHUB_TOKEN'), 'from-environment-01')
  assert.equal(secrets.sourceOf('GITHUB_TOKEN'), 'the environment')
  assert.equal(called(PATH), '')
})

test('gh comes next, for GitHub\'s token alone, then the keyring', () => {
  const PATH = programs({ gh: 'echo gho_0123456789', 'secret-tool': 'test "$5" = PYPI_TOKEN && printf pypi-0123456789' })
  const secrets = open({ PATH })
  assert.equal(secrets.peek('GITHUB_TOKEN'), 'gho_0123456789')
  assert.equal(secrets.sourceOf('GITHUB_TOKEN'), '`gh auth token`')
  assert.equal(secrets.peek('PYPI_TOKEN'), 'pypi-0123456789')
  assert.equal(secrets.sourceOf('PYPI_TOKEN'), 'the keyring')
  assert.equal(secrets.peek('MY_TOKEN'), undefined)
  assert.equal(secrets.sourceOf('MY_TOKEN'), undefined)
  assert.match(called(PATH), /gh auth token --hostname github\.com\n/)
  assert.match(called(PATH), /secret-tool lookup service slipway account PYPI_TOKEN\n/)
})

test('where gh is not logged in the keyring is asked, and on macOS that is the keychain', () => {
  const PATH = programs({ gh: 'exit 4', security: 'test "$5" = GITHUB_TOKEN && echo from-keychain-01' })
  const secrets = open({ PATH }, 'darwin')
  assert.equal(secrets.peek('GITHUB_TOKEN'), 'from-keychain-01')
  assert.match(called(PATH), /security find-generic-password -s slipway -a GITHUB_TOKEN -w\n/)
})

test('what is found is redacted, plain and encoded', () => {
  const PATH = programs({ gh: 'echo gho_0123456789abcdef' })
  const secrets = open({ PATH })
  assert.equal(secrets.redact('gho_0123456789abcdef'), 'gho_0123456789abcdef', 'nobody has asked for it yet')
  secrets.peek('GITHUB_TOKEN')
  assert.equal(secrets.redact('it is gho_0123456789abcdef'), 'it is ***GITHUB_TOKEN***')
  assert.equal(secrets.redact(Buffer.from('gho_0123456789abcdef').toString('base64')), '***GITHUB_TOKEN***')
})

test('whoever masks logs by value hears of one that is found, once and before it is lent', () => {
  const PATH = programs({ gh: 'echo gho_0123456789abcdef' })
  const heard: string[] = []
  const secrets = openSecrets({ PATH, PYPI_TOKEN: 'from-environment-01' }, { sources: machineSources({ PATH }, 'linux'), learned: (value) => { heard.push(value) } })
  for (const name of ['GITHUB_TOKEN', 'PYPI_TOKEN', 'GITHUB_TOKEN']) secrets.peek(name)
  assert.deepEqual(heard, ['gho_0123456789abcdef'])
})

test('each place is asked once for a name, and sees no token that the environment holds', () => {
  const PATH = programs({ gh: 'exit 1', 'secret-tool': 'exit 1' })
  const secrets = open({ PATH, HOME: '/home/ada', PYPI_TOKEN: 'not-for-gh', GH_TOKEN: 'not-for-gh-either' })
  for (let times = 0; times < 3; times++) assert.equal(secrets.peek('GITHUB_TOKEN'), undefined)
  assert.equal(called(PATH).match(/gh auth token/g)?.length, 1)
  assert.equal(called(PATH).match(/secret-tool lookup/g)?.length, 1)
  assert.doesNotMatch(called(PATH), /not-for-gh/)
  assert.match(called(PATH), /HOME=\/home\/ada/)
})

test('names that are none, and what only a runner gives, are not asked for', () => {
  const PATH = programs({ 'secret-tool': 'echo something-long-enough' })
  const secrets = open({ PATH })
  for (const name of ['--help', 'a b', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', '']) assert.equal(secrets.peek(name), undefined, name)
  assert.equal(called(PATH), '')
})

test('what a person types in counts after the environment and before other places, and is redacted', () => {
  const PATH = programs({ gh: 'echo gho_0123456789' })
  const secrets = open({ PATH, PYPI_TOKEN: 'from-environment-01' })
  secrets.hold('GITHUB_TOKEN', ' typed-in-0123456789 ')
  secrets.hold('PYPI_TOKEN', 'typed-in-too')
  assert.equal(secrets.peek('GITHUB_TOKEN'), 'typed-in-0123456789')
  assert.equal(secrets.sourceOf('GITHUB_TOKEN'), 'what was typed in')
  assert.equal(secrets.peek('PYPI_TOKEN'), 'from-environment-01')
  assert.equal(secrets.redact('typed-in-0123456789'), '***GITHUB_TOKEN***')
  assert.equal(called(PATH), '')
})
