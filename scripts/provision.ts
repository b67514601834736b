// Provides what tests and the demo need beside Node: git, and a Python with build, twine, wheel and setuptools.
import { execFile } from 'node:child_process'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const root = resolve(import.meta.dirname, '..')
const tools = join(root, '.tools')
const record = join(tools, 'python.json')
const MODULES = ['build', 'twine', 'wheel', 'setuptools', 'venv', 'ensurepip']
const DEBIAN = ['python3-build', 'twine', 'python3-wheel', 'python3-setuptools', 'python3-venv']

/** A tool that is missing and could not be provided; the message says what to install. */
export class NotProvided extends Error {
  override readonly name = 'NotProvided'
}

/** What was found or made. */
export interface Provided {
  /** Path of a Python that imports every module. */
  readonly python: string
  /** How it came about, for one line to a person. */
  readonly how: string
}

/** The path of a Python that can build, check and install packages; makes one where there is none. Throws NotProvided. */
export async function provision(): Promise<string> {
  return (await provide()).python
}

/** As `provision`, with how it came about. */
export async function provide(): Promise<Provided> {
  if ((await attempt('git', ['--version'])) === undefined) throw new NotProvided('git is not installed: install it (https://git-scm.com), then run this again.')
  const provided = await chosen() ?? await onPath() ?? await privateVenv() ?? await fromDebian()
  if (provided === undefined) {
    throw new NotProvided(`No Python here has ${MODULES.join(', ')}: install them with \`python3 -m pip install build twine wheel setuptools\`, or on Debian with \`apt-get install ${DEBIAN.join(' ')}\`, then run this again (SLIPWAY_PYTHON may name the Python to use).`)
  }
  await remember(provided.python)
  return provided
}

async function chosen(): Promise<Provided | undefined> {
  const named = process.env['SLIPWAY_PYTHON']
  if (named !== undefined && named !== '') {
    const python = await withModules(named)
    if (python === undefined) throw new NotProvided(`SLIPWAY_PYTHON is ${named}, which does not run or lacks one of ${MODULES.join(', ')}: install what is missing there, or unset the variable.`)
    return { python, how: 'named by SLIPWAY_PYTHON' }
  }
  const python = await recorded()
  return python !== undefined && (await withModules(python)) !== undefined ? { python, how: 'as before' } : undefined
}

async function recorded(): Promise<string | undefined> {
  try {
    const { python } = JSON.parse(await readFile(record, 'utf8')) as { python?: unknown }
    return typeof python === 'string' ? python : undefined
  } catch {
    return undefined
  }
}

async function onPath(): Promise<Provided | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const candidates = [...new Set([...folders.map((folder) => join(folder, 'python3')), '/usr/bin/python3'])]
  for (const candidate of candidates) {
    const python = await withModules(candidate)
    if (python !== undefined) return { python, how: 'found installed' }
  }
  return undefined
}

async function privateVenv(): Promise<Provided | undefined> {
  const home = join(tools, 'python')
  const python = join(home, 'bin', 'python3')
  if ((await withModules(python)) !== undefined) return { python, how: 'in the private tool environment .tools/python' }
  await mkdir(tools, { recursive: true })
  for (const base of ['python3', '/usr/bin/python3']) {
    await rm(home, { recursive: true, force: true })
    if ((await attempt(base, ['-m', 'venv', home])) === undefined) continue
    // No retries and a short time-out: where no index answers, that is to be known within seconds.
    const installed = await attempt(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '0', '--timeout', '10', 'build', 'twine', 'wheel', 'setuptools'])
    if (installed !== undefined && (await withModules(python)) !== undefined) return { python, how: 'made the private tool environment .tools/python' }
  }
  await rm(home, { recursive: true, force: true })
  return undefined
}

async function fromDebian(): Promise<Provided | undefined> {
  if (process.getuid?.() !== 0 || !(await exists('/etc/debian_version'))) return undefined
  const install = () => attempt('apt-get', ['install', '-y', '--no-install-recommends', ...DEBIAN])
  if ((await install()) === undefined) {
    // The package list may be empty or older than what the mirror still has.
    if ((await attempt('apt-get', ['update'])) === undefined || (await install()) === undefined) return undefined
  }
  const python = await withModules('/usr/bin/python3')
  return python === undefined ? undefined : { python, how: `installed ${DEBIAN.join(', ')} with apt-get` }
}

/** The Python's own path when it imports every module in a clean environment, else undefined. */
async function withModules(python: string): Promise<string | undefined> {
  if (python.includes('/') && !(await exists(python))) return undefined
  // The answer is the path behind a shim, whose choice of Python may depend on the folder it is called in.
  const answer = await attempt(python, ['-c', `import sys, ${MODULES.join(', ')}; print(sys.executable)`])
  return answer?.trim() || undefined
}

async function remember(python: string): Promise<void> {
  if ((await recorded()) === python) return
  await mkdir(tools, { recursive: true })
  const draft = `${record}.${process.pid}`
  await writeFile(draft, `${JSON.stringify({ python })}\n`)
  await rename(draft, record)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false)
}

/**
 * What a program printed, or undefined when it failed or is not there. It runs outside the repository and without Python's
 * variables, so that neither a folder called `build` nor a PYTHONPATH is taken for an installed module.
 */
async function attempt(program: string, args: readonly string[]): Promise<string | undefined> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:PYTHON|VIRTUAL_ENV|__PYVENV)/.test(name)))
  try {
    const { stdout } = await promisify(execFile)(program, [...args], { cwd: '/', env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000, maxBuffer: 2 ** 26 })
    return stdout
  } catch {
    return undefined
  }
}

if (import.meta.main) {
  try {
    const { python, how } = await provide()
    console.log(`Python with its packaging tools: ${python} (${how}).`)
  } catch (error) {
    if (!(error instanceof NotProvided)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
