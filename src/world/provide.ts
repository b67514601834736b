// Installs what is missing where that may be done: Python modules into an environment of Slipway's own, packages of Debian as root.
import { execFile } from 'node:child_process'
import { access, mkdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { SlipwayError } from '../model/error.ts'
import { programEnvironment, type Environment } from './environment.ts'
import type { Install } from '../model/need.ts'

// Where no mirror answers, that is to be known within seconds.
const HASTE = ['-o', 'Acquire::Retries=0', '-o', 'Acquire::http::Timeout=15']

/** The Python of an environment that `provide` makes for this user, whether it is there or not. */
export function ownPython(env: Environment): string {
  return join(env['XDG_DATA_HOME'] ?? join(env['HOME'] ?? homedir(), '.local', 'share'), 'slipway', 'python', 'bin', 'python3')
}

/** Installs what was asked for and says what was done, as a sentence. Throws SlipwayError `tool-missing` when nothing may be installed here. */
export async function provide(install: Install, env: Environment): Promise<string> {
  const { modules = [], debian } = install
  const environment = installEnvironment(env)
  if (modules.length > 0) {
    const python = ownPython(env)
    if (await makePythonEnvironment({ python, modules, bases: ['python3', '/usr/bin/python3'], env: environment })) return `Made a Python environment with ${modules.join(', ')}: ${dirname(dirname(python))}.`
  }
  if (debian.length > 0 && await installDebian(debian, environment)) return `Installed ${debian.join(', ')} with apt-get.`
  throw new SlipwayError({
    code: 'tool-missing',
    message: `Slipway could not install ${[...modules, ...debian].join(', ')} here.`,
    hint: `Install it by hand${debian.length === 0 ? '' : `, on Debian and Ubuntu with \`sudo apt-get install ${debian.join(' ')}\``}. Slipway itself uses apt-get only as root.`,
  })
}

/** What an environment is made of. */
export interface PythonEnvironment {
  /** The path that its Python will have: FOLDER/bin/python3. */
  readonly python: string
  readonly modules: readonly string[]
  /** The Pythons to make it with, the first that works. */
  readonly bases: readonly string[]
  readonly env: Environment
}

/** Makes an environment of Python's own kind with these modules, instead of one that was there; false where no index answers or no Python can. */
export async function makePythonEnvironment({ python, modules, bases, env }: PythonEnvironment): Promise<boolean> {
  const home = dirname(dirname(python))
  await mkdir(dirname(home), { recursive: true })
  for (const base of bases) {
    await rm(home, { recursive: true, force: true })
    if ((await attempt(base, ['-m', 'venv', home], { env })) === undefined) continue
    // No retries and a short time-out: where no index answers, that is to be known within seconds.
    if ((await attempt(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '0', '--timeout', '10', ...modules], { env })) !== undefined) return true
  }
  await rm(home, { recursive: true, force: true })
  return false
}

/** Installs packages of Debian as root; false where that cannot be done. */
export async function installDebian(packages: readonly string[], env: Environment): Promise<boolean> {
  if (process.getuid?.() !== 0 || !(await exists('/etc/debian_version'))) return false
  const install = () => attempt('apt-get', [...HASTE, 'install', '-y', '--no-install-recommends', ...packages], { env })
  // The package list may be empty or older than what the mirror still has.
  return (await install()) !== undefined || ((await attempt('apt-get', [...HASTE, 'update'], { env })) !== undefined && (await install()) !== undefined)
}

/** True when there is such a file or folder. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false)
}

/**
 * What a program printed, or undefined when it failed or is not there. It runs outside the repository and without Python's
 * variables, so that neither a folder called `build` nor a PYTHONPATH is taken for an installed module.
 */
export async function attempt(program: string, args: readonly string[], { env, timeout = 300_000 }: { readonly env: Environment; readonly timeout?: number }): Promise<string | undefined> {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:PYTHON|VIRTUAL_ENV|__PYVENV)/.test(name)))
  try {
    const { stdout } = await promisify(execFile)(program, [...args], { cwd: '/', env: { ...kept, DEBIAN_FRONTEND: 'noninteractive' }, timeout, maxBuffer: 2 ** 26 })
    return stdout
  } catch {
    return undefined
  }
}

const OF_INSTALLERS = /^(?:PIP_(?:INDEX_URL|EXTRA_INDEX_URL|CONFIG_FILE|CERT|TRUSTED_HOST|FIND_LINKS|NO_INDEX)|(?:https?|all|no)_proxy)$/i

/** What an installer sees: the same as every program, and where this machine's packages come from. */
function installEnvironment(env: Environment): Environment {
  return { ...programEnvironment(env), ...Object.fromEntries(Object.entries(env).filter(([name]) => OF_INSTALLERS.test(name))) }
}
