// A repository's name as the registry has it.
import type { RegistryState } from './state.ts'

/** The name without the registry's host, which clients put before it that reach the registry at the root of the world's origin. */
export function ownName(state: RegistryState, name: string): string {
  return name.startsWith(`${state.host}/`) ? name.slice(state.host.length + 1) : name
}
