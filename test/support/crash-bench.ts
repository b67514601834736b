// What the crash tests of one file share: the project, one release that nothing happened to, and what it proved and built.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteJournal } from '../../src/storage/sqlite.ts'
import type { Evidence } from '../../src/model/world.ts'
import { wordsOf } from './crash-driver.ts'
import { makeCrashProject, type Cargo } from './crash-project.ts'
import { openSite, START, type Frozen, type Scene, type Site, type SiteOptions, type SiteRun } from './crash-site.ts'
import { pythonWith } from './python.ts'

/** The arguments that make the release of these tests, and take it up again. */
export const RELEASE = ['release', 'minor', '--yes', '--wait', '1h'] as const

/** What the cases of a file share. */
export interface Bench {
  readonly folder: string
  readonly project: string
  readonly env: Readonly<Record<string, string>>
  /** Why the release has no image here, or false. */
  readonly withoutImage: string | false
  /** State to begin with, without a run: the artifacts, and the evidence of what a release proves. */
  readonly seeds: {
    /** Before it changes anything outside: checks, build, installs of the built wheel. */
    readonly built: string
    /** All of it but signatures, the installs from both indexes too, which take most of a release's time. */
    readonly proved: string
  }
  /** A site of its own for each case. */
  site(options?: Partial<Pick<SiteOptions, 'seed' | 'preset' | 'frozen' | 'arrange'>>): Promise<Site>
  close(): void
}

let sites = 0

/** Opens a bench without seeds. */
function openBare({ papers, by = 'token' }: Pick<Cargo, 'papers' | 'by'>): Omit<Bench, 'seeds'> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-crash-'))
  const project = join(folder, 'template')
  const env = environment(folder)
  const withoutImage = spawnSync('buildah', ['info'], { env, stdio: 'ignore' }).status === 0 ? false : 'buildah is not installed here, or does not work'
  makeCrashProject(project, { python: pythonWith(['build', 'twine', 'pip']), image: withoutImage === false && by === 'token', papers, by })
  return {
    folder,
    project,
    env,
    withoutImage,
    site: (options = {}) => openSite({ folder: join(folder, `site-${(sites += 1)}`), project, env, ...(by === 'workflow' ? { others: /^https:\/\/upload\.pypi\.org\// } : {}), ...options }),
    close: () => { rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) },
  }
}

/** Opens a bench and makes one release on it that nothing happens to, with an image where one can be built and the index's token publishes. */
export async function openBench(papers: Cargo['papers'] = 'sbom', by: Cargo['by'] = 'token'): Promise<{ readonly bench: Bench; readonly whole: SiteRun; readonly scene: Scene }> {
  const bare = openBare({ papers, by })
  await using site = await bare.site()
  const whole = await site.run({ args: RELEASE })
  if (whole.code !== 0) throw new Error(`the release that nothing happens to ended with ${whole.code}: ${JSON.stringify(whole.lines.slice(-3))} ${whole.stderr}`)
  const seeds = { built: join(bare.folder, 'built'), proved: join(bare.folder, 'proved') }
  await sow(site.state, seeds.built, ({ title }) => !isSigned(title) && !title.includes(' installed from '))
  await sow(site.state, seeds.proved, ({ title }) => !isSigned(title))
  return { bench: { ...bare, seeds }, whole, scene: await site.scene() }
}

/**
 * A release that is merged and of which nothing is published yet, and the run that came as far as that. To be killed in what follows, a case
 * need not live through what came before.
 */
export async function merge(bench: Bench): Promise<{ readonly run: SiteRun; readonly merged: Frozen }> {
  await using first = await bench.site({ seed: bench.seeds.proved })
  const { writes } = await first.run({ args: RELEASE })
  await using site = await bench.site({ seed: bench.seeds.proved })
  const run = await site.run({ args: RELEASE, dies: { at: 'write', number: writes.indexOf('open publish') + 1, moment: 'before' } })
  if (run.signal !== 'SIGKILL') throw new Error(`the release was to be killed before it published, but ended with ${run.code}: ${run.stderr}`)
  return { run, merged: await site.freeze(join(bench.folder, 'merged')) }
}

/** Publishes what is merged, with nothing happening to it: the run, what `look` sees, and the scene in the end. */
export async function publish<Seen>(bench: Bench, merged: Frozen, look: (site: Site) => Seen): Promise<{ readonly run: SiteRun; readonly seen: Seen; readonly scene: Scene }> {
  await using site = await bench.site({ frozen: merged })
  const run = await site.run({ args: RELEASE })
  if (run.code !== 0) throw new Error(`the release that nothing happens to was not published: ${wordsOf(run)}`)
  return { run, seen: look(site), scene: await site.scene() }
}

/** A signature belongs to the run that made it. */
function isSigned(title: string): boolean {
  return /^(signature|log entry) of the (provenance|attestation) of /.test(title)
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

/** The environment of a driver: one Python, a storage for images, no settings of whoever runs the tests. */
function environment(folder: string): Record<string, string> {
  const python = pythonWith(['build', 'twine', 'pip'])
  const nowhere = join(folder, 'nowhere')
  const storage = join(folder, 'storage.conf')
  writeFileSync(storage, `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/images"\nrunroot = "${folder}/images-run"\n`)
  return {
    PATH: [dirname(process.execPath), dirname(python), '/usr/bin', '/bin'].join(delimiter),
    HOME: nowhere,
    PYENV_ROOT: nowhere,
    UV_PYTHON_INSTALL_DIR: nowhere,
    SLIPWAY_PYTHON: python,
    // What killed drivers leave behind goes with the bench.
    TMPDIR: folder,
    CONTAINERS_STORAGE_CONF: storage,
    USER: 'crash',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    NODE_COMPILE_CACHE: join(tmpdir(), 'slipway-crash-compiled'),
  }
}
