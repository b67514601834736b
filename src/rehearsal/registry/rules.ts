// How registries differ, as data: one protocol, and what each of them leaves out of it.

/** The differences that a client meets. */
export interface RegistryRules {
  /** How requests are authorised: by tokens of a token service, by a password on each request, or not at all. */
  readonly auth: 'bearer' | 'basic' | 'none'
  /** The public address of the token service; `https://HOST/token` when missing. */
  readonly realm?: string
  /** The name that the token service knows the registry by; its host when missing. */
  readonly service?: string
  /** How the token service refuses a wrong password: 401, or 403 as GitHub's was seen to do (https://github.com/openai/tart/issues/277). */
  readonly wrongPassword: 'UNAUTHORIZED' | 'DENIED'
  /** What DELETE takes: tags and digests, digests alone, or nothing (405). */
  readonly deletes: 'tags' | 'digests' | 'nothing'
  /** Whether `/referrers/` is there; without it clients keep the fallback tag `sha256-HEX` themselves. */
  readonly referrers: boolean
  /** Whether public images are read without any authorisation, or with a token that everybody is given. */
  readonly anonymousPull: 'open' | 'token'
  /** Whether a tag stays at the manifest that it was first given to. */
  readonly immutableTags?: boolean
  /** Whether Location is a path, or a whole address with a query of its own. */
  readonly locations: 'relative' | 'absolute'
  /** The public host that reading a blob is sent on to. */
  readonly blobHost?: string
  /** Whether `POST ...?digest=` takes the whole blob; without it an upload is opened as if nothing had been sent. */
  readonly singlePost: boolean
}

/**
 * GitHub's (no DELETE, no referrers, a token for every pull), Docker Hub's (the same, with a token service on a host of its own), and one that
 * does all of https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md.
 */
export const registryRules = {
  ghcr: {
    auth: 'bearer', wrongPassword: 'DENIED', deletes: 'nothing', referrers: false, anonymousPull: 'token',
    locations: 'relative', blobHost: 'pkg-containers.githubusercontent.com', singlePost: true,
  },
  hub: {
    auth: 'bearer', realm: 'https://auth.docker.io/token', service: 'registry.docker.io', wrongPassword: 'UNAUTHORIZED',
    deletes: 'nothing', referrers: false, anonymousPull: 'token', locations: 'absolute', singlePost: false,
  },
  oci: { auth: 'bearer', wrongPassword: 'UNAUTHORIZED', deletes: 'tags', referrers: true, anonymousPull: 'open', locations: 'relative', singlePost: true },
} as const satisfies Readonly<Record<string, RegistryRules>>
