// `slipway init`: looks at a repository and composes the slipway.yaml that fits it. Writes nothing.
import { SlipwayError, type Problem } from '../model/error.ts'
import type { World } from '../model/world.ts'
import { CONFIG_FILE, projectFrom } from './project.ts'
import { configText, detect, FIRST_CHANGELOG, importedPaths, isWorthReading, isWritten, readImports, textOf, type Detected, type Guess, type ProjectFacts } from '../config/detect/index.ts'
import { readFiles } from '../survey/files.ts'
import { gitText, lines } from '../survey/git.ts'
import type { App } from './app.ts'
import { publicName } from './propose.ts'

/** What was found in a repository, before anybody was asked. */
export interface Looked {
  /** The root of the repository, absolute. */
  readonly top: string
  readonly detected: Detected
}

/** A config to begin with, and what it was made from. */
export interface Initial {
  /** The text of slipway.yaml. */
  readonly config: string
  /** What is to be written, by path from the root. */
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly guesses: readonly Guess[]
  readonly findings: readonly Problem[]
  readonly remarks: readonly string[]
  /** What became of the settings of other release tools, one line for each. */
  readonly imported: Detected['imported']
}

/** Looks at what is committed. Throws SlipwayError `config-exists`, unless nothing will be written; `project-unknown` or `not-a-repository`. */
export async function lookAround({ world }: Pick<App, 'world'>, { writes }: { readonly writes: boolean }): Promise<Looked> {
  const top = (await gitText(world, ['rev-parse', '--show-toplevel'])).trim()
  const head = await world.git(['rev-parse', '--quiet', '--verify', 'HEAD^{commit}'])
  if (head.code !== 0) throw new SlipwayError({ code: 'not-a-repository', message: 'The repository has no commit yet.', hint: 'Commit the project first.' })
  const commit = head.stdout.trim()
  const paths = (await gitText(world, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit])).split('\0').filter((path) => path !== '')
  const here = await world.folder('.').list('.')
  if (writes && (paths.includes(CONFIG_FILE) || here.includes(CONFIG_FILE))) {
    throw new SlipwayError({
      code: 'config-exists', message: `There is a ${CONFIG_FILE} already, and it is never overwritten.`,
      hint: 'See whether it is right with `slipway check`. `slipway init --print` shows what would be written now. To begin anew, delete it and commit that; the new one is then written from what the repository holds.', place: { file: CONFIG_FILE },
    })
  }
  const read = await readAll(world, commit, paths.filter(isWorthReading))
  // What other tools' settings name is read too, wherever it lies.
  const tracked = new Set(paths)
  const named = await readAll(world, commit, importedPaths(readImports(read)).filter((path) => tracked.has(path) && !read.texts.has(path)))
  const [texts, unread] = [new Map([...read.texts, ...named.texts]), [...read.unread, ...named.unread]]
  const remote = await remoteOf(world)
  const detected = detect({ folder: top.slice(top.lastIndexOf('/') + 1), paths, texts, remote, branch: await branchOf(world, remote), tags: lines(await gitText(world, ['for-each-ref', '--format=%(refname:strip=2)', 'refs/tags/'])) })
  if (!detected.guesses.some(({ setting }) => setting === 'version.places')) throw unknown(detected)
  return { top, detected: { ...detected, findings: [...unread, ...detected.findings] } }
}

/** The config of what was found and answered. A block that Slipway would not take is left out, and told as a finding. */
export async function compose({ world, targets }: Pick<App, 'world' | 'targets'>, { detected, answers }: { readonly detected: Detected; readonly answers: readonly Guess[] }): Promise<Initial> {
  const answered = [...detected.guesses.filter(({ setting }) => !answers.some((answer) => answer.setting === setting)), ...answers]
  const findings = [...detected.findings]
  let guesses: readonly Guess[] = answered
  for (const { name } of targets.filter((target) => isWritten(target.name, answered))) {
    const own = ({ setting }: Guess): boolean => setting.split('.')[0] === name
    try {
      projectFrom(configText(guesses.filter((guess) => own(guess) || ['name', 'version'].includes(guess.setting.split('.')[0] ?? ''))), targets)
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error
      guesses = guesses.filter((guess) => !own(guess))
      findings.push(...error.problems.map(({ code, message, hint }) => ({ code, message: `"${name}" was left out of ${CONFIG_FILE}: ${message}`, ...(hint !== undefined && { hint }) })))
    }
  }
  const config = configText(guesses)
  projectFrom(config, targets)
  const shown = guesses.filter(({ setting }) => isWritten(setting.split('.')[0] ?? '', guesses))
  const begun = textOf(shown.find(({ setting, place }) => setting === 'changelog' && place === undefined))
  return {
    config,
    files: [{ path: CONFIG_FILE, text: config }, ...(begun === undefined ? [] : [{ path: begun, text: FIRST_CHANGELOG }])],
    guesses: shown,
    findings,
    imported: detected.imported,
    remarks: [...detected.remarks, ...await missingTools(world, shown)],
  }
}

