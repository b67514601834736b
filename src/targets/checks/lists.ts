// Lists as steps hand them on.
import { z } from 'zod'

/** Accepts lists of lists, as several steps yield them, and makes one list of them. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.array(z.union([item, z.array(item)])).transform((lists) => lists.flat() as z.infer<T>[])
}
