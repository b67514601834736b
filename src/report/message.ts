// Everything that the program says: a closed union. Renderers are functions of a message, and nobody else prints.
import type { Problem } from '../model/error.ts'
import type { RunEvent } from '../model/event.ts'
import type { Plan } from '../model/plan.ts'
import type { DirectionLine, Directions } from '../plan/directions.ts'
import type { Initial } from '../app/init.ts'
import type { Monitoring } from '../app/monitor.ts'
import type { Proposal } from '../app/propose.ts'
import type { Examined } from '../app/doctor.ts'
import type { RehearsalSummary } from '../app/rehearsal-summary.ts'
import type { Status } from '../app/status.ts'
import type { ScheduleView } from '../app/schedule.ts'
import type { SupportView } from '../app/support.ts'

/** A proposed release with its plans in words. */
export interface ProposalMessage {
  readonly type: 'proposal'
  readonly proposal: Proposal
  readonly prepare: Plan
  /** The edits as a unified diff, the way git prints it. */
  readonly diff: string
  readonly forward: Directions
  /**
   * The publish plan in words. Before anything is built its artifacts are those that are expected, and `outline` is true: the
   * real plan names each by digest and is shown again at the gate.
   */
  readonly publish: Directions
  readonly outline: boolean
  /** What is announced once the release is out and verified, each on its own. */
  readonly announcements: readonly DirectionLine[]
  /** What could not be looked at now and will be before the first step. */
  readonly unseen: readonly Problem[]
  /** Says where the release stands when it was begun before. */
  readonly underWay: boolean
}

/** A plan at its gate, or a plan back, in words. */
export interface PlanMessage {
  readonly type: 'plan'
  readonly plan: Plan
  readonly directions: Directions
  /** Set when the journal did not know the release and its effects were found by looking. */
  readonly recovered?: boolean
}

/** One requirement of `slipway check`, or one verification of `slipway verify`. */
export interface CheckLine {
  readonly title: string
  readonly ok: boolean
  /** What was seen, one sentence each. */
  readonly detail?: readonly string[]
  readonly problems: readonly Problem[]
}

/** What `slipway init` found and would write, or with `print` the text of the config alone. */
export interface InitMessage {
  readonly type: 'init'
  readonly initial: Initial
  readonly print: boolean
}

export type { RehearsalSummary }

/** Anything that the program says. */
export type Message =
  | RunEvent
  | ProposalMessage
  | PlanMessage
  | { readonly type: 'check'; readonly lines: readonly CheckLine[] }
  | InitMessage
  /** What `slipway doctor` looked at. */
  | { readonly type: 'doctor'; readonly lines: readonly Examined[]; readonly done: readonly string[] }
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'approved'; readonly run: string; readonly gate: string; readonly verdict: 'approved' | 'denied'; readonly by: string }
  | { readonly type: 'rehearsal'; readonly summary: RehearsalSummary }
  | { readonly type: 'serving'; readonly origin: string; readonly settings: readonly { readonly client: string; readonly lines: readonly string[] }[] }
  /** Which versions are supported. */
  | { readonly type: 'support'; readonly view: SupportView }
  /** Which releases are due. */
  | { readonly type: 'schedule'; readonly view: ScheduleView }
  /** How a release fares. */
  | { readonly type: 'monitor'; readonly monitoring: Monitoring }
  /** A whole document that was asked for, to be printed as it is. */
  | { readonly type: 'document'; readonly mediaType: string; readonly text: string }
  /** A heading between parts of a command. */
  | { readonly type: 'part'; readonly title: string }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'problems'; readonly problems: readonly Problem[] }
  /** The last word of a command: its verdict in a sentence, what to do next, and the exit code. */
  | { readonly type: 'end'; readonly text: string; readonly next?: string; readonly exit: number }

/** Shows messages. */
export interface Reporter {
  show(message: Message): void
  /** Has a secret kept out of everything that the log is yet to hold, where whoever keeps the log can do so. */
  mask?(secret: string): void
  /** Leaves the terminal in order. */
  close(): void
}
