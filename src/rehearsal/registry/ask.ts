// One request to a registry once its address is understood, and what the answers to such requests share.
import type { Call, Reply } from '../service.ts'
import type { RegistryState } from './state.ts'

/** A request about one thing in one repository. */
export interface Ask {
  readonly state: RegistryState
  readonly call: Call
  /** The repository's name. */
  readonly name: string
  /** What follows in the path: a tag, a digest, the id of an upload. */
  readonly reference: string
}

/** True when the connection broke before the whole body was here. */
export function isBroken(call: Call): boolean {
  return Number(call.headers['content-length'] ?? 0) > call.body.byteLength
}

/** The Docker-Content-Digest that is told for a digest. */
export function toldDigest(state: RegistryState, digest: string): string {
  return state.lies.digests.get(digest) ?? digest
}

/** A Location as this registry writes it. `path` begins at the root of its host. */
export function locationOf({ state, call }: Ask, path: string): string {
  return state.rules.locations === 'relative' ? path : call.address(`https://${state.host}${path}`)
}

/** 201 with where the thing is now. */
export function created(ask: Ask, path: string, headers: Readonly<Record<string, string>>): Reply {
  return { status: 201, headers: { location: locationOf(ask, path), ...headers } }
}
