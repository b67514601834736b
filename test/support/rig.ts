// A project in a world of its own, and the real program to run on it: what end-to-end tests and cases are made with.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeExampleProject, type ExampleBase } from '../../scripts/example-project.ts'
import { serveProject } from '../../src/app/serve-project.ts'
import type { CallMoment } from '../../src/rehearsal/serve.ts'
import type { RehearsalWorld } from '../../src/rehearsal/world.ts'
import { builtProgram } from './built-program.ts'
import { holdAt, type Hold } from './rig-hold.ts'
import { rigEnvironment, rigPython } from './rig-environment.ts'
import { steadyWords } from './rig-words.ts'

const { slipway: PROGRAM } = await builtProgram()

/** When everything is committed that tests commit. */
const DAY = '2026-10-01T09:00:00Z'

/** Opens everything in a rig's world. */
export const RIG_TOKEN = 'rig-token/8Jc+0123456789=='

/** How the program ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** How the program is run. */
export interface RunOptions {
  /** Over the rig's own environment; null takes a variable away. */
  readonly env?: Readonly<Record<string, string | null>>
  /** The working folder; the project when missing. */
  readonly folder?: string
  /** A program that is given the whole command line to run. */
  readonly through?: readonly string[]
  /** Told of the process at once. */
  started?(running: Running): void
}

/** The program at work. */
export interface Running {
  /** Presses Ctrl-C: everything in the program's own process group hears it. */
  pressCtrlC(): void
  /** Ends it at once, with nothing said. */
  kill(): void
  /** Resolves when the program has printed this; rejects when it ends before. */
  printed(text: string): Promise<void>
  /** Everything that it printed on its standard output so far. */
  soFar(): string
  /** Resolves with what is awaited; rejects when the program ends before. */
  before<T>(awaited: Promise<T>): Promise<T>
}

/** A project, its world and the program. */
export interface Rig extends AsyncDisposable {
  readonly folder: string
  readonly project: string
  readonly home: string
  /** Where journal and artifacts are. */
  readonly state: string
  readonly world: RehearsalWorld
  /** The file that SLIPWAY_WORLD names. */
  readonly worldFile: string
  /** Called for each request to the world while it is set. */
  onCall: ((call: { readonly method: string; readonly url: string; readonly reads?: true }, moment: CallMoment) => void | 'cut' | Promise<void | 'cut'>) | undefined
  run(args: readonly string[], options?: RunOptions): Promise<Ended>
  /** Runs git in the project, or another folder; the remote's public address leads to the world. */
  git(args: readonly string[], folder?: string): string
  hold(name: string): Hold
  /** What was printed, without what differs from run to run. */
  steady(text: string): string
}

/** What a rig begins with. */
export interface RigOptions {
  /** A folder to copy the project from; the cut-down example when missing. */
  readonly from?: string
  /** What the example's image is built upon; without one it has no image, and nothing that hangs on it. */
  readonly base?: ExampleBase
  /** Changes the project before the world is served from it. */
  prepare?(project: string, rig: Pick<Rig, 'git' | 'folder' | 'home'>): void
  readonly preset?: string
  readonly token?: string
}

