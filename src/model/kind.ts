// A kind: one sort of effect that a target offers, how to look for it, make it and take it back.
import type { Json } from './json.ts'
import type { Artifact, Digest } from './plan.ts'
import type { Look, World } from './world.ts'

/** Parses unknown data into T or throws. Zod schemas are schemas. */
export interface Schema<T> {
  parse(value: unknown): T
}

/** What a read-only look at the world tells about one step. */
export type Probe<Out> =
  /** Safe to apply. `missing` says what is still awaited, for kinds that wait, and `by` that a machine is at work on it; else a person is asked. */
  | { readonly state: 'absent'; readonly missing?: string; readonly by?: 'machine' }
  /** Exactly our effect, compared by content. */
  | { readonly state: 'present'; readonly output: Out }
  /** Our effect, taken back as far as it goes (yanked, closed). */
  | { readonly state: 'withdrawn' }
  /** The name is taken by something else. */
  | { readonly state: 'conflict'; readonly found: string }
  /** Cannot tell now (look again), or, when blind, can never tell. */
  | { readonly state: 'unknown'; readonly why: string; readonly blind: boolean }

/** What is given to one attempt. */
export interface Once {
  /** Idempotency key of the step: the seed of every marker that it writes. */
  readonly key: string
  readonly signal: AbortSignal
  /** Tells bytes done and bytes in all. */
  progress(done: number, total: number): void
  /** Passes a line of output on to whoever watches. */
  say(line: string): void
}

/** Takes an effect back: one attempt. `output` is missing when the apply never returned. */
export type Undo<In, Out> = (world: World, input: In, output: Out | undefined, once: Once) => Promise<void>

/** What a person is asked to do where no program can. */
export interface Instructions {
  /** The exact page. */
  readonly page: string
  /** The words, one step each. */
  readonly steps: readonly string[]
  /** What Slipway will see when it is done. */
  readonly done: string
}

/** How an effect is taken back. Class and code cannot disagree. */
export type Reversal<In, Out> =
  | { readonly is: 'reversible'; readonly undo: Undo<In, Out> }
  | { readonly is: 'compensable'; readonly leaves: string; readonly undo: Undo<In, Out> }
  /** `lag`: milliseconds for which absence proves nothing; half an hour when missing, as an index may lag. */
  | { readonly is: 'by-hand'; readonly leaves: string; readonly lag?: number; instructions(input: In): Instructions }
  | { readonly is: 'final'; readonly because: string }
  | { readonly is: 'none'; readonly leaves?: string }

/** Both directions in words, made before anything is done. */
export interface Description {
  readonly apply: string
  readonly undo: string
  /** The commands that a person would type instead. */
  readonly byHand: readonly string[]
}

/** The small known world that a kind's examples are made on: a repository with one release prepared, and built artifacts. */
export interface Ground {
  readonly remote: string
  readonly repository: { readonly owner: string; readonly name: string }
  readonly branch: string
  /** The head of the main branch. */
  readonly base: { readonly commit: string; readonly tree: string }
  /** A child of `base` that carries the version edits; in the local repository only. */
  readonly release: { readonly commit: string; readonly tree: string; readonly files: readonly { readonly path: string; readonly text: string }[]; readonly message: string; readonly author: string; readonly date: string }
  readonly version: string
  readonly tag: string
  readonly artifacts: readonly Artifact[]
  /** The image that `latest` names before the release. */
  readonly former: Digest
}

/** One sort of effect. */
export interface Kind<In, Out> {
  /** Target, dot, noun: `pypi.upload`. */
  readonly kind: string
  readonly input: Schema<In>
  readonly output: Schema<Out>
  readonly reversal: Reversal<In, Out>
  /** Milliseconds during which the world may still say absent after a success (CDN, index lag). */
  readonly settlesWithin?: number
  /** Inputs that the contract suite runs on. */
  examples(ground: Ground): readonly In[]
  describe(input: In): Description
  /** Reads only. `key` is the step's idempotency key, to find again what our marker is on; `made` is what apply returned, where that is known, for what only its own id finds. */
  probe(look: Look, input: In, key: string, made?: Out): Promise<Probe<Out>>
  /** One effect, one attempt. Absent for kinds that only wait until the probe says present. */
  apply?(world: World, input: In, once: Once): Promise<Out>
}

/** Any kind, for registries; each parses its own input. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the one registry type: a kind is contravariant in its input
export type AnyKind = Kind<any, any>

/** Declares a kind, checking its types. */
export function defineKind<In extends Json, Out extends Json>(kind: Kind<In, Out>): Kind<In, Out> {
  return kind
}
