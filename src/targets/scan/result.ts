// What every scanner hands back, before the policy is asked.
import type { World } from '../../model/world.ts'
import type { Once } from '../../model/kind.ts'
import type { Found } from './finding.ts'

/** The outcome of looking. */
export interface Result {
  /** What was looked at: `93 packages`. */
  readonly what: string
  readonly found: readonly Found[]
  /** What could not be looked at, in words. */
  readonly notes: readonly string[]
  /** By which names statements about what was scanned may call it. */
  readonly products: readonly string[]
}

/** What a scanner works with. */
export interface Bench {
  readonly world: World
  readonly once: Pick<Once, 'signal' | 'say'>
}
