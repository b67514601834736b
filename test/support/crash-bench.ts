// What the crash tests of one file share: the project, one release that nothing happened to, and what it proved and built.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteJournal } from '../../src/storage/sqlite.ts'
import type { Evidence } from '../../src/model/world.ts'
import { makeCrashProject } from './crash-project.ts'
import { openSite, START, type Scene, type Site, type SiteOptions, type SiteRun } from './crash-site.ts'
import { pythonWith } from './python.ts'

/** The arguments that make the release of these tests, and take it up again. */
export const RELEASE = ['release', 'minor', '--yes', '--wait', '1h'] as const

/** What the cases of a file share. */
export interface Bench {
  readonly folder: string
  readonly project: string
  readonly env: Readonly<Record<string, string>>
  /** State to begin with, without a run: the artifacts, and the evidence of what a release proves. */
  readonly seeds: {
    /** Before it changes anything outside: checks, build, installs of the built wheel. */
    readonly built: string
    /** All of it, the installs from both indexes too, which take most of a release's time. */
    readonly proved: string
  }
  /** A site of its own for each case. */
  site(options?: Partial<Pick<SiteOptions, 'seed' | 'preset' | 'frozen'>>): Promise<Site>
  close(): void
}

let sites = 0

/** Opens a bench without seeds. */
function openBare(): Omit<Bench, 'seeds'> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-crash-'))
  const project = join(folder, 'template')
  makeCrashProject(project, pythonWith(['build', 'twine', 'pip']))
  return {
    folder,
    project,
    env: environment(folder),
    site: (options = {}) => openSite({ folder: join(folder, `site-${(sites += 1)}`), project, env: environment(folder), ...options }),
    close: () => { rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) },
  }
}

/** Opens a bench and makes one release on it that nothing happens to. */
export async function openBench(): Promise<{ readonly bench: Bench; readonly whole: SiteRun; readonly scene: Scene }> {
  const bare = openBare()
  await using site = await bare.site()
  const whole = await site.run({ args: RELEASE })
  if (whole.code !== 0) throw new Error(`the release that nothing happens to ended with ${whole.code}: ${JSON.stringify(whole.lines.slice(-3))} ${whole.stderr}`)
  const seeds = { built: join(bare.folder, 'built'), proved: join(bare.folder, 'proved') }
  await sow(site.state, seeds.built, ({ title }) => !title.includes(' installed from '))
  await sow(site.state, seeds.proved, () => true)
  return { bench: { ...bare, seeds }, whole, scene: await site.scene() }
}

async function sow(state: string, seed: string, takes: (proof: Evidence) => boolean): Promise<void> {
  mkdirSync(seed)
  cpSync(join(state, 'artifacts'), join(seed, 'artifacts'), { recursive: true })
  const kept = new DatabaseSync(join(state, 'journal.db'), { readOnly: true })
  const rows = kept.prepare('SELECT evidence FROM evidence').all() as { evidence: string }[]
  kept.close()
  const journal = openSqliteJournal({ file: join(seed, 'journal.db'), now: () => START })
  for (const { evidence } of rows) {
    const proof = JSON.parse(evidence) as Evidence
    if (takes(proof)) await journal.evidence.record(proof)
  }
  journal.close()
}

/** The environment of a driver: one Python, no settings of whoever runs the tests. */
function environment(folder: string): Record<string, string> {
  const python = pythonWith(['build', 'twine', 'pip'])
  const nowhere = join(folder, 'nowhere')
  return {
    PATH: [dirname(process.execPath), dirname(python), '/usr/bin', '/bin'].join(delimiter),
    HOME: nowhere,
    PYENV_ROOT: nowhere,
    UV_PYTHON_INSTALL_DIR: nowhere,
    SLIPWAY_PYTHON: python,
    // What killed drivers leave behind goes with the bench.
    TMPDIR: folder,
    USER: 'crash',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    NODE_COMPILE_CACHE: join(tmpdir(), 'slipway-crash-compiled'),
  }
}
