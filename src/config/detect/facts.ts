// What detection works with, and what it says: pure data in, pure data out.
import type { Place, Problem } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { SettingLine } from '../import/index.ts'

/** What is known of a repository before it has a config. */
export interface ProjectFacts {
  /** The name of its folder, for want of a better one. */
  readonly folder: string
  /** Every tracked path, from the root. */
  readonly paths: readonly string[]
  /** The texts of the files that `isWorthReading`. */
  readonly texts: ReadonlyMap<string, string>
  /** The remote that releases go to; its address without credentials. */
  readonly remote: { readonly name: string; readonly url: string } | undefined
  /** The main branch of the remote, or the one that is checked out. */
  readonly branch: string | undefined
  /** Names of all tags. */
  readonly tags: readonly string[]
}

/** One setting that could be guessed. A setting that is a list (`version.places`, `checks`) has a guess for each item. */
export interface Guess {
  /** Its path in slipway.yaml, with dots: `pypi.package`. */
  readonly setting: string
  readonly value: Json
  /** Why, as the end of a sentence: "its setup() names it". */
  readonly because: string
  readonly place?: Place
  /** Set when Slipway does the same without it, so that it need not be written. */
  readonly isDefault?: true
}

/** Something that only a person can tell. */
export interface Question {
  readonly setting: string
  readonly text: string
  /** The value in what was answered; undefined when there is none, and the setting is left out. */
  read(answer: string): Json | undefined
}

/** What was found. */
export interface Detected {
  readonly guesses: readonly Guess[]
  /** What disagrees, or keeps a release from beginning: for a person to mend. */
  readonly findings: readonly Problem[]
  /** What a person should know, one sentence each. */
  readonly remarks: readonly string[]
  readonly questions: readonly Question[]
  /** What became of the settings of other release tools, one line for each. */
  readonly imported: readonly SettingLine[]
}

/** What was found, where some of it is nothing. */
export function found(parts: Partial<Detected>): Detected {
  return { guesses: [], findings: [], remarks: [], questions: [], imported: [], ...parts }
}

/** All that was found, in order. */
export function together(parts: readonly Detected[]): Detected {
  return {
    guesses: parts.flatMap(({ guesses }) => guesses),
    findings: parts.flatMap(({ findings }) => findings),
    remarks: parts.flatMap(({ remarks }) => remarks),
    questions: parts.flatMap(({ questions }) => questions),
    imported: parts.flatMap(({ imported }) => imported),
  }
}

/** The 1-based line of the first match in a text; 1 where there is none. */
export function lineOf(text: string, wanted: string | RegExp): number {
  const at = typeof wanted === 'string' ? text.indexOf(wanted) : text.search(wanted)
  return at < 0 ? 1 : text.slice(0, at).split('\n').length
}

/** The value of a guess, where it is text. */
export function textOf(guess: Guess | undefined): string | undefined {
  return typeof guess?.value === 'string' ? guess.value : undefined
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** How many folders a path is below the root. */
export function depthOf(path: string): number {
  return path.split('/').length - 1
}
