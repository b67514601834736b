// The line between a toy process and everything outside it: counts each crossing, and ends the process at one of them as a kill would.

/** One process's line. A process that died never hears an answer again, so nothing of it runs on. */
export interface Line {
  /** Makes one call to the outside. What is thrown comes through. */
  cross<T>(what: string, call: () => T | Promise<T>): Promise<T>
  /** Names of the crossings so far. */
  readonly crossed: readonly string[]
  /** Resolves when the process is killed, with the crossing at which it was. */
  readonly died: Promise<string>
}

/** Where a process is killed: before (`2n`) or after (`2n + 1`) its crossing number n. */
export interface LineOptions {
  readonly killAt?: number
  /** How long each call takes, in turns of the scheduler, follows from this; 0 for no delays. */
  readonly seed?: number
}

/** A new line for a new process. */
export function newLine({ killAt = Infinity, seed = 0 }: LineOptions = {}): Line {
  const crossed: string[] = []
  const { promise: died, resolve: die } = Promise.withResolvers<string>()
  const random = randomOf(seed)
  let dead = false
  const never = new Promise<never>(() => {})
  const kill = (what: string): Promise<never> => {
    dead = true
    die(what)
    return never
  }
  return {
    crossed,
    died,
    async cross(what, call) {
      if (seed !== 0) for (let turns = Math.floor(random() * 6); turns > 0; turns -= 1) await Promise.resolve()
      if (dead) return never
      const number = crossed.push(what) - 1
      if (killAt === 2 * number) return kill(what)
      const [answer] = await Promise.allSettled([(async () => call())()])
      if (killAt === 2 * number + 1) return kill(what)
      if (dead) return never
      if (answer.status === 'rejected') throw answer.reason
      return answer.value
    },
  }
}

/** A generator of numbers from 0 up to 1 that follow from a seed. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x80000000
  }
}
