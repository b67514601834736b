// A need: one thing that a release needs of the world, which can be looked at before anything is done.
import type { Problem } from './error.ts'
import type { World } from './world.ts'

/** What a target knows when it is asked what a release would need; no version is chosen yet. */
export interface NeedContext {
  /** The project's name from the config. */
  readonly project: string
  /** The tag of a release, with `{version}` standing for it. */
  readonly tagPattern: string
  /** The branch that a release is proposed on, with `{version}` standing for it. */
  readonly releaseBranchPattern: string
  readonly mainBranch: string
  /** Name of the git remote. */
  readonly remote: string
  /** The remote's address as it is written down, without credentials. */
  readonly repository: string
  /** The targets that are switched on, with their settings as they were parsed. */
  readonly active: readonly { readonly name: string; readonly settings: unknown }[]
}

/** What was seen of one thing that a release needs. */
export type Finding =
  | { readonly is: 'met'; readonly detail: string }
  | { readonly is: 'unmet'; readonly problem: Problem }
  /** Nobody can know without doing it. `hint` says how a person makes sure. */
  | { readonly is: 'untested'; readonly why: string; readonly hint?: string }

/** What would meet a need by being installed: Python modules into an environment of Slipway's own, else packages of Debian. */
export interface Install {
  readonly modules?: readonly string[]
  readonly debian: readonly string[]
}

/** One thing that a release needs: a program, a file as it should be, or a right; `back` are the rights that a rollback needs. */
export interface Need {
  readonly of: 'tools' | 'files' | 'forward' | 'back'
  /** As a requirement: `push tags to oneflow-ai/oneflow`. */
  readonly title: string
  readonly install?: Install
  /** Looks, and leaves nothing behind that anybody could see. */
  look(world: World): Promise<Finding>
}

/** A need that is met, with what was seen. */
export function met(detail: string): Finding {
  return { is: 'met', detail }
}

/** A need that is not met, with the remedy as the problem's hint. */
export function unmet(problem: Problem): Finding {
  return { is: 'unmet', problem }
}

/** A need of which nobody knows before it is tried. */
export function untested(why: string, hint?: string): Finding {
  return { is: 'untested', why, ...(hint === undefined ? {} : { hint }) }
}
