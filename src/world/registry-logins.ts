// What `docker login` and its kin have kept: credentials for container registries, read when a registry is spoken to.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { programEnvironment, type Environment } from './environment.ts'

/** Credentials that the user's own tools have kept. */
export interface RegistryLogins {
  /** `user:password` for a repository, `ghcr.io/acme/app`: the login whose key is most its own; undefined where nobody logged in. */
  find(repository: string): string | undefined
  /** The hosts that somebody logged in to. */
  readonly hosts: readonly string[]
}

interface Logins {
  readonly auths: Readonly<Record<string, { readonly auth?: string }>>
  readonly credHelpers: Readonly<Record<string, string>>
  readonly credsStore: string | undefined
}

/**
 * The logins that the environment leads to: REGISTRY_AUTH_FILE, else the files of podman, buildah and skopeo, and of docker
 * (https://man.archlinux.org/man/containers-auth.json.5, https://docs.docker.com/reference/cli/docker/login/). A file that cannot be read
 * counts as none: whoever needs it hears that no credentials were found.
 */
export function openRegistryLogins(env: Environment): RegistryLogins {
  const files = env['REGISTRY_AUTH_FILE'] !== undefined
    ? [env['REGISTRY_AUTH_FILE']]
    : [
        ...(env['XDG_RUNTIME_DIR'] === undefined ? [] : [join(env['XDG_RUNTIME_DIR'], 'containers/auth.json')]),
        ...(env['DOCKER_CONFIG'] !== undefined ? [join(env['DOCKER_CONFIG'], 'config.json')] : env['HOME'] === undefined ? [] : [join(env['HOME'], '.docker/config.json')]),
      ]
  const logins = files.map(read)
  return {
    hosts: [...new Set(logins.flatMap(({ auths, credHelpers }) => [...Object.keys(auths), ...Object.keys(credHelpers)]).map(hostOf))],
    find(repository) {
      for (const { auths, credHelpers, credsStore } of logins) {
        const keys = Object.keys({ ...auths, ...credHelpers })
          .filter((key) => repository === placeOf(key) || repository.startsWith(`${placeOf(key)}/`))
          .toSorted((one, other) => placeOf(other).length - placeOf(one).length)
        for (const key of keys) {
          const helper = credHelpers[key]
          const found = helper !== undefined ? ask(helper, key, env) : decoded(auths[key]?.auth) ?? (credsStore === undefined ? undefined : ask(credsStore, key, env))
          if (found !== undefined) return found
        }
      }
      return undefined
    },
  }
}

/** No logins: a rehearsal knows none. */
export const NO_LOGINS: RegistryLogins = { hosts: [], find: () => undefined }

/** What a key of such a file stands for: a host, or a host and the beginning of a repository's name. */
function placeOf(key: string): string {
  const rest = key.replace(/^https?:\/\//, '').replace(/\/+$/, '').split('/').slice(1).join('/')
  return rest === '' || /^v[12]$/.test(rest) ? hostOf(key) : `${hostOf(key)}/${rest}`
}

/** The host of a key: `https://index.docker.io/v1/` is Docker Hub's API host. */
function hostOf(key: string): string {
  const host = key.replace(/^https?:\/\//, '').split('/')[0] ?? ''
  return ['index.docker.io', 'docker.io', 'registry.hub.docker.com'].includes(host) ? 'registry-1.docker.io' : host
}

function read(file: string): Logins {
  const none = { auths: {}, credHelpers: {}, credsStore: undefined }
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Partial<Logins> | null
    return { auths: objectIn(found?.auths), credHelpers: objectIn(found?.credHelpers), credsStore: found?.credsStore || undefined }
  } catch {
    return none
  }
}

function objectIn<T>(value: Readonly<Record<string, T>> | undefined): Readonly<Record<string, T>> {
  return typeof value === 'object' && value !== null ? value : {}
}

function decoded(auth: unknown): string | undefined {
  const text = Buffer.from(typeof auth === 'string' ? auth : '', 'base64').toString('utf8')
  return /^[^:]+:./.test(text) ? text : undefined
}

/** Asks a credential helper (https://github.com/docker/docker-credential-helpers#development). */
function ask(helper: string, server: string, env: Environment): string | undefined {
  if (typeof helper !== 'string' || !/^[\w.-]+$/.test(helper)) return undefined
  const { status, stdout } = spawnSync(`docker-credential-${helper}`, ['get'], { input: server, encoding: 'utf8', env: programEnvironment(env, 'container-tool'), timeout: 10_000 })
  if (status !== 0) return undefined
  try {
    const { Username: user, Secret: secret } = JSON.parse(stdout) as { readonly Username?: unknown; readonly Secret?: unknown }
    return typeof user === 'string' && typeof secret === 'string' && user !== '' && user !== '<token>' && secret !== '' ? `${user}:${secret}` : undefined
  } catch {
    return undefined
  }
}
