// The settings of other release tools, held against what the repository itself shows: what it shows counts.
import type { Json } from '../../model/json.ts'
import type { Place } from '../../model/error.ts'
import type { VersionPlace } from '../../version/index.ts'
import { SETTINGS_FILES, givenText, importSettings, type Given, type ImportedSettings, type SettingLine } from '../import/index.ts'
import type { Guess, ProjectFacts } from './facts.ts'

/** Reads the settings of other tools that are tracked. */
export function readImports({ texts }: Pick<ProjectFacts, 'texts'>): ImportedSettings {
  return importSettings(new Map(SETTINGS_FILES.flatMap((file) => { const text = texts.get(file); return text === undefined ? [] : [[file, text] as const] })))
}

/** Files that only these settings name: their texts are read too. */
export function importedPaths({ lines }: Pick<ImportedSettings, 'lines'>): readonly string[] {
  return [...new Set(lines.flatMap(({ gives }) => gives.flatMap(({ setting, value }) => setting === 'version.places' ? [pathOf(value)] : (setting === 'changelog' || setting === 'image.dockerfile') && typeof value === 'string' ? [value] : [])))]
}

function pathOf(place: Json): string {
  return typeof place === 'string' ? place : String((place as { readonly path: string }).path)
}

/** A place that carries the version by another tool's settings, and where they say so. */
export interface ImportedPlace {
  readonly place: VersionPlace
  readonly from: Place & { readonly line: number }
}

/** Every place that the settings name, once. */
export function importedPlaces({ lines }: Pick<ImportedSettings, 'lines'>): readonly ImportedPlace[] {
  const all = lines.flatMap(({ file, line, gives }) => gives.filter(({ setting }) => setting === 'version.places').map(({ value }) => ({ place: value as unknown as VersionPlace, from: { file, line } })))
  return all.filter(({ place }, index) => all.findIndex((other) => JSON.stringify(other.place) === JSON.stringify(place)) === index)
}

/** The first text that the settings give for a setting. */
export function importedText({ lines }: Pick<ImportedSettings, 'lines'>, wanted: string): string | undefined {
  return lines.flatMap(({ gives }) => gives.flatMap(({ setting, value }) => (setting === wanted && typeof value === 'string' ? [value] : [])))[0]
}

/** Why a place was not taken; `isDone` when another place writes the same. */
export interface Refusal {
  readonly why: string
  readonly isDone?: true
}

/** What is known when the settings are held against the repository. */
export interface ShownByRepository {
  /** What was guessed from the repository, in the order in which it counts. */
  readonly guesses: readonly Guess[]
  /** The places that were not taken, by their JSON text. */
  readonly refused: ReadonlyMap<string, Refusal>
  /** Settings that the repository shows only for want of anything better, so that another tool's word counts more. */
  readonly weak: readonly string[]
  /** What to run before a script of package.json on a clean copy; empty where nothing is. */
  readonly install: string
}

/** The blocks of slipway.yaml that `init` writes settings of other tools to. */
const BLOCKS = ['name', 'version', 'changelog', 'git', 'checks', 'github', 'image']

type Verdict = { readonly guess: Guess } | Refusal | 'shown'

/** The guesses that the settings add, and the lines as they came to be: one that does not count says why. */
export function adopt({ lines }: Pick<ImportedSettings, 'lines'>, shown: ShownByRepository): { readonly guesses: readonly Guess[]; readonly lines: readonly SettingLine[] } {
  const guesses: Guess[] = []
  const adopted = lines.map((line): SettingLine => {
    const verdicts = line.gives.map((given) => ({ given, verdict: verdictOn(given, line, { ...shown, guesses: [...guesses, ...shown.guesses] }) }))
    const reasons = [...new Set(verdicts.flatMap(({ verdict }) => (typeof verdict === 'object' && 'why' in verdict ? [verdict.why] : [])))]
    guesses.push(...verdicts.flatMap(({ verdict }) => (typeof verdict === 'object' && 'guess' in verdict ? [verdict.guess] : [])))
    if (reasons.length === 0) return line
    const kept = verdicts.filter(({ verdict }) => typeof verdict !== 'object' || 'guess' in verdict).map(({ given }) => given)
    const isDone = verdicts.every(({ verdict }) => typeof verdict === 'object' && 'isDone' in verdict)
    return { ...line, outcome: isDone ? 'anyway' : kept.length === 0 ? 'left' : 'became', gives: kept, what: kept.map(givenText), why: reasons.join(' ') }
  })
  return { guesses, lines: adopted }
}

function verdictOn(given: Given, line: SettingLine, shown: ShownByRepository): Verdict {
  const { setting, value } = given
  const from = { because: `${line.tool} says so`, place: { file: line.file, line: line.line } }
  if (setting === 'version.places') {
    return shown.refused.get(JSON.stringify(value)) ?? 'shown'
  }
  if (setting === 'checks') return checkVerdict(value as { readonly name: string; readonly run: string }, from, shown)
  const [block = ''] = setting.split('.')
  if (!BLOCKS.includes(block)) return { why: `Write \`${block}\` by hand if a release needs it (docs/config.md).` }
  const other = shown.guesses.find((guess) => guess.setting === setting)
  if (other !== undefined && JSON.stringify(other.value) === JSON.stringify(value)) return 'shown'
  if (other !== undefined && !shown.weak.includes(setting)) return { why: `It says ${givenText(given)}, but ${givenText(other)} counts: ${other.because}.` }
  if (block === 'image' && !shown.guesses.some((guess) => guess.setting === 'image.dockerfile')) return { why: `It says ${givenText(given)}, but no Dockerfile is tracked. Write \`image\` by hand.` }
  return { guess: { setting, value, ...from } }
}

function checkVerdict({ name, run }: { readonly name: string; readonly run: string }, from: Pick<Guess, 'because' | 'place'>, { guesses, install }: ShownByRepository): Verdict {
  const checks = guesses.filter(({ setting }) => setting === 'checks').map(({ value }) => value as { readonly name: string; readonly run: string })
  if (checks.some((check) => check.run === run || check.run.endsWith(`&& ${run}`))) return 'shown'
  const isTaken = (each: string): boolean => checks.some((check) => check.name === each)
  let free = name
  for (let number = 2; isTaken(free); number += 1) free = `${name} ${number}`
  return { guess: { setting: 'checks', value: { name: free, run: /^(?:npm|npx)\b/.test(run) && !/\bnpm (?:ci|install)\b/.test(run) ? `${install}${run}` : run }, ...from } }
}

/** A remark for each tool whose settings were read. */
export function toolRemarks({ lines }: Pick<ImportedSettings, 'lines'>): readonly string[] {
  return [...Map.groupBy(lines, ({ tool }) => tool)].map(([tool, own]) => {
    const files = [...new Set(own.map(({ file }) => file))]
    const count = own.filter(({ outcome }) => outcome === 'left').length
    const left = count === 0 ? '' : ` ${count === 1 ? 'One of its settings was' : `${count} of its settings were`} not taken over; the lines above say why.`
    return `Once a release has gone well, ${tool} is no longer needed: take its settings out of ${files.join(' and ')}, and stop whatever runs it, or both will release.${left}`
  })
}
