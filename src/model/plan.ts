// The plan: what a run will do, as data that can be read, diffed, approved by digest and carried to another machine.
import type { Exception } from './exception.ts'
import type { Json, JsonObject } from './json.ts'

/** A SHA-256 digest as `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`

/** The format that this program writes and the only one it reads. */
export const PLAN_FORMAT = 'slipway.plan/1'

/** Which half of a release a plan is for, or its way back; `announce` tells of it on one channel, and `recall` takes that back. */
export type Stage = 'prepare' | 'publish' | 'rollback' | 'announce' | 'recall'

/** True for a plan that takes back what other runs began. */
export function goesBack({ stage }: { readonly stage: Stage }): boolean {
  return stage === 'rollback' || stage === 'recall'
}

/** True for a plan of an announcement: it is no part of the release, and how it ends changes nothing of it. */
export function announces({ stage }: { readonly stage: Stage }): boolean {
  return stage === 'announce' || stage === 'recall'
}

/** Bytes in the artifact store, named by their digest. */
export interface Artifact {
  /** The file name it is published under. */
  readonly name: string
  readonly mediaType: string
  /** Bytes. */
  readonly size: number
  readonly sha256: Digest
  /** The target whose build made it. */
  readonly by: string
  /** What the build read out of it, for the target that publishes it (package metadata, for one). */
  readonly about: JsonObject
  /** Set when only the target that made it publishes it (a layer of an image): it is no file of the release, and no list for people shows it. */
  readonly internal?: true
}

/** One name that gets a new version, and why this version. */
export interface Release {
  readonly name: string
  /** The version before, null for a first release. */
  readonly from: string | null
  readonly to: string
  /** The changes and rules that decided the version, one sentence each. */
  readonly because: readonly string[]
}

/** Something that the plan relies on: a question to the world and the answer it must still give before the first step. */
export interface Fact {
  /** The name of the question, e.g. `git.ref`. */
  readonly ask: string
  readonly about: JsonObject
  readonly saw: Json
}

/** How far an effect can be taken back. `by-hand` counts as final when a plan is ordered. */
export type ReversalClass = 'reversible' | 'compensable' | 'by-hand' | 'final' | 'none'

/** A kind with its input, inside a plan: the unit of undo. */
export interface Step {
  /** Stable and readable, e.g. `pypi.upload:oneflow_ai-2.1.0-py3-none-any.whl`; never an index. */
  readonly id: string
  readonly kind: string
  readonly title: string
  /** May hold `{ "$from": stepId, "at": "/json/pointer" }` for another step's output and `{ "$secret": NAME }`. */
  readonly input: Json
  /** Steps that must be settled before; every one stands earlier in the plan. */
  readonly needs: readonly string[]
  readonly reversal: ReversalClass
  /** How it is taken back, in words, where its kind cannot say so before the run makes the input whole. */
  readonly back?: string
  /** The steps whose effect this one sets off without doing it itself: once it has begun, they may happen whatever the run does. */
  readonly starts?: readonly string[]
  /** The approval without which the step does not begin. */
  readonly gate?: string
  /** The idempotency key when it is not this plan's: a rollback's steps carry the keys of the steps that they take back. */
  readonly key?: string
  /** In a rollback: when the last attempt to make the effect began (ISO 8601, UTC); absence soon after proves nothing. */
  readonly begunAt?: string
  /** When an announcement is taken back: what making it returned, for effects that nothing else finds again. */
  readonly made?: Json
}

/** What a run will do. `digest` is the SHA-256 of the canonical JSON of all the rest. */
export interface Plan {
  readonly format: typeof PLAN_FORMAT
  readonly digest: Digest
  readonly stage: Stage
  readonly subject: { readonly repository: string; readonly commit: string; readonly tree: string }
  /** When the release is dated, ISO 8601 in UTC, fixed at planning; builds use it as SOURCE_DATE_EPOCH. */
  readonly date: string
  readonly releases: readonly [Release, ...Release[]]
  readonly artifacts: readonly Artifact[]
  readonly basis: readonly Fact[]
  /** What the release goes past because somebody said so; left out where there is nothing. */
  readonly exceptions?: readonly Exception[]
  /** In topological order: every reference points backwards. */
  readonly steps: readonly Step[]
}

/** A reference to a value in the output of an earlier step. */
export interface OutputRef {
  readonly $from: string
  /** RFC 6901 JSON pointer into the output. */
  readonly at: string
}

/** True when the value is a reference to another step's output. */
export function isOutputRef(value: unknown): value is OutputRef {
  return typeof value === 'object' && value !== null && '$from' in value && typeof value.$from === 'string' && 'at' in value && typeof value.at === 'string'
}

/** The seed of every marker and idempotency key of a step: the plan's digest and the step's id. */
export function stepKey(plan: Pick<Plan, 'digest'>, step: Pick<Step, 'id' | 'key'>): string {
  return step.key ?? `${plan.digest}#${step.id}`
}
