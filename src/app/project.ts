// A project as its slipway.yaml describes it at one commit.
import { parseConfig, missingConfig, type Config } from '../config/index.ts'
import { SlipwayError } from '../model/error.ts'
import type { AnyTarget } from '../model/target.ts'
import type { Look } from '../model/world.ts'
import { readFiles } from '../survey/files.ts'
import type { GitSettings } from '../targets/git/index.ts'

/** The name of the config file, at the root of the repository. */
export const CONFIG_FILE = 'slipway.yaml'

/** A target that is switched on, with its settings. */
export interface ActiveTarget {
  readonly target: AnyTarget
  readonly settings: unknown
}

/** A project's config and the targets that it switches on. */
export interface Project {
  readonly config: Config
  readonly text: string
  readonly git: GitSettings
  readonly active: readonly ActiveTarget[]
}

/** Reads slipway.yaml as a commit holds it. Throws SlipwayError `config-missing` or `config-invalid`. */
export async function readProject(look: Look, commit: string, targets: readonly AnyTarget[]): Promise<Project> {
  const text = (await readFiles(look, commit, [CONFIG_FILE])).get(CONFIG_FILE)
  if (text === undefined) throw missingConfig(CONFIG_FILE)
  const project = projectFrom(text, targets)
  await checkReliedFiles(look, commit, project)
  return project
}

/** Throws SlipwayError `config-invalid` when a file of the commit is not as the settings that name it need it. */
async function checkReliedFiles(look: Look, commit: string, { config, active }: Project): Promise<void> {
  const relied = active.flatMap(({ target, settings }) => (target.relies?.(settings) ?? []).map((file) => ({ ...file, at: [target.name, ...file.setting] })))
  if (relied.length === 0) return
  const texts = await readFiles(look, commit, relied.map(({ path }) => path))
  const [first, ...more] = relied.flatMap(({ path, at, wrong }) => {
    const problem = wrong(texts.get(path))
    return problem === undefined ? [] : [{ ...problem, place: config.place(at) }]
  })
  if (first !== undefined) throw new SlipwayError(first, ...more)
}

/** Parses the text of a slipway.yaml. Throws SlipwayError `config-invalid` with every problem and its place. */
export function projectFrom(text: string, targets: readonly AnyTarget[]): Project {
  const config = parseConfig({ file: CONFIG_FILE, text, targets })
  const active = targets.flatMap((target) => config.targets.has(target.name) ? [{ target, settings: config.targets.get(target.name) }] : [])
  checkClashes(config, active)
  return { config, text, active, git: config.targets.get('git') as GitSettings }
}

/** Throws SlipwayError `config-invalid` for settings of one target that cannot stand beside those of another. */
function checkClashes(config: Config, active: readonly ActiveTarget[]): void {
  const [first, ...more] = active.flatMap(({ target, settings }) => (target.clashes?.(settings, config.targets) ?? []).map(({ at, ...problem }) => ({ ...problem, place: config.place(at) })))
  if (first !== undefined) throw new SlipwayError(first, ...more)
}

/** The settings of a target that is switched on, by its name; undefined for one that is not. */
export function settingsOf({ config }: Pick<Project, 'config'>, target: string): Readonly<Record<string, unknown>> | undefined {
  return config.targets.get(target) as Readonly<Record<string, unknown>> | undefined
}

/** Puts a version into a name pattern such as `v{version}`. */
export function named(pattern: string, version: string): string {
  return pattern.replaceAll('{version}', version)
}
