// What GitHub remembers of one repository besides its git objects.
import type { JsonObject } from '../../model/json.ts'
import { installRules, readRules, writeRules } from '../git/rules.ts'
import { createPeople } from './people.ts'
import type { People } from './people.ts'

/** What a token may do with a part of the repository. */
export type Level = 'none' | 'read' | 'write'

/** The parts that a fine-grained token has rights on. */
export type Part = 'contents' | 'pull_requests' | 'attestations' | 'security_events' | 'administration' | 'actions' | 'discussions'

/** A token, whose it is and what it may do. Everybody reads what is public; parts left out are closed for `security_events` and `administration`, read-only for the others. */
export interface Grant {
  readonly login: string
  readonly rights: Readonly<Partial<Record<Part, Level>>>
  /** The scopes of a classic token, which GitHub tells in `X-OAuth-Scopes`; a fine-grained one has none. */
  readonly scopes?: readonly string[]
  /** Set for a job's own token: what is done with it starts no workflow, but for a dispatch. */
  readonly startsNothing?: true
}

/** A run of a workflow. */
export interface WorkflowRun {
  readonly id: number
  /** The id of its one job. */
  readonly job: number
  /** The name of its file. */
  readonly workflow: string
  readonly name: string
  /** Its place among the runs of its workflow, from 1. */
  readonly number: number
  readonly event: 'release' | 'push' | 'workflow_dispatch'
  /** The branch or the tag that it runs on. */
  readonly branch: string
  readonly commit: string
  readonly actor: string
  readonly createdAt: Date
  /** True when the same workflow has run on this commit before. */
  readonly again: boolean
  updatedAt: Date
  attempt: number
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: 'success' | 'failure' | null
  log: string
}

/** How the repository's workflows go. */
export interface Actions {
  /** Does the work of a run and returns its log; rejects with the log of a failure. Without one, runs stay in the queue. */
  runner?: (run: WorkflowRun) => Promise<string>
  /** What goes wrong: a run fails, none begins, one is green and has done nothing, there are two, or the files are built anew. */
  fault?: 'fails' | 'silent' | 'empty' | 'twice' | 'rebuilds'
  /** The files of workflows that are switched off. */
  readonly disabled: string[]
}

/** Rules for refs, as they are set in the repository. */
export interface Ruleset {
  readonly id: number
  readonly name: string
  readonly target: 'branch' | 'tag'
  /** Patterns of full ref names, or `~ALL`. */
  readonly include: readonly string[]
  readonly rules: readonly { readonly type: string; readonly parameters?: JsonObject }[]
  /** Logins that the rules do not bind. */
  readonly bypass: readonly string[]
}

/** How a pull request may be merged. */
export type MergeMethod = 'merge' | 'squash' | 'rebase'

/** A pull request. `head` is the last commit seen on its branch. */
export interface Pull {
  readonly id: number
  readonly number: number
  readonly author: string
  readonly branch: string
  readonly createdAt: Date
  title: string
  body: string | null
  base: string
  head: string
  /** The last commit seen on the branch that it goes to. */
  baseHead: string
  draft: boolean
  state: 'open' | 'closed'
  updatedAt: Date
  closedAt: Date | null
  merged: { readonly commit: string; readonly by: string; readonly at: Date } | null
  requested: string[]
  readonly reviews: Review[]
}

/** What a reviewer said. */
export interface Review {
  readonly id: number
  readonly author: string
  readonly body: string
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED'
  readonly commit: string
  readonly at: Date
}

/** A comment on a pull request. */
export interface Comment {
  readonly id: number
  readonly number: number
  readonly author: string
  readonly at: Date
  body: string
  updatedAt: Date
}

/** A milestone. */
export interface Milestone {
  readonly id: number
  readonly number: number
  readonly creator: string
  readonly createdAt: Date
  title: string
  description: string | null
  state: 'open' | 'closed'
  dueOn: Date | null
  updatedAt: Date
}

/** An issue. */
export interface Issue {
  readonly id: number
  readonly number: number
  readonly author: string
  readonly title: string
  readonly body?: string | null
  readonly labels: readonly string[]
  /** The number of its milestone. */
  readonly milestone?: number
  readonly createdAt: Date
  /** When it was last changed, where that was later. */
  updatedAt?: Date
  state: 'open' | 'closed'
}