/** Opens a rig. */
export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-rig-'))
  const [project, home, worldFolder] = ['oneflow', 'home', 'world'].map((name) => join(folder, name)) as [string, string, string]
  const token = options.token ?? RIG_TOKEN
  mkdirSync(home)
  const environment = rigEnvironment(home)
  const served: { bare?: string } = {}
  const git: Rig['git'] = (args, at = project) => execFileSync('git', args, {
    cwd: at, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
    // The same ids every time.
    env: { ...environment, GIT_AUTHOR_DATE: DAY, GIT_COMMITTER_DATE: DAY, ...(served.bare === undefined ? {} : { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `url.${served.bare}.insteadOf`, GIT_CONFIG_VALUE_0: 'https://github.com/oneflow-ai/oneflow.git' }) },
  }).trim()
  cpSync(options.from ?? exampleTemplate(options.base), project, { recursive: true })
  options.prepare?.(project, { git, folder, home })
  let onCall: Rig['onCall']
  mkdirSync(worldFolder)
  const { world, gitRoutes, secrets } = await serveProject({
    project, folder: worldFolder, token, onCall: async (call, moment) => onCall?.(call, moment), ...(options.preset === undefined ? {} : { preset: options.preset }),
  })
  served.bare = world.bare
  const worldFile = join(folder, 'world.json')
  writeFileSync(worldFile, JSON.stringify({ routes: world.served.routes, gitRoutes, trustedRoot: world.trustedRoot }))
  const { minor } = rigPython()
  const holds: Hold[] = []
  return {
    folder, project, home, world, worldFile, git,
    state: join(project, '.git', 'slipway'),
    get onCall() { return onCall },
    set onCall(call) { onCall = call },
    run: (args, run = {}) => runProgram(args, { ...run, folder: run.folder ?? project, env: { ...environment, SLIPWAY_WORLD: worldFile, GITHUB_TOKEN: token, PYPI_TOKEN: token, TESTPYPI_TOKEN: token, ...secrets, ...run.env } }),
    hold(name) {
      const hold = holdAt(join(home, name))
      holds.push(hold)
      return hold
    },
    steady: (text) => steadyWords(text, [[folder, 'FOLDER'], [minor, '3.X'], [world.bare, 'BARE'], [token, 'TOKEN']]),
    async [Symbol.asyncDispose]() {
      for (const hold of holds) hold[Symbol.dispose]()
      await world[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Runs the program as it is shipped, in a process group of its own, and waits for its end. */
export function runProgram(args: readonly string[], options: RunOptions & { readonly env: Readonly<Record<string, string | null>>; readonly folder: string }): Promise<Ended> {
  const [program = '', ...rest] = [...(options.through ?? []), process.execPath, PROGRAM, ...args]
  const env = Object.fromEntries(Object.entries(options.env).filter((entry): entry is [string, string] => entry[1] !== null))
  const child = spawn(program, rest, { cwd: options.folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  const awaited = new Set<{ readonly text: string; readonly found: () => void; readonly missed: () => void }>()
  const look = (): void => {
    for (const each of awaited) {
      if (!stdout.includes(each.text) && !stderr.includes(each.text)) continue
      awaited.delete(each)
      each.found()
    }
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; look() })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; look() })
  const ended = new Promise<Ended>((done, failed) => {
    child.once('error', failed)
    child.once('close', (code, signal) => {
      for (const { missed } of awaited) missed()
      done({ code, signal, stdout, stderr })
    })
  })
  options.started?.({
    pressCtrlC: () => { process.kill(-child.pid!, 'SIGINT') },
    kill: () => { process.kill(-child.pid!, 'SIGKILL') },
    printed: (text) => new Promise((found, missed) => {
      awaited.add({ text, found, missed: () => { missed(new Error(`the program ended without printing "${text}":\n${stdout}\n${stderr}`)) } })
      look()
    }),
    soFar: () => stdout,
    before: (event) => Promise.race([event, ended.then(({ code }) => { throw new Error(`the program ended with ${code} too early:\n${stdout}\n${stderr}`) })]),
  })
  return ended
}

/** Replaces text in a file of the project. Throws when it is not there. */
export function replaceIn(file: string, find: string | RegExp, by: string): void {
  const before = readFileSync(file, 'utf8')
  const after = before.replace(find, () => by)
  if (after === before) throw new Error(`${file} does not hold ${String(find)}`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, after)
}

/** Takes the Python package out of the example: git, GitHub and its checks remain. */
export function withoutPackage(project: string, git: Rig['git']): void {
  replaceIn(join(project, 'slipway.yaml'), /^pypi:\n(?: .*\n)+/m, '')
  git(['commit', '--quiet', '--all', '--message', 'chore: release no package'], project)
}

const templates = new Map<ExampleBase | undefined, string>()

/** The example with one quick check, one Python and no trial upload; made once for each base and test process. */
function exampleTemplate(base: ExampleBase | undefined): string {
  const made = templates.get(base)
  if (made !== undefined) return made
  const folder = mkdtempSync(join(tmpdir(), 'slipway-rig-example-'))
  process.once('exit', () => { rmSync(folder, { recursive: true, force: true }) })
  const project = join(folder, 'oneflow')
  makeExampleProject(project, base === undefined ? {} : { base })
  const config = join(project, 'slipway.yaml')
  replaceIn(config, / {2}- name: tests\n.*\n {2}- name: api-contract\n.*\n/, '  - name: tests\n    run: python3 -m unittest discover -s tests\n')
  replaceIn(config, /pythons: \[.*\]/, `pythons: ["${rigPython().minor}"]`)
  replaceIn(config, 'trial: true', 'trial: false')
  execFileSync('git', ['commit', '--quiet', '--all', '--message', 'chore: check and install less'], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'], env: { ...rigEnvironment(folder), GIT_AUTHOR_DATE: DAY, GIT_COMMITTER_DATE: DAY } })
  templates.set(base, project)
  return project
}
