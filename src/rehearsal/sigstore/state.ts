// The state of a rehearsed Sigstore: the job whose identity signs, the entries of the log, and the keys beside them.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { openAuthority, type Authority } from './authority.ts'

/** The job of GitHub Actions that identity tokens speak of. */
export interface Job {
  /** `owner/name` */
  readonly repository: string
  /** Path of the workflow's file in the repository. */
  readonly workflow: string
  /** The ref that it runs on, in full. */
  readonly ref: string
  /** The commit that it runs on. */
  readonly sha: string
  readonly run: number
  readonly attempt: number
}

/** An entry of the log, as Rekor v1 gives it. Plain data. */
export interface LogEntry {
  /** Base64 of the canonical body. */
  readonly body: string
  /** Seconds since 1970. */
  readonly integratedTime: number
  readonly logID: string
  readonly logIndex: number
  readonly verification: {
    readonly signedEntryTimestamp: string
    readonly inclusionProof: { readonly checkpoint: string; readonly hashes: readonly string[]; readonly logIndex: number; readonly rootHash: string; readonly treeSize: number }
  }
}

/** Everything that a rehearsed Sigstore holds. */
export interface SigstoreState {
  readonly now: () => Date
  /** What opens the endpoint of the identity tokens. */
  readonly tokens: readonly string[]
  /** By leaf hash (RFC 6962), 64 hexadecimal digits. All that changes. */
  readonly entries: Map<string, LogEntry>
  /** The key that identity tokens are signed with. */
  readonly issuerKey: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
  /** The authority and its logs, made when they are first needed. Their keys are for the life of this state. */
  authority(): Promise<Authority>
  job: Job
}

/** What a rehearsed Sigstore begins with. */
export interface SigstoreOptions {
  readonly now: () => Date
  /** Values of ACTIONS_ID_TOKEN_REQUEST_TOKEN that are good. */
  readonly tokens: readonly string[]
  readonly job: Pick<Job, 'repository'> & Partial<Job>
}

/** Where a job asks for its identity token: the value of ACTIONS_ID_TOKEN_REQUEST_URL. */
export const ID_TOKEN_URL = 'https://pipelines.actions.githubusercontent.com/rehearsal/idtoken?api-version=2.0'

/** Makes an empty log, and an authority that knows one issuer: GitHub Actions. */
export function createSigstoreState({ now, tokens, job }: SigstoreOptions): SigstoreState {
  let authority: Promise<Authority> | undefined
  return {
    now,
    tokens,
    entries: new Map(),
    issuerKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    authority: () => (authority ??= openAuthority(now)),
    job: { workflow: '.github/workflows/release.yml', ref: 'refs/heads/main', sha: '0'.repeat(40), run: 1, attempt: 1, ...job },
  }
}
