// What a program that a test starts sees of the environment: tools, and nothing of whoever runs the tests.
import { spawnSync } from 'node:child_process'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { pythonWith } from './python.ts'

/** The Python that builds, checks and installs in tests, and its minor version, `3.12`. */
export function rigPython(): { readonly path: string; readonly minor: string } {
  const path = pythonWith(['build', 'twine', 'pip'])
  minor ??= spawnSync(path, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' }).stdout.trim()
  return { path, minor }
}

let minor: string | undefined

/** A scrubbed environment with `home` as the home folder. */
export function rigEnvironment(home: string): Record<string, string> {
  const { path } = rigPython()
  const nowhere = join(home, 'nowhere')
  return {
    PATH: [dirname(process.execPath), dirname(path), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    HOME: home,
    PYENV_ROOT: nowhere,
    UV_PYTHON_INSTALL_DIR: nowhere,
    SLIPWAY_PYTHON: path,
    TMPDIR: tmpdir(),
    LANG: 'C.UTF-8',
    USER: 'ada',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    NODE_COMPILE_CACHE: join(tmpdir(), 'slipway-rig-compiled'),
  }
}

/** Where builders of images keep them for whoever runs the tests, so that a program with another home finds the base image there. */
export function builderStorage(): Record<string, string> {
  const { XDG_DATA_HOME: data = join(homedir(), '.local/share'), XDG_RUNTIME_DIR: runtime } = process.env
  return { XDG_DATA_HOME: data, ...(runtime === undefined ? {} : { XDG_RUNTIME_DIR: runtime }) }
}
