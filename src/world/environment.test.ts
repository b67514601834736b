// Tests of what children see of the environment.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gitEnvironment, programEnvironment } from './environment.ts'

test('container tools are told where their engine, their storage and their settings are, and git is not', () => {
  const env = { CONTAINERS_CONF: '/c.conf', CONTAINERS_STORAGE_CONF: '/s.conf', BUILDAH_ISOLATION: 'chroot', DOCKER_HOST: 'unix:///d.sock', REGISTRY_AUTH_FILE: '/auth.json', XDG_RUNTIME_DIR: '/run/user/1' }
  assert.deepEqual(programEnvironment(env), env)
  assert.deepEqual(gitEnvironment(env), { XDG_RUNTIME_DIR: '/run/user/1' })
})

test('what nobody has named does not pass, least of all a token', () => {
  assert.deepEqual(programEnvironment({ PATH: '/bin', LC_ALL: 'C', GITHUB_TOKEN: 'ghp_x', DOCKER_PASSWORD: 'x', GIT_DIR: '/elsewhere', SOURCE_DATE_EPOCH: '1' }), { PATH: '/bin', LC_ALL: 'C' })
})
