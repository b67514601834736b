// Where secrets come from besides the environment: GitHub's command line, and the keyring of this machine's user.
import { spawnSync } from 'node:child_process'
import type { Environment } from './environment.ts'

/** A place that a secret may be in. */
export interface SecretSource {
  /** As in "from the keyring". */
  readonly name: string
  /** The value; undefined when it has none. */
  find(secret: string): string | undefined
}

/** Under which service the keyring keeps what is meant for Slipway. */
const SERVICE = 'slipway'

/** The secrets that `gh` stands in for: one of another name is meant to be another token. */
const OF_GH = ['GITHUB_TOKEN', 'GH_TOKEN']

/** The runner of a workflow gives these to a job; nobody keeps them. */
const OF_A_RUNNER = /^ACTIONS_/

/** Milliseconds to wait for a keyring that asks its user. */
const PATIENCE = 60_000

/** The places of this machine, in order: `gh auth token`, then the keyring (libsecret on Linux, the keychain on macOS). */
export function machineSources(env: Environment, platform: NodeJS.Platform = process.platform): readonly SecretSource[] {
  const gh: SecretSource = {
    name: '`gh auth token`',
    find: (secret) => OF_GH.includes(secret) ? ask(env, 'gh', ['auth', 'token', '--hostname', 'github.com']) : undefined,
  }
  const keyring: SecretSource = {
    name: 'the keyring',
    find(secret) {
      if (OF_A_RUNNER.test(secret) || !/^[A-Za-z_]\w*$/.test(secret)) return undefined
      return platform === 'darwin'
        ? ask(env, 'security', ['find-generic-password', '-s', SERVICE, '-a', secret, '-w'])
        : platform === 'linux' ? ask(env, 'secret-tool', ['lookup', 'service', SERVICE, 'account', secret]) : undefined
    },
  }
  return [gh, keyring]
}

// No token is among them: each program is to answer with what it keeps itself.
const PASSING = [
  'PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'GH_CONFIG_DIR', 'DISPLAY',
  'WAYLAND_DISPLAY',
]

/** The first line that a program prints; undefined when it is not there, fails or does not answer. Its complaints go nowhere. */
function ask(env: Environment, program: string, args: readonly string[]): string | undefined {
  const passed = Object.fromEntries(PASSING.flatMap((name) => env[name] === undefined ? [] : [[name, env[name]]]))
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', env: passed, timeout: PATIENCE, stdio: ['ignore', 'pipe', 'ignore'] })
  if (status !== 0) return undefined
  const [line = ''] = stdout.trim().split('\n')
  return line === '' ? undefined : line
}
