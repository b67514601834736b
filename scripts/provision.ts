// Provides what tests and the demo need beside Node: git, a Python with build, twine, wheel and setuptools, and what builds and carries images.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import type { Command } from '../src/model/world.ts'
import { findBuilder, type BuilderName } from '../src/targets/image/builder.ts'
import { attempt as run, exists, installDebian, makePythonEnvironment } from '../src/world/provide.ts'

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
  const made = await makePythonEnvironment({ python, modules: ['build', 'twine', 'wheel', 'setuptools'], bases: ['python3', '/usr/bin/python3'], env: process.env })
  return made && (await withModules(python)) !== undefined ? { python, how: 'made the private tool environment .tools/python' } : undefined
}

async function fromDebian(): Promise<Provided | undefined> {
  if (!(await installDebian(DEBIAN, process.env))) return undefined
  const python = await withModules('/usr/bin/python3')
  return python === undefined ? undefined : { python, how: `installed ${DEBIAN.join(', ')} with apt-get` }
}

/** What builds images, and what carries them to and from registries. What is missing here could not be provided. */
export interface ImageTools {
  readonly builder?: BuilderName
  /** Path of skopeo. */
  readonly skopeo?: string
  /** Path of Debian's docker-registry. */
  readonly registry?: string
  /** How it came about, for one line to a person. */
  readonly how: string
}

/** Finds what builds and carries images, or installs it where that may be done. Never an error: whoever asked says what is left out. */
export async function provideImageTools(): Promise<ImageTools> {
  const found = await imageTools()
  const wanted = [
    ...(found.builder === undefined ? ['buildah'] : []),
    // The base image that the demo makes needs a shell of its own.
    ...(found.builder === 'buildx' || (await pathOf('busybox')) !== undefined ? [] : ['busybox-static']),
    ...(found.skopeo === undefined ? ['skopeo'] : []),
    ...(found.registry === undefined ? ['docker-registry'] : []),
  ]
  if (wanted.length === 0) return { ...found, how: 'found installed' }
  if (!(await installDebian(wanted, process.env))) return { ...found, how: `without ${wanted.join(', ')}, which could not be installed here` }
  return { ...await imageTools(), how: `installed ${wanted.join(', ')} with apt-get` }
}

async function imageTools(): Promise<Omit<ImageTools, 'how'>> {
  const builder = await imageBuilder()
  const [skopeo, registry] = await Promise.all(['skopeo', 'docker-registry'].map(pathOf))
  return { ...(builder === undefined ? {} : { builder }), ...(skopeo === undefined ? {} : { skopeo }), ...(registry === undefined ? {} : { registry }) }
}

/** The builder that a release finds first, as the image target looks for it. */
async function imageBuilder(): Promise<BuilderName | undefined> {
  const run = async ({ program, args }: Pick<Command, 'program' | 'args'>) => {
    const stdout = await attempt(program, args, 30_000)
    return { code: stdout === undefined ? 1 : 0, stdout: stdout ?? '', stderr: '' }
  }
  return findBuilder({ run }, 'auto').then(({ name }) => name, () => undefined)
}

async function pathOf(program: string): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const folder of folders) if (await exists(join(folder, program))) return join(folder, program)
  return undefined
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

/** What a program printed, or undefined when it failed or is not there. */
async function attempt(program: string, args: readonly string[], timeout?: number): Promise<string | undefined> {
  return run(program, args, { env: process.env, ...(timeout === undefined ? {} : { timeout }) })
}

if (import.meta.main) {
  try {
    const { python, how } = await provide()
    console.log(`Python with its packaging tools: ${python} (${how}).`)
    const { builder, skopeo, registry, how: way } = await provideImageTools()
    console.log(`Tools for images: ${[builder, skopeo, registry].filter((tool) => tool !== undefined).join(', ') || 'none'} (${way}).`)
  } catch (error) {
    if (!(error instanceof NotProvided)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
