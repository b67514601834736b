// What a release needs of the workflows that this repository keeps: for `slipway doctor`.
import type { Need, NeedContext } from '../model/need.ts'

/** The needs of workflows that Slipway wrote: that they are there, and what it would write now. */
export function workflowNeeds(_context: NeedContext): readonly Need[] {
  return []
}
