// A signal: one thing that tells how a release fares once users have it.
import type { Artifact } from './plan.ts'
import type { World } from './world.ts'

/** When signals ask to be watched or acted upon, as `monitor` in slipway.yaml has it. */
export interface Thresholds {
  /** Issues with one of these labels are about the release, whatever they say. */
  readonly labels: readonly string[]
  /** How many open issues about the release are to be watched, and how many ask for action. */
  readonly issues: { readonly watch: number; readonly act: number }
  /** The lowest severity of an open alert that asks for action; lower ones are to be watched. */
  readonly alerts: AlertSeverity
  /** How far, in per cent, a day's downloads may stay behind the daily average of a week before that is to be watched. */
  readonly downloads: { readonly fall: number }
}

/** The severities of alerts, as GitHub grades them, the lowest first. */
export const ALERT_SEVERITIES = ['low', 'medium', 'high', 'critical'] as const

/** A severity of an alert. */
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number]

/** What a signal is about. */
export interface SignalContext {
  /** The version that users have. */
  readonly version: string
  readonly tag: string
  /** When it was released: ISO 8601, UTC. */
  readonly since: string
  readonly thresholds: Thresholds
  /** What was released, and the tree that it was built from. */
  readonly artifacts: readonly Artifact[]
  readonly tree: string
}

/** What was seen: `unknown` where a source gave no answer, `untold` where it never tells such a thing of this project. */
export type Reading =
  | { readonly standing: 'fine' | 'watch' | 'act'; readonly seen: string; readonly links?: readonly string[] }
  | { readonly standing: 'unknown' | 'untold'; readonly why: string }

/** A signal and where it is read. */
export interface Signal {
  /** The service that tells it: `pypistats.org`. */
  readonly source: string
  /** What it tells: `downloads of oneflow-ai`. */
  readonly title: string
  /** Looks. Throws SlipwayError, or a plain Error where there was no answer. */
  look(world: World): Promise<Reading>
}
