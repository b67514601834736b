// What slipway.yaml says, once it is read: the config and the parts that it is made of.
import type { Schedule, Support } from '../calendar/index.ts'
import type { Place } from '../model/error.ts'
import type { Thresholds } from '../model/signal.ts'
import type { SettingsSchema } from '../model/target.ts'

/** Keys and indexes that lead to a value in the document, e.g. `['version', 'places', 0]`. */
export type Path = readonly PropertyKey[]

/** A file that carries the version. Without `search` the file's name decides how the version is found in it. */
export interface VersionPlace {
  /** Relative to the repository's root, with `/`, in its shortest form. */
  readonly path: string
  /** The text around the version, with `{version}` standing for it. */
  readonly search?: string
  /** What takes the place of what was found; the text of `search` when the config gives none. */
  readonly replace?: string
}

/** What a failure before the first final step leads to: the run goes back, or it stops for a person to look. */
export type OnFailure = 'turn' | 'stop'

/** A project's `slipway.yaml`, checked and with every default filled in. */
export interface Config {
  readonly name: string
  readonly places: readonly VersionPlace[]
  /** The changelog's path, relative to the repository's root. */
  readonly changelog: string
  /** Where the journal is kept; undefined leaves it to where the program runs. */
  readonly journal: 'local' | 'remote' | undefined
  readonly policy: { readonly onFailure: OnFailure }
  /** When signals after a release ask to be watched or acted upon. */
  readonly monitor: Thresholds
  /** The maintained lines; undefined where the config names none. */
  readonly support: Support | undefined
  /** When releases are due; undefined where the config says nothing of it. */
  readonly schedule: Schedule | undefined
  /** The settings of every target that is on, by the target's name, in the order of the list of targets. */
  readonly targets: ReadonlyMap<string, unknown>
  /** Where a value stands in the file, or the nearest key above it that is written; for problems that are found later. */
  place(path: Path): Place
}

/** What the config needs to know of a target. Every target is one. */
export interface ConfigTarget {
  /** Its key in the file. */
  readonly name: string
  /** One sentence, shown by editors. */
  readonly summary?: string
  readonly settings: SettingsSchema<unknown>
}
