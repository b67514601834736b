// A fresh virtual environment to install into as a user would, and the Pythons to make it with.
import { z } from 'zod'
import { Refused } from '../../model/error.ts'
import type { Once } from '../../model/kind.ts'
import type { Interpreter, World } from '../../model/world.ts'
import { parseJson } from '../../model/json.ts'
import { lastLines } from '../checks/output.ts'
import { runPython, type PythonAnswer } from './python.ts'

/** What a virtual environment is made with and where. */
export interface VenvBench {
  readonly world: World
  readonly once: Once
  /** The Python that the environment is for. */
  readonly python: Interpreter
  /** An empty folder, absolute. */
  readonly folder: string
}

/** The newest Python found of this minor version (`3.11`), or of all with `3`. */
export async function findPython(world: World, wanted: string): Promise<Interpreter | undefined> {
  return (await world.interpreters()).find(isOneOf([wanted]))
}

/** Every Python found of these minor versions, newest first; every one at all when there is none of them. */
export async function findPythons(world: World, wanted: readonly string[]): Promise<readonly Interpreter[]> {
  const all = await world.interpreters()
  const some = all.filter(isOneOf(wanted))
  return some.length > 0 ? some : all
}

function isOneOf(wanted: readonly string[]): (python: Interpreter) => boolean {
  return ({ version }) => wanted.some((one) => version.startsWith(`${one}.`))
}

/** An installed distribution: its name as its maker writes it, and its version. */
export const distribution = z.strictObject({ name: z.string(), version: z.string() })

/** An installed distribution. */
export type Distribution = z.infer<typeof distribution>

/** pip's answer, the Python of the environment, and what the environment brought with itself. */
export interface Installed extends PythonAnswer {
  readonly venv: string
  readonly brought: readonly Distribution[]
}

/** Makes a virtual environment and runs `pip install` with these arguments in it. */
export async function installFresh(bench: VenvBench, install: readonly string[]): Promise<Installed> {
  const { world, once, python, folder } = bench
  const venv = `${folder}/venv/bin/python`
  const pip = ['install', '--no-cache-dir', ...install]
  // Another Python's pip installs into a bare environment in a third of the time that it takes to give it a pip of its own.
  const host = (await world.interpreters())[0] ?? python
  const bare = await runPython(world, once, { python: python.path, args: ['-m', 'venv', '--clear', '--without-pip', 'venv'], folder })
  if (bare.code !== 0) throw noVenv(python, bare.text)
  const fast = await runPython(world, once, { python: host.path, args: ['-m', 'pip', '--python', venv, ...pip], folder })
  if (fast.code === 0 || await canUse(bench, host, venv)) return { ...fast, venv, brought: [] }
  const full = await runPython(world, once, { python: python.path, args: ['-m', 'venv', '--clear', 'venv'], folder })
  if (full.code !== 0) throw noVenv(python, full.text)
  const brought = await distributionsIn(bench, venv) ?? []
  return { ...await runPython(world, once, { python: venv, args: ['-m', 'pip', ...pip], folder }), venv, brought }
}

/** Prints what is installed as JSON, each distribution once: the first on the path is the one that is imported. */
const LIST = [
  'import importlib.metadata as m, json, re',
  'found = {}',
  'for d in m.distributions():',
  '    name = d.metadata["Name"]',
  '    if name: found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), {"name": name, "version": d.version})',
  'print(json.dumps([found[key] for key in sorted(found)]))',
].join('\n')

/** What is installed in an environment, sorted by normalised name, without what it brought with itself. Undefined when its Python cannot tell. */
export async function distributionsIn({ world, once, folder }: Pick<VenvBench, 'world' | 'once' | 'folder'>, venv: string, brought: readonly Distribution[] = []): Promise<Distribution[] | undefined> {
  const { code, stdout } = await runPython(world, { ...once, say: () => {} }, { python: venv, args: ['-I', '-c', LIST], folder })
  const found = code === 0 ? z.array(distribution).safeParse(parseJson(stdout)) : undefined
  return found?.data?.filter(({ name, version }) => !brought.some((own) => own.name === name && own.version === version))
}

/** Whether the host has a pip at all, knows `--python` (pip 22.3), and runs on the environment's Python. */
async function canUse({ world, once, folder }: VenvBench, host: Interpreter, venv: string): Promise<boolean> {
  const { code } = await runPython(world, { ...once, say: () => {} }, { python: host.path, args: ['-m', 'pip', '--python', venv, '--version'], folder })
  return code === 0
}

function noVenv({ version, path }: Interpreter, text: string): Refused {
  return new Refused({
    code: 'tool-missing',
    message: `Python ${version} (${path}) cannot make virtual environments.`,
    hint: 'Install its venv module (on Debian and Ubuntu: apt-get install python3-venv) and go on.',
    detail: lastLines(text),
  })
}

/** What is wrong with an installed package, and the output that shows it. */
export interface Fault {
  readonly wrong: string
  readonly text: string
}

/** Compares the installed version with the wanted one and runs the smoke line on the installed package. Returns what is wrong, if anything. */
export async function trySmoke(bench: VenvBench & { readonly venv: string }, wanted: { package: string; version: string; smoke: string }): Promise<Fault | undefined> {
  const { world, once, folder, venv } = bench
  // -I keeps the working folder and the user's packages off the path: what is imported is what was installed.
  const asked = await runPython(world, { ...once, say: () => {} }, {
    python: venv,
    args: ['-I', '-c', 'import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))', wanted.package],
    folder,
  })
  const version = asked.stdout.trim()
  if (asked.code !== 0 || version !== wanted.version) return { wrong: `what is installed says that it is ${version || 'nothing'}`, text: asked.text }
  const smoke = await runPython(world, once, { python: venv, args: ['-I', '-c', wanted.smoke], folder })
  return smoke.code === 0 ? undefined : { wrong: `the smoke line fails: ${wanted.smoke}`, text: smoke.text }
}
