// The hermetic world: a git host with GitHub's REST over it, PyPI and TestPyPI, container registries, OSV and Sigstore, served together on loopback, with stand-ins for people.
import { mkdir } from 'node:fs/promises'
import { channelServices } from './channels/channels.ts'
import { MAIL_HOST, serveMail } from './channels/smtp.ts'
import { createChannels, type ChannelPlaces, type ChannelsState } from './channels/state.ts'
import { faultPlan, type FaultPlan } from './faults.ts'
import { createBare } from './git/bare.ts'
import { gitService } from './git/service.ts'
import { downloadPages } from './github/downloads.ts'
import { gitPasswords, tagPushes } from './github/access.ts'
import { githubService } from './github/service.ts'
import { createGithubState, type GithubState } from './github/state.ts'
import { osvService } from './osv/service.ts'
import { createOsvState, type OsvState } from './osv/state.ts'
import { presetNamed } from './presets.ts'
import { person } from './pypi/person.ts'
import { pypiService } from './pypi/service.ts'
import { pypistatsService, type DownloadCounts } from './pypistats/service.ts'
import { createPypiState, type PypiState } from './pypi/state.ts'
import { playJob, type PublishingWorkflow } from './runner/job.ts'
import { openRegistries, type PublishedImage } from './registry/registries.ts'
import type { RegistryState } from './registry/state.ts'
import { serve, type Served, type ServeOptions } from './serve.ts'
import { sigstoreService } from './sigstore/service.ts'
import { createSigstoreState, ID_TOKEN_URL, type SigstoreState } from './sigstore/state.ts'
import { trustedRoot } from './sigstore/trust.ts'
import type { Json } from '../model/json.ts'

/** What a rehearsal world is made of. */
export interface WorldOptions {
  /** An empty folder for the bare repository. */
  readonly folder: string
  readonly repository: { readonly owner: string; readonly name: string }
  /** The distribution that is to be released. */
  readonly project: string
  /** The images that it publishes. */
  readonly images?: readonly PublishedImage[]
  /** The workflows that publish something. */
  readonly workflows?: readonly PublishingWorkflow[]
  /** Where it announces its releases, beside the places that everybody knows. */
  readonly places?: ChannelPlaces
  /** Values of secrets that open everything here. */
  readonly tokens: readonly string[]
  readonly reviewers: readonly string[]
  readonly approvals?: number
  /** True where the project asks nobody by name: then the reviewers come of themselves. */
  readonly reviewsUnasked?: boolean
  readonly preset?: string
  readonly now: () => Date
  readonly port?: number
  readonly onCall?: ServeOptions['onCall']
  /** The simple API that pip is sent on to for every project but the one that is released; nowhere when left out. */
  readonly packages?: string
}

/** A served rehearsal world and its states. */
export interface RehearsalWorld extends AsyncDisposable {
  readonly served: Served
  readonly github: GithubState
  readonly pypi: PypiState
  readonly testpypi: PypiState
  /** One for each host that images go to. */
  readonly registries: readonly RegistryState[]
  readonly osv: OsvState
  readonly downloads: DownloadCounts
  readonly sigstore: SigstoreState
  /** What was announced. */
  readonly channels: ChannelsState
  /** The identity of the job that releases here, as the variables in which GitHub Actions gives it. */
  readonly identity: Readonly<Record<string, string>>
  /** What this world's signatures are verified against. */
  readonly trustedRoot: Json
  readonly faults: FaultPlan
  /** Path of the bare repository. */
  readonly bare: string
  /** The public address of the repository: `https://github.com/OWNER/NAME.git`. */
  readonly remote: string
  /** Does what a person is asked to do on a page, of the index or of a registry's packages. False when the page is none that this world has. */
  followPage(page: string, steps?: readonly string[]): Promise<boolean>
}

/** Who merges and owns things here. */
const OWNER = 'owner'

