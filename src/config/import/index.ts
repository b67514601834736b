// What the settings of other release tools mean for slipway.yaml, line by line.
import type { Problem } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { withoutTokens } from '../literal-secret.ts'
import { bumpversion } from './bumpversion.ts'
import { changesets } from './changesets.ts'
import { fits } from './fits.ts'
import { goreleaser } from './goreleaser.ts'
import type { Found, Given, Importer } from './outcome.ts'
import { pythonSemanticRelease } from './python-semantic-release.ts'
import { releaseIt } from './release-it.ts'
import { releasePlease } from './release-please.ts'
import { semanticRelease } from './semantic-release.ts'

export type { Given } from './outcome.ts'

/** THE list of importers. */
export const IMPORTERS: readonly Importer[] = [bumpversion, semanticRelease, releasePlease, releaseIt, changesets, goreleaser, pythonSemanticRelease]

/** Every file that may hold settings of another tool, from the root of the repository. */
export const SETTINGS_FILES: readonly string[] = [...new Set(IMPORTERS.flatMap(({ files }) => files))]

/** One setting of another tool, and what became of it: there is exactly one for each setting that stands in a file. */
export interface SettingLine {
  readonly tool: string
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** As that tool's users write it, with dots between its parts. */
  readonly setting: string
  /** It became settings of slipway.yaml; Slipway does it anyway, so that nothing need be written; or it is not taken over. */
  readonly outcome: 'became' | 'anyway' | 'left'
  /** What it became, as text: `git.tag: v{version}`. */
  readonly what: readonly string[]
  /** What it became, as data. */
  readonly gives: readonly Given[]
  /** Why there is nothing to write, or why it was left and what to do. */
  readonly why?: string
}

/** The settings of other tools as far as they are settings of slipway.yaml. */
export interface ImportedSettings {
  /** A part of a slipway.yaml, in its own form. */
  readonly config: JsonObject
  /** In the order of the tools, the files and their lines. */
  readonly lines: readonly SettingLine[]
  /** Files that could not be read, each with line and column. */
  readonly problems: readonly Problem[]
}

/** Settings that are lists of which each given value is an item. */
export const LISTS: readonly string[] = ['version.places', 'checks']

/** Reads the settings of every tool out of the texts of its files, by their paths. Never throws. */
export function importSettings(texts: ReadonlyMap<string, string>): ImportedSettings {
  const lines: SettingLine[] = []
  const problems: Problem[] = []
  const taken: { readonly given: Given; readonly line: SettingLine }[] = []
  for (const { tool, files, read } of IMPORTERS) {
    for (const file of files) {
      const text = texts.get(file)
      if (text === undefined) continue
      const { settings, problems: found } = read(file, text)
      problems.push(...found)
      for (const each of settings.toSorted((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0))) {
        const line = settled(lineOf({ tool, file, found: each }), taken)
        lines.push(line)
        taken.push(...line.gives.map((given) => ({ given, line })))
      }
    }
  }
  return { config: configOf(taken.map(({ given }) => given)), lines, problems: withoutRepeats(problems) }
}

function lineOf({ tool, file, found }: { readonly tool: string; readonly file: string; readonly found: Found }): SettingLine {
  const { setting, place, ...outcome } = found
  const gives = outcome.outcome === 'became' ? outcome.gives : []
  return { tool, file, line: place.line ?? 1, setting: withoutTokens(setting), outcome: outcome.outcome, gives, what: gives.map(givenText), ...(outcome.outcome !== 'became' && { why: withoutTokens(outcome.why) }) }
}

/** A setting that was given otherwise before is left: the first one counts. So is one that slipway.yaml does not take. */
function settled(line: SettingLine, taken: readonly { readonly given: Given; readonly line: SettingLine }[]): SettingLine {
  const clash = line.gives.flatMap(({ setting, value }) => (LISTS.includes(setting) ? [] : taken.filter(({ given }) => given.setting === setting && JSON.stringify(given.value) !== JSON.stringify(value)).slice(0, 1)))[0]
  const misfit = line.gives.find((given) => !fits(given))
  if (misfit !== undefined) return { ...line, outcome: 'left', gives: [], what: [], why: `slipway.yaml does not take it as ${misfit.setting}. Write \`${misfit.setting}\` by hand.` }
  if (clash === undefined) return line
  const { given, line: first } = clash
  return { ...line, outcome: 'left', gives: [], what: [], why: `${givenText(given)} was taken from ${first.file}:${first.line}, and this says ${line.what.join(', ')}. Look which of the two is right.` }
}

/** A given setting as text. */
export function givenText({ setting, value }: Given): string {
  return `${setting}: ${valueText(value)}`
}

function valueText(value: Json): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return (value as readonly Json[]).map(valueText).join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value as JsonObject).map(([key, inner]) => (key === 'path' || key === 'name' ? valueText(inner ?? null) : `${key} ${JSON.stringify(inner)}`)).join(', ')
}

function configOf(given: readonly Given[]): JsonObject {
  const changelog = given.find(({ setting }) => setting === 'changelog')?.value
  const config: Record<string, Json> = {}
  const section = (name: string): Record<string, Json> => (config[name] ??= {}) as Record<string, Json>
  for (const { setting, value } of given) {
    const [first = '', key] = setting.split('.')
    if (setting === 'checks') config[first] = withCheck((config[first] ?? []) as readonly Json[], value)
    else if (setting === 'version.places') section(first)['places'] = withPlace((section(first)['places'] ?? []) as readonly Json[], value, changelog)
    else if (key === undefined) config[first] ??= value
    else section(first)[key] ??= value
  }
  const { version } = config
  const isEmpty = version !== undefined && ((version as { places?: readonly Json[] }).places ?? []).length === 0
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== 'version' || !isEmpty))
}

/** A place stands once, and the changelog is none. */
function withPlace(places: readonly Json[], place: Json, changelog: Json | undefined): readonly Json[] {
  const key = (one: Json): string => (typeof one === 'string' ? JSON.stringify([one]) : JSON.stringify([(one as JsonObject)['path'], (one as JsonObject)['search']]))
  const path = typeof place === 'string' ? place : (place as JsonObject)['path']
  return path === changelog || places.some((one) => key(one) === key(place)) ? places : [...places, place]
}

/** A command is one check, and each check has a name of its own. */
function withCheck(checks: readonly Json[], check: Json): readonly Json[] {
  const { name, run } = check as { readonly name: string; readonly run: string }
  const all = checks as readonly { readonly name: string; readonly run: string }[]
  if (all.some((one) => one.run === run)) return checks
  const same = all.filter((one) => one.name === name || one.name.startsWith(`${name} `)).length
  return [...checks, { name: same === 0 ? name : `${name} ${same + 1}`, run }]
}

/** Two tools that read one broken file say so once. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter((problem, index) => problems.findIndex((other) => other.message === problem.message && JSON.stringify(other.place) === JSON.stringify(problem.place)) === index)
}
