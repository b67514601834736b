// The ground that kinds are tried on: a small project, its artifacts, and a rehearsal world around them, which can be set back as often as wanted.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Ground } from '../../src/model/kind.ts'
import type { Clock, Evidence, World } from '../../src/model/world.ts'
import { jumpingClock } from '../../src/rehearsal/clock.ts'
import { git } from '../../src/rehearsal/git/bare.ts'
import type { UploadToken } from '../../src/rehearsal/pypi/state.ts'
import { openRehearsalWorld, type RehearsalWorld } from '../../src/rehearsal/world.ts'
import type { ServeOptions } from '../../src/rehearsal/serve.ts'
import { openArtifacts } from '../../src/world/artifacts.ts'
import { openWorld } from '../../src/world/world.ts'
import { groundPackages, PROJECT } from './ground-packages.ts'
import { makeProject } from './ground-project.ts'
import { pythonWith } from './python.ts'

/** Secrets by their name. */
export type SecretValues = Readonly<Record<string, string>>

/** What opens everything on the ground, no value like another. */
export const SECRETS: SecretValues = {
  GITHUB_TOKEN: 'ghp_GroundForge7Qx2', PYPI_TOKEN: 'pypi-GroundIndex4Zk9', TESTPYPI_TOKEN: 'pypi-GroundTrial8Wm3',
}

/** Values that nobody knows. */
export const WRONG: SecretValues = {
  GITHUB_TOKEN: 'ghp_NobodyKnows5Rt1', PYPI_TOKEN: 'pypi-NobodyKnows6Yu2', TESTPYPI_TOKEN: 'pypi-NobodyKnows7Io3',
}

/** Values that are known, but give no right to change anything here. */
export const POWERLESS: SecretValues = {
  GITHUB_TOKEN: 'ghp_OnlyReading9Hb4', PYPI_TOKEN: 'pypi-OtherProject1Vc5', TESTPYPI_TOKEN: 'pypi-OtherProject2Nd6',
}

/** Everything outside at one moment. Good for the ground that made it. */
export interface Saved {
  readonly folder: string
  readonly memory: unknown
}

/** An open ground. */
export interface OpenGround extends AsyncDisposable {
  readonly facts: Ground
  readonly rehearsal: RehearsalWorld
  readonly clock: Clock
  readonly evidence: ReadonlyMap<string, Evidence>
  /** The repository that releases are made in. */
  readonly project: string
  /** The folder of the artifact store. */
  readonly store: string
  /** The world of somebody with the right tokens. */
  readonly world: World
  /** The same world for somebody with other secrets. */
  worldWith(secrets: SecretValues): World
  /** Told of every call to a service; `cut` cuts its connection there. */
  onCall: ServeOptions['onCall']
  /** Puts a text into the artifact store. */
  keep(text: string): Promise<{ readonly sha256: `sha256:${string}`; readonly size: number }>
  save(): Promise<Saved>
  restore(saved: Saved): Promise<void>
}

const REPOSITORY = { owner: 'acme', name: 'ground' }
const VERSION = '2.1.0'
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'PYENV_ROOT', 'UV_PYTHON_INSTALL_DIR', 'XDG_DATA_HOME', 'SLIPWAY_PYTHON']
const run = promisify(execFile)

