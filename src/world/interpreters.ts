// Finds the Pythons of this machine: on PATH, of pyenv, of uv, of the system.
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join, sep } from 'node:path'
import { askPython } from './ask-python.ts'
import { missingModules } from './python-remedy.ts'
import { programEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import type { Interpreter } from '../model/world.ts'

/** The Pythons of a machine, each question answered once. */
export interface Interpreters {
  /** `World.interpreters` */
  all(): Promise<readonly Interpreter[]>
  /** `World.pythonWith` */
  withModules(modules: readonly string[]): Promise<Interpreter>
}

/** `python` is a path to be tried before all that is found; `SLIPWAY_PYTHON` of the environment goes before that. */
export function openInterpreters(options: { readonly env: Environment; readonly python?: string | undefined }): Interpreters {
  const { env } = options
  const childEnv = programEnvironment(env)
  let found: Promise<readonly Interpreter[]> | undefined
  const answers = new Map<string, Promise<Interpreter>>()

  const all = () => found ??= findAll(env, childEnv)

  async function search(modules: readonly string[]): Promise<Interpreter> {
    const named = [env['SLIPWAY_PYTHON'], options.python, 'python3', '/usr/bin/python3']
    for (const path of new Set(named)) {
      if (path === undefined || path === '') continue
      const answer = await askPython(path, childEnv, modules)
      if (answer?.imports) return { version: answer.version, path: answer.executable }
    }
    for (const { path } of await all()) {
      const answer = await askPython(path, childEnv, modules)
      if (answer?.imports) return { version: answer.version, path: answer.executable }
    }
    throw missingModules(modules, (await all())[0]?.path)
  }

  return {
    all,
    withModules(modules) {
      const key = modules.toSorted().join(' ')
      const known = answers.get(key)
      if (known) return known
      const answer = search(modules)
      answers.set(key, answer)
      // Somebody may install them and try again.
      answer.catch(() => answers.delete(key))
      return answer
    },
  }
}

async function findAll(env: Environment, childEnv: Readonly<Record<string, string>>): Promise<readonly Interpreter[]> {
  const answers = await Promise.all((await candidates(env)).map((path) => askPython(path, childEnv)))
  const newest = answers.filter((answer) => answer !== undefined).toSorted((one, other) => rank(other.version) - rank(one.version))
  const minors = new Map<string, Interpreter>()
  for (const { version, base } of newest) {
    const minor = version.split('.').slice(0, 2).join('.')
    // A final release stands before a prerelease of the same minor version.
    if (!minors.has(minor)) minors.set(minor, { version, path: base })
  }
  return [...minors.values()]
}

async function candidates(env: Environment): Promise<string[]> {
  const home = env['HOME'] ?? homedir()
  const pyenv = env['PYENV_ROOT'] ?? join(home, '.pyenv')
  const uv = env['UV_PYTHON_INSTALL_DIR'] ?? join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'uv', 'python')
  // pyenv's shims are slow scripts for what is found in its versions.
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/local/bin', '/usr/bin'].filter((folder) => folder.startsWith(sep) && folder !== join(pyenv, 'shims'))
  const onPath = await Promise.all([...new Set(folders)].map(async (folder) => (await names(folder)).filter((name) => /^python3(\.\d+)?$/.test(name)).map((name) => join(folder, name))))
  const ofPyenv = (await names(join(pyenv, 'versions'))).map((name) => join(pyenv, 'versions', name, 'bin', 'python'))
  const ofUv = (await names(uv)).map((name) => join(uv, name, 'bin', 'python3'))
  return [...onPath.flat(), ...ofPyenv, ...ofUv]
}

async function names(folder: string): Promise<string[]> {
  return await readdir(folder).then((found) => found.toSorted(), () => [])
}

function rank(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  return (major * 1000 + minor) * 1000 + (/[a-z]/.test(version) ? 0 : 1 + patch)
}