/** A discussion. */
export interface Discussion {
  readonly id: string
  readonly number: number
  readonly author: string
  /** The slug of its category. */
  readonly category: string
  readonly title: string
  readonly body: string
  readonly at: Date
}

/** A category of discussions; in an announcing one only those who may write to the repository open any. */
export interface Category {
  readonly id: string
  readonly name: string
  readonly slug: string
}

/** A file of a release. `starter` is an upload that broke off on the server's side. */
export interface Asset {
  readonly id: number
  readonly uploader: string
  readonly contentType: string
  readonly bytes: Uint8Array
  /** `sha256:` and hexadecimal digits; null while the state is `starter`. */
  readonly digest: string | null
  readonly state: 'uploaded' | 'starter'
  readonly createdAt: Date
  name: string
  label: string | null
  updatedAt: Date
}

/** A release, a draft until `publishedAt` is set. */
export interface Release {
  readonly id: number
  readonly author: string
  tag: string
  target: string
  name: string | null
  body: string | null
  draft: boolean
  prerelease: boolean
  immutable: boolean
  makeLatest: 'true' | 'false' | 'legacy'
  /** The date of the commit that it is about. */
  createdAt: Date
  updatedAt: Date
  publishedAt: Date | null
  readonly assets: Asset[]
}

/** A signed statement about bytes. */
export interface Attestation {
  readonly id: number
  /** `sha256:` and hexadecimal digits of everything that it is about. */
  readonly subjects: readonly string[]
  readonly predicateType: string
  /** A Sigstore bundle. */
  readonly bundle: JsonObject
}

/** One run of a tool in an upload to code scanning. */
export interface Analysis {
  readonly id: number
  readonly tool: { readonly name: string; readonly version: string | null; readonly guid: string | null }
  /** Empty when the run says none. */
  readonly category: string
  readonly results: number
  readonly rules: number
}

/** An upload to code scanning. */
export interface Scan {
  /** In the form of a UUID. */
  readonly id: string
  readonly commit: string
  /** The full name of the ref. */
  readonly ref: string
  readonly createdAt: Date
  readonly status: 'pending' | 'complete' | 'failed'
  /** Why it failed. */
  readonly errors: readonly string[]
  readonly analyses: readonly Analysis[]
}

/** An alert about the repository. */
export interface Alert {
  readonly number: number
  readonly by: 'code-scanning' | 'dependabot'
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  readonly title: string
  readonly at: Date
  /** The package that Dependabot warns of. */
  readonly package?: string
  state: 'open' | 'fixed' | 'dismissed'
}

/** What a repository's state begins with. */
export interface GithubOptions {
  readonly owner: string
  readonly repo: string
  /** Path of the bare repository that holds its refs and objects. */
  readonly bare: string
  readonly now: () => Date
  /** Grants by token. */
  readonly tokens: Readonly<Record<string, Grant>>
  /** Logins of those with write access who may be asked for a review. */
  readonly reviewers: readonly string[]
  /** Approvals that a merge needs; 0 when missing. */
  readonly requiredApprovals?: number
  readonly mergeMethods?: readonly MergeMethod[]
  /** Requests an hour and person; 5,000 when missing. */
  readonly rateLimit?: number
}

