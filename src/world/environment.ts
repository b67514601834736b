// What children see of the environment: a list of what may pass, since a list of what may not forgets the next token.

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

const forAll = new Set([
  'PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TMP', 'TEMP', 'SystemRoot', 'PYENV_ROOT', 'PYENV_VERSION',
  'SSL_CERT_FILE', 'SSL_CERT_DIR', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME',
])

// Where container tools find their engine, their storage, their settings and the files that logins are kept in.
const forContainers = new Set([
  'DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY', 'DOCKER_API_VERSION', 'BUILDX_BUILDER', 'BUILDX_CONFIG',
  'CONTAINER_HOST', 'CONTAINER_SSHKEY', 'CONTAINERS_CONF', 'CONTAINERS_STORAGE_CONF', 'CONTAINERS_REGISTRIES_CONF', 'REGISTRY_AUTH_FILE',
  'BUILDAH_ISOLATION', 'STORAGE_DRIVER', 'STORAGE_OPTS', 'XDG_RUNTIME_DIR',
])

// Who the user is in a commit.
const forNames = new Set(['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL', 'EMAIL'])

// What opens remotes to git. Nothing that points git at another repository, traces it or prompts.
const forGit = new Set([
  'SSH_AUTH_SOCK', 'GIT_SSH', 'GIT_SSH_COMMAND', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH', 'CURL_CA_BUNDLE', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM', 'GNUPGHOME', 'GPG_AGENT_INFO',
  'DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'http_proxy', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY', 'all_proxy', 'ALL_PROXY',
])

/**
 * What a program is given. What leads to an engine leads to logins too, so it goes to container tools alone: never to a check, a build or an
 * install test, whose commands come from the repository.
 */
export function programEnvironment(env: Environment, is: 'container-tool' | 'any' = 'any'): Record<string, string> {
  return passing(env, (name) => forAll.has(name) || name.startsWith('LC_') || (is === 'container-tool' && forContainers.has(name)))
}

/** What git is given: the above, and what the user's own credentials need; in a rehearsal, where nobody's are used, only who they are. */
export function gitEnvironment(env: Environment, opens: 'credentials' | 'nothing' = 'credentials'): Record<string, string> {
  return passing(env, (name) => forAll.has(name) || (opens === 'nothing' ? forNames.has(name) : forGit.has(name) || forNames.has(name)))
}

function passing(env: Environment, may: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && may(entry[0])))
}
