// What every part of the program works with: the world, the journal, the targets and whoever watches.
import type { Journal } from '../model/entry.ts'
import type { RunEvent } from '../model/event.ts'
import type { AnyKind } from '../model/kind.ts'
import type { Plan } from '../model/plan.ts'
import type { AnyTarget, Install, SecretNeed } from '../model/target.ts'
import type { Clock, Look, World } from '../model/world.ts'
import type { Approval, Policy } from '../engine/drive.ts'
import type { PullComment } from './pull-comment.ts'

/** The parts that a program is composed of. */
export interface App {
  readonly world: World
  /** The read-only half of the world. */
  readonly look: Look
  readonly clock: Clock
  readonly journal: Journal
  /** Every target there is, in the order of their work. */
  readonly targets: readonly AnyTarget[]
  /** Who drives: tells this process from every other. */
  readonly driver: string
  /** Which checkout on which machine: tells this place from every other, across restarts. */
  readonly holder: { readonly id: string; readonly host: string }
  readonly policy: Omit<Policy, 'onFailure'>
  /** Where the journal is kept: as it was asked for, and where neither that nor the config says so. */
  readonly journalAt?: { readonly asked?: 'local' | 'remote'; readonly otherwise: 'local' | 'remote' }
  readonly signal: AbortSignal
  readonly secrets: SecretKeeper
  /** Installs what is missing, where that may be done, and says what was done. Throws SlipwayError `tool-missing`. */
  provide(install: Install): Promise<string>
  /** Asks a person for the value of a secret; undefined means that nobody gave one. */
  askSecret?(need: SecretNeed): Promise<string | undefined>
  /** Asks a person for an approval; undefined means that nobody answered. */
  ask?(gate: string, plan: Plan): Promise<Approval | undefined>
  tell(event: RunEvent): void
  /** Keeps the comment on the release's pull request; undefined where nobody keeps one. */
  readonly comment?: PullComment
}

/** What is known of secrets besides their values. */
export interface SecretKeeper {
  /** Where a secret's value comes from, in words; undefined when it has none. */
  sourceOf(name: string): string | undefined
  /** Keeps a value that a person gave for as long as this process lives. */
  hold(name: string, value: string): void
}

/** Every kind of every target, by name. */
export function kindsOf(targets: readonly AnyTarget[]): ReadonlyMap<string, AnyKind> {
  return new Map(targets.flatMap((target) => target.kinds).map((kind) => [kind.kind, kind]))
}