/** One repository on GitHub. */
export interface GithubState {
  readonly owner: string
  readonly repo: string
  readonly bare: string
  readonly defaultBranch: string
  readonly now: () => Date
  readonly tokens: Readonly<Record<string, Grant>>
  readonly reviewers: readonly string[]
  readonly createdAt: Date
  readonly rateLimit: number
  /** Requests per person (or nobody) in the current hour. */
  readonly spent: Map<string, { hour: number; count: number }>
  readonly pulls: Pull[]
  readonly comments: Comment[]
  readonly milestones: Milestone[]
  readonly issues: Issue[]
  readonly discussions: Discussion[]
  readonly categories: Category[]
  readonly releases: Release[]
  readonly attestations: Attestation[]
  readonly scans: Scan[]
  readonly alerts: Alert[]
  readonly runs: WorkflowRun[]
  readonly actions: Actions
  readonly people: People
  readonly rulesets: Ruleset[]
  requiredApprovals: number
  mergeMethods: readonly MergeMethod[]
  /** Whether releases published from now on are immutable. */
  immutable: boolean
  /** The release marked as the latest. */
  latest: number | undefined
  /** Whether a requested reviewer approves at once. */
  autoReview: boolean
  /** Whether they also approve, as often as is needed, what nobody has asked them about. */
  reviewsUnasked: boolean
  /** The next upload ends in 502 and leaves an empty `starter` asset behind. */
  starterNext: boolean
  /** Whether the repository keeps attestations: private ones of users do not. */
  attestable: boolean
  /** Whether code scanning is switched on. */
  codeScanning: boolean
  /** Whether discussions are switched on. */
  discussing: boolean
  /** Whether Dependabot's alerts are switched on. */
  dependabot: boolean
  /** What becomes of uploads to code scanning from now on. */
  scansEnd: Scan['status']
  setImmutable(on: boolean): void
  /** Sets rules. Those about making and deleting refs hold in pushes too, where nobody may pass them by. */
  addRuleset(ruleset: Omit<Ruleset, 'id'>): void
  leaveStarterOnce(): void
  /** Ids count up from one. */
  nextId(): number
  /** Keeps the tag of an immutable release where it is, in pushes too. Whatever happens later, its name is used up. */
  lockTag(tag: string): void
  /** Lets go of the tag of a deleted immutable release. */
  unlockTag(tag: string): void
}

/** A repository on GitHub with nothing in it but its git objects. */
export function createGithubState(options: GithubOptions): GithubState {
  const { bare } = options
  installRules(bare)
  let lastId = 0
  const state: GithubState = {
    owner: options.owner,
    repo: options.repo,
    bare,
    defaultBranch: 'main',
    now: options.now,
    tokens: options.tokens,
    reviewers: options.reviewers,
    createdAt: options.now(),
    rateLimit: options.rateLimit ?? 5000,
    spent: new Map(),
    pulls: [],
    comments: [],
    milestones: [],
    issues: [],
    discussions: [],
    categories: [{ id: 'DIC_1', name: 'Announcements', slug: 'announcements' }, { id: 'DIC_2', name: 'General', slug: 'general' }],
    releases: [],
    attestations: [],
    scans: [],
    alerts: [],
    runs: [],
    actions: { disabled: [] },
    rulesets: [],
    people: createPeople(() => state),
    requiredApprovals: options.requiredApprovals ?? 0,
    mergeMethods: options.mergeMethods ?? ['merge', 'squash', 'rebase'],
    immutable: false,
    latest: undefined,
    autoReview: false,
    reviewsUnasked: false,
    starterNext: false,
    attestable: true,
    codeScanning: true,
    discussing: true,
    dependabot: true,
    scansEnd: 'complete',
    setImmutable: (on) => { state.immutable = on },
    addRuleset: (ruleset) => {
      state.rulesets.push({ ...ruleset, id: state.nextId() })
      if (ruleset.bypass.length > 0) return
      const rules = readRules(bare)
      const patterns = ruleset.include.map((pattern) => pattern === '~ALL' ? (ruleset.target === 'tag' ? 'refs/tags/*' : 'refs/heads/*') : pattern)
      const having = (type: string): readonly string[] => ruleset.rules.some((rule) => rule.type === type) ? patterns : []
      writeRules(bare, { ...rules, closed: [...rules.closed, ...having('creation')], kept: [...rules.kept, ...having('deletion')] })
    },
    leaveStarterOnce: () => { state.starterNext = true },
    nextId: () => (lastId += 1),
    lockTag: (tag) => {
      const rules = readRules(bare)
      const ref = `refs/tags/${tag}`
      writeRules(bare, { ...rules, locked: [...rules.locked, ref], burnt: [...rules.burnt, ref] })
    },
    unlockTag: (tag) => {
      const rules = readRules(bare)
      writeRules(bare, { ...rules, locked: rules.locked.filter((ref) => ref !== `refs/tags/${tag}`) })
    },
  }
  return state
}
