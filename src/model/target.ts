// A target: a system that releases go to, with its settings, its questions to the world and its share of each plan.
import type { Json, JsonObject } from './json.ts'
import type { Exception } from './exception.ts'
import type { AnyKind, Schema } from './kind.ts'
import type { Artifact, Digest, Fact, Release } from './plan.ts'
import type { ErrorCode, Problem } from './error.ts'
import type { Finding, Need, NeedContext } from './need.ts'
import type { Signal, SignalContext } from './signal.ts'
import type { Look, World } from './world.ts'

/** One thing wrong with a value, and where in it. */
export interface SchemaIssue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly code?: string
}

/** A schema that also lists every problem at once. Zod schemas are such schemas. */
export interface SettingsSchema<T> extends Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: readonly SchemaIssue[] } }
}

/** What every target knows of the release that is being planned. */
export interface ReleaseContext {
  readonly release: Release
  /** The project's name from the config. */
  readonly project: string
  /** `v2.1.0` */
  readonly tag: string
  /** `release/v2.1.0` */
  readonly releaseBranch: string
  /** The branch that releases are made from and merged into. */
  readonly mainBranch: string
  /** Name of the git remote. */
  readonly remote: string
  /** ISO 8601, UTC: the release's own date. */
  readonly date: string
  /** True when the version is a prerelease. */
  readonly prerelease: boolean
  /** True when no higher final version has been released. */
  readonly newest: boolean
  /** The same among the versions of its own line: of its major version, and of its minor version. */
  readonly newestIn: { readonly major: boolean; readonly minor: boolean }
  /** The release's section of the changelog, without its heading. */
  readonly notes: string
  /** `Name <mail>` of who makes the release. */
  readonly author: string
}

/** The commit that carries the new version, known whole at plan time. */
export interface ReleaseCommit {
  readonly commit: string
  readonly tree: string
  readonly parent: string
  readonly message: string
  readonly author: string
  readonly date: string
  readonly files: readonly { readonly path: string; readonly text: string }[]
}

/** What a target plans its share of the prepare plan from. */
export interface PrepareContext extends ReleaseContext {
  readonly commit: ReleaseCommit
  /** The remote's address as it is written down, without credentials. */
  readonly repository: string
}

/** What a target plans its share of the publish plan from: a merged commit and the artifacts built from its tree. */
export interface PublishContext extends ReleaseContext {
  readonly commit: { readonly commit: string; readonly tree: string }
  readonly artifacts: readonly Artifact[]
  /** What targets earlier in the list put into this plan: their steps may make files that this target publishes. */
  readonly earlier: readonly StepDraft[]
  /** Answers to what this target asked to be observed. */
  readonly seen: readonly Fact[]
  /** What the release goes past, and why; left out where there is nothing. */
  readonly exceptions?: readonly Exception[]
}

/** The named parts of a release, in order: a step needs every step of the part before its own. */
export const PHASES = {
  prepare: ['commit', 'make', 'pack', 'test', 'inventory', 'scan', 'propose', 'review', 'merge'],
  publish: ['scan', 'mark', 'sign', 'draft', 'trial', 'name', 'publish', 'float', 'reveal', 'verify', 'announce'],
} as const

/** A file that a step will make: its name is known when the plan is made, its bytes only afterwards. */
export interface MadeFile {
  readonly name: string
  readonly mediaType: string
  /** The artifacts that it says something about, by digest. */
  readonly describes: readonly Digest[]
}

/** What an announcement is made from: a release that is out and verified, or one that was taken back. */
export interface AnnounceContext {
  readonly about: 'release' | 'withdrawal'
  readonly release: Release
  /** `v2.1.0` */
  readonly tag: string
  /** When the release is dated, ISO 8601, UTC. */
  readonly date: string
  readonly prerelease: boolean
  /** The release's section of the changelog, without its heading. */
  readonly notes: string
  /** The remote's address as it is written down, without credentials. */
  readonly repository: string
}

/** One announcement on one channel: a plan of its own, so that what becomes of it is nobody else's business. */
export interface Announcement {
  /** What a person calls it: `discord`, `mail:users@lists.example.org`. */
  readonly channel: string
  readonly kind: string
  readonly title: string
  /** Whole: an announcement takes nothing from other steps. */
  readonly input: Json
  /** True when nobody can see afterwards whether it was sent. */
  readonly blind: boolean
  /** Whether its credentials would do; looks, and leaves nothing behind that anybody could see. */
  ready(world: World): Promise<Finding>
}

/** A part of the prepare or the publish plan. */
export type Phase = (typeof PHASES)['prepare' | 'publish'][number]