/** Opens a ground in a temporary folder. */
export async function openGround(): Promise<OpenGround> {
  const root = mkdtempSync(join(tmpdir(), 'slipway-ground-'))
  const live = join(root, 'live')
  const project = join(live, 'project')
  const store = join(live, 'state', 'artifacts')
  const clock = jumpingClock()
  const now = (): Date => clock.now()
  const hook: Pick<OpenGround, 'onCall'> = { onCall: undefined }
  const rehearsal = await openRehearsalWorld({
    folder: join(live, 'world'), repository: REPOSITORY, project: PROJECT, tokens: Object.values(SECRETS), reviewers: ['release-reviewer'], now,
    onCall: (call, moment) => hook.onCall?.(call, moment),
  })
  // Nobody acts on the ground before a test says so.
  rehearsal.github.autoReview = false
  grantNothing(rehearsal)
  const known = makeProject(project, { version: VERSION, remote: rehearsal.remote })
  await git(join(project, '.git'), ['push', '--quiet', rehearsal.bare, 'main'])
  const artifacts = openArtifacts(store)
  const keepBytes = async (bytes: Uint8Array | string): ReturnType<OpenGround['keep']> => {
    const incoming = join(root, 'incoming')
    writeFileSync(incoming, bytes)
    return artifacts.keep(incoming)
  }
  const packages = groundPackages(VERSION)
  for (const { bytes } of packages) await keepBytes(bytes)

  const evidence = new Map<string, Evidence>()
  const worldWith = (secrets: SecretValues): World => openWorld({
    repository: project,
    folder: join(live, 'state'),
    env: { ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])), ...secrets },
    version: '0.0.0',
    evidence: { find: async (key) => evidence.get(key), record: async (proof) => { if (proof.passed || evidence.get(proof.key)?.passed !== true) evidence.set(proof.key, proof) } },
    routes: rehearsal.served.routes,
    gitRoutes: { [rehearsal.remote]: rehearsal.served.address(rehearsal.remote) },
    gitInherits: 'nothing',
    python: pythonWith(['build', 'twine', 'setuptools', 'wheel']),
    now,
  })
  let saves = 0
  return Object.assign(hook, {
    facts: {
      remote: 'origin', repository: REPOSITORY, branch: 'main', ...known, version: VERSION, tag: `v${VERSION}`, artifacts: packages.map(({ artifact }) => artifact),
    },
    rehearsal, clock, evidence, project, store, worldWith,
    world: worldWith(SECRETS),
    keep: keepBytes,
    async save(): Promise<Saved> {
      const folder = join(root, `saved-${(saves += 1)}`)
      await run('cp', ['-a', live, folder])
      return { folder, memory: structuredClone(memoryOf(rehearsal, evidence)) }
    },
    async restore({ folder, memory }: Saved) {
      await run('sh', ['-c', 'rm -rf "$2" && cp -a "$1" "$2"', 'sh', folder, live])
      setMemory({ rehearsal, evidence }, structuredClone(memory) as ReturnType<typeof memoryOf>)
    },
    async [Symbol.asyncDispose]() {
      await rehearsal[Symbol.asyncDispose]()
      rmSync(root, { recursive: true, force: true })
    },
  })
}

function grantNothing({ github, pypi, testpypi }: RehearsalWorld): void {
  Object.assign(github.tokens, { [POWERLESS['GITHUB_TOKEN']!]: { login: 'reader', rights: {} } })
  for (const [index, name] of [[pypi, 'PYPI_TOKEN'], [testpypi, 'TESTPYPI_TOKEN']] as const) {
    (index.tokens as UploadToken[]).push({ token: POWERLESS[name]!, user: 'owner', projects: ['another'] })
  }
}

function memoryOf({ github, pypi, testpypi }: RehearsalWorld, evidence: ReadonlyMap<string, Evidence>) {
  const index = ({ projects, usedNames, serial }: RehearsalWorld['pypi']) => ({ projects, usedNames, serial })
  const { pulls, comments, releases, latest } = github
  return { github: { pulls, comments, releases, latest }, pypi: index(pypi), testpypi: index(testpypi), evidence }
}

function setMemory({ rehearsal, evidence }: { rehearsal: RehearsalWorld; evidence: Map<string, Evidence> }, memory: ReturnType<typeof memoryOf>): void {
  const { github } = rehearsal
  for (const name of ['pulls', 'comments', 'releases'] as const) github[name].splice(0, Infinity, ...memory.github[name] as never[])
  github.latest = memory.github.latest
  // A run of tests sends more requests in an hour than GitHub allows.
  github.spent.clear()
  for (const name of ['pypi', 'testpypi'] as const) {
    const [state, saved] = [rehearsal[name], memory[name]]
    refill(state.projects, saved.projects)
    state.usedNames.clear()
    for (const used of saved.usedNames) state.usedNames.add(used)
    state.serial = saved.serial
  }
  refill(evidence, memory.evidence)
}

function refill<K, V>(map: Map<K, V>, from: ReadonlyMap<K, V>): void {
  map.clear()
  for (const [key, value] of from) map.set(key, value)
}
