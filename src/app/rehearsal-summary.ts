// What a rehearsal saw.
import type { Verdict } from '../model/event.ts'

/** What a rehearsal saw, as its report shows it. */
export interface RehearsalSummary {
  readonly version: string
  readonly preset: string
  readonly release: Verdict
  readonly rollback: Verdict | undefined
  /** What was looked for in the world after the release and after the rollback, and what was seen. */
  readonly verified: readonly { readonly after: 'release' | 'rollback'; readonly what: string; readonly saw: string; readonly ok: boolean }[]
  /** Fault rules that fired, with how often. */
  readonly faults: readonly { readonly rule: string; readonly fired: number }[]
  /** Requests served, by host. */
  readonly calls: Readonly<Record<string, number>>
  /** What no rehearsal can prove. */
  readonly unproved: readonly string[]
}
