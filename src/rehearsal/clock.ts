// A rehearsal's clock: it makes nobody wait.
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../model/world.ts'

/** A clock that starts now, moves with real time, and jumps over every sleep. */
export function jumpingClock(): Clock {
  const start = new Date()
  const began = performance.now()
  let jumped = 0
  return {
    now: () => new Date(start.getTime() + Math.floor(performance.now() - began) + jumped),
    async sleep(ms, signal) {
      if (signal?.aborted === true) return
      jumped += ms
      // Lets whoever is being waited for have a turn.
      await pause(1)
    },
  }
}
