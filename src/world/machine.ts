// Which machine this is.
import { hostname } from 'node:os'

/** The name of this machine, for people and to tell it from others. */
export function machineName(): string {
  return hostname()
}
