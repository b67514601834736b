// Doing the same for many things, some of them at once.

/** Calls `use` for each item, at most `atOnce` at a time, and returns the results in order. Rejects with the first failure once no call is under way. */
export async function inTurns<T, R>(items: readonly T[], atOnce: number, use: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = []
  const left = items.entries()
  let over = false
  const worker = async (): Promise<void> => {
    for (const [at, item] of left) {
      if (over) return
      try {
        results[at] = await use(item)
      } catch (error) {
        over = true
        throw error
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  const failed = ended.find((end) => end.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return results
}