/** A step as a target proposes it; planning adds the order, the reversal and the gate. */
export interface StepDraft {
  readonly phase: Phase
  readonly kind: string
  /** What tells it from other steps of its kind; the step's id is `kind` or `kind:of`. */
  readonly of?: string
  readonly title: string
  /**
   * May hold `$from` references and `{ "$all": "artifacts" | "evidence" | "environment" }`, which planning replaces by a list of
   * references to every step of an earlier part that yields such.
   */
  readonly input: Json
  /** How it is taken back, in words; needed where the input refers to other steps' outputs. */
  readonly back?: string
  /** The step that sets off what this one waits for, by id; it may be of a target later in the list. */
  readonly startedBy?: string
  /** Further steps that must come before, by id. */
  readonly needs?: readonly string[]
  /**
   * What its output holds: `/artifacts` (a list of artifacts), `/evidence` (a list of `{ title, passed, detail }`) or `/environment`
   * (a Python environment: `{ python, packages: [{ name, version }] }`).
   */
  readonly yields?: readonly ('artifacts' | 'evidence' | 'environment')[]
  /** The file that it makes; its output holds `/sha256` and `/size`. */
  readonly makes?: MadeFile
}

/** The id of the step that a draft becomes. */
export function draftId({ kind, of }: Pick<StepDraft, 'kind' | 'of'>): string {
  return of === undefined ? kind : `${kind}:${of}`
}

/** A fact that the plan relies on, with what to say when the world answers otherwise. */
export interface Expectation extends Fact {
  /** What the answer means for the release; made from what was seen. */
  otherwise(seen: Json): { readonly code: ErrorCode; readonly message: string; readonly hint: string }
}

/** A question to the world whose answer goes into the publish plan, as it is when that plan is made. */
export type Question = Omit<Fact, 'saw'>

/** A file of the released commit that settings rely on. */
export interface ReliedFile {
  /** Relative to the root of the repository. */
  readonly path: string
  /** The setting that names it, below the target's key. */
  readonly setting: readonly PropertyKey[]
  /** What is wrong with its text (undefined: there is no such file); undefined when nothing is. */
  wrong(text: string | undefined): Omit<Problem, 'place'> | undefined
}

/** A setting that cannot stand beside those of other targets. */
export interface Clash extends Omit<Problem, 'place'> {
  /** Where it stands, from the root of the config. */
  readonly at: readonly PropertyKey[]
}

/** A secret that a target needs, and what for. */
export interface SecretNeed {
  readonly name: string
  readonly for: string
  /** Secrets that do as well. */
  readonly or?: readonly string[]
  /** How it comes by its value, where nobody can put it there by hand. */
  readonly hint?: string
  /** What its value looks like where not any word would do (an address with a token in it); `{word}` stands for the secret part. A rehearsal makes its value so. */
  readonly shape?: string
}

export type { Finding, Install, Need, NeedContext } from './need.ts'

/** A system that releases go to. */
export interface Target<Settings> {
  /** Also its key in `slipway.yaml`. */
  readonly name: string
  /** One sentence for the docs table and the help. */
  readonly summary: string
  readonly settings: SettingsSchema<Settings>
  readonly kinds: readonly AnyKind[]
  /** How each question that this target asks is answered by looking. */
  readonly facts: Readonly<Record<string, (look: Look, about: JsonObject) => Promise<Json>>>
  /** What must be so before a release may begin. Pure. */
  expects(context: ReleaseContext, settings: Settings): readonly Expectation[]
  /** What it must know of the world to plan its share of the publish plan. Pure. */
  observes?(context: ReleaseContext, settings: Settings): readonly Question[]
  /** Its share of the prepare plan. Pure. */
  prepare(context: PrepareContext, settings: Settings): readonly StepDraft[]
  /** Its share of the publish plan. Pure. */
  publish(context: PublishContext, settings: Settings): readonly StepDraft[]
  /** The announcements of a release that is out, or of one that was taken back. Pure. */
  announces?(context: AnnounceContext, settings: Settings): readonly Announcement[]
  secrets(settings: Settings): readonly SecretNeed[]
  /** Files of the repository that its settings rely on, looked at when the config is read. Pure. */
  relies?(settings: Settings): readonly ReliedFile[]
  /** What cannot stand beside the settings of the other targets that are switched on, by their names; looked at when the config is read. Pure. */
  clashes?(settings: Settings, others: ReadonlyMap<string, unknown>): readonly Clash[]
  /** What a release needs of this target beyond its secrets, for `slipway doctor`. Pure; each need looks for itself. */
  needs?(context: NeedContext, settings: Settings): readonly Need[]
  /** What tells how a release fares, for `slipway monitor`. Pure; each signal looks for itself. */
  signals?(context: SignalContext, settings: Settings): readonly Signal[]
  /**
   * The artifacts that its build is expected to yield, to outline the publish plan before anything is built; `earlier` are those that
   * targets before it in the list foresee. Pure.
   */
  foresees?(context: ReleaseContext, settings: Settings, earlier: readonly Artifact[]): readonly Artifact[]
}

/** Any target, for the list of targets. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the one registry type: each target parses its own settings
export type AnyTarget = Target<any>

/** Declares a target, checking its types. */
export function defineTarget<Settings>(target: Target<Settings>): Target<Settings> {
  return target
}