async function readAll(world: World, commit: string, paths: readonly string[]): Promise<{ readonly texts: ProjectFacts['texts']; readonly unread: readonly Problem[] }> {
  try {
    return { texts: await readFiles(world, commit, paths), unread: [] }
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    const one = await Promise.all(paths.map(async (path) => ({ path, read: await readFiles(world, commit, [path]).catch(() => undefined) })))
    return {
      texts: new Map(one.flatMap(({ read }) => [...read ?? []])),
      unread: one.filter(({ read }) => read === undefined).map(({ path }) => ({ code: 'file-unreadable', message: `${path} is not UTF-8 text, so nothing was taken from it.`, hint: 'Save it as UTF-8, or write by hand what it would have told.', place: { file: path } })),
    }
  }
}

/** `origin`, or the only remote there is. */
async function remoteOf(world: World): Promise<ProjectFacts['remote']> {
  const { stdout } = await world.git(['config', '--get-regexp', String.raw`^remote\..*\.url$`])
  const remotes = lines(stdout).flatMap((line) => {
    const [, name, url] = /^remote\.(.+)\.url (.+)$/.exec(line) ?? []
    return name === undefined || url === undefined ? [] : [{ name, url: publicName(url) }]
  })
  return remotes.find(({ name }) => name === 'origin') ?? (remotes.length === 1 ? remotes[0] : undefined)
}

async function branchOf(world: World, remote: ProjectFacts['remote']): Promise<string | undefined> {
  const name = remote?.name ?? 'origin'
  const head = (await world.git(['symbolic-ref', '--quiet', '--short', `refs/remotes/${name}/HEAD`])).stdout.trim()
  if (head.startsWith(`${name}/`)) return head.slice(name.length + 1)
  const branches = lines((await world.git(['for-each-ref', '--format=%(refname)', 'refs/heads/main', 'refs/heads/master', `refs/remotes/${name}/main`, `refs/remotes/${name}/master`])).stdout)
  const here = (await world.git(['symbolic-ref', '--quiet', '--short', 'HEAD'])).stdout.trim()
  const usual = branches.map((ref) => ref.slice(ref.lastIndexOf('/') + 1)).toSorted()
  return usual.includes(here) || usual.length === 0 ? (here === '' ? undefined : here) : usual[0]
}

/** A remark for each check whose program is not on this machine. */
async function missingTools(world: World, guesses: readonly Guess[]): Promise<readonly string[]> {
  const checks = guesses.filter(({ setting }) => setting === 'checks').map(({ value }) => value as { readonly name: string; readonly run: string })
  const programs = await Promise.all(checks.map(async ({ name, run }) => {
    const [program = ''] = run.split(/\s+/)
    const { code } = await world.run({ program: 'sh', args: ['-c', 'command -v "$1"', 'sh', program] })
    return code === 0 ? undefined : `The check "${name}" runs ${program}, which is not installed here: it fails until it is.`
  }))
  return programs.filter((each) => each !== undefined)
}

function unknown({ findings }: Detected): SlipwayError {
  return new SlipwayError({
    code: 'project-unknown',
    message: 'No file was found that carries a version, so there is nothing that a release could raise.',
    hint: 'Commit one: pyproject.toml, setup.py, package.json or a plain VERSION file with a line such as 0.1.0 will do. Then run `slipway init` again.',
  }, ...findings)
}
