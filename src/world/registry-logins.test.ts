// What docker login keeps is found, whichever tool kept it.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openRegistryLogins } from './registry-logins.ts'
import { openSecrets } from './secrets.ts'

const root = mkdtempSync(join(tmpdir(), 'slipway-logins-'))
after(() => { rmSync(root, { recursive: true, force: true }) })

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function home(name: string, config: unknown): string {
  const folder = join(root, name)
  mkdirSync(join(folder, '.docker'), { recursive: true })
  writeFileSync(join(folder, '.docker/config.json'), typeof config === 'string' ? config : JSON.stringify(config))
  return folder
}

test('the login that docker wrote for a host is found, and Docker Hub\'s by its API\'s host', () => {
  const HOME = home('plain', { auths: { 'ghcr.io': { auth: base64('ada:p:w') }, 'https://index.docker.io/v1/': { auth: base64('hub:secret') } } })
  const logins = openRegistryLogins({ HOME })
  assert.equal(logins.find('ghcr.io/acme/app'), 'ada:p:w')
  assert.equal(logins.find('registry-1.docker.io/acme/app'), 'hub:secret')
  assert.equal(logins.find('quay.io/acme/app'), undefined)
  assert.deepEqual(logins.hosts, ['ghcr.io', 'registry-1.docker.io'])
})

test('REGISTRY_AUTH_FILE goes before every other file', () => {
  const HOME = home('other', { auths: { 'ghcr.io': { auth: base64('ada:docker') } } })
  const file = join(root, 'auth.json')
  writeFileSync(file, JSON.stringify({ auths: { 'ghcr.io': { auth: base64('ada:podman') } } }))
  assert.equal(openRegistryLogins({ HOME, REGISTRY_AUTH_FILE: file }).find('ghcr.io/acme/app'), 'ada:podman')
})

test('a credential helper is asked, with nothing of the environment that it has no need of', () => {
  const HOME = home('helper', { credHelpers: { 'ghcr.io': 'rig' }, auths: {} })
  const bin = join(root, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'docker-credential-rig'), '#!/bin/sh\nread server\nprintf \'{"ServerURL":"%s","Username":"ada","Secret":"for-%s%s"}\' "$server" "$server" "$GITHUB_TOKEN"\n')
  chmodSync(join(bin, 'docker-credential-rig'), 0o755)
  assert.equal(openRegistryLogins({ HOME, PATH: `${bin}:${process.env['PATH'] ?? ''}`, GITHUB_TOKEN: 'leaked' }).find('ghcr.io/acme/app'), 'ada:for-ghcr.io')
})

test('a file that is no JSON, an empty login and a helper that is not there count as none', () => {
  assert.equal(openRegistryLogins({ HOME: home('broken', '{') }).find('ghcr.io/acme/app'), undefined)
  assert.equal(openRegistryLogins({ HOME: home('empty', { auths: { 'ghcr.io': {} } }) }).find('ghcr.io/acme/app'), undefined)
  assert.equal(openRegistryLogins({ HOME: home('missing', { auths: { 'ghcr.io': {} }, credsStore: 'not-there-at-all' }) }).find('ghcr.io/acme/app'), undefined)
})

test('a login is lent as a secret, and both it and its password are kept out of texts', async () => {
  const HOME = home('lent', { auths: { 'ghcr.io': { auth: base64('ada:very-secret-password') } } })
  const secrets = openSecrets({ HOME }, { logins: openRegistryLogins({ HOME }) })
  assert.equal(await secrets.lend('docker:ghcr.io/acme/app', async (value) => value), 'ada:very-secret-password')
  assert.doesNotMatch(secrets.redact('it said very-secret-password'), /very-secret/)
  assert.doesNotMatch(secrets.redact(base64('ada:very-secret-password')), /dmVyeS1zZWNyZXQ/)
})

test('of several logins for one host the one whose key is most the repository\'s own counts', () => {
  const HOME = home('several', { auths: { 'ghcr.io/acme/other': { auth: base64('other:1') }, 'ghcr.io': { auth: base64('any:2') }, 'ghcr.io/acme/app': { auth: base64('app:3') }, 'ghcr.io/acme': { auth: 5 } } })
  const logins = openRegistryLogins({ HOME })
  assert.equal(logins.find('ghcr.io/acme/app'), 'app:3')
  assert.equal(logins.find('ghcr.io/acme/apple'), 'any:2', 'and a login that is none does not stand in the way')
  assert.equal(logins.find('ghcr.io/else/app'), 'any:2')
})
