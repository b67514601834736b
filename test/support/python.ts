// Finds the Python that real clients in tests run on, and the environment that keeps pip to what it is told.
import { spawnSync } from 'node:child_process'
import { devNull } from 'node:os'
import { resolve } from 'node:path'

const found = new Map<string, string>()

/** The path of a Python that can import all these modules (`build`, `twine`, `pip`). Throws when there is none. */
export function pythonWith(modules: readonly string[]): string {
  const key = modules.join(', ')
  const known = found.get(key)
  if (known !== undefined) return known
  const root = resolve(import.meta.dirname, '../..')
  const candidates = [process.env['SLIPWAY_PYTHON'] ?? '', resolve(root, '.tools/python/bin/python'), 'python3', '/usr/bin/python3'].filter((path) => path !== '')
  const python = candidates.find((path) => spawnSync(path, ['-c', `import ${key}`], { env: pipEnv(), stdio: 'ignore' }).status === 0)
  if (python === undefined) throw new Error(`No Python with ${key} among ${candidates.join(', ')}. Install them, or name such a Python in SLIPWAY_PYTHON.`)
  found.set(key, python)
  return python
}

/** This environment without settings for pip, twine, Python and proxies; pip reads no configuration and writes no cache. */
export function pipEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PIP_|TWINE_|PYTHON|VIRTUAL_ENV$|SSL_CERT|REQUESTS_CA|(https?|all|no)_proxy$)/i.test(name))
  return { ...Object.fromEntries(kept), PIP_CONFIG_FILE: devNull, PIP_NO_CACHE_DIR: '1', PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1', NO_PROXY: '127.0.0.1' }
}
