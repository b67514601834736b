// A limit of requests in flight for each host, first come first served.

/** Runs `use` once one of the host's slots is free. Rejects with the signal's reason when it is aborted while waiting. */
export type Slots = <T>(host: string, signal: AbortSignal | undefined, use: () => Promise<T>) => Promise<T>

/** Slots with this many for each host. */
export function openSlots(limit: number): Slots {
  const busy = new Map<string, number>()
  const queues = new Map<string, (() => void)[]>()

  async function take(host: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const taken = busy.get(host) ?? 0
    if (taken < limit) {
      busy.set(host, taken + 1)
      return
    }
    const queue = queues.get(host) ?? []
    queues.set(host, queue)
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        queue.splice(queue.indexOf(turn), 1)
        reject(signal?.reason as Error)
      }
      queue.push(turn)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  function free(host: string): void {
    const next = queues.get(host)?.shift()
    if (next) next()
    else busy.set(host, (busy.get(host) ?? 1) - 1)
  }

  return async (host, signal, use) => {
    await take(host, signal)
    try {
      return await use()
    } finally {
      free(host)
    }
  }
}
