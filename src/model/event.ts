// What a driven run tells whoever watches: a closed union, from which every report is made.
import type { Entry, Way } from './entry.ts'
import type { Instructions } from './kind.ts'
import type { Plan, Step } from './plan.ts'
import type { Problem } from './error.ts'

/** How one drive of a run ended. */
export type Verdict =
  | { readonly is: 'done' }
  /** A failure. `over` tells that the run is closed and left nothing outside; otherwise it waits for a remedy and another drive. */
  | { readonly is: 'failed'; readonly problems: readonly Problem[]; readonly over: boolean }
  | { readonly is: 'rolled-back'; readonly why: string; readonly problems: readonly Problem[]; readonly remains: readonly Remains[] }
  | { readonly is: 'waiting'; readonly for: readonly Waiting[] }
  /** A conflict or a doubt that a person must look at. */
  | { readonly is: 'stuck'; readonly steps: readonly { readonly step: string; readonly why: string }[] }
  | { readonly is: 'interrupted' }

/** What a run waits for. */
export interface Waiting {
  readonly step: string
  readonly for: string
  /** Set when it is an approval of the plan. */
  readonly gate?: string
}

/** What an undone release leaves behind, and why. */
export interface Remains {
  readonly step: string
  readonly what: string
}

/** Something that happened in a run. */
export type RunEvent =
  | { readonly type: 'run'; readonly run: string; readonly plan: Plan; readonly resumed: boolean }
  | { readonly type: 'entry'; readonly entry: Entry; readonly step: Step | undefined }
  | { readonly type: 'progress'; readonly step: string; readonly done: number; readonly total: number }
  | { readonly type: 'output'; readonly step: string; readonly line: string }
  /** The step cannot go on yet; told again only when the words change. */
  | { readonly type: 'waiting'; readonly step: string; readonly way: Way; readonly for: string }
  | { readonly type: 'by-hand'; readonly step: string; readonly instructions: Instructions }
  | { readonly type: 'verdict'; readonly run: string; readonly verdict: Verdict }
