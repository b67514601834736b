// An exception: a rule of the calendar that a release goes past because somebody said so.

/** What was gone past, and why. It stands in the plan, and so in what is approved. */
export interface Exception {
  readonly rule: 'freeze' | 'line-ended' | 'line-security'
  /** What stood in the way, as the subject of a sentence. */
  readonly of: string
  /** In the words of whoever said so; null where only force was asked for. */
  readonly reason: string | null
  /** The plan that it was first needed for. */
  readonly stage: 'prepare' | 'publish'
}