/** Serves a world. Throws SlipwayError `usage` for an unknown preset and `port-taken`. */
export async function openRehearsalWorld(options: WorldOptions): Promise<RehearsalWorld> {
  const { repository, tokens, now } = options
  const preset = presetNamed(options.preset ?? 'none')
  const root = `${options.folder}/git`
  await mkdir(root, { recursive: true })
  const bare = await createBare(root, `${repository.owner}/${repository.name}`)
  const rights = { contents: 'write', pull_requests: 'write', administration: 'write', attestations: 'write', security_events: 'write', actions: 'write', discussions: 'write' } as const
  const github = createGithubState({
    owner: repository.owner,
    repo: repository.name,
    bare,
    now,
    tokens: Object.fromEntries(tokens.map((token) => [token, { login: OWNER, rights, ...(token.startsWith('ghs_') ? { startsNothing: true } as const : {}) }])),
    reviewers: options.reviewers,
    requiredApprovals: options.approvals ?? 0,
  })
  github.autoReview = true
  github.reviewsUnasked = options.reviewsUnasked === true
  const sigstore = createSigstoreState({ now, tokens, job: { repository: `${repository.owner}/${repository.name}` } })
  const { job } = sigstore
  const index = (): PypiState => createPypiState({
    now,
    tokens: tokens.map((token) => ({ token, user: OWNER })),
    projects: [{ name: options.project, owners: [OWNER] }],
    publishers: [{ repository: job.repository, workflow: job.workflow.split('/').at(-1) ?? '', projects: [options.project] }],
  })
  const pypi = index()
  const testpypi = index()
  const registries = openRegistries(options.images ?? [], { tokens, now })
  const osv = createOsvState()
  const channels = createChannels({ now, tokens, places: options.places ?? { hooks: [], mastodon: [], bluesky: [], discourse: [] } })
  const downloads: DownloadCounts = new Map()
  preset.arrange?.({ pypi, github, osv })
  const faults = faultPlan(preset.rules)
  const served = await serve({
    services: [
      gitService({ host: 'github.com', root, pages: downloadPages(github), tokens: gitPasswords(github), pushing: tagPushes(github) }),
      githubService(github),
      pypiService({ index: 'pypi', state: pypi, sigstore, ...(options.packages === undefined ? {} : { elsewhere: options.packages }) }),
      pypiService({ index: 'testpypi', state: testpypi, sigstore }),
      ...registries.services,
      osvService(osv),
      pypistatsService(downloads),
      sigstoreService(sigstore),
      ...channelServices(channels),
    ],
    faults,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.onCall === undefined ? {} : { onCall: options.onCall }),
  })
  const told = { method: 'MAIL', url: `smtp://${MAIL_HOST}/` }
  const mail = await serveMail(channels, async (moment) => {
    if (moment === 'before') served.note({ ...told, status: 0 })
    return options.onCall?.(told, moment)
  })
  github.actions.runner = (run) => playJob({ github, workflows: options.workflows ?? [], token: tokens[0] ?? '', address: (url) => served.address(url) }, run)
  return {
    served: { ...served, routes: { ...served.routes, [MAIL_HOST]: mail.address } },
    github,
    pypi,
    testpypi,
    registries: registries.states,
    osv,
    downloads,
    sigstore,
    channels,
    identity: { ACTIONS_ID_TOKEN_REQUEST_URL: ID_TOKEN_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN: tokens[0] ?? '' },
    trustedRoot: await trustedRoot(sigstore),
    faults,
    bare,
    remote: `https://github.com/${repository.owner}/${repository.name}.git`,
    async followPage(page, steps = []) {
      if (registries.follow(page, /sha256:[0-9a-f]{64}/.exec(steps.join(' '))?.[0] ?? / (?:tagged|choose) ([\w.-]*\w)/.exec(steps.join(' '))?.[1])) return true
      const match = /^https:\/\/pypi\.org\/manage\/project\/([^/]+)\/release\/([^/]+)\/$/.exec(page)
      if (match === null) return false
      await person(pypi).yank({ project: match[1] ?? '', version: match[2] ?? '', reason: 'Rehearsed rollback' })
      return true
    },
    async [Symbol.asyncDispose]() {
      await mail.close()
      await served.close()
    },
  }
}
