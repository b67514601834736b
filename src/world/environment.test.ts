// Tests of what children see of the environment.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gitEnvironment, programEnvironment } from './environment.ts'

test('container tools are told where their engine, their storage and their settings are, and git is not', () => {
  const env = { CONTAINERS_CONF: '/c.conf', CONTAINERS_STORAGE_CONF: '/s.conf', BUILDAH_ISOLATION: 'chroot', DOCKER_HOST: 'unix:///d.sock', REGISTRY_AUTH_FILE: '/auth.json', XDG_RUNTIME_DIR: '/run/user/1' }
  assert.deepEqual(programEnvironment(env, 'container-tool'), env)
  assert.deepEqual(gitEnvironment(env), { XDG_RUNTIME_DIR: '/run/user/1' })
})

test('no way to a login reaches a program that is no container tool: not to registries, not to pip\'s index, not to git\'s remotes', () => {
  const logins = { DOCKER_CONFIG: '/d', DOCKER_HOST: 'ssh://h', REGISTRY_AUTH_FILE: '/a', CONTAINER_SSHKEY: '/k', NETRC: '/n', CURL_HOME: '/c', PIP_INDEX_URL: 'https://u:p@h/', PIP_CONFIG_FILE: '/p', TWINE_REPOSITORY_URL: 'x', UV_INDEX: 'https://u:p@h/',
    GIT_ASKPASS: '/x', SSH_ASKPASS: '/x', SSH_AUTH_SOCK: '/s', GIT_SSH_COMMAND: 'x', GNUPGHOME: '/g', DBUS_SESSION_BUS_ADDRESS: 'x', npm_config_userconfig: '/r', AWS_PROFILE: 'x', KUBECONFIG: '/k', HTTPS_PROXY: 'http://u:p@h/', ACTIONS_ID_TOKEN_REQUEST_URL: 'x' }
  assert.deepEqual(programEnvironment(logins), {})
  assert.deepEqual(Object.keys(programEnvironment(logins, 'container-tool')).toSorted(), ['CONTAINER_SSHKEY', 'DOCKER_CONFIG', 'DOCKER_HOST', 'REGISTRY_AUTH_FILE'])
})

test('git in a rehearsal is told who commits, and nothing that opens a remote', () => {
  const env = { GIT_AUTHOR_NAME: 'A', EMAIL: 'a@example.org', SSH_AUTH_SOCK: '/s', GIT_SSH_COMMAND: 'x', GNUPGHOME: '/g', DBUS_SESSION_BUS_ADDRESS: 'x', HTTPS_PROXY: 'http://u:p@h/', GIT_CONFIG_GLOBAL: '/c' }
  assert.deepEqual(gitEnvironment(env, 'nothing'), { GIT_AUTHOR_NAME: 'A', EMAIL: 'a@example.org' })
  assert.deepEqual(gitEnvironment(env), env)
})

test('what nobody has named does not pass, least of all a token', () => {
  assert.deepEqual(programEnvironment({ PATH: '/bin', LC_ALL: 'C', GITHUB_TOKEN: 'ghp_x', DOCKER_PASSWORD: 'x', GIT_DIR: '/elsewhere', SOURCE_DATE_EPOCH: '1' }), { PATH: '/bin', LC_ALL: 'C' })
})
