// Real time.
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../model/world.ts'

/** The machine's clock. */
export function realClock(): Clock {
  return {
    now: () => new Date(),
    async sleep(ms, signal) {
      try {
        await pause(Math.min(ms, 2 ** 31 - 1), undefined, signal === undefined ? {} : { signal })
      } catch {
        // Aborted: the sleep is over.
      }
    },
  }
}
