// The state of a container registry: repositories with blobs, manifests, tags and open uploads, and who may do what.
import type { RegistryRules } from './rules.ts'
import { digestOf } from './names.ts'

/** A manifest as it was pushed, byte for byte. */
export interface StoredManifest {
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** An open upload: what has arrived so far, piece by piece. */
export interface Upload {
  readonly pieces: Uint8Array[]
}

/** One repository. Blobs and manifests are kept by digest, tags by name with the digest that they point to. */
export interface Repository {
  readonly blobs: Map<string, Uint8Array>
  readonly manifests: Map<string, StoredManifest>
  readonly tags: Map<string, string>
  /** By id. */
  readonly uploads: Map<string, Upload>
  /** Whether only tokens read it. */
  private: boolean
}

/** Repositories by name: `acme/app`, or `acme/*` for all that begin so. */
export type Repositories = readonly string[] | 'all'

/** A password or access token. */
export interface RegistryToken {
  readonly token: string
  /** The user name that it goes with; any when missing. */
  readonly user?: string
  /** What it may push to and delete from; reading is part of that. */
  readonly may: Repositories
  /** What else it may read; everything when missing. */
  readonly reads?: Repositories
}

/** What may be done with a repository. */
export type Action = 'pull' | 'push' | 'delete'

/** A token of the token service, short-lived and for some actions on some repositories. */
export interface Session {
  /** The `token` of whom it was given to; undefined for nobody in particular. */
  readonly of: string | undefined
  readonly grants: readonly { readonly repository: string; readonly actions: readonly Action[] }[]
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** What the registry says that is not so, by the true digest. */
export interface Lies {
  /** Bytes that are served in place of the true ones. */
  readonly bytes: Map<string, Uint8Array>
  /** What Docker-Content-Digest says in place of the true digest. */
  readonly digests: Map<string, string>
}

/** The whole state of one registry. All but `now` is plain data; what releases change is in `repositories`. */
export interface RegistryState {
  /** Its public host, `ghcr.io`. */
  readonly host: string
  readonly now: () => Date
  rules: RegistryRules
  readonly tokens: RegistryToken[]
  /** By name. */
  readonly repositories: Map<string, Repository>
  /** By the token service's token. */
  readonly sessions: Map<string, Session>
  readonly lies: Lies
}

/** What a fresh registry is made of. */
export interface RegistrySetup {
  readonly host: string
  readonly rules: RegistryRules
  readonly now?: () => Date
  readonly tokens?: readonly RegistryToken[]
}

/** Makes a registry with nothing in it. */
export function createRegistryState({ host, rules, now = () => new Date(), tokens = [] }: RegistrySetup): RegistryState {
  return { host, rules, now, tokens: [...tokens], repositories: new Map(), sessions: new Map(), lies: { bytes: new Map(), digests: new Map() } }
}

/** The repository of this name; undefined when nothing was ever pushed to it. */
export function findRepository(state: RegistryState, name: string): Repository | undefined {
  return state.repositories.get(name)
}

/** The repository of this name, made when it is not there. */
export function repositoryOf(state: RegistryState, name: string): Repository {
  const found = state.repositories.get(name) ?? { blobs: new Map(), manifests: new Map(), tags: new Map(), uploads: new Map(), private: false }
  state.repositories.set(name, found)
  return found
}

/** The manifest that a tag or a digest names, with its digest. */
export function findManifest(state: RegistryState, name: string, reference: string): (StoredManifest & { readonly digest: string }) | undefined {
  const repository = findRepository(state, name)
  const digest = reference.includes(':') ? reference : repository?.tags.get(reference)
  const found = digest === undefined ? undefined : repository?.manifests.get(digest)
  return found === undefined || digest === undefined ? undefined : { ...found, digest }
}

/** The tags of a repository with the digests that they point to, sorted by name. */
export function tagsOf(state: RegistryState, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...(findRepository(state, name)?.tags ?? [])].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** Keeps bytes for a repository under their digest, which is returned. */
export function storeBlob(state: RegistryState, name: string, bytes: Uint8Array): string {
  const digest = digestOf(bytes)
  repositoryOf(state, name).blobs.set(digest, whole(bytes))
  return digest
}

/** Bytes that share their memory with nothing else, so that a copy of the state copies no more than them. */
export function whole(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes)
}

/** Makes a repository readable for tokens alone, as GitHub's new packages are. */
export function makePrivate(state: RegistryState, name: string): void {
  repositoryOf(state, name).private = true
}
